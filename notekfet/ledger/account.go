package ledger

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/notekfet/internal/password"
)

// An Account is a row of comptes, with what hangs on it. The password is not
// part of it.
type Account struct {
	ID             int64
	Type           string // "personne" or "club"
	Pseudo         string
	Balance        notekfet.Cents
	Name           string
	FirstName      string
	Phone          string
	Mail           string
	Address        string
	Office         string
	Paid           bool // a paid student
	Sex            string
	Crans          sql.Null[int64]
	Section        string
	Rights         string // words joined by commas
	OverRights     string
	Supreme        bool
	Blocked        bool
	LastMembership sql.Null[int64]
	Comment        string
	LastNegative   sql.Null[Time]
	Deleted        bool

	SocialNumber string // shown to few
	Health       string // shown to few
	Member       bool   // up to date with the membership of the current year
	Level        int    // of the balance, as Rules.Level has it
	Aliases      []string
	Past         []string // earlier pseudos, oldest first
}

const accountColumns = `c.idbde, c.type, c.pseudo, c.solde, c.nom, c.prenom, c.tel, c.mail, c.adresse, c.fonction, c.normalien, c.sexe, c.idcrans,
	c.section, c.droits, c.surdroits, c.supreme, c.bloque, c.last_adhesion, c.commentaire, c.last_negatif, c.deleted`

func (a *Account) fields() []any {
	return []any{
		&a.ID, &a.Type, &a.Pseudo, &a.Balance, &a.Name, &a.FirstName, &a.Phone, &a.Mail, &a.Address, &a.Office, &a.Paid, &a.Sex, &a.Crans,
		&a.Section, &a.Rights, &a.OverRights, &a.Supreme, &a.Blocked, &a.LastMembership, &a.Comment, &a.LastNegative, &a.Deleted,
	}
}

// Account returns an account that is not deleted, with everything, or refuses
// with NotFound.
func (tx *Tx) Account(id int64) (*Account, error) {
	a, err := tx.AccountEvenDeleted(id)
	if err == nil && a.Deleted {
		err = noAccount(id)
	}
	if err != nil {
		return nil, err
	}
	return a, nil
}

func noAccount(id int64) error {
	return notekfet.Refuse(notekfet.NotFound, "le compte %d n'existe pas", id)
}

// AccountEvenDeleted returns an account, with everything.
func (tx *Tx) AccountEvenDeleted(id int64) (*Account, error) {
	a := &Account{}
	found, err := tx.one(`
		SELECT `+accountColumns+`, coalesce(s.numsecu, ''), coalesce(s.pbsante, ''),
			EXISTS (SELECT 1 FROM adhesions WHERE idadherent = c.idbde AND annee = ?2)
		FROM comptes c LEFT JOIN comptes_sensibles s ON s.idbde = c.idbde
		WHERE c.idbde = ?1`, []any{id, tx.rules.Year(tx.Now)}, append(a.fields(), &a.SocialNumber, &a.Health, &a.Member)...)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, noAccount(id)
	}
	a.Level = tx.rules.Level(a.Balance)
	a.Member = a.Member || a.Type == "club" || a.ID <= 0
	if a.Aliases, err = tx.texts(`SELECT alias FROM aliases WHERE idbde = ?1 ORDER BY id`, id); err != nil {
		return nil, err
	}
	a.Past, err = tx.texts(`SELECT avant FROM historique WHERE idbde = ?1 ORDER BY id`, id)
	return a, err
}

// exists refuses with NotFound where there is no such account, or only a deleted
// one.
func (tx *Tx) exists(id int64) error {
	var n int
	found, err := tx.one(`SELECT 1 FROM comptes WHERE idbde = ?1 AND NOT deleted`, []any{id}, &n)
	if err == nil && !found {
		err = noAccount(id)
	}
	return err
}

// Taken reports whether a name is the pseudo or an alias of an account other than
// that of the given number. Case does not matter.
func (tx *Tx) Taken(name string, but int64) (bool, error) {
	var n int
	return tx.one(`
		SELECT 1 FROM comptes WHERE pseudo_pli = ?1 AND idbde <> ?2
		UNION ALL SELECT 1 FROM aliases WHERE alias_pli = ?1 AND idbde <> ?2 LIMIT 1`, []any{Fold(name), but}, &n)
}

func (tx *Tx) refuseTaken(name string, but int64) error {
	taken, err := tx.Taken(name, but)
	if err == nil && taken {
		err = notekfet.Refuse(notekfet.NameTaken, "ce nom est déjà pris")
	}
	return err
}

