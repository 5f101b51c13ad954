package sync

import (
	"errors"
	"syscall"
	"time"

	"github.com/pronote-sync/pronote-sync/db"
)

// A Verdict is all that an error means to an account, to what is left of a poll, and
// to people.
type Verdict struct {
	Reason      string        // its name, by which people are told and programs may tell errors apart
	NeedsPerson bool          // trying again is useless, or does harm, until a person acts
	Patience    time.Duration // how long it has to last before that is believed of an account that was let in before
	Banned      bool          // this address may ask nothing
	Stop        bool          // it leaves no hope for the rest of a poll: the session, the address or the line is lost, not one domain
	Relogin     bool          // a new login is the remedy
	Soon        bool          // what is asked for is lost unless it is asked for again within minutes
	Wait        time.Duration // until the next try, at least, where it is not for the failures in a row to say; a day at most
	Asked       time.Duration // until the next try, as the server wants it; 0 when it does not say
	TokenLost   bool          // only a new token helps, which a person makes
	Unavailable bool          // there is no such data at this school, which is no fault
}

// A Rule is a row of a table of verdicts.
type Rule = struct {
	Fits func(error) bool
	Verdict
}

// FirstOf is the verdict of the first rule that fits an error, the zero Verdict where
// none does.
func FirstOf(rules []Rule, err error) Verdict {
	for _, r := range rules {
		if r.Fits(err) {
			return r.Verdict
		}
	}
	return Verdict{}
}

// Is fits a sentinel, and errors that wrap it.
func Is(sentinel error) func(error) bool {
	return func(err error) bool { return errors.Is(err, sentinel) }
}

// As fits errors of a type, and those that wrap one.
func As[T error](err error) bool {
	var target T
	return errors.As(err, &target)
}

// ours are about the account itself, whatever its source.
var ours = []Rule{
	{As[*ClockError], Verdict{Reason: "clock", Stop: true}},
	{As[*BudgetError], Verdict{Reason: "budget", Stop: true}},
	{isPhase(db.Suspended), Verdict{Reason: "suspended", NeedsPerson: true, Stop: true}},
	{isPhase(db.Banned), Verdict{Reason: "banned", Banned: true, Stop: true}},
}

// others are what no source knows: this machine, and the way to the server.
var others = []Rule{
	{Is(db.ErrWho), Verdict{Reason: "who"}},
	{Is(syscall.ENOSPC), Verdict{Reason: "disk_full", Stop: true}},
	{Is(db.ErrFull), Verdict{Reason: "disk_full", Stop: true}},
	{Is(db.ErrUnusable), Verdict{Reason: "database", Stop: true}},
	{func(error) bool { return true }, Verdict{Reason: "network", Stop: true}},
}

func isPhase(phase db.Phase) func(error) bool {
	return func(err error) bool {
		var barred *PhaseError
		return errors.As(err, &barred) && barred.Phase == phase
	}
}

// Judge finds the verdict of an error, as the sources know it whose Judge is given.
// That of nil is the zero Verdict.
func Judge(err error, sources ...func(error) Verdict) Verdict {
	if err == nil {
		return Verdict{}
	}
	v := FirstOf(ours, err)
	soon := false
	for _, judge := range sources {
		if v.Reason == "" {
			v = judge(err)
			soon = soon || v.Soon
		}
	}
	if v.Reason == "" {
		v = FirstOf(others, err)
		v.Soon = soon
	}
	return v
}

// judge finds the verdict of an error about the account.
func (w *watcher) judge(err error) Verdict { return Judge(err, w.account.Source.Judge) }
