package school

import (
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	psync "github.com/pronote-sync/pronote-sync/sync"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/notifiers"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// november is a Tuesday evening at a school where nothing happens unless a test
// does it.
var november = pronote.DateTime{Date: pronote.Date{Year: 2025, Month: time.November, Day: 18}, Hour: 17}

// quietTestbed is a testbed after its first mirror, with some marks, homework and
// infos in it.
func quietTestbed(t *testing.T, kind pronote.Kind) *testbed {
	t.Helper()
	return quiet(newTestbed(t, 1, kind, pronotetest.Options{}))
}

// quietFamily is quietTestbed of a parent of three, of whom one is in another class.
func quietFamily(t *testing.T) *testbed {
	t.Helper()
	return quiet(testbedOf(t, world.NewFamily(1, 2025), 1, pronote.KindParent, pronotetest.Options{}))
}

func quiet(w *testbed) *testbed {
	w.t.Helper()
	w.school.AdvanceTo(november)
	thin(w.school.Quiet())
	w.at(november)
	w.poll()
	w.deliver()
	if got := w.inbox.take(); len(got) != 1 || gist(got[0]) != "system.mirrored" {
		w.t.Fatalf("the first mirror sent %v, want one summary", got)
	}
	return w
}

// thin takes the lessons off the timetable that are weeks away: no test looks at them,
// and of a first mirror they are the greater part.
func thin(school *world.School) {
	first, last := november.AddDays(-8), november.AddDays(27)
	var far []world.Change
	seen := map[int]bool{}
	for _, child := range school.Children() {
		for _, row := range school.Truth(pronote.KindStudent, child).Lessons {
			if day := row.Value.Starts.Date; !seen[row.ID] && (day.Compare(first) < 0 || day.Compare(last) > 0) {
				seen[row.ID] = true
				far = append(far, world.Remove(row.ID))
			}
		}
	}
	school.Do(far...)
}

// told polls, delivers and returns the gist of the messages: how they are worded is
// another test's matter.
func (w *testbed) told() []string {
	w.t.Helper()
	w.poll()
	w.deliver()
	var told []string
	for _, m := range w.inbox.take() {
		told = append(told, gist(m))
	}
	return told
}

// named finds the child in a title.
var named = regexp.MustCompile(`^\S+ (\pL+) · `)

// gist is whom a message is about, and the kinds of its events: "Fanny · mark.new 2
// average.changed".
func gist(m notifiers.Message) string {
	var kinds []string
	times := map[string]int{}
	for _, e := range m.Events {
		if times[e.Kind]++; times[e.Kind] == 1 {
			kinds = append(kinds, e.Kind)
		}
	}
	for i, kind := range kinds {
		if times[kind] > 1 {
			kinds[i] = fmt.Sprint(times[kind], " ", kind)
		}
	}
	text := strings.Join(kinds, " ")
	if child := named.FindStringSubmatch(m.Title); child != nil {
		return child[1] + " · " + text
	}
	return text
}

func (w *testbed) wantTold(what string, want ...string) {
	w.t.Helper()
	if got := w.told(); fmt.Sprint(got) != fmt.Sprint(want) {
		w.t.Errorf("%s: told %q, want %q", what, got, want)
	}
}

// bubble runs a test in a bubble whose clock is stopped.
func bubble(t *testing.T, fn func(t *testing.T)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, fn)
}

// alone is a bubble for a test that does one thing after another, with no engine that
// runs beside it: the race detector would find nothing there.
func alone(t *testing.T, fn func(t *testing.T)) {
	t.Helper()
	if raced {
		t.Skip("nothing meets here")
	}
	bubble(t, fn)
}

func maths(pupil, value string) world.Change {
	return world.Add(world.Test{
		Subject: "MATHEMATIQUES", Title: "Contrôle n°9", Scores: map[string]pronote.Score{pupil: pronote.ParseScore(value)},
	})
}

func TestAMarkIsToldOnce(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		pupil := w.school.Pupil()
		id := w.school.Do(maths(pupil, "12,50"))[0].ID
		w.wantTold("a new mark", "mark.new 2 average.changed")
		w.wantTold("the same mark")
		w.server.Rotate()
		w.wantTold("the same mark under other identifiers")
		w.restart()
		w.wantTold("the same mark after a restart")
		w.school.Do(world.Correct(id, pupil, "14"))
		w.wantTold("a corrected mark", "mark.changed 2 average.changed")
		w.school.Do(world.Amend(id, func(test *world.Test) { test.Title = "Contrôle n°9 (fractions)" }))
		w.wantTold("a renamed test", "mark.changed")
		w.school.Do(world.Remove(id))
		w.wantTold("a withdrawn test", "mark.removed")
	})
}

