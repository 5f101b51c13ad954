package sync

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/notifiers"
	"github.com/pronote-sync/pronote-sync/pronote"
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
var systemEvents = usual(
	"system.mirrored", "system.login_refused", "system.token_lost", "system.banned", "system.unreachable", "system.recovered", "system.upgraded", "system.undelivered", "system.database",
	"system.child_joined", "system.child_left",
)

// Events are the kinds of events there are.
func Events() (events []Event) {
	for _, d := range domains {
		events = append(events, d.Events...)
	}
	return append(events, systemEvents...)
}

// EventKinds names them, for checking patterns.
func EventKinds() (kinds []string) {
	for _, e := range Events() {
		kinds = append(kinds, e.Kind)
	}
	return kinds
}

// declared leaves out the events that there are not, as of a menu that is withdrawn.
func declared(events []db.Event) []db.Event {
	if len(events) == 0 {
		return nil
	}
	kinds := EventKinds()
	return slices.DeleteFunc(events, func(e db.Event) bool { return !slices.Contains(kinds, e.Kind) })
}

// DefaultEvents is what a recipient who names no events is told, as patterns.
func DefaultEvents() (patterns []string) {
	some := map[string]bool{} // families that are not told whole
	for _, e := range Events() {
		some[familyOf(e.Kind)] = some[familyOf(e.Kind)] || !e.Usual
	}
	for _, e := range Events() {
		pattern := e.Kind
		if !some[familyOf(e.Kind)] {
			pattern = familyOf(e.Kind)
		}
		if e.Usual && !slices.Contains(patterns, pattern) {
			patterns = append(patterns, pattern)
		}
	}
	return patterns
}

// familyOf is the pattern of all events about the same thing.
func familyOf(kind string) string {
	name, _, _ := strings.Cut(kind, ".")
	return name + ".*"
}

// CheckPattern says what is wrong with a pattern of events.
func CheckPattern(pattern string) error {
	for _, kind := range EventKinds() {
		if ok, err := path.Match(pattern, kind); err != nil {
			return fmt.Errorf("event pattern %q cannot be read", pattern)
		} else if ok {
			return nil
		}
	}
	return fmt.Errorf("no event matches %q: there are %s", pattern, strings.Join(eventFamilies(), ", "))
}

// eventFamilies are the patterns that match all events about one thing.
func eventFamilies() (families []string) {
	for _, kind := range EventKinds() {
		if pattern := familyOf(kind); !slices.Contains(families, pattern) {
			families = append(families, pattern)
		}
	}
	return families
}

// wants reports whether a recipient is told of an event about a student, who is
// the zero Student for events about the account.
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

// addresses are those of all who want an event about a student, but for one
// recipient, and when it is due on the clocks of a zone.
func (e *Engine) addresses(event db.Event, s db.Student, zone *time.Location, but string) (addresses []db.Address) {
	now := e.Now()
	for _, m := range e.recipients {
		if m.Name == but || !m.wants(event, s) {
			continue
		}
		due := m.Quiet.After(now.In(m.Location))
		addresses = append(addresses, db.Address{Recipient: m.Name, Channel: m.Channel, Due: due, DueAt: pronote.DateTimeOf(due.In(zone))})
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
