package school

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pronote-sync/pronote-sync/notifiers/notifierstest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"

	"github.com/pronote-sync/pronote-sync/notifiers"
	"github.com/pronote-sync/pronote-sync/pronote"
)

// A line is the network of a home: to the school, and to the servers of three channels,
// which are outside of the bubble of the test and its time.
type line struct {
	post *notifierstest.Post
	cut  atomic.Bool
	want chan bool // whether it is to be up
	done chan struct{}

	mu   sync.Mutex
	came []notifierstest.Arrival
}

// openLine is called outside of the bubble.
func openLine(t *testing.T) *line {
	l := &line{want: make(chan bool), done: make(chan struct{})}
	l.post = notifierstest.Open(t, func(a notifierstest.Arrival, accept func()) {
		l.mu.Lock()
		l.came = append(l.came, a)
		l.mu.Unlock()
		accept()
	})
	go func() {
		for up := range l.want {
			if up {
				l.post.Reopen(t)
			} else {
				l.post.Shut()
			}
			l.done <- struct{}{}
		}
	}()
	t.Cleanup(func() { close(l.want) })
	return l
}

// set cuts the way to the channels, or mends it.
func (l *line) set(up bool) {
	l.want <- up
	<-l.done
}

// take empties what a recipient got.
func (l *line) take(to string) (came []notifierstest.Arrival) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.came = slices.DeleteFunc(l.came, func(a notifierstest.Arrival) bool {
		if a.To == to {
			came = append(came, a)
		}
		return a.To == to
	})
	return came
}

// connect has three people told on three channels of the line, and the school asked over
// it.
func (w *testbed) connect(l *line) {
	w.t.Helper()
	host, port := l.post.Mail()
	number, err := strconv.Atoi(port)
	if err != nil {
		w.t.Fatal(err)
	}
	usual := w.config.Recipients[0]
	usual.Policy = normal(w.t)
	w.config.Recipients = nil
	for _, r := range []struct {
		name, channel string
		fill          func(settings any)
	}{
		{"maman", "webhook", func(s any) { s.(*notifiers.Webhook).URL = notifiers.NewSecret(l.post.Webhook("maman")) }},
		{"papa", "ntfy", func(s any) {
			*s.(*notifiers.Ntfy) = notifiers.Ntfy{Server: l.post.Ntfy(), Topic: notifiers.NewSecret("papa")}
		}},
		{"mamie", "email", func(s any) {
			*s.(*notifiers.Email) = notifiers.Email{Host: host, Port: number, TLS: "none", From: "famille@example.org", To: "mamie@example.org"}
		}},
	} {
		to := usual
		to.Name, to.Channel = r.name, r.channel
		to.Notifier, err = notifiers.New(r.channel, func(settings any) error { r.fill(settings); return nil })
		if err != nil {
			w.t.Fatal(err)
		}
		w.config.Recipients = append(w.config.Recipients, to)
	}
	w.account.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
		if l.cut.Load() {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ENETUNREACH}
		}
		return w.server.Transport().RoundTrip(r)
	})
	for name := range w.config.Plan.Domains {
		w.config.Plan.Domains[name] = parseCron(w.t, "15 7-21 * * *")
	}
	w.config.Log = slog.New(slog.DiscardHandler)
	w.restart()
}

// runUntil runs the engine until a wall clock, for the school too.
func (w *testbed) runUntil(until pronote.DateTime) {
	w.t.Helper()
	for now := time.Now(); now.Before(until.In(w.paris)); now = time.Now() {
		time.Sleep(min(time.Hour, until.In(w.paris).Sub(now)))
		w.school.AdvanceTo(pronote.DateTimeOf(time.Now().In(w.paris)))
	}
}

// TestADayWithoutNetwork cuts a home off for a day, from its school and from all that
// carries messages. After it everybody gets one message: since when, and what changed and
// still counts. What was over before it could be told is marked so.
func TestADayWithoutNetwork(t *testing.T) {
	t.Parallel()
	l := openLine(t)
	synctest.Test(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.connect(l)
		w.at(onThursdayAt(8))
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- w.engine.Run(ctx) }()
		defer func() {
			stop()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}()
		friday := thursday.AddDays(1)
		w.runUntil(onThursdayAt(9))
		for _, r := range w.config.Recipients {
			l.take(r.Name)
		}

		l.set(false) // first the channels, and with the next poll the school
		lesson := w.lessonOn(11)
		w.school.Do(amend(lesson.ID, func(l *world.Lesson) { l.Cancelled = true }), maths(w.school.Pupil(), "12"))
		w.runUntil(pronote.DateTime{Date: thursday, Hour: 9, Minute: 40})
		l.cut.Store(true)
		w.runUntil(onThursdayAt(12))
		w.school.Do(world.Add(world.Homework{Subject: "FRANCAIS", DueOn: friday.AddDays(3), Text: []string{"Lire le chapitre 3"}}))
		w.school.Do(world.Add(world.Info{Title: "Sortie", Author: "M. DELMASSE É.", Text: []string{"Au musée."}}))
		w.runUntil(pronote.DateTime{Date: friday, Hour: 9})
		for _, r := range w.config.Recipients {
			if came := l.take(r.Name); len(came) > 0 {
				t.Errorf("%s got %q over a line that is cut", r.Name, came)
			}
		}

		l.set(true)
		l.cut.Store(false)
		w.runUntil(pronote.DateTime{Date: friday, Hour: 11})
		for _, r := range w.config.Recipients {
			l.check(t, r.Name, "PRONOTE répond de nouveau, après 1 jour", "Sans réponse du jeudi 20 à 10 h 15 au vendredi 21 à ",
				"3 changements entre-temps :", "Maths : 12/20", "Lire le chapitre 3", "Sortie")
			for kind, want := range map[string]string{
				"mark.new": "sent: group", "lesson.cancelled": "expired: over", "system.unreachable": "merged: preset", "system.recovered": "sent: preset",
			} {
				if got := w.fate(r.Name, kind); got != want {
					t.Errorf("%s: %s is %s, want %s", r.Name, kind, got, want)
				}
			}
		}
	})
}

// check holds that somebody got one message, and that it says some things in their order.
func (l *line) check(t *testing.T, to string, parts ...string) {
	t.Helper()
	came := l.take(to)
	if len(came) != 1 {
		t.Errorf("%s got %d messages, want one: %q", to, len(came), came)
		return
	}
	rest := strings.ReplaceAll(came[0].Title+"\n"+came[0].Text, "\u00a0", " ")
	for _, part := range parts {
		_, after, found := strings.Cut(rest, part)
		if !found {
			t.Errorf("%s does not find %q, or in another order, in\n%s\n%s", to, part, came[0].Title, came[0].Text)
			return
		}
		rest = after
	}
}