// AddAccount inserts an account, under the next number where it has none, without
// money. Stored is the stored text of a password.
func (tx *Tx) AddAccount(a *Account, stored string) (int64, error) {
	if err := tx.refuseTaken(a.Pseudo, -1<<62); err != nil {
		return 0, err
	}
	id := a.ID
	if id == 0 {
		if _, err := tx.one(`SELECT coalesce(max(idbde), 0) + 1 FROM comptes`, nil, &id); err != nil {
			return 0, err
		}
	}
	_, err := tx.exec(`
		INSERT INTO comptes (idbde, type, pseudo, pseudo_pli, passwd, nom, prenom, tel, mail, adresse, fonction, normalien, sexe, idcrans, section,
			droits, surdroits, supreme, bloque, commentaire, deleted)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)`,
		id, a.Type, a.Pseudo, Fold(a.Pseudo), stored, a.Name, a.FirstName, a.Phone, a.Mail, a.Address, a.Office, a.Paid, a.Sex, a.Crans, a.Section,
		a.Rights, a.OverRights, a.Supreme, a.Blocked, a.Comment, a.Deleted)
	if err != nil {
		return 0, err
	}
	return id, tx.keepSensitive(id, a.SocialNumber, a.Health)
}

// UpdateAccount stores an account that was read and changed; its balance, its
// memberships and whether it is deleted change elsewhere. The old pseudo of a
// renamed one is kept.
func (tx *Tx) UpdateAccount(a *Account) error {
	var before string
	if _, err := tx.one(`SELECT pseudo FROM comptes WHERE idbde = ?1`, []any{a.ID}, &before); err != nil {
		return err
	}
	if before != a.Pseudo {
		if err := tx.refuseTaken(a.Pseudo, a.ID); err != nil {
			return err
		}
		if err := tx.AddPast(a.ID, before, a.Pseudo, Time{tx.Now}); err != nil {
			return err
		}
	}
	_, err := tx.exec(`
		UPDATE comptes SET pseudo = ?2, pseudo_pli = ?3, nom = ?4, prenom = ?5, tel = ?6, mail = ?7, adresse = ?8, fonction = ?9, normalien = ?10,
			sexe = ?11, idcrans = ?12, section = ?13, droits = ?14, surdroits = ?15, supreme = ?16, bloque = ?17, commentaire = ?18
		WHERE idbde = ?1`,
		a.ID, a.Pseudo, Fold(a.Pseudo), a.Name, a.FirstName, a.Phone, a.Mail, a.Address, a.Office, a.Paid,
		a.Sex, a.Crans, a.Section, a.Rights, a.OverRights, a.Supreme, a.Blocked, a.Comment)
	if err != nil {
		return err
	}
	return tx.keepSensitive(a.ID, a.SocialNumber, a.Health)
}

func (tx *Tx) keepSensitive(id int64, number, health string) error {
	if number == "" && health == "" {
		_, err := tx.exec(`DELETE FROM comptes_sensibles WHERE idbde = ?1`, id)
		return err
	}
	_, err := tx.exec(`
		INSERT INTO comptes_sensibles (idbde, numsecu, pbsante) VALUES (?1, ?2, ?3)
		ON CONFLICT (idbde) DO UPDATE SET numsecu = excluded.numsecu, pbsante = excluded.pbsante`, id, number, health)
	return err
}

// AddPast records that an account had another pseudo before.
func (tx *Tx) AddPast(id int64, before, after string, at Time) error {
	_, err := tx.exec(`INSERT INTO historique (idbde, avant, avant_pli, apres, date) VALUES (?1, ?2, ?3, ?4, ?5)`, id, before, Fold(before), after, at)
	return err
}

// DeleteAccount empties an account of its rights, blocks it and marks it as
// deleted. Its rows stay.
func (tx *Tx) DeleteAccount(id int64) error {
	a, err := tx.AccountEvenDeleted(id)
	if err != nil {
		return err
	}
	basic, _ := notekfet.Expand([]string{"basic"}, false)
	words, _ := notekfet.SplitRights(a.Rights)
	rights, unknown := notekfet.Expand(words, false)
	beyond := func(right string) bool { return !basic.Has(right) }
	switch {
	case id <= 0:
		return noAccount(id)
	case a.Deleted:
		return notekfet.Refuse(notekfet.AlreadyDeleted, "ce compte est déjà supprimé")
	case a.Balance != 0:
		return notekfet.Refuse(notekfet.BalanceNotZero, "le solde de ce compte n'est pas nul : %s", a.Balance)
	case a.Supreme, a.OverRights != "", len(unknown) > 0, slices.ContainsFunc(rights.Sorted(), beyond):
		return notekfet.Refuse(notekfet.TooManyRights, "ce compte a trop de droits")
	}
	if _, err := tx.exec(`DELETE FROM reset_tokens WHERE idbde = ?1`, id); err != nil {
		return err
	}
	_, err = tx.exec(`UPDATE comptes SET deleted = ?2, bloque = ?2, droits = '', surdroits = '' WHERE idbde = ?1`, id, true)
	return err
}

// AddAlias gives an account one more name.
func (tx *Tx) AddAlias(id int64, alias string) error {
	if err := tx.exists(id); err != nil {
		return err
	}
	if err := tx.refuseTaken(alias, -1<<62); err != nil {
		return err
	}
	_, err := tx.exec(`INSERT INTO aliases (alias, alias_pli, idbde) VALUES (?1, ?2, ?3)`, alias, Fold(alias), id)
	return err
}

