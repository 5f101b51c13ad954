package sync

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/notifiers"
)

// TestEveryEventEndsOnce lets random events befall recipients with random wishes, on
// days of which one has an hour less or more, with channels that fail now and then, answers
// that are lost, clocks that are set, and restarts. Every event ends for everybody in one
// state, with a reason; what was sent was acknowledged once, in one letter; nothing else was;
// what may have arrived can be known for what it is when it comes again; nothing but an
// alarm leaves in the quiet hours, with what it was sent with before; no timetable is told
// beyond the horizon; and no day has two digests of a kind.
func TestEveryEventEndsOnce(t *testing.T) {
	t.Parallel()
	samples := samplesOfEvents(t)
	for night, begin := range map[string]string{"spring": "2026-03-27 15:00", "autumn": "2025-10-24 15:00"} {
		t.Run(night, func(t *testing.T) {
			t.Parallel()
			start := parisTime(t, begin)
			rapid.Check(t, func(t *rapid.T) {
				f := newDestiny(t, start, samples)
				defer f.close()
				for range rapid.IntRange(1, 14).Draw(t, "happenings") {
					f.live(time.Duration(rapid.IntRange(0, 9*60).Draw(t, "minutes")) * time.Minute)
					f.happen()
				}
				f.failing = 0
				f.live(12 * 24 * time.Hour)
				f.check()
			})
		})
	}
}

// samplesOfEvents are data of each kind of event.
func samplesOfEvents(t *testing.T) map[string]json.RawMessage {
	t.Helper()
	samples := map[string]json.RawMessage{}
	text, err := os.ReadFile("internal/wording/samples.json")
	if err == nil {
		err = json.Unmarshal(text, &samples)
	}
	if err != nil {
		t.Fatal(err)
	}
	return samples
}

// A destiny is a mirror without a school, and somebody who is told of it.
type destiny struct {
	*rapid.T
	ctx     context.Context
	dir     string
	store   *db.Store
	engine  *Engine
	to      Recipient
	now     time.Time
	account db.Account
	samples map[string]json.RawMessage
	kinds   []string
	failing int // of ten attempts

	acknowledged map[string]int       // by the identity of the letter
	lost         map[string]int       // answers to it that were lost
	at           map[string]time.Time // of the acknowledgement
	events       int
}

func newDestiny(t *rapid.T, start time.Time, samples map[string]json.RawMessage) *destiny {
	f := &destiny{T: t, ctx: context.Background(), now: start, samples: samples, acknowledged: map[string]int{}, lost: map[string]int{}, at: map[string]time.Time{}}
	var err error
	if f.dir, err = os.MkdirTemp("", "fates"); err != nil {
		t.Fatal(err)
	}
	if f.store, err = db.Open(f.ctx, filepath.Join(f.dir, "pronote.db")); err != nil {
		t.Fatal(err)
	}
	f.must(f.store.Update(f.ctx, func(tx *db.Tx) (err error) {
		f.account, err = tx.Account(f.ctx, "lea", "pronote", "https://school.example", "student")
		return err
	}))
	f.kinds = slices.Sorted(maps.Keys(samples))
	pick := func(name string, hours ...Hour) Hour { return rapid.SampledFrom(append(hours, Hour{})).Draw(t, name) }
	f.to = Recipient{Name: "maman", Channel: "webhook", Notifier: f, Language: "fr", Reveal: RevealFull, Location: start.Location(), Policy: Policy{
		Preset: rapid.SampledFrom([]Preset{Calm, Normal, All, ""}).Draw(t, "preset"),
		Quiet:  rapid.SampledFrom([]Quiet{{21*60 + 30, 6*60 + 45}, {2*60 + 15, 2*60 + 45}, {}}).Draw(t, "quiet"),
		Digest: pick("digest", Hour{true, 18*60 + 30}, Hour{true, 2*60 + 30}), Weekly: pick("weekly", Hour{true, 18*60 + 30}), Morning: pick("morning", Hour{true, 7 * 60}),
		Horizon: rapid.SampledFrom([]int{0, 2, 14}).Draw(t, "horizon"), Group: rapid.SampledFrom([]time.Duration{0, 15 * time.Minute}).Draw(t, "group"),
		RevealAfter: rapid.SampledFrom([]time.Duration{0, 3 * time.Hour}).Draw(t, "reveal after"),
	}}
	f.failing = rapid.IntRange(0, 6).Draw(t, "failing")
	f.restart()
	return f
}

