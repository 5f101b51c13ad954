package sync

import (
	"context"
	"fmt"
	"time"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/sync/internal/today"
	"github.com/pronote-sync/pronote-sync/sync/internal/wording"
)

// This file words what the program says of itself at the head of other news: that the
// mirror is there, and that a school answers again.

// heading words a letter that begins with such news, and reports whether it does.
func (m *mailbox) heading(ctx context.Context, tx *db.Tx, group []telling, now time.Time) (message wording.Message, is bool, err error) {
	if server := group[0].facts.text("server"); server != "" && server != "PRONOTE" { // a bar has no digests
		return message, false, nil
	}
	var d wording.Digest
	switch group[0].facts.kind {
	case "system.mirrored":
		d, err = m.welcome(ctx, tx, group[0], now)
	case "system.recovered":
		d, err = m.outage(ctx, tx, group)
	default:
		return message, false, nil
	}
	if err == nil {
		message, err = m.engine.Wording.In(m.Language).Digest(d, m.reader(now))
	}
	return message, true, err
}

// welcome is what the first message about an account says.
func (m *mailbox) welcome(ctx context.Context, tx *db.Tx, t telling, now time.Time) (d wording.Digest, err error) {
	reader := m.lookingAt(now)
	reader.Accounts = []string{t.Account}
	children, err := reader.Children(ctx, tx)
	if err != nil {
		return d, err
	}
	d = wording.Digest{Kind: wording.Welcome, Copied: wording.Copied{
		Marks: t.facts.count("marks"), Homework: t.facts.count("homework"), Infos: t.facts.count("infos"), Transactions: t.facts.count("kfet"),
	}}
	for _, c := range children {
		d.Children = append(d.Children, pupilOf(c))
	}
	for _, kind := range []string{"absence.new", "punishment.new", "day.changed", "mark.new", "message.new", "balance.negative"} {
		if moment, _ := m.moment(facts{kind: kind}); moment > closer {
			d.AtOnce = append(d.AtOnce, firstPart(kind))
		}
	}
	if m.Digest.Set {
		d.Evening = m.Digest.String()
	}
	if m.Quiet != (Quiet{}) {
		d.Quiet = [2]string{Hour{Minute: m.Quiet.From}.String(), Hour{Minute: m.Quiet.To}.String()}
	}
	return d, nil
}

func pupilOf(c today.Child) wording.Pupil {
	return wording.Pupil{Name: firstName(c.Student), Class: c.Class, School: c.School}
}

// outage is what is said when a school answers again, with what changed meanwhile.
func (m *mailbox) outage(ctx context.Context, tx *db.Tx, group []telling) (d wording.Digest, err error) {
	first := group[0]
	d = wording.Digest{Kind: wording.Outage, Since: outageOf(first.Delivery), Until: first.At}
	if d.Changes, err = tx.CountEvents(ctx, first.AccountID, first.At); err != nil {
		return d, err
	}
	for _, t := range group[1:] {
		d.News = append(d.News, m.named(t))
		if t.At.Compare(first.At) < 0 { // it waited for its own channel
			d.Changes++
		}
	}
	return d, nil
}

// String implements fmt.Stringer: "18:30".
func (h Hour) String() string { return fmt.Sprintf("%02d:%02d", h.Minute/60, h.Minute%60) }

// count is a whole number of the row, 0 for none.
func (f facts) count(column string) int {
	n, _ := f.now[column].(float64)
	return int(n)
}
