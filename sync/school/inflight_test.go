package school

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/notifiers"
	"github.com/pronote-sync/pronote-sync/pronote"
)

// A crashing channel delivers nothing and stops the program.
type crashing struct {
	*inbox
	crash func()
	id    string
}

func (c *crashing) Deliver(ctx context.Context, m notifiers.Message) (notifiers.Receipt, error) {
	c.id = m.ID
	c.crash()
	return "", ctx.Err()
}

// crash stops the program while a message is on its way, and returns the identity of that.
func (w *testbed) crash() (id string) {
	w.t.Helper()
	recorder := &crashing{inbox: w.inbox}
	w.config.Recipients[0].Notifier = recorder
	w.restart()
	ctx, crash := context.WithCancel(w.t.Context())
	recorder.crash = crash
	if _, err := w.engine.Deliver(ctx, "maman"); !errors.Is(err, context.Canceled) {
		w.t.Fatalf("deliver: %v", err)
	}
	w.config.Recipients[0].Notifier = w.inbox
	w.restart()
	return recorder.id
}

// A message that was on its way when the program died was composed anew after an hour,
// under an identity by which no channel knew the repeat.
func TestAMessageInFlightAtACrashIsTheSameHoursLater(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.school.Do(maths(w.school.Pupil(), "12"))
		w.poll()
		id := w.crash()
		time.Sleep(3 * time.Hour)
		w.school.Do(world.Add(world.Info{Title: "Sortie", Author: "M. DELMASSE É.", Text: []string{"Texte"}}))
		w.poll()
		w.deliver()
		if len(w.inbox.ids) != 2 || w.inbox.ids[0] != id || gist(w.inbox.messages[0]) != "mark.new 2 average.changed" {
			t.Errorf("got %v, %v, want %s first, and the rest after it", w.inbox.ids, w.inbox.messages, id)
		}
	})
}

// On another day "tomorrow" is another one: the message is the same, its words are not.
func TestAMessageInFlightAtACrashIsWordedForTheDay(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.tell(db.Event{
			Kind: "lesson.cancelled", Data: []byte(`{"now":{"starts_at":"2025-11-20 10:00:00","ends_at":"2025-11-20 11:00:00","subject":"MATHEMATIQUES","status":"Cours annulé"}}`),
			Day: thursday, Over: onThursdayAt(11),
		})
		id := w.crash()
		w.at(pronote.DateTime{Date: november.AddDays(1), Hour: 18})
		again := w.crash()
		w.at(onThursdayAt(8))
		w.deliver()
		if len(w.inbox.ids) != 1 || again != id || w.inbox.ids[0] != id {
			t.Fatalf("got %v, after %s and %s", w.inbox.ids, id, again)
		}
		if m := w.inbox.messages[0]; !strings.Contains(m.Title, "aujourd’hui") || strings.Contains(m.Title+m.Body, "jeu. 20") {
			t.Errorf("on the day it says %q\n%s", m.Title, m.Body)
		}
		if sent, _, _ := w.counts(); sent != 2 { // with that of the first mirror
			t.Errorf("%d sent", sent)
		}
	})
}

// An answer that was lost is as a crash: later refusals do not take back that the message
// may have arrived.
func TestAMessageWhoseAnswerWasLostKeepsItsIdentity(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		down := errors.New("no route to host")
		w.inbox.failures = []error{lost{errors.New("connection reset")}, down, down, down, down, down, down, down, down, down}
		w.school.Do(maths(w.school.Pupil(), "12"))
		w.poll()
		w.next()
		id := w.inbox.tried
		for wait := w.next(); wait > 0; wait = w.next() {
			time.Sleep(wait)
		}
		if len(w.inbox.ids) != 1 || w.inbox.ids[0] != id {
			t.Errorf("after more than an hour it is sent as %v, want %s", w.inbox.ids, id)
		}
	})
}

// A channel that refused, or was not reached, has nothing that could be repeated: what has
// come meanwhile joins what it did not take.
func TestAMessageThatWasRefusedIsComposedAnew(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.inbox.failures = slices.Repeat([]error{errors.New("no route to host")}, 9)
		w.school.Do(maths(w.school.Pupil(), "12"))
		w.poll()
		w.next()
		w.school.Do(world.Add(world.Info{Title: "Sortie", Author: "M. DELMASSE É.", Text: []string{"Texte"}}))
		w.poll()
		for wait := w.next(); wait > 0; wait = w.next() {
			time.Sleep(wait)
		}
		if len(w.inbox.messages) != 1 || !strings.Contains(gist(w.inbox.messages[0]), "info.new") {
			t.Errorf("told %v, want one message of both", w.inbox.messages)
		}
	})
}

// A message that may have arrived, and tells nothing but the past, is not sent again.
func TestAMessageInFlightAtACrashExpiresWhenItIsOver(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.tell(db.Event{
			Kind: "lesson.cancelled", Data: []byte(`{"now":{"starts_at":"2025-11-18 18:00:00","ends_at":"2025-11-18 19:00:00","subject":"MATHEMATIQUES"}}`),
			Day: november.Date, Over: pronote.DateTime{Date: november.Date, Hour: 19},
		})
		w.crash()
		time.Sleep(3 * time.Hour)
		w.deliver()
		if got := w.fate("maman", "lesson.cancelled"); len(w.inbox.messages) != 0 || got != "expired: over" {
			t.Errorf("told %v, and it is %q", w.inbox.messages, got)
		}
	})
}

// fate is what became of the first event of a kind for a recipient, and why.
func (w *testbed) fate(recipient, kind string) (fate string) {
	w.t.Helper()
	err := w.store.View(w.t.Context(), func(tx *db.Tx) error {
		fates, err := tx.Fates(w.t.Context(), recipient, nil, 100)
		for _, f := range fates {
			if f.Event.Kind == kind {
				fate = f.State + ": " + f.Reason
			}
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return fate
}

// A lost answer says nothing of the message.
type lost struct{ error }

func (lost) MayHaveArrived() bool { return true }
