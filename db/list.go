package db

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// A View is a view of the contract, with what listing it takes.
type View struct {
	Name  string
	About string // what is listed, and in which order, for people; "" for what is not listed by itself
	None  string // what to say where there is nothing, as a sentence without its full stop
	Shown string // the columns that people see in a list, apart by spaces
	Ahead bool   // of no interest once its day is past

	from  string // what is listed, where it is more than the view of that name
	when  string // column that Filter.Since compares with
	order string

	joined bool // from joins the table with others, which when and order are about
}

// ChangesView lists what changed.
var ChangesView = View{
	Name:  "changes",
	About: "What changed, newest first",
	None:  "There are no changes",
	Shown: "at student summary",
	when:  "at",
	order: "at DESC, uid",
}

// Columns are those of a view, in its own order.
func (tx *Tx) Columns(ctx context.Context, v View) (columns []string, err error) {
	rows, err := tx.query(ctx, "SELECT * FROM "+cmp.Or(v.from, v.Name)+" LIMIT 0")
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", v.Name, err)
	}
	columns, err = rows.Columns()
	return columns, errors.Join(err, rows.Close())
}

// A Filter narrows a listing. Empty members do not.
type Filter struct {
	Account, Student string
	Recipient        string // of a view that has one
	Since, Until     string // days, both included
	Limit            int    // 0 for all
}

// A Record is a row of a view: its values by column. JSON columns are kept as
// such.
type Record map[string]any

// listed is the rest of a query that lists a view, narrowed by a filter.
func (v View) listed(f Filter) (query string, args []any) {
	where := []string{"true"}
	narrow := func(condition, value string) {
		if value != "" {
			where, args = append(where, condition), append(args, value)
		}
	}
	narrow("account = ?", f.Account)
	narrow("student = ?", f.Student)
	narrow("recipient = ?", f.Recipient)
	narrow(v.when+" >= ?", f.Since)
	narrow("substr("+v.when+", 1, 10) <= ?", f.Until)
	limit := f.Limit
	if limit <= 0 {
		limit = -1 // SQLite's way of saying all
	}
	return " WHERE " + strings.Join(where, " AND ") + " ORDER BY " + v.order + " LIMIT ?", append(args, limit)
}

// List reads a view.
func (tx *Tx) List(ctx context.Context, v View, f Filter) (records []Record, err error) {
	narrowed, args := v.listed(f)
	rows, err := tx.query(ctx, "SELECT * FROM "+cmp.Or(v.from, v.Name)+narrowed, args...)
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", v.Name, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	records = []Record{}
	for rows.Next() {
		values, pointers := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			pointers[i] = &values[i]
		}
		if err := rows.Scan(pointers...); err != nil {
			return nil, err
		}
		record := Record{}
		for i, column := range columns {
			record[column] = shown(column, values[i])
		}
		records = append(records, record)
	}
	return records, rows.Err()
}

// shown keeps the JSON of the changes view as JSON.
func shown(column string, value any) any {
	text, ok := value.(string)
	if ok && (column == "what" || column == "before" || column == "after") && json.Valid([]byte(text)) {
		return json.RawMessage(text)
	}
	return value
}

// A DeliveryCount counts the deliveries of a recipient by state.
type DeliveryCount struct {
	Recipient string `json:"recipient"`
	Channel   string `json:"channel"`
	Sent      int    `json:"sent"`
	Pending   int    `json:"pending"`
	Failed    int    `json:"failed"`
	Expired   int    `json:"expired"`              // over before they could be told
	LastError string `json:"last_error,omitempty"` // of those pending or failed
}

// DeliveryCounts counts the deliveries of each recipient.
func (tx *Tx) DeliveryCounts(ctx context.Context) (list []DeliveryCount, err error) {
	rows, err := tx.query(ctx, `
		SELECT recipient, max(channel), sum(state IN ('sent', 'merged')), sum(state = 'pending'), sum(state = 'failed'), sum(state = 'expired'),
			coalesce(
				(SELECT last_error FROM _letter AS letter WHERE letter.recipient = delivery.recipient AND last_error IS NOT NULL ORDER BY id DESC LIMIT 1),
				(SELECT last_error FROM _delivery AS other WHERE other.recipient = delivery.recipient AND last_error IS NOT NULL ORDER BY id DESC LIMIT 1))
		FROM _delivery AS delivery GROUP BY recipient ORDER BY recipient`)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var c DeliveryCount
		if err := rows.Scan(&c.Recipient, &c.Channel, &c.Sent, &c.Pending, &c.Failed, &c.Expired, (*text)(&c.LastError)); err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, rows.Err()
}

// A DomainCount counts the current rows of a table.
type DomainCount struct {
	Account    string `json:"account"`
	Domain     string `json:"domain"`
	Rows       int    `json:"rows"`
	LastChange string `json:"last_change,omitempty"`
}

// DomainCounts counts what the mirror holds of each account, by table. The names of
// the tables are those of the program, not of people.
func (tx *Tx) DomainCounts(ctx context.Context, tables []string) (list []DomainCount, err error) {
	for _, table := range tables {
		rows, err := tx.query(ctx, `SELECT account, count(*), max(changed_at) FROM `+table+` GROUP BY account ORDER BY account`)
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			c := DomainCount{Domain: table}
			if err := rows.Scan(&c.Account, &c.Rows, (*text)(&c.LastChange)); err != nil {
				return nil, errors.Join(err, rows.Close())
			}
			list = append(list, c)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return nil, err
		}
	}
	return list, nil
}
