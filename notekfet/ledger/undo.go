package ledger

import (
	"database/sql"

	"github.com/pronote-sync/pronote-sync/notekfet"
)

// A Transaction is a row of the ledger, as it may leave the server.
type Transaction struct {
	ID          int64          `json:"id"`
	Date        Time           `json:"date"`
	Kind        Kind           `json:"type"`
	From        int64          `json:"emetteur"`
	To          int64          `json:"destinataire"`
	Quantity    int64          `json:"quantite"`
	Unit        notekfet.Cents `json:"montant"`
	Description string         `json:"description"`
	Valid       bool           `json:"valide"`
	Frozen      bool           `json:"cantinvalidate"`
	Category    string         `json:"categorie"`
	FromPseudo  string         `json:"emetteur_pseudo"`
	ToPseudo    string         `json:"destinataire_pseudo"`
}

const transactionColumns = `t.id, t.date, t.type, t.emetteur, t.destinataire, t.quantite, t.montant, t.description, t.valide, t.cantinvalidate,
	t.categorie, e.pseudo, d.pseudo
	FROM transactions t JOIN comptes e ON e.idbde = t.emetteur JOIN comptes d ON d.idbde = t.destinataire`

func (t *Transaction) fields() []any {
	return []any{
		&t.ID, &t.Date, &t.Kind, &t.From, &t.To, &t.Quantity, &t.Unit, &t.Description, &t.Valid, &t.Frozen,
		&t.Category, &t.FromPseudo, &t.ToPseudo,
	}
}

// Transactions returns a page of an account's transactions, newest first, and how
// many there are. Pages count from 0.
func (tx *Tx) Transactions(account int64, page, size int64) (all int64, list []Transaction, err error) {
	// Both branches have an index; OR would read one of them and everything else.
	if _, err = tx.one(`
		SELECT (SELECT count(*) FROM transactions WHERE emetteur = ?1)
			+ (SELECT count(*) FROM transactions WHERE destinataire = ?1 AND emetteur <> ?1)`, []any{account}, &all); err != nil {
		return 0, nil, err
	}
	list = []Transaction{}
	if page > all/size {
		return all, list, nil
	}
	err = tx.each(`
		SELECT `+transactionColumns+`
		WHERE t.id IN (
			SELECT id FROM (
				SELECT id FROM (SELECT id FROM transactions WHERE emetteur = ?1 ORDER BY id DESC LIMIT ?2) AS sent
				UNION
				SELECT id FROM (SELECT id FROM transactions WHERE destinataire = ?1 ORDER BY id DESC LIMIT ?2) AS received
				ORDER BY 1 DESC LIMIT ?3 OFFSET ?4) AS page)
		ORDER BY t.id DESC`, []any{account, (page + 1) * size, size, page * size},
		func(rows *sql.Rows) error {
			var t Transaction
			err := rows.Scan(t.fields()...)
			list = append(list, t)
			return err
		})
	return all, list, err
}

// Validate makes a transaction count that does not, with Valid, or the other way
// round.
func (tx *Tx) Validate(id int64, valid bool, by By) (Outcome, error) {
	var t Transaction
	found, err := tx.one(`SELECT `+transactionColumns+` WHERE t.id = ?1`, []any{id}, t.fields()...)
	if err != nil {
		return Outcome{}, err
	}
	if !found {
		return Outcome{Code: notekfet.NotFound, Text: "cette transaction n'existe pas"}, nil
	}
	if o := tx.mayUndo(&t, valid, by); !o.Code.Success() {
		return o, nil
	}
	return tx.settle(&t, valid, by)
}

// mayUndo checks what can be said without the accounts.
func (tx *Tx) mayUndo(t *Transaction, valid bool, by By) Outcome {
	switch {
	case valid && t.Valid:
		return Outcome{Code: notekfet.AlreadyValid, Text: "cette transaction est déjà valide"}
	case !valid && !t.Valid:
		return Outcome{Code: notekfet.AlreadyInvalid, Text: "cette transaction est déjà invalide"}
	case t.Frozen:
		return Outcome{Code: notekfet.TransactionFrozen, Text: "cette transaction est figée"}
	case tx.Now.Sub(t.Date.Time) > tx.rules.UndoFor && !by.Has("transactions_admin"):
		return Outcome{Code: notekfet.TransactionTooOld, Text: "cette transaction est trop ancienne"}
	case !by.Has(kinds[t.Kind].right):
		return Outcome{Code: notekfet.TransactionNotYour, Text: "vous n'auriez pas pu faire cette transaction"}
	}
	return Outcome{}
}

// settle changes whether a row counts, and moves both balances accordingly.
func (tx *Tx) settle(t *Transaction, valid bool, by By) (Outcome, error) {
	payer, payee, err := tx.parties(t.From, t.To)
	if err != nil {
		return Outcome{}, err
	}
	m := Move{Kind: t.Kind, From: t.From, To: t.To, Quantity: t.Quantity, Unit: t.Unit}
	if !valid {
		m.Kind, m.From, m.To = Withdrawal, t.To, t.From // what comes back is judged by the levels alone
		payer, payee = payee, payer
	}
	switch {
	case payer == nil || payee == nil:
		return Outcome{Code: notekfet.NotFound, Text: "un des comptes n'existe plus"}, nil
	case payer.blocked || payee.blocked:
		return Outcome{Code: notekfet.AccountBlocked, Text: "un des comptes est bloqué"}, nil
	}
	var o Outcome
	if o.Code, o.Text = tx.rules.afford(m, payer, payee, by.Has); !o.Code.Success() {
		return Outcome{Code: notekfet.TransactionNotYour, Text: "vous n'auriez pas pu faire cette transaction : " + o.Text}, nil
	}
	tx.wrote = true
	if _, err := tx.execKnown(`UPDATE transactions SET valide = ?2 WHERE id = ?1`, t.ID, valid); err != nil {
		return Outcome{}, err
	}
	sum, _ := total(t.Quantity, t.Unit)
	tx.shift(payer, payee, sum)
	return o, nil
}