func (f *destiny) must(err error) {
	if err != nil {
		f.Fatal(err)
	}
}

func (f *destiny) close() {
	f.must(errors.Join(f.store.Close(), os.RemoveAll(f.dir)))
}

func (f *destiny) restart() {
	var err error
	f.engine, err = New(f.ctx, Config{
		Store: f.store, Recipients: []Recipient{f.to}, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return f.now }, Rand: rand.New(rand.NewPCG(1, 1)),
	})
	f.must(err)
}

// Deliver implements notifiers.Notifier.
func (f *destiny) Deliver(_ context.Context, m notifiers.Message) (notifiers.Receipt, error) {
	if rapid.IntRange(0, 9).Draw(f.T, "luck") < f.failing {
		if rapid.Bool().Draw(f.T, "lost") {
			f.lost[m.ID]++
			return "", lostAnswer{errors.New("no answer")}
		}
		return "", errors.New("not now")
	}
	f.acknowledged[m.ID]++
	f.at[m.ID] = f.now
	return "", nil
}

// A lostAnswer may be that to a message which has arrived.
type lostAnswer struct{ error }

func (lostAnswer) MayHaveArrived() bool { return true }

// live lets time go by, and delivers whenever there is something to do.
func (f *destiny) live(d time.Duration) {
	end := f.now.Add(d)
	for range 2000 {
		next, err := f.engine.Deliver(f.ctx, "maman")
		f.must(err)
		if next.IsZero() || next.After(end) {
			f.now = end
			return
		}
		if next.After(f.now) {
			f.now = next
		}
	}
	f.Fatal("there is always something to do at once")
}

// happen is something of the world or of the machine.
func (f *destiny) happen() {
	switch rapid.IntRange(0, 11).Draw(f.T, "what") {
	case 0:
		f.restart()
	case 1: // a machine that slept, or whose clock was wrong
		f.now = f.now.Add(time.Duration(rapid.IntRange(1, 30).Draw(f.T, "asleep")) * time.Hour)
	case 2:
		f.now = f.now.Add(-time.Duration(rapid.IntRange(1, 30).Draw(f.T, "set back")) * time.Hour)
		f.engine.clockSet(-time.Hour)
	default:
		f.enqueue()
	}
}

// enqueue stores some events, as a poll does.
func (f *destiny) enqueue() {
	var events []db.Event
	for range rapid.IntRange(1, 5).Draw(f.T, "events") {
		e := db.Event{Kind: rapid.SampledFrom(f.kinds).Draw(f.T, "kind")}
		e.Data = f.samples[e.Kind]
		today := civil.DateTimeOf(f.now).Date
		if days := rapid.IntRange(-1, 20).Draw(f.T, "day"); days >= 0 {
			e.Day = today.AddDays(days)
			if rapid.Bool().Draw(f.T, "ends") {
				e.Over = civil.DateTime{Date: e.Day, Hour: 12}
			}
		}
		e.Minor = rapid.SampledFrom([]string{"", "", "", db.MinorTypo, db.MinorText, db.MinorDate}).Draw(f.T, "minor")
		if rapid.IntRange(0, 3).Draw(f.T, "cause") == 0 {
			e.Cause = "day " + e.Day.String()
		}
		events = append(events, e)
	}
	f.events += len(events)
	f.must(f.store.Update(f.ctx, func(tx *db.Tx) error {
		return tx.Enqueue(f.ctx, f.account.ID, civil.DateTimeOf(f.now), events, func(e db.Event) []db.Address {
			return f.engine.addresses(e, db.Student{}, f.now.Location(), nil, "")
		})
	}))
}

