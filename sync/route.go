package sync

import (
	"context"
	"slices"
	"strings"
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
	Students []string       // whose events, by name; all when empty
	Language string         // "fr" or "en"
	Location *time.Location // of the recipient's day and night
	Reveal   Reveal
	NoClass  bool // the class's figures are left out
	Admin    bool // is told what only whoever runs the program can do
	Policy
}

// A Policy is what somebody wants to be told, and when. The zero Policy tells
// everything at once.
type Policy struct {
	Preset      Preset
	Events      []string      // patterns of the kinds that are told, in place of the preset's; those of the preset when nil
	Also        []string      // told at once, whatever the preset says
	Mute        []string      // not told; "mark.*:Maths" is about one subject
	Quiet       Quiet         // hours without messages
	Digest      Hour          // of the evening digest
	Morning     Hour          // of the message about a day that is not as usual
	Weekly      Hour          // of Sunday's message about the week, in place of the digest
	Horizon     int           // days ahead from which on the timetable is not told; 0 for none
	Group       time.Duration // how long an event waits for others
	RevealAfter time.Duration // how long a mark waits, so that the pupil knows it first
}

// systemEvents are those about an account itself.
var systemEvents = []string{
	"system.mirrored", "system.login_refused", "system.token_lost", "system.banned", "system.unreachable", "system.recovered", "system.upgraded", "system.undelivered", "system.database", "system.clock", "system.backup",
	"system.child_joined", "system.child_left", "reminder.due",
}

// forAdmin are what only whoever runs the program can do anything about.
var forAdmin = []string{"system.upgraded", "system.clock", "system.backup"}

// isPlain reports whether nothing is told but events as they come.
func (p Policy) isPlain() bool {
	return p.Preset == "" && !p.Digest.Set && !p.Morning.Set && !p.Weekly.Set
}

// A Decision is what becomes of an event for a recipient.
type Decision struct {
	Way    string // db.Now, db.Digest or db.None
	Due    time.Time
	Reason Reason
}

// A Reason is why an event is told, or is not, in one word: what explain says at
// length.
type Reason = string

// The reasons. An event that is hardly worth a message has the word of that, such
// as db.MinorTypo.
const (
	ReasonPreset       Reason = "preset"        // told, as the preset says
	ReasonChosen       Reason = "chosen"        // told, as it is named in the configuration
	ReasonGroup        Reason = "group"         // told, after a wait for others
	ReasonAlarm        Reason = "alarm"         // told at once, at any hour
	ReasonDigest       Reason = "digest"        // told in the digest
	ReasonQuiet        Reason = "quiet"         // told after the quiet hours
	ReasonRevealAfter  Reason = "reveal_after"  // told when the pupil has had time to tell it
	ReasonSnoozed      Reason = "snoozed"       // told in the digest, since its kind is muted for some days
	ReasonAsked        Reason = "asked"         // told again, as the recipient wanted
	ReasonNotChosen    Reason = "not_chosen"    // the configuration names other kinds
	ReasonNotInPreset  Reason = "not_in_preset" // the preset leaves it out
	ReasonMuted        Reason = "muted"         // the configuration mutes it
	ReasonOtherStudent Reason = "other_student" // it is about somebody else
	ReasonAdmin        Reason = "admin"         // only whoever runs the program can do anything about it
	ReasonHorizon      Reason = "horizon"       // it is too far ahead
	ReasonOver         Reason = "over"          // it is over
	ReasonUndone       Reason = "undone"        // it was undone before it was told
	ReasonKnown        Reason = "known"         // the recipient was told the same before
	ReasonMerged       Reason = "merged"        // the message about another event tells it
)

// groupMarks is how long a mark waits for others: a class is rarely entered at once.
const groupMarks = 30 * time.Minute

