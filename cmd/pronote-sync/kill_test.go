package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/notifiers/notifierstest"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

var kills = flag.Int("kills", 5, "how often TestKilledAtRandom kills the program")

// TestKilledAtRandom kills the daemon again and again while a school year goes
// by and three people are told of it on three channels: at random moments, and at
// the very moment of a request or of a delivery, before or after its answer. In the
// end nothing may be lost, and nothing told twice but what was on its way when the
// program died, under the identity that it had.
func TestKilledAtRandom(t *testing.T) {
	t.Parallel()
	s := newSiege(t)
	for range *kills {
		s.liveAndDie()
		s.timeGoesBy()
	}
	for !openDay(s.School) { // the daemon seldom looks on others
		s.AdvanceTo(pronote.DateTime{Date: s.Now().AddDays(1), Hour: 10})
	}
	s.liveInPeace()
	s.checkFile()
	checkMirror(t, s.mirror(), s.Mirror(pronote.KindParent), s.Now().Monday())
	events := mustQuery(t, s.mirror(), `SELECT count(*) FROM _event`)[0][0]
	t.Logf("%d kills (%v): %d polls, %s events", *kills, s.deaths, s.polls, events)
	for _, recipient := range []string{"maman", "papa", "mamie"} {
		s.checkLetters(recipient)
	}
}

// A siege is a home whose program is killed.
type siege struct {
	*home
	rand   *rand.Rand
	usual  time.Duration // that the program takes from its start to the last delivery
	trap   atomic.Pointer[trap]
	deaths map[string]int

	mu    sync.Mutex
	lives int
	came  []arrival

	polls int
}

// An arrival is a message, and during which life of the program it came.
type arrival struct {
	notifierstest.Arrival
	life int
}

func newSiege(t *testing.T) *siege {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	s := &siege{home: newHome(t), rand: rand.New(rand.NewPCG(seed, 0)), deaths: map[string]int{}}

	p := s.start("run")
	started := time.Now()
	p.says("msg=delivered", 1)
	s.usual = time.Since(started)
	p.leaves(syscall.SIGTERM)

	// From here on in another folder, where there is no mirror yet.
	s.dir = t.TempDir()
	s.campus = openCampus(t, 1, pronote.Date{Year: 2025, Month: time.September, Day: 22}, pronotetest.Options{Encrypt: true, Compress: true})
	s.campus.around.Store(ptr(func(w http.ResponseWriter, _ *http.Request, answer func()) {
		s.trap.Load().spring("request", func() {
			answer()
			_ = http.NewResponseController(w).Flush() // to one who may be dead already
		})
	}))
	s.addressTo(notifierstest.Open(t, func(a notifierstest.Arrival, accept func()) {
		s.mu.Lock()
		s.came = append(s.came, arrival{a, s.lives})
		s.mu.Unlock()
		s.trap.Load().spring("delivery", accept)
	}))
	return s
}

// addressTo has three people told of everything at once, as programs are.
func (s *siege) addressTo(post *notifierstest.Post) {
	const wishes = "events = [\"*\"]\npreset = \"all\"\ndigest = \"never\"\nmorning = \"never\"\nweekly = \"never\"\nhorizon = \"never\"\ngroup = \"0s\"\n"
	text := s.settings("pronotevs")
	host, port := post.Mail()
	for name, channel := range map[string]string{
		"maman": fmt.Sprintf("channel = \"webhook\"\nurl = %q\n", post.Webhook("maman")),
		"papa":  fmt.Sprintf("channel = \"ntfy\"\nserver = %q\ntopic = \"papa\"\n", post.Ntfy()),
		"mamie": fmt.Sprintf("channel = \"email\"\nhost = %q\nport = %s\ntls = \"none\"\nfrom = \"famille@example.org\"\nto = \"mamie@example.org\"\n", host, port),
	} {
		text += fmt.Sprintf("\n[[notify]]\nname = %q\n%s%s", name, channel, wishes)
	}
	s.configure(text)
}

// A trap kills the program at a moment that was chosen beforehand. The nil trap
// does not.
type trap struct {
	where  string       // "request" or "delivery"
	pass   atomic.Int64 // how many of those pass unharmed
	before bool         // or after the answer
	delay  time.Duration
	kill   func()
}

func (t *trap) spring(where string, answer func()) {
	if t == nil || t.where != where || t.pass.Add(-1) != -1 {
		answer()
		return
	}
	if !t.before {
		answer()
		<-time.After(t.delay)
	}
	t.kill()
}

