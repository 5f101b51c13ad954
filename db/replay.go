package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// A StoredEvent is an event of the outbox, with the poll that stored it.
type StoredEvent struct {
	Event
	Account, Batch int64
	At             pronote.DateTime
}

// Rewind makes a copy of a mirror what it was at an instant. The events since are taken
// out of the outbox, with what became of them, and returned in their order; the rows
// are as PRONOTE showed them then, and may be brought forward with Show. It spoils the
// mirror for anything else.
func (tx *Tx) Rewind(ctx context.Context, to pronote.DateTime, unix int64) (events []StoredEvent, err error) {
	if events, err = tx.eventsSince(ctx, to); err != nil {
		return nil, err
	}
	for _, statement := range []string{
		`DELETE FROM _event WHERE at >= ?1`,
		`DELETE FROM _letter WHERE composed >= ?2 OR state = 'pending'`,
		`UPDATE _delivery SET state = 'expired' WHERE state = 'pending'`, // of before: nobody knows what would have become of them
	} {
		if _, err := tx.exec(ctx, statement, to.String(), unix); err != nil {
			return nil, fmt.Errorf("rewind the outbox: %w", err)
		}
	}
	tables, err := tx.versioned(ctx)
	if err != nil {
		return nil, err
	}
	for _, table := range tables {
		_, err := tx.exec(ctx, `CREATE TABLE `+table.later()+` AS SELECT * FROM `+table.name+` WHERE `+table.isLater(), to.String())
		if err != nil {
			return nil, fmt.Errorf("rewind %s: %w", table.name, err)
		}
	}
	return events, tx.Show(ctx, to)
}

// Show makes the rows of a mirror that was rewound what PRONOTE showed at a later
// instant.
func (tx *Tx) Show(ctx context.Context, at pronote.DateTime) error {
	tables, err := tx.versioned(ctx)
	if err != nil {
		return err
	}
	for _, table := range tables {
		if _, err := tx.exec(ctx, `DELETE FROM `+table.name+` WHERE `+table.key()+` IN (SELECT `+table.key()+` FROM `+table.later()+`)`); err != nil {
			return fmt.Errorf("show %s as it was: %w", table.name, err)
		}
		_, err := tx.exec(ctx, `INSERT INTO `+table.name+` SELECT `+table.asOf()+` FROM `+table.later()+` WHERE `+table.from()+` <= ?1`, at.String())
		if err != nil {
			return fmt.Errorf("show %s as it was: %w", table.name, err)
		}
	}
	return nil
}

// A versionedTable keeps versions of rows, or the changes between them.
type versionedTable struct {
	name    string
	columns []string
}

const changesTable = "_change"

// key is the column that numbers versions.
func (t versionedTable) key() string {
	if t.name == changesTable {
		return "id"
	}
	return "version"
}

// from is the column that says since when there is one.
func (t versionedTable) from() string {
	if t.name == changesTable {
		return "at"
	}
	return "valid_from"
}

// isLater holds of what began or ended after the instant ?1.
func (t versionedTable) isLater() string {
	if t.name == changesTable {
		return "at > ?1"
	}
	return "valid_from > ?1 OR valid_to > ?1"
}

// later is the table that keeps the versions since the instant of Rewind.
func (t versionedTable) later() string { return "_later" + t.name }

// asOf are the columns of versions as they were at the instant ?1.
func (t versionedTable) asOf() string {
	columns := make([]string, len(t.columns))
	for i, c := range t.columns {
		switch columns[i] = `"` + c + `"`; c {
		case "valid_to":
			columns[i] = `iif(valid_to > ?1, NULL, valid_to)`
		case "gone":
			columns[i] = `iif(valid_to > ?1, 0, gone)`
		}
	}
	return strings.Join(columns, ", ")
}

// versioned lists the tables that keep versions, as the database itself tells.
func (tx *Tx) versioned(ctx context.Context) (tables []versionedTable, err error) {
	rows, err := tx.query(ctx, `
		SELECT tables.name, columns.name FROM sqlite_schema AS tables JOIN pragma_table_info(tables.name) AS columns
		WHERE tables.type = 'table' AND tables.name NOT LIKE '\_later%' ESCAPE '\'
			AND (tables.name = ? OR EXISTS (SELECT 1 FROM pragma_table_info(tables.name) WHERE name = 'valid_from'))
		ORDER BY tables.name, columns.cid`, changesTable)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			return nil, err
		}
		if len(tables) == 0 || tables[len(tables)-1].name != table {
			tables = append(tables, versionedTable{name: table})
		}
		last := &tables[len(tables)-1]
		last.columns = append(last.columns, column)
	}
	return tables, rows.Err()
}

func (tx *Tx) eventsSince(ctx context.Context, since pronote.DateTime) (list []StoredEvent, err error) {
	rows, err := tx.query(ctx, `
		SELECT account_id, batch, at, kind, coalesce(student_id, 0), coalesce(item_id, 0), data, cause, day, over_at, minor
		FROM _event WHERE at >= ? ORDER BY id`, since.String())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var e StoredEvent
		var data string
		err := rows.Scan(&e.Account, &e.Batch, (*instant)(&e.At), &e.Kind, &e.Student, &e.Item, &data,
			(*text)(&e.Cause), (*day)(&e.Day), (*instant)(&e.Over), (*text)(&e.Minor))
		if err != nil {
			return nil, err
		}
		e.Data = json.RawMessage(data)
		list = append(list, e)
	}
	return list, rows.Err()
}

// A Tally counts the events of a kind by what became of them for a recipient.
type Tally struct {
	Recipient string `json:"recipient"`
	Kind      string `json:"kind"`
	Now       int    `json:"now"`    // in letters of their own, or with others
	Digest    int    `json:"digest"` // in digests
	Merged    int    `json:"merged"` // told by letters about other events
	Silent    int    `json:"silent"` // not told, or over before they could be
	Waiting   int    `json:"waiting"`
}

// Tallies counts the events since an instant.
func (tx *Tx) Tallies(ctx context.Context, since pronote.DateTime) (list []Tally, err error) {
	rows, err := tx.query(ctx, `
		SELECT recipient, kind, sum(state = 'sent' AND way = 'now'), sum(state = 'sent' AND way = 'digest'), sum(state = 'merged'),
			sum(state IN ('silent', 'expired', 'failed')), sum(state = 'pending')
		FROM _delivery AS delivery JOIN _event AS event ON event.id = delivery.event_id
		WHERE event.at >= ? GROUP BY recipient, kind ORDER BY recipient, kind`, since.String())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var t Tally
		if err := rows.Scan(&t.Recipient, &t.Kind, &t.Now, &t.Digest, &t.Merged, &t.Silent, &t.Waiting); err != nil {
			return nil, err
		}
		list = append(list, t)
	}
	return list, rows.Err()
}
