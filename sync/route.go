package sync

import (
	"path"
	"slices"
	"time"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/notifiers"
)

// A Recipient is one person on one channel, and what they want to be told.
type Recipient struct {
	Name     string
	Channel  string // kind of channel, as the deliveries view shows it
	Notifier notifiers.Notifier
	Events   []string // patterns such as "mark.*"
	Students []string // whose events, by name; all when empty
	Quiet    Quiet
	Reveal   Reveal
	Language string         // "fr" or "en"
	Location *time.Location // of the recipient's night
}

// systemEvents are those about an account itself.
var systemEvents = Usual(
	"system.mirrored", "system.login_refused", "system.token_lost", "system.banned", "system.unreachable", "system.recovered", "system.upgraded", "system.undelivered", "system.database",
	"system.child_joined", "system.child_left",
)

// declared leaves out the events that there are not, as of a menu that is withdrawn.
func (d Domains) declared(events []db.Event) []db.Event {
	if len(events) == 0 {
		return nil
	}
	kinds := d.EventKinds()
	return slices.DeleteFunc(events, func(e db.Event) bool { return !slices.Contains(kinds, e.Kind) })
}

// wants reports whether a recipient wants an event about a student; the zero
// Student stands for the account.
func (r Recipient) wants(e db.Event, s db.Student) bool {
	matches := false
	for _, pattern := range r.Events {
		ok, err := path.Match(pattern, e.Kind)
		matches = matches || ok && err == nil // patterns were checked with the configuration
	}
	if !matches || len(r.Students) == 0 || s.ID == 0 || s.Holder {
		return matches
	}
	for _, name := range r.Students {
		if s.Called(name) {
			return true
		}
	}
	return false
}

// router decides to whom an event of a watcher's account goes. It is called
// within the transaction that stores the event: a recipient added tomorrow does
// not receive last month.
func (e *Engine) router(w *watcher) func(db.Event) []db.Address {
	return func(event db.Event) []db.Address {
		return e.addresses(event, w.studentWithID(event.Student), w.account.Location, "")
	}
}

// addresses are those of all who want an event about a student, except one
// recipient, and when it is due on the clocks of a zone.
func (e *Engine) addresses(event db.Event, s db.Student, zone *time.Location, but string) (addresses []db.Address) {
	now := e.Now()
	for _, m := range e.recipients {
		if m.Name == but || !m.wants(event, s) {
			continue
		}
		due := m.Quiet.After(now.In(m.Location))
		addresses = append(addresses, db.Address{Recipient: m.Name, Channel: m.Channel, Due: due, DueAt: civil.DateTimeOf(due.In(zone))})
	}
	return addresses
}

func (w *watcher) studentWithID(id int64) db.Student {
	for _, s := range append([]db.Student{w.holder}, w.students...) {
		if s.ID == id && id != 0 {
			return s
		}
	}
	return db.Student{}
}