func TestClassAverageDriftIsSilent(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		classmate := w.school.Pupils()[0]
		if classmate == w.school.Pupil() {
			classmate = w.school.Pupils()[1]
		}
		id := w.school.Do(world.Add(world.Test{Subject: "MATHEMATIQUES", Title: "Devoir commun", Scores: map[string]pronote.Score{
			w.school.Pupil(): pronote.ParseScore("12"), classmate: pronote.ParseScore("8"),
		}}))[0].ID
		w.told()
		w.school.Do(world.Correct(id, classmate, "18"))
		w.wantTold("another pupil's correction")
		changes := w.changes()
		if len(changes) == 0 || !strings.Contains(changes[0], "class_average") {
			t.Errorf("changes = %v, want the drift in the history", changes)
		}
	})
}

// changes lists what the changes view shows, newest first.
func (w *testbed) changes() []string {
	w.t.Helper()
	var list []string
	err := w.store.View(w.t.Context(), func(tx *db.Tx) error {
		records, err := tx.List(w.t.Context(), db.ChangesView, db.Filter{})
		for _, r := range records {
			list = append(list, fmt.Sprintf("%s %s %s", r["domain"], r["kind"], r["what"]))
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

func TestAnAbsentListRemovesNothing(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		before := len(w.rows(db.MarksView))
		w.server.Inject(pronotetest.Fault{Kind: "absent", Function: "DernieresNotes"})
		result, err := w.engine.Poll(t.Context(), "famille")
		if err != nil || !errors.Is(result.Domains[0].Err, pronote.ErrUnreadable) {
			t.Errorf("poll: %v, %v, want the domain unreadable", result, err)
		}
		if after := len(w.rows(db.MarksView)); after != before || before == 0 {
			t.Errorf("%d marks, want the %d of before", after, before)
		}
		w.wantTold("the list is back")
	})
}

func (w *testbed) rows(v db.View) (records []db.Record) {
	w.t.Helper()
	err := w.store.View(w.t.Context(), func(tx *db.Tx) (err error) {
		records, err = tx.List(w.t.Context(), v, db.Filter{})
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return records
}

func TestHalfAListIsDoubtedUntilTheNextPollAgrees(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		before := len(w.rows(db.HomeworkView))
		half := pronotetest.Fault{Kind: "half", Function: "PageCahierDeTexte"}
		w.server.Inject(half)
		if result := w.poll(); !result.Doubted {
			t.Error("half a list is believed at once")
		}
		w.wantTold("the list is whole again")
		if after := len(w.rows(db.HomeworkView)); after != before {
			t.Errorf("%d rows, want %d", after, before)
		}
		w.server.Inject(half)
		w.poll()
		w.server.Inject(half)
		if result := w.poll(); result.Doubted {
			t.Error("half a list is doubted though two polls agree")
		}
		if after := len(w.rows(db.HomeworkView)); after >= before {
			t.Errorf("%d rows, want about half of %d", after, before)
		}
	})
}

func TestAHiddenTabIsNotAnError(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		before := len(w.rows(db.MarksView))
		w.server.HideTab(int(pronote.TabMarks), true)
		w.server.Rotate()
		result := w.poll()
		if !result.Domains[0].Unavailable || result.Domains[0].Err != nil {
			t.Errorf("marks: %+v, want unavailable", result.Domains[0])
		}
		if after := len(w.rows(db.MarksView)); after != before {
			t.Errorf("%d marks, want the %d of before", after, before)
		}
		w.server.HideTab(int(pronote.TabMarks), false)
		w.server.Rotate()
		w.wantTold("the tab is back")
	})
}

func TestANewTermStartsSilently(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.at(pronote.DateTime{Date: pronote.Date{Year: 2025, Month: time.December, Day: 3}, Hour: 17})
		w.school.Do(maths(w.school.Pupil(), "11"))
		w.wantTold("the first look at a term")
		w.school.Do(maths(w.school.Pupil(), "12"))
		if got := w.told(); len(got) != 1 {
			t.Errorf("the second look told %q, want the new mark", got)
		}
	})
}