// Route decides what becomes of an event about a person for a recipient at an
// instant. It depends on nothing else, so that a decision can be explained and tried
// on the past. The zero Student stands for the account as a whole.
func Route(e db.Event, of db.Student, to Recipient, mutes []db.Mute, now time.Time) Decision {
	now = now.In(to.Location)
	f := factsOf(e)
	if reason := to.silence(e, f, of, now); reason != "" {
		return Decision{db.None, now, reason}
	}
	moment, reason := to.moment(f)
	if moment == never {
		return Decision{db.None, now, reason}
	}
	if to.snoozed(e, mutes) && (moment == atOnce || moment == soon) {
		moment, reason = later, ReasonSnoozed
	}
	if to.beyondHorizon(f, now) {
		return Decision{db.None, now, ReasonHorizon}
	}
	isNear := !e.Day.IsZero() && e.Day.DaysSince(civil.DateTimeOf(now).Date) <= 1
	isCloser := moment == closer
	switch moment {
	case closer:
		if !isNear {
			return Decision{db.None, now, ReasonNotInPreset}
		}
		moment = later
	case near:
		moment = later
		if isNear {
			moment = atOnce
		}
	}
	if moment == later {
		if due := to.NextDigest(now); !due.IsZero() && (e.Over.IsZero() || civil.DateTimeOf(due).Compare(e.Over) < 0) { // else it comes too late
			if reason != ReasonSnoozed {
				reason = ReasonDigest
			}
			return Decision{db.Digest, due, reason}
		} else if !due.IsZero() && isCloser {
			return Decision{db.None, now, ReasonNotInPreset}
		} else if today := civil.DateTimeOf(now).Date; !due.IsZero() && f.day == today {
			switch {
			case f.isCorrectedWork():
				return Decision{db.None, now, ReasonOver}
			case f.kind == "lesson.test" && to.Preset == Calm: // nobody can learn for it any more
				return Decision{db.None, now, ReasonNotInPreset}
			}
		}
	}
	return to.atOnce(e, f, moment, reason, now)
}

// silence is why an event is not told to a recipient whatever the preset, "" if it may
// be.
func (r Recipient) silence(e db.Event, f facts, of db.Student, now time.Time) Reason {
	switch {
	case f.isNothing(), f.minor == db.MinorTold && r.hears("punishment.new"):
		return f.minor
	case !r.about(of):
		return ReasonOtherStudent
	case r.mutes(f):
		return ReasonMuted
	case matchesAny(forAdmin, e.Kind) && !r.Admin && r.Preset != "":
		return ReasonAdmin
	case !e.Over.IsZero() && e.Over.Compare(civil.DateTimeOf(now)) <= 0:
		return ReasonOver
	}
	return ""
}

// about reports whether a recipient wants events about a student.
func (r Recipient) about(s db.Student) bool {
	return len(r.Students) == 0 || s.ID == 0 || s.Holder || slices.ContainsFunc(r.Students, s.Called)
}

// mutes reports whether the configuration mutes an event: its kind, or that of one
// subject.
func (r Recipient) mutes(f facts) bool {
	return slices.ContainsFunc(r.Mute, func(pattern string) bool {
		kinds, subject, some := strings.Cut(pattern, ":")
		return matchesAny([]string{kinds}, f.kind) && (!some || strings.EqualFold(strings.TrimSpace(subject), f.text("subject")))
	})
}

// hears reports whether a recipient is told of a kind of event at all.
func (r Recipient) hears(kind string) bool {
	f := facts{kind: kind}
	moment, _ := r.moment(f)
	return moment != never && !r.mutes(f)
}

// moment is when a kind of event is told, and by which rule.
func (r Recipient) moment(f facts) (moment, Reason) {
	usual := habitOf(r.Preset, f)
	switch {
	case matchesAny(r.Also, f.kind):
		return atOnce, ReasonChosen
	case r.Events == nil && usual == never:
		return never, ReasonNotInPreset
	case r.Events == nil:
		return usual, ReasonPreset
	case !matchesAny(r.Events, f.kind):
		return never, ReasonNotChosen
	case usual == never: // which the preset has no habit for
		return atOnce, ReasonChosen
	}
	return usual, ReasonChosen
}

// snoozed reports whether a recipient has muted a kind of event for some days.
func (r Recipient) snoozed(e db.Event, mutes []db.Mute) bool {
	return slices.ContainsFunc(mutes, func(m db.Mute) bool {
		return m.Recipient == r.Name && m.Family == firstPart(e.Kind) && (m.Student == 0 || m.Student == e.Student)
	})
}

// beyondHorizon reports whether an event is about the timetable of a day that is too
// far ahead. Tests are told however far they are.
func (r Recipient) beyondHorizon(f facts, now time.Time) bool {
	return r.Horizon > 0 && !f.day.IsZero() && f.kind != "lesson.test" && !f.isDetention() &&
		matchesAny([]string{"lesson.*", "day.*"}, f.kind) && f.day.DaysSince(civil.DateTimeOf(now).Date) > r.Horizon
}

