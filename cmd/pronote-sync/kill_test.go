package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"regexp"
	"strconv"
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
		for _, row := range mustQuery(s.t, s.mirror(), `SELECT 'doubt', domain, high, missing FROM _suspicion UNION ALL SELECT 'delivery', recipient, attempts, last_error FROM _delivery WHERE state = 'pending'`) {
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
		{`SELECT DISTINCT state FROM deliveries`, "[[sent]]"},
		{`SELECT count(*) FROM _event WHERE kind = 'system.mirrored'`, "[[1]]"},
		{`SELECT count(*) <= 1 FROM _event WHERE kind = 'system.upgraded'`, "[[1]]"}, // none when no life in between lasted
		{`SELECT kind FROM _event WHERE kind GLOB 'system.*' AND kind NOT IN ('system.mirrored', 'system.upgraded')`, "[]"},
	} {
		if got := fmt.Sprint(mustQuery(s.t, s.mirror(), check.statement)); got != check.want {
			s.t.Errorf("%s: got %s, want %s", check.statement, got, check.want)
		}
	}
}

// checkLetters compares what a recipient was told with the outbox: every event,
// in order; and a letter came twice only when the program died while it was on
// its way. It returns the number of letters without those.
func (s *siege) checkLetters(recipient string) (told int) {
	s.t.Helper()
	outbox := mustQuery(s.t, s.mirror(), fmt.Sprintf(`
		SELECT event.batch, event.kind, coalesce(json_extract(event.data, '$.now.title'), ''), coalesce(json_extract(event.data, '$.now.subject'), '')
		FROM _delivery AS delivery JOIN _event AS event ON event.id = delivery.event_id WHERE recipient = '%s' ORDER BY delivery.id`, recipient))
	seen := map[string]bool{}
	var last arrival
	for _, a := range s.post {
		if a.To != recipient {
			continue
		}
		switch {
		case a.key != a.ID || a.ID == "":
			s.t.Errorf("the key of a letter is %q, its id %q", a.key, a.ID)
		case seen[a.ID] && a.letter == last.letter && a.life > last.life:
			s.repeats++
		case seen[a.ID]:
			s.t.Errorf("%s was told again in life %d what was not on its way at the end of life %d: %s", recipient, a.life, last.life, a.Title)
		default:
			told++
			outbox = s.tick(outbox, a)
		}
		seen[a.ID], last = true, a
	}
	if len(outbox) > 0 {
		s.t.Errorf("%s was never told of %d events, the first of which is %v", recipient, len(outbox), outbox[0])
	}
	return told
}

// alike is how a letter says that something happened several times.
var alike = regexp.MustCompile(`(?m) \((\d+) fois\)$`)

// tick strikes the events that a letter tells off the front of the outbox.
func (s *siege) tick(outbox [][]string, a arrival) [][]string {
	s.t.Helper()
	n := 1
	if strings.HasPrefix(a.Title, "🔔") { // several, with an empty line between them
		n += strings.Count(a.Message, "\n\n")
	}
	for _, times := range alike.FindAllStringSubmatch(a.Title+"\n"+a.Message, -1) { // several that say the same
		more, err := strconv.Atoi(times[1])
		if err != nil {
			s.t.Fatal(err)
		}
		n += more - 1
	}
	if n > len(outbox) {
		s.t.Fatalf("%s was told what is not in the outbox: %s", a.To, a.Title)
	}
	for _, event := range outbox[:n] {
		batch, kind, fact := event[0], event[1], event[3]
		if strings.HasPrefix(kind, "info.") || strings.HasPrefix(kind, "survey.") {
			fact = string([]rune(event[2])[:10]) // long titles are cut
		}
		if batch != outbox[0][0] || !strings.Contains(a.Title+"\n"+a.Message, fact) {
			s.t.Errorf("%s got, out of turn, %s: %q\n%s\nThe outbox has %v", a.To, a.ID, a.Title, a.Message, outbox[:n])
			break
		}
	}
	return outbox[n:]
}
