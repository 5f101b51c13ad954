package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"math/big"
)

// Audit checks the ledger beside a running server or not, and says what is wrong:
// nothing, if all is well.
func (l *Ledger) Audit(ctx context.Context) (wrong []string, err error) {
	err = l.View(ctx, func(tx *Tx) error {
		for _, check := range []func() ([]string, error){tx.auditBalances, tx.auditSum, tx.auditDeleted, tx.auditGuards} {
			found, err := check()
			if err != nil {
				return err
			}
			wrong = append(wrong, found...)
		}
		found, err := tx.d.integrity(tx)
		wrong = append(wrong, found...)
		return err
	})
	return wrong, err
}

// auditBalances compares each balance with the rows that count.
func (tx *Tx) auditBalances() (wrong []string, err error) {
	// The sums are taken in two parts, for a whole one might not fit.
	err = tx.each(`
		SELECT c.idbde, c.pseudo, c.solde, coalesce(m.high, 0), coalesce(m.low, 0)
		FROM comptes c LEFT JOIN (
			SELECT idbde, sum(amount / 1000000000) AS high, sum(amount % 1000000000) AS low
			FROM (
				SELECT destinataire AS idbde, quantite * montant AS amount FROM transactions WHERE valide
				UNION ALL
				SELECT emetteur, -(quantite * montant) FROM transactions WHERE valide
			) AS moved
			GROUP BY idbde
		) AS m ON m.idbde = c.idbde
		ORDER BY c.idbde`, nil, func(rows *sql.Rows) error {
		var id, balance, high, low int64
		var pseudo string
		if err := rows.Scan(&id, &pseudo, &balance, &high, &low); err != nil {
			return err
		}
		sum := new(big.Int).Mul(big.NewInt(high), big.NewInt(1_000_000_000))
		sum.Add(sum, big.NewInt(low))
		if off := new(big.Int).Sub(big.NewInt(balance), sum); off.Sign() != 0 {
			wrong = append(wrong, fmt.Sprintf("account %d (%s) has %d cents, its transactions make %s: it is off by %s", id, pseudo, balance, sum, off))
		}
		return nil
	})
	return wrong, err
}

// auditSum checks that money is neither made nor lost.
func (tx *Tx) auditSum() (wrong []string, err error) {
	var high, low int64
	if _, err = tx.one(`SELECT coalesce(sum(solde / 1000000000), 0), coalesce(sum(solde % 1000000000), 0) FROM comptes`, nil, &high, &low); err != nil {
		return nil, err
	}
	sum := new(big.Int).Mul(big.NewInt(high), big.NewInt(1_000_000_000))
	if sum.Add(sum, big.NewInt(low)); sum.Sign() != 0 {
		wrong = append(wrong, fmt.Sprintf("all balances together are %s cents: they should be 0", sum))
	}
	return wrong, nil
}

func (tx *Tx) auditDeleted() (wrong []string, err error) {
	err = tx.each(`SELECT idbde, pseudo, solde FROM comptes WHERE deleted AND solde <> 0 ORDER BY idbde`, nil, func(rows *sql.Rows) error {
		var id, balance int64
		var pseudo string
		err := rows.Scan(&id, &pseudo, &balance)
		wrong = append(wrong, fmt.Sprintf("account %d (%s) is deleted and has %d cents", id, pseudo, balance))
		return err
	})
	return wrong, err
}

// guards are the triggers that keep rows as they are.
var guards = []string{"transactions_kept", "transactions_frozen", "comptes_droits"}

func (tx *Tx) auditGuards() (wrong []string, err error) {
	for _, name := range guards {
		var n int
		found, err := tx.one(tx.d.trigger, []any{name}, &n)
		if err != nil {
			return nil, err
		}
		if !found {
			wrong = append(wrong, "trigger "+name+" is missing: rows may have been deleted or changed")
		}
	}
	return wrong, nil
}

// integritySQLite has SQLite check the file, its CHECKs and its foreign keys.
func integritySQLite(tx *Tx) (wrong []string, err error) {
	err = tx.each(`PRAGMA integrity_check(20)`, nil, func(rows *sql.Rows) error {
		var text string
		err := rows.Scan(&text)
		if text != "ok" {
			wrong = append(wrong, "the file: "+text)
		}
		return err
	})
	if err != nil {
		return wrong, err
	}
	err = tx.each(`SELECT "table", coalesce(rowid, -1), parent FROM pragma_foreign_key_check LIMIT 20`, nil, func(rows *sql.Rows) error {
		var table, parent string
		var id int64
		err := rows.Scan(&table, &id, &parent)
		wrong = append(wrong, fmt.Sprintf("row %d of %s refers to a row of %s that is not there", id, table, parent))
		return err
	})
	return wrong, err
}

// integrityPostgres has PostgreSQL say which of its constraints were switched off:
// those that are on hold.
func integrityPostgres(tx *Tx) (wrong []string, err error) {
	err = tx.each(`
		SELECT c.conrelid::regclass::text, c.conname FROM pg_constraint c
		JOIN pg_namespace n ON n.oid = c.connamespace
		WHERE n.nspname = current_schema() AND NOT c.convalidated`, nil, func(rows *sql.Rows) error {
		var table, name string
		err := rows.Scan(&table, &name)
		wrong = append(wrong, fmt.Sprintf("constraint %s of %s was never checked", name, table))
		return err
	})
	return wrong, err
}