// liveAndDie runs the program until it is killed.
func (s *siege) liveAndDie() {
	s.mu.Lock()
	s.lives++
	s.mu.Unlock()
	var p *process
	ready := make(chan struct{})
	t := &trap{where: "moment", before: s.rand.IntN(2) == 0, delay: s.upTo(3 * time.Millisecond)}
	t.kill = func() { <-ready; p.signal(os.Kill) }
	limit := 2 * s.usual
	switch choice := s.rand.IntN(4); {
	case s.lives <= 3: // in the middle of the first mirror
		t.where = "request"
		t.pass.Store(5 + s.rand.Int64N(7))
	case choice == 0:
		t.where = "request"
		t.pass.Store(s.rand.Int64N(14))
	case choice == 1:
		t.where = "delivery"
		t.pass.Store(s.rand.Int64N(4))
	default:
		limit = s.upTo(s.usual)
	}
	s.trap.Store(t)
	p = s.start("run")
	close(ready)
	select {
	case <-p.ended:
	case <-time.After(limit):
		t.kill()
	}
	if p.wait() != -1 {
		s.t.Fatal("the program ended by itself")
	}
	s.bury(p)
	s.deaths[t.where]++
}

func (s *siege) upTo(d time.Duration) time.Duration { return time.Duration(s.rand.Int64N(int64(d))) }

// bury looks at what a program has left in its log.
func (s *siege) bury(p *process) {
	s.polls += len(lines(p, polled))
	if said := lines(p, "level=ERROR"); len(said) > 0 {
		s.t.Errorf("it complained: %s", said)
	}
}

// timeGoesBy lets the school live on, for some days at most and for less than a
// year in all. Half-way the school replaces its PRONOTE: the newest one has the
// contents of notices opened one by one, the other lists them. Later it is
// upgraded.
func (s *siege) timeGoesBy() {
	const year, most = 270 * 24, 4 * 24 // hours
	hours := 1 + s.rand.IntN(max(1, min(most, 2*year / *kills)))
	s.AdvanceTo(pronote.DateTimeOf(s.Now().In(time.UTC).Add(time.Duration(hours) * time.Hour)))
	if s.rand.IntN(2) == 0 {
		s.server.Load().Rotate()
	}
	switch s.lives {
	case *kills / 2:
		s.replace("2026.1.3.0")
	case *kills * 3 / 4:
		s.replace("2026.1.4.0")
	}
}

// replace gives the school a PRONOTE that lists the contents of notices,
// under a version of that year.
func (s *siege) replace(version string) {
	profile, err := pronotetest.ProfileOf("2026.1.3")
	if err != nil {
		s.t.Fatal(err)
	}
	profile.Version = version
	s.server.Store(pronotetest.NewServer(s.School, pronotetest.Options{Profile: profile, Encrypt: true}))
}

// openDay reports whether there are lessons today.
func openDay(school *world.School) bool {
	today := school.Now().Date
	for _, h := range school.Holidays() {
		if today.Compare(h.Starts) >= 0 && today.Compare(h.Ends) <= 0 {
			return false
		}
	}
	return today.Weekday() != time.Saturday && today.Weekday() != time.Sunday
}

// liveInPeace runs the program until there is nothing left to do.
func (s *siege) liveInPeace() {
	s.lives++
	s.trap.Store(nil)
	p := s.start("run")
	p.says(polled, 4) // a list that shrank much is believed the second time
	pending := ""
	defer func() { // says what it waited for
		if pending != "" {
			s.t.Log("pending: " + pending)
		}
	}()
	await(s.t, "nothing is pending", func() bool {
		pending = ""
		for _, row := range mustQuery(s.t, s.mirror(), `SELECT 'doubt', domain, high, missing FROM _suspicion UNION ALL SELECT 'delivery', recipient, attempts, last_error FROM _delivery WHERE state = 'pending' UNION ALL SELECT 'letter', recipient, attempts, last_error FROM _letter WHERE state = 'pending'`) {
			pending += strings.Join(row, " ") + "\n"
		}
		return pending == ""
	})
	p.leaves(syscall.SIGTERM)
	s.bury(p)
}

