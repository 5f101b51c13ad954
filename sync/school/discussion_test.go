package school

import (
	"errors"
	"fmt"
	"testing"
	"time"

	psync "github.com/pronote-sync/pronote-sync/sync"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// talk is a discussion that a teacher begins with the pupil.
func talk(subject string) world.Change {
	return world.Add(world.Discussion{
		Subject: subject, With: "Mme FAURELLE S.", To: pronote.KindStudent, Messages: []world.Message{{Text: []string{"Bonjour"}}},
	})
}

// opened counts the discussions that were opened so far.
func (w *testbed) opened() (n int) {
	for _, r := range w.server.Requests() {
		if r.Function == "ListeMessages" {
			n++
		}
	}
	return n
}

func TestAMessageIsToldOnce(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		id := w.school.Do(talk("Exposé"))[0].ID
		w.wantTold("a discussion", "message.new")
		before := w.opened()
		w.wantTold("the same")
		w.server.Rotate()
		w.wantTold("the same under other identifiers")
		w.restart()
		w.wantTold("the same after a restart")
		if again := w.opened() - before; again != 0 {
			t.Errorf("%d discussions were opened though none had moved", again)
		}
		w.school.Do(world.ReadDiscussion(id))
		w.wantTold("a discussion that was read elsewhere")
		w.school.Do(world.Reply(id, world.Message{Own: true, Text: []string{"Merci"}}))
		w.wantTold("one's own answer")
		w.school.Do(
			world.Reply(id, world.Message{Text: []string{"De rien"}}),
			world.Reply(id, world.Message{Text: []string{"À demain"}}),
		)
		w.wantTold("two answers", "2 message.new")
		if n := w.opened() - before; n != 3 {
			t.Errorf("opened %d times for three moves", n)
		}
		w.school.Do(world.Remove(id))
		w.poll()
		w.wantTold("a discussion that was deleted")
	})
}

func TestMessagesMirrorWhatIsShown(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		id := w.school.Do(talk("Exposé"), talk("Cahier"))[0].ID
		w.school.Do(world.Reply(id, world.Message{Text: []string{"Oublié ceci"}}))
		w.poll()
		w.school.Do(world.Amend(id, func(d *world.Discussion) { d.Messages = d.Messages[:1] }))
		if w.poll().Doubted {
			t.Error("a message that the school no longer counts is doubted")
		}
		truth := w.school.Truth(pronote.KindStudent, w.school.Pupil())
		if rows := w.rows(db.MessagesView); len(rows) != len(truth.Messages) {
			t.Errorf("%d messages, want %d", len(rows), len(truth.Messages))
		}
		if rows := w.rows(db.DiscussionsView); len(rows) != len(truth.Discussions) {
			t.Errorf("%d discussions, want %d", len(rows), len(truth.Discussions))
		}
	})
}

// A message that could not be read when it was first seen was taken for one that
// had always been there.
func TestMessagesThatCannotBeReadAreToldLater(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		id := w.school.Do(talk("Exposé"))[0].ID
		for _, step := range []string{"a new discussion", "a further message"} {
			w.server.Inject(pronotetest.Fault{Kind: "absent", Function: "ListeMessages"})
			result := w.poll()
			if err := errorOf(result, "discussions"); !errors.Is(err, pronote.ErrUnreadable) {
				t.Errorf("%s: %v, want ErrUnreadable", step, err)
			}
			w.wantTold(step, "message.new")
			w.wantTold(step + " again")
			w.school.Do(world.Reply(id, world.Message{Text: []string{"Encore une chose"}}))
		}
	})
}

func errorOf(r psync.Result, domain string) error {
	for _, d := range r.Domains {
		if d.Domain == domain {
			return d.Err
		}
	}
	return fmt.Errorf("%s was not polled", domain)
}

// Somebody who is let into an old discussion need not be told of all of it.
func TestOldMessagesAreNoNews(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.school.Do(talk("Il y a longtemps"))
		w.at(pronote.DateTime{Date: november.AddDays(31), Hour: 17})
		w.school.Do(talk("Aujourd'hui"))
		w.wantTold("two discussions", "message.new")
	})
}

func TestTwinsInDiscussionsAreToldApart(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.school.Do(talk("Exposé"))
		second := w.school.Do(talk("Exposé"))[0].ID
		w.wantTold("twins", "2 message.new")
		w.school.Do(world.ReadDiscussion(second))
		w.wantTold("one was read")
		w.school.Do(world.Reply(second, world.Message{Text: []string{"Encore une chose"}}))
		w.wantTold("one goes on", "message.new")
		w.school.Do(world.Remove(second))
		w.poll()
		w.wantTold("one is gone")
	})
}

// The first look opens so many discussions and no more; those that the next ones
// open are old.
func TestManyDiscussionsAreOpenedBitByBit(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := newTestbed(t, 1, pronote.KindStudent, pronotetest.Options{})
		w.school.Quiet()
		const many = 2*maxTalks + 5
		for i := range many {
			w.school.Do(talk(fmt.Sprint("Sujet ", i)))
		}
		w.at(pronote.DateTime{Date: w.school.Starts(), Hour: 9})
		for polls := 1; polls <= 3; polls++ {
			before := w.opened()
			w.poll()
			if n := w.opened() - before; n > maxTalks {
				t.Errorf("poll %d opened %d", polls, n)
			}
			w.deliver()
			for _, m := range w.inbox.take() {
				if polls > 1 {
					t.Errorf("poll %d told %q", polls, m.Title)
				}
			}
			time.Sleep(time.Hour)
		}
		if rows := w.rows(db.MessagesView); len(rows) != many {
			t.Errorf("%d messages, want %d", len(rows), many)
		}
		w.school.Do(talk("Du nouveau"))
		w.wantTold("a new one", "message.new")
	})
}

func TestDiscussionsOfParentsAreReadOnce(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindParent)
		w.school.Do(world.Add(world.Discussion{
			Subject: "Rendez-vous", With: "Mme FAURELLE S.", Messages: []world.Message{{Text: []string{"Bonjour"}}},
		}))
		w.wantTold("a discussion of the parent", "message.new")
		if rows := w.rows(db.DiscussionsView); rows[0]["student"] != "" || rows[0]["subject"] != "Rendez-vous" {
			t.Errorf("the first discussion is %v", rows[0])
		}
	})
}
