package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

var kills = flag.Int("kills", 5, "how often TestKilledAtRandom kills the program")

// TestKilledAtRandom kills the daemon again and again while a school year goes
// by: at random moments, and at the very moment of a request or of a delivery,
// before or after its answer. In the end nothing may be lost, and nothing told
// twice but what was on its way when the program died.
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
	told := s.checkLetters("maman") + s.checkLetters("papa")
	events := mustQuery(t, s.mirror(), `SELECT count(*) FROM _event`)[0][0]
	t.Logf("%d kills (%v): %d polls, %s events, %d messages, %d repeats", *kills, s.deaths, s.polls, events, told, s.repeats)
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
	post  []arrival

	polls, repeats int
}

// An arrival is a letter, and during which life of the program it came.
type arrival struct {
	letter
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
	s.configure(s.settings("pronotevs", "maman", "papa"))
	s.campus.around.Store(ptr(func(w http.ResponseWriter, _ *http.Request, answer func()) {
		s.trap.Load().spring("request", w, answer)
	}))
	s.mail.around.Store(ptr(func(w http.ResponseWriter, _ *http.Request, l letter, answer func()) {
		s.mu.Lock()
		s.post = append(s.post, arrival{l, s.lives})
		s.mu.Unlock()
		s.trap.Load().spring("delivery", w, answer)
	}))
	return s
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

func (t *trap) spring(where string, w http.ResponseWriter, answer func()) {
	if t == nil || t.where != where || t.pass.Add(-1) != -1 {
		answer()
		return
	}
	if !t.before {
		answer()
		_ = http.NewResponseController(w).Flush() // to one who may be dead already
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
// sent, in order, with every event that it tells; and a letter came twice, or was composed
// anew, only when the program died while it was on its way. It returns the number of letters
// without those.
func (s *siege) checkLetters(recipient string) (told int) {
	s.t.Helper()
	outbox := mustQuery(s.t, s.mirror(), fmt.Sprintf(`
		SELECT letter.identity, letter.title, coalesce((SELECT group_concat(coalesce(uid, '') || ' ', '') FROM (
			SELECT item.uid FROM _delivery AS delivery JOIN _event AS event ON event.id = delivery.event_id LEFT JOIN _item AS item ON item.id = event.item_id
			WHERE delivery.letter_id = letter.id AND delivery.state = 'sent' ORDER BY delivery.id)), '')
		FROM _letter AS letter WHERE recipient = '%s' AND state = 'sent' ORDER BY letter.id`, recipient))
	place := map[string]int{} // in the outbox
	for i, l := range outbox {
		place[l[0]] = i
	}
	var post []arrival
	for _, a := range s.post {
		if a.To == recipient {
			post = append(post, a)
		}
	}
	next := 0
	for i, a := range post {
		at, sent := place[a.ID]
		onItsWay := i+1 == len(post) || post[i+1].life > a.life // when the program died
		switch {
		case a.key != a.ID || a.ID == "":
			s.t.Errorf("the key of a letter is %q, its id %q", a.key, a.ID)
		case onItsWay && (!sent || i+1 < len(post) && post[i+1].letter == a.letter):
			s.repeats++
		case !sent:
			s.t.Errorf("%s got in life %d what was never sent: %s", recipient, a.life, a.Title)
		case at != next:
			s.t.Errorf("%s got out of turn, as number %d, what is number %d: %s", recipient, next, at, a.Title)
			next = at + 1
		case a.Title != outbox[at][1] || a.uids != outbox[at][2]:
			s.t.Errorf("%s got %q with %q, the outbox has %q", recipient, a.Title, a.uids, outbox[at])
			next++
		default:
			told++
			next++
		}
	}
	if next < len(outbox) {
		s.t.Errorf("%s never got %d letters, the first of which is %v", recipient, len(outbox)-next, outbox[next])
	}
	return told
}
