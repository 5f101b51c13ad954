package sync

import (
	"context"
	"errors"
	"time"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
)

// tellAfter is how long a school may be out of reach before people are told:
// most outages are over sooner.
const tellAfter = 3 * time.Hour

// systemNews is what people must know about the account itself after a poll
// that ended with err: once when something begins, once when it is over.
func (w *watcher) systemNews(before db.Account, err error) []db.Event {
	var budget *BudgetError
	switch {
	case err == nil && before.Told:
		w.record.Told = false
		return []db.Event{systemEvent("system.recovered", map[string]any{"account": w.account.Name})}
	case err == nil, errors.As(err, &budget):
		return nil
	case w.record.Phase == db.Suspended && before.Phase != db.Suspended && errors.Is(err, pronote.ErrToken):
		return w.tell("system.token_lost", err)
	case w.record.Phase == db.Suspended && before.Phase != db.Suspended:
		return w.tell("system.login_refused", err)
	case w.record.Phase == db.Banned && before.Phase != db.Banned:
		return w.tell("system.banned", err)
	case !w.record.Told && w.engine.Now().Sub(time.Unix(w.record.FailingSince, 0)) >= tellAfter:
		return w.tell("system.unreachable", err)
	}
	return nil
}

func (w *watcher) tell(kind string, err error) []db.Event {
	w.record.Told = true
	facts := map[string]any{
		"account": w.account.Name, "reason": w.told(err), "error": err.Error(),
		"since": w.clock(w.record.FailingSince), "until": w.clock(w.record.PhaseUntil),
	}
	return []db.Event{systemEvent(kind, facts)}
}

// tellUpgrade tells people that the school has moved to a later release than the
// mirror remembers, or past what this program knows, and remembers it in the same
// transaction. Patches do not count otherwise: schools take one every few weeks,
// and no one would notice.
func (w *watcher) tellUpgrade(ctx context.Context, tx *db.Tx) ([]db.Event, error) {
	before, known := pronote.ParseVersion(w.saved.Version)
	now := w.session.Version()
	before.Build, now.Build = -1, -1
	release := now.Year != before.Year || now.Minor != before.Minor
	if !known || now.Compare(before) <= 0 || !release && (before.Newer() || !now.Newer()) {
		return nil, nil
	}
	if err := w.save(ctx, tx, true); err != nil {
		return nil, err
	}
	event := systemEvent("system.upgraded", map[string]any{
		"account": w.account.Name, "from": before.String(), "to": now.String(), "newer": now.Newer(),
	})
	return []db.Event{event}, nil
}

// clock is a time of the machine on the clocks of the school, "" for none.
func (w *watcher) clock(seconds int64) string {
	if seconds == 0 {
		return ""
	}
	return pronote.DateTimeOf(time.Unix(seconds, 0).In(w.account.Location)).String()
}

// told is the name of an error for the wording. What may pass is not yet what it
// looks like.
func (w *watcher) told(err error) string {
	v := Judge(err)
	if w.record.Phase == db.Waiting && v.NeedsPerson {
		return "elsewhere"
	}
	return v.Reason
}

// mirroredFacts counts what the first mirror holds, for the one message about
// it.
func mirroredFacts(results []DomainResult) map[string]any {
	facts := map[string]any{}
	for _, r := range results {
		facts[r.Domain] = r.Seen
	}
	return facts
}
