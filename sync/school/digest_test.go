package school

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

// normal is what a recipient is told who says nothing about it.
func normal(t testing.TB) psync.Policy {
	t.Helper()
	hour := func(text string) psync.Hour {
		h, err := psync.ParseHour(text)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	quiet, err := psync.ParseQuiet("21:30-06:45")
	if err != nil {
		t.Fatal(err)
	}
	return psync.Policy{
		Preset: psync.Normal, Quiet: quiet, Digest: hour("18:30"), Morning: hour("07:00"), Weekly: hour("18:30"), Horizon: 14, Group: 15 * time.Minute,
	}
}

// A day of a family: what presses comes at once, the rest in the evening, and what was
// told is not told again.
func TestADayOfMessages(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindParent)
		w.config.Recipients[0].Policy = normal(t)
		w.restart()
		w.inbox.messages = nil
		for _, hour := range []int{17, 18, 19, 21} {
			w.at(pronote.DateTime{Date: november.Date, Hour: hour, Minute: 35})
			if hour == 17 {
				w.school.Do(world.Add(world.Homework{Subject: "FRANCAIS", DueOn: november.AddDays(1), Text: []string{"Lire le chapitre 3"}}))
				w.school.Do(maths(w.school.Pupil(), "12"))
			}
			w.poll()
			for range 3 {
				next, err := w.engine.Deliver(t.Context(), "maman")
				if err != nil {
					t.Fatal(err)
				}
				if wait := time.Until(next); wait < 31*time.Minute {
					time.Sleep(wait)
				}
			}
		}
		if n := len(w.inbox.messages); n != 2 {
			t.Fatalf("%d messages, want that of the mark and the digest: %v", n, w.inbox.messages)
		}
		if n := strings.Count(w.inbox.messages[1].Body, "lire le chapitre 3"); n != 2 {
			t.Errorf("the digest has the homework of two children %d times: %s", n, w.inbox.messages[1].Body)
		}
	})
}

// Whoever has no digest is reminded of what waits for an answer: once.
func TestAReminderComesOnce(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindParent)
		w.config.Recipients[0].Policy = normal(t)
		w.config.Recipients[0].Digest = psync.Hour{}
		w.restart()
		reminders := func() (list []string) {
			t.Helper()
			w.inbox.messages = nil
			w.deliver()
			time.Sleep(20 * time.Minute) // what waits for company
			w.deliver()
			for _, m := range w.inbox.messages {
				for _, e := range m.Events {
					if e.Kind == "reminder.due" {
						list = append(list, e.UID)
					}
				}
			}
			return list
		}
		w.at(pronote.DateTime{Date: november.Date, Hour: 18, Minute: 31})
		first := reminders()
		w.restart()
		w.at(pronote.DateTime{Date: november.AddDays(1), Hour: 18, Minute: 31})
		second := reminders()
		if len(first) == 0 || slices.ContainsFunc(second, func(uid string) bool { return slices.Contains(first, uid) }) {
			t.Errorf("reminded of %q, and on the next day of %q", first, second)
		}
	})
}

// What waits for the digest of Sunday waits for two days: once it was taken for what a
// clock that was set back had left behind.
func TestFridaysNewsWaitForSunday(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.config.Recipients[0].Policy = normal(t)
		w.restart()
		friday := november.AddDays(3)
		w.at(pronote.DateTime{Date: friday, Hour: 18, Minute: 31})
		w.deliver()
		w.poll()
		w.school.Do(world.Add(world.Homework{Subject: "FRANCAIS", DueOn: friday.AddDays(5), Text: []string{"Lire"}}))
		w.poll()
		w.inbox.messages = nil
		w.at(pronote.DateTime{Date: friday.AddDays(1), Hour: 9})
		w.deliver()
		for _, m := range w.inbox.messages {
			if strings.Contains(m.Body+m.Title, "Français") {
				t.Errorf("told on Saturday: %s\n%s", m.Title, m.Body)
			}
		}
	})
}

// What was corrected before it was told, and is the same for two children, was told
// again: the first version of the second child's was left waiting.
func TestWhatIsCorrectedAndSharedIsToldOnce(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindParent)
		w.config.Recipients[0].Policy = psync.Policy{Preset: psync.All, Group: 15 * time.Minute}
		w.restart()
		id := w.school.Do(world.Add(world.Homework{Subject: "FRANCAIS", DueOn: november.AddDays(2), Text: []string{"Lire le chapitre 3"}}))[0].ID
		w.poll()
		w.school.Do(world.Amend(id, func(h *world.Homework) { h.Text = []string{"Lire le chapitre 3", "Apporter le livre"} }))
		w.poll()
		w.inbox.messages = nil
		for range 3 {
			time.Sleep(16 * time.Minute)
			w.deliver()
		}
		if _, pending, _ := w.counts(); len(w.inbox.messages) != 1 || pending != 0 {
			t.Errorf("%d are pending, told %v, want one message", pending, w.inbox.messages)
		}
	})
}

// The first message left out when people will be told: whatever called itself PRONOTE
// was taken for a bar.
func TestTheFirstMessageSaysWhenPeopleAreTold(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := newTestbed(t, 1, pronote.KindParent, pronotetest.Options{})
		w.config.Recipients[0].Policy = normal(t)
		w.restart()
		w.at(november)
		w.poll()
		w.deliver()
		got := w.inbox.take()
		if len(got) != 1 {
			t.Fatalf("told %v", got)
		}
		for _, want := range []string{"Tout de suite\u00a0: absences, punitions,", "À 18\u00a0h\u00a030\u00a0:", "De 21\u00a0h\u00a030 à 6\u00a0h\u00a045\u00a0: rien"} {
			if !strings.Contains(got[0].Body, want) {
				t.Errorf("the first message lacks %q: %s", want, got[0].Body)
			}
		}
	})
}

// The message in the morning repeated that of the evening before.
func TestTheMorningSaysWhatTheEveningDidNot(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.config.Recipients[0].Policy = normal(t)
		w.restart()
		mornings := func(day pronote.Date, cancelledAt int) (n int) {
			t.Helper()
			at := func(date pronote.Date, hour, minute int) {
				w.at(pronote.DateTime{Date: date, Hour: hour, Minute: minute})
				w.poll()
				w.deliver()
			}
			first := w.school.Timetable(w.school.Pupil(), day)[0].ID
			for _, hour := range []int{18, 20} {
				if hour == cancelledAt {
					w.school.Do(amend(first, func(l *world.Lesson) { l.Cancelled = true }))
				}
				at(day.AddDays(-1), hour, 0)
				at(day.AddDays(-1), hour, 31)
			}
			w.inbox.messages = nil
			at(day, 7, 1)
			for _, m := range w.inbox.messages {
				if strings.HasPrefix(m.Title, "☀️") {
					n++
				}
			}
			return n
		}
		if n := mornings(thursday, 18); n != 0 {
			t.Errorf("%d messages in the morning about what the evening said", n)
		}
		if n := mornings(thursday.AddDays(1), 20); n != 1 {
			t.Errorf("%d messages in the morning about what came after the evening's, want 1", n)
		}
	})
}
