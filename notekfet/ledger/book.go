package ledger

import (
	"cmp"
	"slices"

	"github.com/pronote-sync/pronote-sync/notekfet"
)

// A row is a line of the ledger that is about to be written.
type row struct {
	Move
	id         int64 // 0: the next one
	date       Time
	valid      bool
	author, ip string
}

// What waits in memory before it is written: how many rows, and how much text.
const (
	mostBooked     = 1024
	mostBookedText = 1 << 20
)

// book takes note of a row and, where it counts, moves both balances. The database
// is told later, of many rows at a time, because a statement for each costs more
// than everything else about it: before anything looks at the database again, and
// before the commit.
func (tx *Tx) book(r row, from, to *party) error {
	tx.wrote = true
	tx.booked = append(tx.booked, r)
	tx.text += len(r.Description)
	tx.count(r, from, to)
	if len(tx.booked) < mostBooked && tx.text < mostBookedText {
		return nil
	}
	return tx.flush()
}

// bookNumbered is book for a row whose number is needed now.
func (tx *Tx) bookNumbered(r row, from, to *party) (id int64, err error) {
	if err := tx.flush(); err != nil {
		return 0, err
	}
	tx.wrote = true
	if _, err = tx.oneKnown(insertRow+` RETURNING id`, r.columns(), &id); err != nil {
		return 0, err
	}
	tx.count(r, from, to)
	return id, nil
}

func (tx *Tx) count(r row, from, to *party) {
	if r.valid {
		sum, _ := total(r.Quantity, r.Unit) // it was counted before
		tx.shift(from, to, sum)
	}
}

// shift moves an amount from one balance to the other. It is called beside the
// change of a row alone: by count and by settle.
func (tx *Tx) shift(from, to *party, sum notekfet.Cents) {
	if from.id == to.id || sum == 0 {
		return
	}
	from.fell = from.fell || from.balance >= 0 && from.balance < sum
	for _, side := range []struct {
		*party
		sum notekfet.Cents
	}{{from, -sum}, {to, sum}} {
		side.balance += side.sum
		side.moved += side.sum
		if !side.waits {
			side.waits = true
			tx.moved = append(tx.moved, side.party)
		}
	}
}

// flush writes what was booked. Once that has failed, nothing of the transaction can
// be kept, whatever becomes of the error.
func (tx *Tx) flush() error {
	if tx.broken == nil {
		tx.broken = tx.write()
	}
	return tx.broken
}

// write writes the rows in their order, and then the balances.
func (tx *Tx) write() error {
	for rows := tx.booked; len(rows) > 0; {
		// Rows that bring their number and rows that get one take two statements.
		n := slices.IndexFunc(rows, func(r row) bool { return (r.id == 0) != (rows[0].id == 0) })
		if n < 0 {
			n = len(rows)
		}
		if err := tx.d.insert(tx, rows[:n]); err != nil {
			return err
		}
		rows = rows[n:]
	}
	tx.booked, tx.text = tx.booked[:0], 0
	if len(tx.moved) == 0 {
		return nil
	}
	slices.SortFunc(tx.moved, func(a, b *party) int { return cmp.Compare(a.id, b.id) })
	if err := tx.d.shift(tx, tx.moved); err != nil {
		return err
	}
	for _, p := range tx.moved {
		p.moved, p.fell, p.waits = 0, false, false
	}
	tx.moved = tx.moved[:0]
	return nil
}

const insertRow = `
	INSERT INTO transactions (date, type, emetteur, destinataire, quantite, montant, description, valide, cantinvalidate, categorie, auteur, ip)
	VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)`

// columns are the values of insertRow.
func (r *row) columns() []any {
	return []any{
		r.date, string(r.Kind), r.From, r.To, r.Quantity, int64(r.Unit), r.Description, r.valid, r.Frozen, r.Category, r.author, r.ip,
	}
}