func TestHomeworkFarAheadIsNewsOnlyWhenItIsNew(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.school.Do(world.Add(world.Homework{
			Subject: "FRANCAIS", DueOn: pronote.Date{Year: 2026, Month: time.May, Day: 5}, Text: []string{"Lire Les Misérables"},
		}))
		w.wantTold("homework for next May", "homework.new")
		w.at(pronote.DateTime{Date: pronote.Date{Year: 2026, Month: time.April, Day: 28}, Hour: 17})
		w.wantTold("a week before it is due")
	})
}

func TestHomeworkOfThePastIsSilent(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.school.Do(world.Add(world.Homework{
			Subject: "FRANCAIS", GivenOn: november.AddDays(-5), DueOn: november.AddDays(-1), Text: []string{"Noté après coup"},
		}))
		w.wantTold("homework that was due yesterday")
		found := false
		for _, r := range w.rows(db.HomeworkView) {
			found = found || r["description"] == "Noté après coup"
		}
		if !found {
			t.Error("the mirror lacks it")
		}
	})
}

func TestParentsAreToldWhichChild(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindParent)
		w.school.Do(maths(w.school.Children()[1], "9"))
		w.wantTold("a mark of the second child", "Gabin · mark.new 2 average.changed")
		w.school.Do(world.Add(world.Info{Title: "Réunion", Author: "M. DELMASSE É.", To: pronote.KindParent, Text: []string{"Venez."}}))
		w.wantTold("an information for the parents, once", "info.new")
	})
}

// TestAQuietPollWritesNothing measures the bytes of the database and of its
// log.
func TestAQuietPollWritesNothing(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindParent)
		before := w.bytes()
		for range 20 {
			time.Sleep(15 * time.Minute)
			if result := w.poll(); result.Doubted {
				t.Error("doubted")
			}
			w.deliver()
		}
		if after := w.bytes(); after != before {
			t.Errorf("the files changed: %s, want %s", after, before)
		}
	})
}

// bytes digests the database and its log. The shared-memory file is not meant:
// it is never synced, and gone with the process.
func (w *testbed) bytes() string {
	w.t.Helper()
	digest := sha256.New()
	size := 0
	for _, suffix := range []string{"", "-wal"} {
		text, err := os.ReadFile(w.path + suffix)
		if err != nil {
			w.t.Fatal(err)
		}
		size += len(text)
		_, _ = digest.Write(text)
	}
	return fmt.Sprintf("%d bytes %x", size, digest.Sum(nil)[:6])
}

func TestAWrongPasswordIsTriedOnce(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.server.SetPassword("another")
		w.server.Rotate()
		_, err := w.engine.Poll(t.Context(), "famille")
		if !errors.Is(err, pronote.ErrCredentials) {
			t.Fatalf("poll: %v, want ErrCredentials", err)
		}
		asked := len(w.server.Requests())
		for range 5 {
			var phase *psync.PhaseError
			if _, err := w.engine.Poll(t.Context(), "famille"); !errors.As(err, &phase) || phase.Phase != db.Suspended {
				t.Errorf("poll: %v, want the account suspended", err)
			}
			w.restart()
		}
		if got := len(w.server.Requests()); got != asked {
			t.Errorf("%d requests after the refusal", got-asked)
		}
		w.deliver()
		if got := w.inbox.take(); len(got) != 1 || gist(got[0]) != "system.login_refused" {
			t.Errorf("told %v, want one message", got)
		}
		w.account.Credentials.Password = pronote.NewSecret("another")
		w.config.Accounts[0].Fingerprint = "second"
		w.restart()
		w.wantTold("the password was corrected", "system.recovered")
	})
}

func TestABanIsLeftAlone(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.server.Ban(true)
		var blocked *pronote.BlockedError
		if _, err := w.engine.Poll(t.Context(), "famille"); !errors.As(err, &blocked) {
			t.Fatalf("poll: %v, want a BlockedError", err)
		}
		w.deliver()
		if got := w.inbox.take(); len(got) != 1 || gist(got[0]) != "system.banned" {
			t.Errorf("told %v, want the ban", got)
		}
		w.server.Ban(false)
		w.restart()
		var phase *psync.PhaseError
		if _, err := w.engine.Poll(t.Context(), "famille"); !errors.As(err, &phase) || phase.Phase != db.Banned {
			t.Errorf("poll an instant later: %v, want it refused", err)
		}
		time.Sleep(9 * time.Hour)
		w.wantTold("its end", "system.recovered")
	})
}