// atOnce is the decision about an event that no digest has to tell.
func (r Recipient) atOnce(e db.Event, f facts, moment moment, reason Reason, now time.Time) Decision {
	due := now
	grave := gravityOf(f)
	wait := r.Group
	if moment == soon {
		wait = max(wait, groupMarks)
	}
	today := e.Day == civil.DateTimeOf(now).Date
	if grave > pressing || !today && grave > alarming {
		if due = due.Add(wait); wait > 0 {
			reason = ReasonGroup
		}
	}
	if r.RevealAfter > 0 && matchesAny([]string{"mark.*", "average.*", "evaluation.*", "report.*"}, f.kind) {
		if until := now.Add(r.RevealAfter); until.After(due) {
			due, reason = until, ReasonRevealAfter
		}
	}
	if r.mayDisturb(f, grave, today) {
		return Decision{db.Now, due, ReasonAlarm}
	}
	if end := r.Quiet.After(due); end.After(due) {
		due, reason = end, ReasonQuiet
	}
	return Decision{db.Now, due, reason}
}

// mayDisturb reports whether an event goes through the quiet hours: what alarms, and
// a change of the first hour of the day.
func (r Recipient) mayDisturb(f facts, grave gravity, today bool) bool {
	if strings.HasPrefix(f.kind, "system.") {
		return false
	}
	return grave == alarming || today && f.kind == "day.changed" && slices.Contains(f.what, "starts_at")
}

// NextDigest is when the next evening digest or message about the week is due after an
// instant, the zero time for somebody who has no digest: what would be in it is told at
// once.
func (r Recipient) NextDigest(now time.Time) (next time.Time) {
	if !r.Digest.Set {
		return next
	}
	for _, kind := range []string{db.Evening, db.Week} {
		for days := range 8 {
			day := now.In(r.Location).AddDate(0, 0, days)
			at := r.digestAt(kind, day)
			if !at.IsZero() && at.After(now) {
				if next.IsZero() || at.Before(next) {
					next = at
				}
				break
			}
		}
	}
	return next
}

// digestAt is when a kind of digest is due on the day of an instant, the zero time if it
// is not: there is none on Saturday, and that of the week replaces Sunday's.
func (r Recipient) digestAt(kind string, day time.Time) time.Time {
	hour := map[string]Hour{db.Evening: r.Digest, db.Morning: r.Morning, db.Week: r.Weekly, remindsOf: r.remindAt()}[kind]
	weekday := day.Weekday()
	switch {
	case !hour.Set,
		kind == db.Week && weekday != time.Sunday,
		kind == db.Evening && (weekday == time.Saturday || weekday == time.Sunday && r.Weekly.Set),
		kind == db.Morning && (weekday == time.Saturday || weekday == time.Sunday):
		return time.Time{}
	}
	return hour.On(day)
}

// declared leaves out the events that there are not, as of a menu that is withdrawn.
func (d Domains) declared(events []db.Event) []db.Event {
	if len(events) == 0 {
		return nil
	}
	kinds := d.EventKinds()
	return slices.DeleteFunc(events, func(e db.Event) bool { return !slices.Contains(kinds, e.Kind) })
}

// enqueue stores events of an account, and what becomes of each for every recipient. It
// is called within the transaction that stores what they tell: a recipient added
// tomorrow does not receive last month.
func (w *watcher) enqueue(ctx context.Context, tx *db.Tx, events []db.Event) error {
	if len(events) == 0 {
		return nil
	}
	if err := addUp(ctx, tx, events); err != nil {
		return err
	}
	mutes, err := tx.Mutes(ctx, w.engine.Now())
	if err != nil {
		return err
	}
	return tx.Enqueue(ctx, w.record.ID, w.now(), events, func(e db.Event) []db.Address {
		return w.engine.addresses(e, w.studentWithID(e.Student), w.account.Location, mutes, "")
	})
}

// addresses are what becomes of an event about a student for all but one recipient, and
// when on the clocks of a zone.
func (e *Engine) addresses(event db.Event, s db.Student, zone *time.Location, mutes []db.Mute, but string) (addresses []db.Address) {
	now := e.Now()
	for _, m := range e.recipients {
		if m.Name == but {
			continue
		}
		d := Route(event, s, m.Recipient, mutes, now)
		addresses = append(addresses, db.Address{
			Recipient: m.Name, Channel: m.Channel, Way: d.Way, Reason: d.Reason, Due: d.Due, DueAt: civil.DateTimeOf(d.Due.In(zone)),
		})
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