// checkFile checks the database as such, and its outbox.
func (s *siege) checkFile() {
	s.t.Helper()
	for _, check := range []struct{ statement, want string }{
		{`PRAGMA integrity_check`, "[[ok]]"},
		{`PRAGMA foreign_key_check`, "[]"},
		{`SELECT DISTINCT state FROM deliveries WHERE state NOT IN ('sent', 'merged', 'silent', 'expired')`, "[]"},
		{`SELECT count(*) FROM deliveries WHERE reason = ''`, "[[0]]"},
		{`SELECT kind, at FROM _event AS event WHERE (SELECT count(*) FROM _delivery WHERE event_id = event.id) <> iif(kind = 'reminder.due', 1, 3)`, "[]"},
		{`SELECT event, state, title FROM deliveries WHERE state IN ('sent', 'merged') AND (title IS NULL OR title = '')`, "[]"},
		{`SELECT state, title FROM deliveries WHERE state IN ('silent', 'expired') AND sent_at IS NOT NULL`, "[]"},
		{`SELECT count(*) FROM _event WHERE kind = 'system.mirrored'`, "[[1]]"},
		{`SELECT count(*) <= 1 FROM _event WHERE kind = 'system.upgraded'`, "[[1]]"}, // none when no life in between lasted
		{`SELECT kind FROM _event WHERE kind GLOB 'system.*' AND kind NOT IN ('system.mirrored', 'system.upgraded')`, "[]"},
	} {
		if got := fmt.Sprint(mustQuery(s.t, s.mirror(), check.statement)); got != check.want {
			s.t.Errorf("%s: got %s, want %s", check.statement, got, check.want)
		}
	}
}

// checkLetters compares what a recipient got with the outbox: every letter that was
// sent, in order, with what it tells; and a letter came twice, or came and was over when it
// would have been sent again, only when the program died while it was on its way.
func (s *siege) checkLetters(recipient string) {
	s.t.Helper()
	outbox, expired := s.outbox(recipient)
	due, left := map[string]int{}, map[string]int{} // by identity, which a correction shares with what it corrects
	for _, l := range outbox {
		due[l.id]++
	}
	var came []arrival
	for _, a := range s.came {
		if a.To == recipient {
			came = append(came, a)
			left[a.ID]++
		}
	}
	next, repeats := 0, 0
	for i, a := range came {
		onItsWay := i+1 == len(came) || came[i+1].life > a.life // when the program died
		comesAgain := i+1 < len(came) && came[i+1].ID == a.ID
		switch {
		case onItsWay && left[a.ID] > due[a.ID] && (comesAgain || expired[a.ID]):
			repeats++
		case next == len(outbox) || outbox[next].id != a.ID:
			s.t.Errorf("%s got in life %d, as number %d, what is in no letter, or out of turn: %s", recipient, a.life, next, a.Title)
		default:
			if l := outbox[next]; a.Title == "" || !strings.HasSuffix(l.title, a.Title) || a.Channel == "webhook" && inOrder(a.UIDs) != inOrder(l.uids) {
				s.t.Errorf("%s got %q with %q, the outbox has %q", recipient, a.Title, a.UIDs, l)
			}
			due[a.ID]--
			next++
		}
		left[a.ID]--
	}
	if next < len(outbox) {
		s.t.Errorf("%s never got %d letters, the first of which is %q", recipient, len(outbox)-next, outbox[next])
	}
	s.t.Logf("%s: %d messages, %d repeats", recipient, next, repeats)
}

// inOrder are words in their alphabetical order.
func inOrder(words string) string {
	return strings.Join(slices.Sorted(slices.Values(strings.Fields(words))), " ")
}

// A posted is a letter that was sent, and the rows that it tells.
type posted struct{ id, title, uids string }

// outbox are the letters that were sent to a recipient, by the identities that their
// channel knows, and the identities of those that were over before they could be. At ntfy,
// a correction goes by the identity of what it takes the place of.
func (s *siege) outbox(recipient string) (letters []posted, expired map[string]bool) {
	s.t.Helper()
	expired = map[string]bool{}
	for _, l := range mustQuery(s.t, s.mirror(), fmt.Sprintf(`
		SELECT coalesce((SELECT receipt FROM _letter AS amended WHERE amended.id = letter.amends_id AND letter.channel = 'ntfy'), letter.identity),
			letter.state, letter.title, coalesce((SELECT group_concat(coalesce(uid, '') || ' ', '') FROM (
			SELECT item.uid FROM _delivery AS delivery JOIN _event AS event ON event.id = delivery.event_id LEFT JOIN _item AS item ON item.id = event.item_id
			WHERE delivery.letter_id = letter.id AND letter.first_id IS NULL AND delivery.state = 'sent' ORDER BY delivery.id)), '')
		FROM _letter AS letter WHERE recipient = '%s' AND state IN ('sent', 'expired') ORDER BY letter.id`, recipient)) {
		if l[1] == "sent" {
			letters = append(letters, posted{l[0], l[2], l[3]})
		} else {
			expired[l[0]] = true
		}
	}
	return letters, expired
}