// insertOneByOne writes rows to a database that is in the same process.
func insertOneByOne(tx *Tx, rows []row) error {
	for i := range rows {
		r := &rows[i]
		query, values := insertRow, r.columns()
		if r.id != 0 {
			query = `
				INSERT INTO transactions (date, type, emetteur, destinataire, quantite, montant, description, valide, cantinvalidate, categorie, auteur, ip, id)
				VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)`
			values = append(values, r.id)
		}
		if _, err := tx.execKnown(query, values...); err != nil {
			return err
		}
	}
	return nil
}

// shiftOneByOne writes the balances to a database that is in the same process.
func shiftOneByOne(tx *Tx, moved []*party) error {
	for _, p := range moved {
		if _, err := tx.execKnown(`UPDATE comptes SET solde = solde + ?2 WHERE idbde = ?1`, p.id, int64(p.moved)); err != nil {
			return err
		}
		if !p.fell {
			continue
		}
		if _, err := tx.execKnown(`UPDATE comptes SET last_negatif = ?2 WHERE idbde = ?1`, p.id, Time{tx.Now}); err != nil {
			return err
		}
	}
	return nil
}

// insertAsArrays writes rows to a server, in one statement.
func insertAsArrays(tx *Tx, rows []row) error {
	n := len(rows)
	ids, from, to, quantity, unit := make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n)
	dates, kind, text, category, author, ip := make([]string, n), make([]string, n), make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	valid, frozen := make([]bool, n), make([]bool, n)
	for i, r := range rows {
		ids[i], dates[i], kind[i], from[i], to[i], quantity[i], unit[i] = r.id, r.date.String(), string(r.Kind), r.From, r.To, r.Quantity, int64(r.Unit)
		text[i], valid[i], frozen[i], category[i], author[i], ip[i] = r.Description, r.valid, r.Frozen, r.Category, r.author, r.ip
	}
	query := insertArrays
	if rows[0].id != 0 {
		query = insertNumberedArrays
	}
	_, err := tx.execKnown(query, ids, dates, kind, from, to, quantity, unit, text, valid, frozen, category, author, ip)
	return err
}

const (
	arrayColumns = `date, type, emetteur, destinataire, quantite, montant, description, valide, cantinvalidate, categorie, auteur, ip`
	arrayValues  = `CAST(r.date AS TIMESTAMP(0)), type, emetteur, destinataire, quantite, montant, description, valide, cantinvalidate, categorie, auteur, ip
		FROM unnest(CAST(?1 AS BIGINT[]), CAST(?2 AS TEXT[]), CAST(?3 AS TEXT[]), CAST(?4 AS BIGINT[]), CAST(?5 AS BIGINT[]), CAST(?6 AS BIGINT[]),
			CAST(?7 AS BIGINT[]), CAST(?8 AS TEXT[]), CAST(?9 AS BOOLEAN[]), CAST(?10 AS BOOLEAN[]), CAST(?11 AS TEXT[]), CAST(?12 AS TEXT[]),
			CAST(?13 AS TEXT[])) WITH ORDINALITY AS r (id, ` + arrayColumns + `, place)
		ORDER BY place`
	insertArrays         = `INSERT INTO transactions (` + arrayColumns + `) SELECT ` + arrayValues
	insertNumberedArrays = `INSERT INTO transactions (id, ` + arrayColumns + `) SELECT id, ` + arrayValues
)

// shiftAsArrays writes the balances to a server, in one statement.
func shiftAsArrays(tx *Tx, moved []*party) error {
	n := len(moved)
	ids, sums, fell := make([]int64, n), make([]int64, n), make([]bool, n)
	for i, p := range moved {
		ids[i], sums[i], fell[i] = p.id, int64(p.moved), p.fell
	}
	_, err := tx.execKnown(`
		UPDATE comptes SET solde = solde + m.moved, last_negatif = CASE WHEN m.fell THEN ?4 ELSE last_negatif END
		FROM unnest(CAST(?1 AS BIGINT[]), CAST(?2 AS BIGINT[]), CAST(?3 AS BOOLEAN[])) AS m (id, moved, fell)
		WHERE idbde = m.id`, ids, sums, fell, Time{tx.Now})
	return err
}
