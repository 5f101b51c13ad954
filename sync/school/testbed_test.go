package school

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"

	psync "github.com/pronote-sync/pronote-sync/sync"

	"github.com/robfig/cron/v3"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/notifiers"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

// A testbed is a school, its server, a mirror and an engine between them.
type testbed struct {
	t       testing.TB
	school  *world.School
	server  *pronotetest.Server
	store   *db.Store
	path    string
	account Account // whose source each engine has anew
	config  psync.Config
	engine  *psync.Engine
	inbox   *inbox
	paris   *time.Location
}

// newTestbed starts on the evening before the first day of a school year, with
// one account of a kind and one recipient who wants everything. Its clock is
// time.Now, which tests stop with synctest.
func newTestbed(t testing.TB, seed uint64, kind pronote.Kind, options pronotetest.Options) *testbed {
	t.Helper()
	return testbedOf(t, world.NewSchool(seed, 2025), seed, kind, options)
}

// testbedOf is newTestbed around a school that has just begun its year.
func testbedOf(t testing.TB, school *world.School, seed uint64, kind pronote.Kind, options pronotetest.Options) *testbed {
	t.Helper()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	w := &testbed{t: t, school: school, inbox: &inbox{}, paris: paris}
	w.server = pronotetest.NewServer(w.school, options)
	w.path = filepath.Join(t.TempDir(), "pronote.db")
	if w.store, err = db.Open(t.Context(), w.path); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.store.Close(); err != nil {
			t.Error(err)
		}
	})
	w.account = Account{
		URL: pronotetest.Address, Opening: OpenRead, Spans: wholeYear(),
		Credentials: pronote.Credentials{Kind: kind, Username: pronotetest.Username, Password: pronote.NewSecret(pronotetest.Password)},
		Transport:   w.server.Transport(),
		Log:         slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})),
	}
	w.config = psync.Config{
		Store:    w.store,
		Accounts: []psync.Account{{Name: "famille", URL: pronotetest.Address, Kind: psync.Kind(kind), Fingerprint: "first", Location: paris}},
		Recipients: []psync.Recipient{{
			Name: "maman", Channel: "test", Notifier: w.inbox, Admin: true, Reveal: psync.RevealFull, Language: "fr", Location: paris,
		}},
		Plan:   plan(t),
		Budget: psync.Budget{PerHour: 100_000, PerDay: 100_000, LoginsPerDay: 1000},
		Log:    slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})),
		Now:    time.Now,
		Rand:   rand.New(rand.NewPCG(seed, 1)),
	}
	w.restart()
	return w
}

// wholeYear are spans of which the first poll leaves nothing to the next ones, as
// the usual ones do.
func wholeYear() Spans {
	spans := UsualSpans
	spans.Agenda = 52
	return spans
}

func plan(t testing.TB) psync.Plan {
	t.Helper()
	p := psync.Plan{Domains: map[string]cron.Schedule{}, Rest: psync.Quiet{From: 22 * 60, To: 7 * 60}}
	for _, d := range domains {
		p.Domains[d.Name] = parseCron(t, d.Schedule)
	}
	p.KeepAlive = parseCron(t, "*/20 7-22 * * *")
	return p
}

func parseCron(t testing.TB, spec string) cron.Schedule {
	t.Helper()
	schedule, err := cron.ParseStandard(spec)
	if err != nil {
		t.Fatal(err)
	}
	return schedule
}

// restart makes a new engine on the same mirror, as a new process does.
func (w *testbed) restart() {
	w.t.Helper()
	engine, err := psync.New(w.t.Context(), w.settings())
	if err != nil {
		w.t.Fatal(err)
	}
	w.engine = engine
}

// settings are those of an engine, with a source of its own.
func (w *testbed) settings() psync.Config {
	config := w.config
	config.Accounts = slices.Clone(w.config.Accounts)
	for i := range config.Accounts {
		config.Accounts[i].Source = New(w.account)
	}
	return config
}

// record is what the mirror knows of the account.
func (w *testbed) record() (account db.Account) {
	w.t.Helper()
	err := w.store.View(w.t.Context(), func(tx *db.Tx) error {
		accounts, err := tx.Accounts(w.t.Context())
		if err == nil {
			account = accounts[0]
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return account
}

// owners are all whose rows there are, by name.
func (w *testbed) owners() map[string]psync.Enrolled {
	w.t.Helper()
	account := w.record()
	owners := map[string]psync.Enrolled{}
	err := w.store.View(w.t.Context(), func(tx *db.Tx) error {
		students, err := tx.Students(w.t.Context(), account.ID)
		for _, s := range students {
			owners[s.Name] = psync.Enrolled{Student: s, Owner: db.Owner{Account: account.ID, Student: s.ID, AccountName: account.Name, StudentName: s.Name}}
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return owners
}

// tell puts an event into the outbox, for maman.
func (w *testbed) tell(event db.Event) {
	w.t.Helper()
	due, id := w.config.Now(), w.record().ID
	err := w.store.Update(w.t.Context(), func(tx *db.Tx) error {
		at := pronote.DateTimeOf(due.In(w.paris))
		return tx.Enqueue(w.t.Context(), id, at, []db.Event{event}, func(db.Event) []db.Address {
			return []db.Address{{Recipient: "maman", Channel: "test", Way: db.Now, Reason: psync.ReasonPreset, Due: due, DueAt: at}}
		})
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// keepAlive does what keeps a session alive.
func (w *testbed) keepAlive() {
	w.t.Helper()
	err := w.engine.Do(w.t.Context(), "famille", func(ctx context.Context, s psync.Session) error { return s.Touch(ctx) })
	if err != nil {
		w.t.Fatal(err)
	}
}

// firstName is what a family calls a child.
func firstName(name string) string { return name[strings.LastIndex(name, " ")+1:] }

// at lets time go by until a wall clock, for the school too.
func (w *testbed) at(t pronote.DateTime) {
	w.t.Helper()
	time.Sleep(time.Until(t.In(w.paris)))
	w.school.AdvanceTo(t)
}

// poll polls and must succeed.
func (w *testbed) poll() psync.Result {
	w.t.Helper()
	result, err := w.engine.Poll(w.t.Context(), "famille")
	if err != nil {
		w.t.Fatalf("poll: %v", err)
	}
	return result
}

// deliver sends what is due.
func (w *testbed) deliver() {
	w.t.Helper()
	if _, err := w.engine.Deliver(w.t.Context(), "maman"); err != nil {
		w.t.Fatalf("deliver: %v", err)
	}
}

// An inbox is a channel that keeps its messages, after the failures it was told
// to serve first.
type inbox struct {
	mu       sync.Mutex
	failures []error
	messages []notifiers.Message
	ids      []string
	tried    string // the id of the last attempt
}

func (b *inbox) Deliver(_ context.Context, m notifiers.Message) (notifiers.Receipt, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tried = m.ID
	if len(b.failures) > 0 {
		err := b.failures[0]
		b.failures = b.failures[1:]
		if err != nil {
			return "", err
		}
	}
	b.messages = append(b.messages, m)
	b.ids = append(b.ids, m.ID)
	return "", nil
}

// take empties the inbox.
func (b *inbox) take() []notifiers.Message {
	b.mu.Lock()
	defer b.mu.Unlock()
	taken := b.messages
	b.messages, b.ids = nil, nil
	return taken
}
