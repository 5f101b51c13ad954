package school

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"

	psync "github.com/pronote-sync/pronote-sync/sync"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/notifiers"
	"github.com/pronote-sync/pronote-sync/pronote"
)

// refused is a failure for good, and later one with a wait, as channels word
// them.
type refused struct{ error }

func (refused) Permanent() bool { return true }

type later struct {
	error
	wait time.Duration
}

func (l later) RetryAfter() time.Duration { return l.wait }

// counts are the deliveries by state.
func (w *testbed) counts() (sent, pending, failed int) {
	w.t.Helper()
	err := w.store.View(w.t.Context(), func(tx *db.Tx) error {
		list, err := tx.DeliveryCounts(w.t.Context())
		for _, c := range list {
			sent, pending, failed = sent+c.Sent, pending+c.Pending, failed+c.Failed
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return sent, pending, failed
}

// next is when the recipient's next message is due, from now; 0 for none.
func (w *testbed) next() time.Duration {
	w.t.Helper()
	next, err := w.engine.Deliver(w.t.Context(), "maman")
	if err != nil {
		w.t.Fatal(err)
	}
	if next.IsZero() {
		return 0
	}
	return time.Until(next).Round(time.Second)
}

func TestAFailedMessageIsTriedAgainUnderTheSameIdentity(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		down := errors.New("no route to host")
		w.inbox.failures = []error{down, down, later{errors.New("slow down"), 10 * time.Minute}}
		w.school.Do(maths(w.school.Pupil(), "12"))
		w.poll()
		for i, want := range []time.Duration{15 * time.Second, 30 * time.Second, 10 * time.Minute} {
			got := w.next()
			if got < want || got > want+want/4+time.Second {
				t.Errorf("after failure %d the next try is in %s, want about %s", i+1, got, want)
			}
			w.restart() // the outbox is in the database, not in the process
			time.Sleep(got)
		}
		if got := w.next(); got != 0 {
			t.Errorf("the next message is in %s, want none", got)
		}
		if len(w.inbox.messages) != 1 {
			t.Errorf("messages = %v, want one", w.inbox.messages)
		}
		if sent, pending, failed := w.counts(); sent != 4 || pending+failed != 0 {
			t.Errorf("%d sent, %d pending, %d failed, want 4 sent", sent, pending, failed)
		}
	})
}

func TestTheIdentityOfAMessageSurvivesACrash(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.school.Do(maths(w.school.Pupil(), "12"))
		w.poll()
		id := w.crash()
		w.deliver()
		if len(w.inbox.ids) != 1 || w.inbox.ids[0] != id {
			t.Errorf("ids = %v, want the %s of the try before", w.inbox.ids, id)
		}
	})
}

func TestARefusedMessageIsGivenUpVisibly(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.inbox.failures = []error{fmt.Errorf("telegram: %w", refused{errors.New("bad token")})}
		w.school.Do(maths(w.school.Pupil(), "12"))
		w.poll()
		if got := w.next(); got != 0 {
			t.Errorf("the next try is in %s, want none", got)
		}
		if sent, pending, failed := w.counts(); sent != 1 || pending != 0 || failed != 3 {
			t.Errorf("%d sent, %d pending, %d failed, want 1, 0, 3", sent, pending, failed)
		}
		err := w.store.Update(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Retry(t.Context(), "maman", time.Now(), november)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		w.deliver()
		if len(w.inbox.messages) != 1 {
			t.Errorf("after a retry: %v, want the message", w.inbox.messages)
		}
	})
}

func TestAMessageIsGivenUpAfterDays(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.inbox.out(errors.New("down"))
		w.school.Do(maths(w.school.Pupil(), "12"))
		w.poll()
		if lasted, tries := w.giveUp(); lasted < 72*time.Hour || lasted > 74*time.Hour || tries < 60 {
			t.Errorf("given up after %s and %d tries", lasted, tries)
		}
		if _, pending, failed := w.counts(); pending != 0 || failed != 3 {
			t.Errorf("%d pending, %d failed, want 0 and 3", pending, failed)
		}
	})
}

func TestMessagesKeepTheirOrder(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.inbox.failures = []error{errors.New("down")}
		for i, value := range []string{"11", "12", "13"} {
			w.school.Do(world.Add(world.Info{Title: "Info " + value, Author: "M. DELMASSE É.", Text: []string{"Texte"}}))
			w.poll()
			if i < 2 {
				w.next()
			}
			time.Sleep(time.Minute)
		}
		w.deliver()
		var titles []string
		for _, m := range w.inbox.messages {
			titles = append(titles, strings.TrimPrefix(m.Title, "✉️ "))
		}
		if got, want := fmt.Sprint(titles), "[Info 11 Info 12 Info 13]"; got != want {
			t.Errorf("told %s, want %s", got, want)
		}
	})
}

