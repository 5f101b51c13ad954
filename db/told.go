package db

import (
	"context"
	"errors"
	"fmt"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// LettersView lists what recipients were sent. Its filter may name a recipient.
var LettersView = View{Name: "letters", when: "composed_at", order: "id DESC"}

// An Outcome is what became of an event for a recipient.
type Outcome struct {
	At      pronote.DateTime
	Account string
	Student string // as the views name it; "" when the event concerns the account
	UID     string // of the row; "" when the event concerns none
	Kind    string
	Summary string // of the change that the event is about; "" where there is none

	Recipient, Channel string // "" where nobody was configured
	State, Way, Reason string
	DueAt, SentAt      pronote.DateTime // zero for never
	Title              string           // of the letter that tells it
	LastError          string
}

// An OutcomeFilter narrows Outcomes. Empty members do not.
type OutcomeFilter struct {
	UID       string // of the row that events are about
	Recipient string
	Last      int // events; 0 for all
}

// Outcomes lists what became of the last events for each recipient, newest first.
func (tx *Tx) Outcomes(ctx context.Context, f OutcomeFilter) (list []Outcome, err error) {
	limit := f.Last
	if limit <= 0 {
		limit = -1
	}
	rows, err := tx.query(ctx, `
		WITH last (id) AS (
			SELECT id FROM _event AS event
			WHERE (?1 = '' OR item_id = (SELECT id FROM _item WHERE uid = ?1))
				AND (?2 = '' OR EXISTS (SELECT 1 FROM _delivery WHERE event_id = event.id AND recipient = ?2))
			ORDER BY id DESC LIMIT ?3)
		SELECT event.at, account.name, (SELECT student FROM _owner AS owner WHERE owner.id = event.student_id),
			(SELECT uid FROM _item AS item WHERE item.id = event.item_id), event.kind,
			(SELECT summary FROM _change AS change WHERE change.item_id = event.item_id AND change.at <= event.at ORDER BY change.id DESC LIMIT 1),
			delivery.recipient, delivery.channel, delivery.state, delivery.way, delivery.reason, delivery.due_at, letter.sent_at,
			replace(replace(letter.title, char(57344), ''), char(57345), ''), coalesce(letter.last_error, delivery.last_error)
		FROM last JOIN _event AS event ON event.id = last.id JOIN _account AS account ON account.id = event.account_id
			LEFT JOIN _delivery AS delivery ON delivery.event_id = event.id AND (?2 = '' OR delivery.recipient = ?2)
			LEFT JOIN _letter AS letter ON letter.id = delivery.letter_id
		ORDER BY event.id DESC, delivery.id`, f.UID, f.Recipient, limit)
	if err != nil {
		return nil, fmt.Errorf("what became of events: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var o Outcome
		err := rows.Scan((*instant)(&o.At), &o.Account, (*text)(&o.Student), (*text)(&o.UID), &o.Kind, (*text)(&o.Summary),
			(*text)(&o.Recipient), (*text)(&o.Channel), (*text)(&o.State), (*text)(&o.Way), (*text)(&o.Reason), (*instant)(&o.DueAt), (*instant)(&o.SentAt),
			(*text)(&o.Title), (*text)(&o.LastError))
		if err != nil {
			return nil, err
		}
		list = append(list, o)
	}
	return list, rows.Err()
}
