package sync

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/notifiers"
)

// A manner is how a letter is shown, besides its text.
type manner struct {
	Link   string          `json:"link,omitempty"`
	Level  notifiers.Level `json:"level,omitempty"`
	Thread string          `json:"thread,omitempty"`
	School string          `json:"school,omitempty"`
	Day    string          `json:"day,omitempty"`
}

// manner is how a letter is shown, and the letter that it corrects.
func (m *mailbox) manner(ctx context.Context, tx *db.Tx, l db.Letter, group []telling) (text json.RawMessage, amends int64, err error) {
	how := manner{Level: notifiers.Quiet}
	if len(group) > 0 {
		first := group[0]
		how.Link, how.School = m.engine.pageOf(first.Account)
		how.Level = first.level(l.ComposedAt.Date)
		day := first.Event.Day
		if day.IsZero() {
			day = first.At.Date
		}
		how.Thread = fmt.Sprintf("%s %s %s", first.Account, strings.Join(first.names, " "), day)
		how.Day = day.String()
	}
	if l.Kind != db.News {
		how.Level = notifiers.Quiet
	}
	if len(group) == 1 && len(group[0].with) == 0 && group[0].Event.Item != 0 && !strings.HasSuffix(group[0].Event.Kind, ".new") {
		_, last, err := tx.LastTold(ctx, m.Name, group[0].Event.Item)
		if err != nil {
			return nil, 0, err
		}
		if last.Receipt != "" && last.Alone {
			amends = last.ID
		}
	}
	text, err = json.Marshal(how)
	return text, amends, err
}

// level is how much an event may disturb.
func (t telling) level(today civil.Date) notifiers.Level {
	grave := gravityOf(t.facts)
	switch {
	case t.facts.isCare():
		return notifiers.Alarm
	case grave <= pressing && !strings.HasPrefix(t.facts.kind, "system.") && t.Event.Day.DaysSince(today) <= 1: // or of no day
		return notifiers.Urgent
	case grave >= quiet:
		return notifiers.Quiet
	}
	return notifiers.Normal
}

// pageOf is the page that people open to see what an account has, "" where there is
// none, and what its school is called.
func (e *Engine) pageOf(account string) (link, school string) {
	w, err := e.find(account)
	if err != nil {
		return "", ""
	}
	if strings.HasPrefix(w.account.URL, "http") {
		link = w.account.URL
	}
	return link, w.published.Load().School
}
