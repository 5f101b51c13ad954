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
	ID   int64 // of the row, 0 when there is none or when nobody asks for it
}

// refusal makes an error of an outcome that is no success.
func (o Outcome) refusal() error {
	if o.Code.Success() {
		return nil
	}
	return &notekfet.Error{Code: o.Code, Text: o.Text}
}

// move judges an elementary transaction and, where it is allowed, books it.
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
	r := row{Move: m, date: Time{tx.Now}, valid: o.Code.Success(), author: by.Name, ip: by.IP}
	if kinds[m.Kind].numbered {
		o.ID, err = tx.bookNumbered(r, from, to)
		return o, err
	}
	return o, tx.book(r, from, to)
}

// parties reads both sides in the order of their numbers, and locks them. What was
// read stays true until the commit, since nobody else can change what is locked, and
// whatever else this transaction writes has it forgotten.
func (tx *Tx) parties(from, to int64) (*party, *party, error) {
	if tx.known[from] != nil && tx.known[to] != nil {
		return tx.known[from], tx.known[to], nil
	}
	err := tx.eachKnown(`
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
			if tx.known[p.id] == nil { // what is known already may be newer than the row
				tx.known[p.id] = p
			}
			return err
		})
	return tx.known[from], tx.known[to], err
}

func blank(text string) bool { return strings.TrimSpace(text) == "" }
