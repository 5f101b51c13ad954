package db

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// News lists when the rows of a domain that appeared since an instant did so, by
// their uid. What the first look at a domain showed is no news.
func (tx *Tx) News(ctx context.Context, domain string, since pronote.DateTime) (news map[string]pronote.DateTime, err error) {
	rows, err := tx.query(ctx, `
		SELECT item.uid, change.at FROM _change AS change JOIN _item AS item ON item.id = change.item_id
		WHERE change.at >= ? AND change.kind = 'added' AND item.domain = ?`, since.String(), domain)
	if err != nil {
		return nil, fmt.Errorf("news of %s: %w", domain, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	news = map[string]pronote.DateTime{}
	for rows.Next() {
		var uid string
		var at pronote.DateTime
		if err := rows.Scan(&uid, (*instant)(&at)); err != nil {
			return nil, err
		}
		news[uid] = at
	}
	return news, rows.Err()
}

// A Recent is a change, as one remembers it.
type Recent struct {
	At      pronote.DateTime
	Domain  string // of the row
	UID     string
	Kind    string // "added", "changed" or "removed"
	Account string
	Student string // as the views name it; "" for the holder's
	Subject string // "" where the row has none
	Title   string // the same
}

// LastChange is the latest change of an account, nil when there is none.
func (tx *Tx) LastChange(ctx context.Context, account string) (*Recent, error) {
	var r Recent
	err := tx.queryRow(ctx, `SELECT at, domain, uid, kind, account, student, subject, title FROM changes WHERE account = ? ORDER BY at DESC, uid LIMIT 1`,
		[]any{account}, (*instant)(&r.At), &r.Domain, &r.UID, &r.Kind, &r.Account, &r.Student, &r.Subject, &r.Title)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("last change of %s: %w", account, err)
	}
	return &r, nil
}

// SeenUIDs lists the uids of what somebody has seen.
func (tx *Tx) SeenUIDs(ctx context.Context) (seen map[string]bool, err error) {
	rows, err := tx.query(ctx, `SELECT uid FROM _seen AS seen JOIN _item AS item ON item.id = seen.item_id`)
	if err != nil {
		return nil, fmt.Errorf("what is seen: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	seen = map[string]bool{}
	for rows.Next() {
		var uid string
		if err := rows.Scan(&uid); err != nil {
			return nil, err
		}
		seen[uid] = true
	}
	return seen, rows.Err()
}

// AttachmentCounts counts the files and links of some rows, by the uid of the row.
func (tx *Tx) AttachmentCounts(ctx context.Context, uids []string) (counts map[string]int, err error) {
	list, err := json.Marshal(uids)
	if err != nil || len(uids) == 0 {
		return nil, err
	}
	rows, err := tx.query(ctx, `
		SELECT item.uid, count(*) FROM _attachments AS attachment JOIN _item AS item ON item.id = attachment.owner_id
		WHERE attachment.valid_to IS NULL AND item.uid IN (SELECT value FROM json_each(?)) GROUP BY item.uid`, string(list))
	if err != nil {
		return nil, fmt.Errorf("count attachments: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	counts = map[string]int{}
	for rows.Next() {
		var uid string
		var n int
		if err := rows.Scan(&uid, &n); err != nil {
			return nil, err
		}
		counts[uid] = n
	}
	return counts, rows.Err()
}
