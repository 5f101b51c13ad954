package ledger

import (
	"database/sql"
	"strconv"
	"strings"
)

// identities are the tables that number their rows.
var identities = [][2]string{
	{"transactions", "id"}, {"adhesions", "id"}, {"aliases", "id"}, {"historique", "id"}, {"preinscriptions", "preid"}, {"boutons", "id"},
	{"cheques", "id"}, {"virements", "id"}, {"activites", "id"}, {"invites", "id"},
}

// resume makes new rows go on behind those that were inserted with a number.
func (tx *Tx) resume() error {
	for _, t := range identities {
		if err := tx.each(sequence(tx.d.resume, t, 0), nil, func(*sql.Rows) error { return nil }); err != nil {
			return err
		}
	}
	return nil
}

// copySequences makes new rows get the numbers they would have got, also where the
// highest row is gone.
func copySequences(in, out *Tx) error {
	for _, t := range identities {
		var last int64
		if _, err := in.one(sequence(in.d.lastUsed, t, 0), nil, &last); err != nil {
			return err
		}
		if last == 0 {
			continue // no row was ever made
		}
		for _, statement := range out.d.useFrom {
			if err := out.each(sequence(statement, t, last), nil, func(*sql.Rows) error { return nil }); err != nil {
				return err
			}
		}
	}
	return nil
}

// sequence fills in a query about what numbers the rows of a table.
func sequence(query string, of [2]string, last int64) string {
	return strings.NewReplacer("{table}", of[0], "{column}", of[1], "{last}", strconv.FormatInt(last, 10)).Replace(query)
}
