package ledger

import (
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"

	"github.com/pronote-sync/pronote-sync/notekfet"
)

// NewToken makes a token with which the owner of the account of that name and
// address can choose a new password. The database keeps its hash alone.
func (tx *Tx) NewToken(name, firstName, mail string) (account *Account, token string, err error) {
	var ids []int64
	err = tx.each(`SELECT idbde, nom, prenom, mail FROM comptes WHERE idbde > 0 AND mail <> '' AND NOT deleted`, nil, func(rows *sql.Rows) error {
		var id int64
		var n, f, m string
		if err := rows.Scan(&id, &n, &f, &m); err != nil {
			return err
		}
		if Fold(n) == Fold(name) && Fold(f) == Fold(firstName) && Fold(m) == Fold(mail) {
			ids = append(ids, id)
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, "", err
	case len(ids) == 0:
		return nil, "", notekfet.Refuse(notekfet.NotFound, "aucun compte ne correspond")
	case len(ids) > 1:
		return nil, "", notekfet.Refuse(notekfet.ResetAmbiguous, "plusieurs comptes correspondent")
	}
	if account, err = tx.Account(ids[0]); err != nil {
		return nil, "", err
	}
	if account.Supreme {
		return nil, "", notekfet.Refuse(notekfet.ResetProtected, "le mot de passe de ce compte ne peut pas être réinitialisé")
	}
	token = rand.Text()
	// Tokens that ended long ago are no longer told from those that never were.
	if _, err = tx.exec(`DELETE FROM reset_tokens WHERE expires < ?1`, Time{tx.Now.AddDate(0, -1, 0)}); err != nil {
		return nil, "", err
	}
	_, err = tx.exec(`INSERT INTO reset_tokens (hash, idbde, expires) VALUES (?1, ?2, ?3)`, hashToken(token), account.ID, Time{tx.Now.Add(tx.rules.TokenFor)})
	return account, token, err
}

// CheckToken refuses a token that cannot be used.
func (tx *Tx) CheckToken(token string) error {
	_, err := tx.token(token)
	return err
}

// UseToken sets the password of the account that a token was made for. A token
// works once.
func (tx *Tx) UseToken(token, stored string) error {
	id, err := tx.token(token)
	if err != nil {
		return err
	}
	if _, err := tx.exec(`DELETE FROM reset_tokens WHERE idbde = ?1`, id); err != nil {
		return err
	}
	return tx.SetPassword(id, stored)
}

// token is the account of a token that can be used now.
func (tx *Tx) token(token string) (id int64, err error) {
	var expires Time
	found, err := tx.one(`
		SELECT t.idbde, t.expires FROM reset_tokens t JOIN comptes c ON c.idbde = t.idbde
		WHERE t.hash = ?1 AND NOT c.deleted AND NOT c.supreme`, []any{hashToken(token)}, &id, &expires)
	switch {
	case err != nil:
		return 0, err
	case !found:
		return 0, notekfet.Refuse(notekfet.TokenUnknown, "ce jeton est inconnu")
	case tx.Now.After(expires.Time):
		return 0, notekfet.Refuse(notekfet.TokenExpired, "ce jeton a expiré")
	}
	return id, nil
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