func TestQuietHoursHoldMessagesBack(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.config.Recipients[0].Quiet = psync.Quiet{From: 21*60 + 30, To: 6*60 + 45}
		w.restart()
		w.at(pronote.DateTime{Date: november.Date, Hour: 21, Minute: 45})
		w.school.Do(maths(w.school.Pupil(), "12"))
		w.wantTold("during quiet hours")
		w.at(pronote.DateTime{Date: november.AddDays(1), Hour: 6, Minute: 44})
		w.deliver()
		if len(w.inbox.messages) != 0 {
			t.Errorf("told %v before the end of quiet hours", w.inbox.messages)
		}
		time.Sleep(time.Minute)
		w.deliver()
		if len(w.inbox.messages) != 1 {
			t.Errorf("told %v after quiet hours, want one message", w.inbox.messages)
		}
	})
}

func TestARecipientOfTomorrowDoesNotReceiveLastMonth(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.school.Do(maths(w.school.Pupil(), "12"))
		w.poll()
		papa := &inbox{}
		added := w.config.Recipients[0]
		added.Name, added.Notifier = "papa", papa
		w.config.Recipients = append(w.config.Recipients, added)
		w.restart()
		w.poll()
		if _, err := w.engine.Deliver(t.Context(), "papa"); err != nil {
			t.Fatal(err)
		}
		if len(papa.messages) != 0 {
			t.Errorf("papa received %v", papa.messages)
		}
	})
}

func TestMessagesForARecipientWhoLeftAreGivenUp(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.school.Do(maths(w.school.Pupil(), "12"))
		w.poll()
		w.config.Recipients = nil
		w.restart()
		w.runFor(time.Second)
		if _, pending, failed := w.counts(); pending != 0 || failed != 3 {
			t.Errorf("%d pending, %d failed, want 0 and 3", pending, failed)
		}
	})
}

func TestOfALargeBatchNothingIsDropped(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		var changes []world.Change
		for i := range 60 {
			changes = append(changes, world.Add(world.Homework{
				Subject: "FRANCAIS", DueOn: november.AddDays(3), Text: []string{fmt.Sprintf("Exercice %d de la page 12, à rédiger au propre", i)},
			}))
		}
		w.school.Do(changes...)
		w.poll()
		w.deliver()
		told := 0
		for _, m := range w.inbox.messages {
			told += strings.Count(m.Body, "Exercice")
		}
		if told != 60 {
			t.Errorf("%d pieces of homework in %d messages, want 60", told, len(w.inbox.messages))
		}
	})
}

// A giving channel names what it took.
type giving struct{ *inbox }

func (g giving) Deliver(ctx context.Context, m notifiers.Message) (notifiers.Receipt, error) {
	_, err := g.inbox.Deliver(ctx, m)
	return notifiers.Receipt(m.ID), err
}

// A correction of several parts took the place of the earlier message with each of them,
// so that only the last was left to read.
func TestTheFirstPartOfALongCorrectionTakesThePlace(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.config.Recipients[0].Channel, w.config.Recipients[0].Notifier = "telegram", giving{w.inbox}
		w.restart()
		part := `{"kind":"changed","now":{"subject":"MATHEMATIQUES","appreciation":"` + strings.Repeat("Travail régulier. ", 20) + `"},"before":{"appreciation":"Bien."},"what":["appreciation"]}`
		const item = 1 // whichever that is
		w.tell(db.Event{Kind: "report.new", Item: item, Data: []byte(`{"now":{"period":"Trimestre 1"}}`)})
		w.deliver()
		first := w.inbox.take()
		w.tell(db.Event{Kind: "report.changed", Item: item, Data: []byte(`{"now":{"period":"Trimestre 1"},"parts":[` + strings.Join(slices.Repeat([]string{part}, 20), ",") + `]}`)})
		w.deliver()
		parts := w.inbox.take()
		if len(first) != 1 || len(parts) < 2 || parts[0].Amends != notifiers.Receipt(first[0].ID) {
			t.Fatalf("%d messages, and %d parts of a correction", len(first), len(parts))
		}
		for _, part := range parts[1:] {
			if part.Amends != "" {
				t.Errorf("%q takes the place of the first part", part.Title)
			}
		}
	})
}