// RemoveAlias takes one alias away, from whoever has it.
func (tx *Tx) RemoveAlias(alias string) error {
	n, err := tx.exec(`DELETE FROM aliases WHERE alias_pli = ?1`, Fold(alias))
	if err == nil && n == 0 {
		err = notekfet.Refuse(notekfet.NotFound, "cet alias n'existe pas")
	}
	return err
}

// RemoveAliases takes all aliases of an account away.
func (tx *Tx) RemoveAliases(id int64) error {
	if err := tx.exists(id); err != nil {
		return err
	}
	_, err := tx.exec(`DELETE FROM aliases WHERE idbde = ?1`, id)
	return err
}

// FreePseudo proposes a pseudo that nobody has: the initials of the first names
// and the last name, in small ASCII letters, numbered where need be.
func (tx *Tx) FreePseudo(name, firstName string) (string, error) {
	base := ""
	for _, part := range strings.FieldsFunc(firstName, func(r rune) bool { return r == ' ' || r == '-' }) {
		if letters := ascii(part); letters != "" {
			base += letters[:1]
		}
	}
	base += ascii(name)
	if base == "" {
		base = "membre"
	}
	base = base[:min(len(base), 60)]
	for i, pseudo := 2, base; ; i++ {
		taken, err := tx.Taken(pseudo, -1<<62)
		if err != nil || !taken {
			return pseudo, err
		}
		pseudo = fmt.Sprintf("%s%d", base, i)
	}
}

// Credentials returns the number and the stored password of the account that has
// exactly this pseudo; found is false where there is none that can log in.
func (tx *Tx) Credentials(pseudo string) (id int64, stored string, found bool, err error) {
	found, err = tx.one(`SELECT idbde, passwd FROM comptes WHERE pseudo_pli = ?1 AND pseudo = ?2 AND NOT deleted AND idbde > 0`,
		[]any{Fold(pseudo), pseudo}, &id, &stored)
	return id, stored, found, err
}

// SetPassword stores the text of a password that password.Hash has made.
func (tx *Tx) SetPassword(id int64, stored string) error {
	_, err := tx.exec(`UPDATE comptes SET passwd = ?2 WHERE idbde = ?1`, id, stored)
	return err
}

// StoredPassword returns the stored text of an account's password.
func (tx *Tx) StoredPassword(id int64) (stored string, err error) {
	stored = password.None
	_, err = tx.one(`SELECT passwd FROM comptes WHERE idbde = ?1`, []any{id}, &stored)
	return stored, err
}

// Networks returns the networks that an account may connect from, in CIDR
// notation; none means any.
func (tx *Tx) Networks(id int64) ([]string, error) {
	return tx.texts(`SELECT cidr FROM login_networks WHERE idbde = ?1 ORDER BY cidr`, id)
}

// AddNetwork restricts an account to a network, besides those it has.
func (tx *Tx) AddNetwork(id int64, cidr string) error {
	_, err := tx.exec(`INSERT INTO login_networks (idbde, cidr) VALUES (?1, ?2) ON CONFLICT DO NOTHING`, id, cidr)
	return err
}

// RightsVersion grows with each change of what a cache of rights holds, whoever
// makes it.
func (tx *Tx) RightsVersion() (version int64, err error) {
	_, err = tx.one(`SELECT valeur FROM etat WHERE nom = 'droits'`, nil, &version)
	return version, err
}

// PastPseudo is a pseudo that somebody once had.
type PastPseudo struct {
	ID     int64  `json:"idbde"`
	Pseudo string `json:"pseudo"`
	Date   Time   `json:"date"`
}

// PastPseudos returns the pseudos that begin with a text and were given up, in any
// case, oldest first, at most limit.
func (tx *Tx) PastPseudos(beginning string, limit int) ([]PastPseudo, error) {
	list := []PastPseudo{}
	from, to := beginningOf(beginning)
	err := tx.each(`
		SELECT h.idbde, h.avant, h.date FROM historique h JOIN comptes c ON c.idbde = h.idbde
		WHERE h.avant_pli >= ?1 AND h.avant_pli < ?2 AND NOT c.deleted AND c.idbde >= 0
		ORDER BY h.id LIMIT ?3`, []any{from, to, limit}, func(rows *sql.Rows) error {
		var p PastPseudo
		err := rows.Scan(&p.ID, &p.Pseudo, &p.Date)
		list = append(list, p)
		return err
	})
	return list, err
}

// beginningOf returns the bounds of what begins with a text, folded. No character
// is above U+10FFFF, and both kinds of database compare the bytes.
func beginningOf(text string) (from, to string) {
	folded := Fold(text)
	return folded, folded + "\U0010FFFF\U0010FFFF"
}

// Accounts returns every account, by number, without what hangs on them.
func (tx *Tx) Accounts() ([]Account, error) {
	list := []Account{}
	err := tx.each(`SELECT `+accountColumns+` FROM comptes c ORDER BY c.idbde`, nil, func(rows *sql.Rows) error {
		var a Account
		err := rows.Scan(a.fields()...)
		list = append(list, a)
		return err
	})
	return list, err
}