func TestAnOutageIsToldAfterHours(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		for range 8 {
			w.server.Inject(pronotetest.Fault{Kind: "500"})
			w.server.Inject(pronotetest.Fault{Kind: "500", Function: "page"})
			if _, err := w.engine.Poll(t.Context(), "famille"); err == nil {
				t.Fatal("the poll succeeded")
			}
			w.server.ClearFaults()
			time.Sleep(30 * time.Minute)
		}
		w.deliver()
		if got := w.inbox.take(); len(got) != 1 || gist(got[0]) != "system.unreachable" {
			t.Errorf("told %v, want one message", got)
		}
		w.wantTold("it is back", "system.recovered")
	})
}

func TestLoginsAreCountedAcrossRestarts(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.config.Budget.LoginsPerDay = 3
		var budget *psync.BudgetError
		var err error
		logins := 1
		for range 4 {
			w.restart()
			if _, err = w.engine.Poll(t.Context(), "famille"); err == nil {
				logins++
			}
		}
		if !errors.As(err, &budget) || logins != 3 {
			t.Errorf("%d logins, then %v, want 3 and a BudgetError", logins, err)
		}
	})
}

func TestAServerUpgradedInMidSessionIsFollowed(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		old, err := pronotetest.ProfileOf("2024.1.8")
		if err != nil {
			t.Fatal(err)
		}
		w.server = pronotetest.NewServer(w.school, pronotetest.Options{Profile: old, Encrypt: true})
		w.account.Transport = roundTrip(func(r *http.Request) (*http.Response, error) { return w.server.Transport().RoundTrip(r) })
		w.restart()
		w.wantTold("another version of the server")
		w.server = pronotetest.NewServer(w.school, pronotetest.Options{})
		w.wantTold("the newest version", "system.upgraded")
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestAnUpgradeIsToldOnce(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		serve := func(version string) {
			profile := pronotetest.Newest()
			profile.Version = version
			w.server = pronotetest.NewServer(w.school, pronotetest.Options{Profile: profile})
			w.account.Transport = w.server.Transport()
			w.restart()
		}
		serve("2026.2.4.0")
		w.wantTold("an older version")
		serve("2026.2.5.9")
		w.wantTold("another patch, and another build than the last one known")
		serve("2026.2.6.0")
		if got := w.told(); len(got) != 1 {
			t.Errorf("a patch past all that are known: told %q", got)
		}
		serve("2026.2.7.0")
		w.wantTold("the next patch, which is no better known")
		serve("2031.1.0.0")
		w.poll()
		w.deliver()
		if got := w.inbox.take(); len(got) != 1 || !strings.Contains(got[0].Title, "2031.1.0") || !strings.Contains(got[0].Body, "pas encore connue") {
			t.Errorf("a version of the future: told %+v", got)
		}
		w.wantTold("the same version")
		w.restart()
		w.wantTold("the same version after a restart")
		serve("2026.2.5.7")
		w.wantTold("the version before, for the school has thought better of it")
	})
}

// A session whose pupils could not be stored was kept without them: the next
// polls read nothing, and called it a success.
func TestALoginThatCannotBeStoredIsMadeAgain(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := newTestbed(t, 1, pronote.KindStudent, pronotetest.Options{})
		w.school.AdvanceTo(november)
		w.at(november)
		w.run(`CREATE TRIGGER full BEFORE INSERT ON _student BEGIN SELECT raise(ABORT, 'full'); END`)
		if _, err := w.engine.Poll(t.Context(), "famille"); err == nil {
			t.Fatal("the poll succeeds though its pupils cannot be stored")
		}
		w.run(`DROP TRIGGER full`)
		if result := w.poll(); result.Domains[0].Seen == 0 {
			t.Errorf("the poll after it came to %+v", result)
		}
	})
}

// run runs a statement on the mirror's file, as another program would.
func (w *testbed) run(statement string) {
	w.t.Helper()
	file, err := sql.Open("sqlite", w.path)
	if err == nil {
		_, err = file.Exec(statement)
		err = errors.Join(err, file.Close())
	}
	if err != nil {
		w.t.Fatal(err)
	}
}