// check looks at how everything ended.
func (f *destiny) check() {
	conn, err := sql.Open("sqlite", filepath.Join(f.dir, "pronote.db"))
	f.must(err)
	defer func() { f.must(conn.Close()) }()
	rows, err := conn.Query(`
		SELECT delivery.state, delivery.reason, event.kind, coalesce(event.day, ''), event.at, event.data, coalesce(letter.identity, ''), coalesce(letter.state, ''), coalesce(letter.night, 0)
		FROM _delivery AS delivery JOIN _event AS event ON event.id = delivery.event_id LEFT JOIN _letter AS letter ON letter.id = delivery.letter_id`)
	f.must(err)
	defer func() { f.must(rows.Close()) }()
	n, told := 0, map[string]bool{}
	for ; rows.Next(); n++ {
		var state, reason, kind, day, at, data, identity, letter string
		var night bool
		f.must(rows.Scan(&state, &reason, &kind, &day, &at, &data, &identity, &letter, &night))
		what := fmt.Sprintf("%s of %s, noticed at %s: %s because %s", kind, day, at, state, reason)
		if reason == "" {
			f.Errorf("%s: no reason", what)
		}
		switch state {
		case db.Sent, db.Merged:
			if told[identity] = true; letter != db.Sent || f.acknowledged[identity] != 1 {
				f.Errorf("%s: its letter is %q, and was acknowledged %d times", what, letter, f.acknowledged[identity])
			}
			takenAlong := night && f.lost[identity] > 0 // in a letter that is kept as it is, by an alarm that leaves again
			if f.to.Quiet.Holds(f.at[identity].In(f.now.Location())) && reason != ReasonAlarm && !takenAlong {
				f.Errorf("%s: told at %s", what, f.at[identity])
			}
			f.checkHorizon(what, kind, day, at, data)
		case db.Silent, db.Expired:
			if f.acknowledged[identity] != 0 {
				f.Errorf("%s: told", what)
			}
		case db.Failed:
			f.Errorf("%s: the channel never refused anything for good", what)
		default:
			f.Errorf("%s: it has not ended", what)
		}
	}
	f.must(rows.Err())
	if n != f.events {
		f.Errorf("%d events were stored, and %d have ended", f.events, n)
	}
	f.checkDigests(conn, told)
	for identity := range f.lost {
		var state string
		f.must(conn.QueryRow(`SELECT coalesce(max(state), 'no more') FROM _letter WHERE identity = ?`, identity).Scan(&state))
		if state != db.Sent && state != db.Expired {
			f.Errorf("a letter that may have arrived is %s: nobody would know it again", state)
		}
	}
}

func (f *destiny) checkHorizon(what, kind, day, at, data string) {
	if f.to.Horizon == 0 || day == "" || kind == "lesson.test" || !strings.HasPrefix(kind, "lesson.") && !strings.HasPrefix(kind, "day.") {
		return
	}
	about, err := civil.ParseDate(day)
	f.must(err)
	noticed, err := civil.ParseDateTime(at)
	f.must(err)
	isDetention := factsOf(db.Event{Data: json.RawMessage(data)}).isDetention()
	if about.DaysSince(noticed.Date) > f.to.Horizon && !isDetention {
		f.Errorf("%s: told beyond the horizon of %d days", what, f.to.Horizon)
	}
}

// checkDigests holds that each kind of digest is one a day, at its hour or a little
// later, and that every letter tells something.
func (f *destiny) checkDigests(conn *sql.DB, told map[string]bool) {
	rows, err := conn.Query(`SELECT kind, coalesce(day, ''), identity, composed, state, (SELECT count(*) FROM _letter AS other WHERE other.kind = letter.kind AND other.day = letter.day) FROM _letter AS letter`)
	f.must(err)
	defer func() { f.must(rows.Close()) }()
	for rows.Next() {
		var kind, day, identity, state string
		var composed, same int64
		f.must(rows.Scan(&kind, &day, &identity, &composed, &state, &same))
		at := time.Unix(composed, 0).In(f.now.Location())
		switch {
		case kind == db.News && !told[identity] && state != db.Expired:
			f.Errorf("a letter of %s, %s, tells nothing", at, state)
		case kind == db.News || day == "":
		case same != 1:
			f.Errorf("%d digests of %s, kind %s", same, day, kind)
		default:
			due := f.to.digestAt(kind, at)
			if due.IsZero() || at.Before(due) || !at.Before(due.Add(lateBy[kind])) {
				f.Errorf("a digest, kind %s, was composed at %s, and was due at %s", kind, at, due)
			}
		}
	}
	f.must(rows.Err())
}
