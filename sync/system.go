package sync

import (
	"errors"
	"time"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
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
		return []db.Event{systemEvent("system.recovered", map[string]any{
			"account": w.account.Name, "accounts": len(w.engine.Accounts), "server": w.account.Source.Title(), "since": w.clock(before.FailingSince),
		})}
	case err == nil, errors.As(err, &budget):
		return nil
	case w.record.Phase == db.Suspended && before.Phase != db.Suspended && w.judge(err).TokenLost:
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
		"account": w.account.Name, "accounts": len(w.engine.Accounts), "server": w.account.Source.Title(), "reason": w.told(err), "error": err.Error(),
		"since": w.clock(w.record.FailingSince), "until": w.clock(w.record.PhaseUntil),
	}
	return []db.Event{systemEvent(kind, facts)}
}

// clock is a time of the machine on the clocks of the school, "" for none.
func (w *watcher) clock(seconds int64) string {
	if seconds == 0 {
		return ""
	}
	return civil.DateTimeOf(time.Unix(seconds, 0).In(w.account.Location)).String()
}

// told is the name of an error for the wording. A failure that may pass is not yet
// called what it looks like.
func (w *watcher) told(err error) string {
	v := w.judge(err)
	if w.record.Phase == db.Waiting && v.NeedsPerson {
		return "elsewhere"
	}
	return v.Reason
}

// mirroredFacts counts what the first mirror holds, for the one message about
// it.
func (w *watcher) mirroredFacts(results []DomainResult) map[string]any {
	facts := map[string]any{"server": w.account.Source.Title()}
	for _, r := range results {
		facts[r.Domain] = r.Seen
	}
	return facts
}
