package ledger

import (
	"database/sql"
	"strings"

	"github.com/pronote-sync/pronote-sync/notekfet"
)

// A Move is one elementary transaction.
type Move struct {
	Kind        Kind
	From, To    int64
	Quantity    int64
	Unit        notekfet.Cents // of one
	Description string
	Category    string
	Frozen      bool // it can never be undone
}

// By is who asks for something.
type By struct {
	ID   int64  // the account, 0 for a special user
	Name string // what is written beside a transaction
	IP   string
	// Has reports whether the session holds a right.
	Has func(right string) bool
}

// An Outcome is what became of an elementary transaction.
type Outcome struct {
	Code notekfet.Code
	Text string
	ID   int64 // of the row, 0 when there is none
}

// refusal makes an error of an outcome that is no success.
func (o Outcome) refusal() error {
	if o.Code.Success() {
		return nil
	}
	return &notekfet.Error{Code: o.Code, Text: o.Text}
}

// move judges an elementary transaction and, where it is allowed, inserts its row
// and moves both balances.
func (tx *Tx) move(m Move, by By) (Outcome, error) {
	from, to, err := tx.parties(m.From, m.To)
	if err != nil {
		return Outcome{}, err
	}
	var o Outcome
	o.Code, o.Text = tx.rules.judge(m, from, to, by.Has)
	if !o.Code.Success() && (o.Code != notekfet.TooNegative || !kinds[m.Kind].keepsTrace) {
		return o, nil
	}
	o.ID, err = tx.book(row{Move: m, date: Time{tx.Now}, valid: o.Code.Success(), author: by.Name, ip: by.IP}, from, to)
	return o, err
}

// A row is a line of the ledger that is about to be written.
type row struct {
	Move
	id         int64 // 0: the next one
	date       Time
	valid      bool
	author, ip string
}

// book inserts a row and, where it counts, moves both balances.
func (tx *Tx) book(r row, from, to *party) (id int64, err error) {
	args := []any{
		r.date, string(r.Kind), r.From, r.To, r.Quantity, int64(r.Unit), r.Description, r.valid, r.Frozen, r.Category, r.author, r.ip,
	}
	if r.id == 0 {
		id, err = tx.insertKnown(`
			INSERT INTO transactions (date, type, emetteur, destinataire, quantite, montant, description, valide, cantinvalidate, categorie, auteur, ip)
			VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
			RETURNING id`, args...)
	} else {
		id, err = tx.insertKnown(`
			INSERT INTO transactions (date, type, emetteur, destinataire, quantite, montant, description, valide, cantinvalidate, categorie, auteur, ip, id)
			VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
			RETURNING id`, append(args, r.id)...)
	}
	if err != nil || !r.valid {
		return id, err
	}
	sum, _ := total(r.Quantity, r.Unit) // it was counted before
	return id, tx.shift(from, to, sum)
}

// shift moves an amount from one balance to the other. It is called by book and
// by settle alone, beside the change of the row.
func (tx *Tx) shift(from, to *party, sum notekfet.Cents) error {
	if from.id == to.id || sum == 0 {
		return nil
	}
	fell := from.balance >= 0 && from.balance < sum
	from.balance -= sum
	to.balance += sum
	if fell {
		_, err := tx.execKnown(`
			UPDATE comptes SET
				solde = solde + CASE idbde WHEN ?1 THEN -CAST(?3 AS BIGINT) ELSE CAST(?3 AS BIGINT) END,
				last_negatif = CASE idbde WHEN ?1 THEN ?4 ELSE last_negatif END
			WHERE idbde IN (?1, ?2)`, from.id, to.id, int64(sum), Time{tx.Now})
		return err
	}
	_, err := tx.execKnown(`
		UPDATE comptes SET solde = solde + CASE idbde WHEN ?1 THEN -CAST(?3 AS BIGINT) ELSE CAST(?3 AS BIGINT) END
		WHERE idbde IN (?1, ?2)`, from.id, to.id, int64(sum))
	return err
}

// parties reads both sides in the order of their numbers, and locks them. What was
// read stays true until the commit, since nobody else can change what is locked, and
// whatever else this transaction writes has it forgotten.
func (tx *Tx) parties(from, to int64) (*party, *party, error) {
	if tx.known[from] != nil && tx.known[to] != nil {
		return tx.known[from], tx.known[to], nil
	}
	err := tx.each(`
		SELECT idbde, type, solde, bloque,
			EXISTS (SELECT 1 FROM adhesions WHERE idadherent = comptes.idbde AND annee = ?3)
		FROM comptes
		WHERE idbde IN (?1, ?2) AND NOT deleted
		ORDER BY idbde`+tx.d.forUpdate,
		[]any{from, to, tx.rules.Year(tx.Now)},
		func(rows *sql.Rows) error {
			p, kind := &party{}, ""
			err := rows.Scan(&p.id, &kind, &p.balance, &p.blocked, &p.member)
			p.club = kind == "club"
			if tx.known == nil {
				tx.known = map[int64]*party{}
			}
			tx.known[p.id] = p
			return err
		})
	return tx.known[from], tx.known[to], err
}

func blank(text string) bool { return strings.TrimSpace(text) == "" }
