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
	from  string // what is listed, where it is more than the view of that name
	when  string // column that Filter.Since compares with
	order string
}

// The views that can be listed.
var (
	MarksView       = View{Name: "marks", when: "given_on", order: "given_on DESC, first_seen_at DESC, uid"}
	HomeworkView    = View{Name: "homework", when: "due_on", order: "due_on, subject, uid"}
	LessonsView     = View{Name: "lessons", when: "starts_at", order: "starts_at, number, uid"}
	ContentsView    = View{Name: "contents", when: "starts_at", order: "starts_at DESC, uid"}
	InfosView       = View{Name: "infos", when: "published_at", order: "published_at DESC, uid"}
	MenusView       = View{Name: "menus", when: "date", order: "date, meal DESC, CASE course WHEN 'starter' THEN 1 WHEN 'main' THEN 2 WHEN 'side' THEN 3 WHEN 'cheese' THEN 4 WHEN 'dessert' THEN 5 ELSE 6 END, uid"}
	AgendaView      = View{Name: "agenda", when: "starts_at", order: "starts_at, uid"}
	ChangesView     = View{Name: "changes", when: "at", order: "at DESC, uid"}
	ReportsView     = View{Name: "reports", when: "first_seen_at", order: "year DESC, period DESC, student, uid"}
	AttachmentsView = View{Name: "attachments", when: "first_seen_at", order: "first_seen_at DESC, owner_domain, owner_uid, name, uid"}
	EvaluationsView = View{Name: "evaluations", when: "date", order: "date DESC, subject, uid"}
	PersonsView     = View{Name: "persons", when: "changed_at", order: "account, student, name, uid"}
	StaffView       = View{Name: "staff", when: "first_seen_at", order: "student, role DESC, name, uid"}
	LinksView       = View{Name: "links", when: "first_seen_at", order: "student, title, uid"}
	WalletsView     = View{Name: "wallets", when: "changed_at", order: "student, label, uid"}

	DiscussionsView = View{Name: "discussions", when: "last_message_at", order: "last_message_at DESC, uid"}
	MessagesView    = View{Name: "messages", when: "sent_at", order: "sent_at DESC, uid"}
)

// What the book of a pupil is listed as: absences and delays as one list, and
// punishments with the times at which they are served.
var (
	AbsencesView = View{Name: "absences", when: "starts_at", order: "starts_at DESC, uid", from: `(
		SELECT 'absence' AS kind, account, student, uid, year, period, starts_at, ends_at, NULL AS minutes, hours, days, open,
			justified, justification, settled, to_justify, reasons, first_seen_at, changed_at FROM absences
		UNION ALL
		SELECT 'delay', account, student, uid, year, period, starts_at, NULL, minutes, NULL, NULL, 0,
			justified, justification, settled, to_justify, reasons, first_seen_at, changed_at FROM delays)`}
	PunishmentsView = View{Name: "punishments", when: "given_on", order: "given_on DESC, uid", from: `(
		SELECT *, (SELECT group_concat(at, ', ') FROM (
			SELECT coalesce(starts_at, held_on) AS at FROM detentions WHERE punishment_uid = punishments.uid ORDER BY at
		)) AS detentions FROM punishments)`}
	ObservationsView = View{Name: "observations", when: "given_on", order: "given_on DESC, uid"}
)

// A Filter narrows a listing. Empty members do not.
type Filter struct {
	Account, Student string
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
	LastError string `json:"last_error,omitempty"` // of those pending or failed
}

// DeliveryCounts counts the deliveries of each recipient.
func (tx *Tx) DeliveryCounts(ctx context.Context) (list []DeliveryCount, err error) {
	rows, err := tx.query(ctx, `
		SELECT recipient, max(channel), sum(state = 'sent'), sum(state = 'pending'), sum(state = 'failed'),
			(SELECT last_error FROM _delivery l WHERE l.recipient = delivery.recipient AND last_error IS NOT NULL ORDER BY id DESC LIMIT 1)
		FROM _delivery AS delivery GROUP BY recipient ORDER BY recipient`)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var c DeliveryCount
		if err := rows.Scan(&c.Recipient, &c.Channel, &c.Sent, &c.Pending, &c.Failed, (*text)(&c.LastError)); err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, rows.Err()
}

// A DomainCount counts the current rows of a domain.
type DomainCount struct {
	Account    string `json:"account"`
	Domain     string `json:"domain"`
	Rows       int    `json:"rows"`
	LastChange string `json:"last_change,omitempty"`
}

// DomainCounts counts what the mirror holds of each account and domain.
func (tx *Tx) DomainCounts(ctx context.Context) (list []DomainCount, err error) {
	for _, domain := range []string{"marks", "averages", "homework", "lessons", "contents", "infos", "absences", "delays", "punishments", "observations", "discussions", "messages", "menus", "agenda", "staff", "links", "wallets", "persons", "evaluations", "reports"} {
		rows, err := tx.query(ctx, `SELECT account, count(*), max(changed_at) FROM `+domain+` GROUP BY account ORDER BY account`)
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			c := DomainCount{Domain: domain}
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
