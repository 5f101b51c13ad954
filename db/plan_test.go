package db

import (
	"database/sql"
	"errors"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pronote-sync/pronote-sync/pronote"
)

func TestConnectionOptions(t *testing.T) {
	t.Parallel()
	store := newStore(t)
	pragma := func(conns *sql.DB, name string) (value string) {
		must(t, conns.QueryRowContext(t.Context(), "PRAGMA "+name).Scan(&value))
		return value
	}
	for name, want := range map[string][2]string{ // of writers and of readers
		"journal_mode": {"wal", "wal"},
		"synchronous":  {"2", "2"}, // FULL
		"foreign_keys": {"1", "0"},
		"query_only":   {"0", "1"},
		"busy_timeout": {"10000", "10000"},
		"cache_size":   {"-1024", "-1024"},
		"temp_store":   {"2", "2"}, // MEMORY
	} {
		if got := [2]string{pragma(store.writer, name), pragma(store.readers, name)}; got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if got := store.writer.Stats().MaxOpenConnections; got != 1 {
		t.Errorf("%d writers may meet within SQLite, want 1", got)
	}
}

// TestQueryPlans: what runs at each poll and each delivery must not become
// slower as the years go by, so it searches by index and never scans a table
// that grows.
func TestQueryPlans(t *testing.T) {
	t.Parallel()
	store := newStore(t)
	week := Span{"2025-11-17", "2025-11-21"}
	var o Owner
	store.write(t, func(tx *Tx) error { o = tx.owner(t, "lea", "MARTIN Léa"); return nil })
	for name, run := range map[string]func(tx *Tx) error{
		"load periods":         func(tx *Tx) error { _, err := Periods.Load(t.Context(), tx, o.Student, week); return err },
		"load marks":           func(tx *Tx) error { _, err := Marks.Load(t.Context(), tx, o.Student, week); return err },
		"load averages":        func(tx *Tx) error { _, err := Averages.Load(t.Context(), tx, o.Student, week); return err },
		"load homework":        func(tx *Tx) error { _, err := Homework.Load(t.Context(), tx, o.Student, week); return err },
		"load absences":        func(tx *Tx) error { _, err := Absences.Load(t.Context(), tx, o.Student, week); return err },
		"load delays":          func(tx *Tx) error { _, err := Delays.Load(t.Context(), tx, o.Student, week); return err },
		"load punishments":     func(tx *Tx) error { _, err := Punishments.Load(t.Context(), tx, o.Student, week); return err },
		"load detentions":      func(tx *Tx) error { _, err := Detentions.LoadParts(t.Context(), tx, []int64{1, 2}); return err },
		"load observations":    func(tx *Tx) error { _, err := Observations.Load(t.Context(), tx, o.Student, week); return err },
		"load infos":           func(tx *Tx) error { _, err := Infos.Load(t.Context(), tx, o.Student, Span{}); return err },
		"load reports":         func(tx *Tx) error { _, err := Reports.Load(t.Context(), tx, o.Student, week); return err },
		"load report subjects": func(tx *Tx) error { _, err := ReportSubjects.LoadParts(t.Context(), tx, []int64{1, 2}); return err },
		"load evaluations":     func(tx *Tx) error { _, err := Evaluations.Load(t.Context(), tx, o.Student, week); return err },
		"load skills":          func(tx *Tx) error { _, err := Skills.LoadParts(t.Context(), tx, []int64{1, 2}); return err },
		"add and change":       func(tx *Tx) error { return change(t, tx, o) },
		"coverage":             func(tx *Tx) error { _, err := tx.Coverage(t.Context(), o.Student, "marks"); return err },
		"suspicion":            func(tx *Tx) error { _, err := tx.Suspicion(t.Context(), o.Student, "marks", week); return err },
		"logins":               func(tx *Tx) error { _, err := tx.Logins(t.Context(), o.Account, unix(0)); return err },
		"count a login":        func(tx *Tx) error { return tx.CountLogin(t.Context(), o.Account, unix(0)) },
		"account":              func(tx *Tx) error { _, err := tx.Account(t.Context(), "lea", "pronote", "", "student"); return err },
		"save account":         func(tx *Tx) error { return tx.SaveAccount(t.Context(), Account{ID: o.Account, Phase: Ready}) },
		"students":             func(tx *Tx) error { _, err := tx.Students(t.Context(), o.Account); return err },
		"waiting":              func(tx *Tx) error { _, err := tx.Waiting(t.Context(), "maman", unix(0)); return err },
		"told":                 func(tx *Tx) error { _, err := tx.Told(t.Context(), 1); return err },
		"last told":            func(tx *Tx) error { _, _, err := tx.LastTold(t.Context(), "maman", 1); return err },
		"next letter":          func(tx *Tx) error { _, _, err := tx.NextLetter(t.Context(), "maman", unix(0)); return err },
		"is failing":           func(tx *Tx) error { _, err := tx.IsFailing(t.Context(), "maman"); return err },
		"last digest":          func(tx *Tx) error { _, err := tx.LastDigest(t.Context(), "maman", Evening); return err },
		"take apart":           func(tx *Tx) error { return tx.TakeApart(t.Context(), Letter{ID: 1}) },
		"begin":                func(tx *Tx) error { return tx.Begin(t.Context(), Letter{ID: 1}) },
		"reword":               func(tx *Tx) error { _, err := tx.Reword(t.Context(), Letter{ID: 1}); return err },
		"basis":                func(tx *Tx) error { _, err := tx.Basis(t.Context(), "maman"); return err },
		"next due":             func(tx *Tx) error { _, err := tx.NextDue(t.Context(), "maman"); return err },
		"hold":                 func(tx *Tx) error { return tx.Hold(t.Context(), "maman", unix(0), at(0)) },
		"hasten": func(tx *Tx) error {
			_, err := tx.Hasten(t.Context(), "maman", Now, unix(9), unix(0), at(0))
			return err
		},
		"revise logins":     func(tx *Tx) error { return tx.ReviseLogins(t.Context(), o.Account, unix(0)) },
		"load questions":    func(tx *Tx) error { _, err := Questions.LoadParts(t.Context(), tx, []int64{1, 2}); return err },
		"load discussions":  func(tx *Tx) error { _, err := Discussions.Load(t.Context(), tx, o.Student, Span{}); return err },
		"load messages":     func(tx *Tx) error { _, err := Messages.LoadParts(t.Context(), tx, []int64{1, 2}); return err },
		"load attachments":  func(tx *Tx) error { _, err := Attachments.LoadParts(t.Context(), tx, []int64{1, 2}); return err },
		"kept file":         func(tx *Tx) error { _, err := tx.KeptFile(t.Context(), 1); return err },
		"news":              func(tx *Tx) error { _, err := tx.News(t.Context(), "marks", at(0)); return err },
		"attachment counts": func(tx *Tx) error { _, err := tx.AttachmentCounts(t.Context(), []string{"a"}); return err },
		"path taken":        func(tx *Tx) error { _, err := tx.PathTaken(t.Context(), "a", 1); return err },
		"sent":              func(tx *Tx) error { return tx.Sent(t.Context(), Letter{ID: 1}, at(0), "") },
		"failed":            func(tx *Tx) error { return tx.GiveUp(t.Context(), Letter{ID: 1}, Failed, "no answer") },
		"postpone": func(tx *Tx) error {
			return tx.Postpone(t.Context(), Letter{ID: 1, Recipient: "maman"}, "", 0, unix(0), at(0))
		},
		"lately": func(tx *Tx) error {
			_, err := tx.List(t.Context(), ChangesView, Filter{Since: "2025-11-17", Limit: 50})
			return err
		},
	} {
		store.try(t, func(tx *Tx) {
			must(t, run(tx))
			for _, query := range slices.Sorted(maps.Keys(tx.prepared)) {
				plan := strings.ReplaceAll(planOf(t, tx, query), "SCAN json_each", "") // a list of what was asked for
				if strings.Contains(plan, "SCAN") || strings.Contains(plan, "AUTOMATIC") {
					t.Errorf("%s: %s\nis run as %s", name, query, plan)
				}
			}
		})
	}
}

// change runs the statements that write a row.
func change(t *testing.T, tx *Tx, o Owner) error {
	id, err := Marks.Add(t.Context(), tx, o, "a", pronote.Mark{}, at(0))
	if err != nil {
		return err
	}
	if err := Marks.Replace(t.Context(), tx, o, id, pronote.Mark{}, at(1)); err != nil {
		return err
	}
	return Marks.Retire(t.Context(), tx, id, at(2))
}

var parameter = regexp.MustCompile(`\?(\d*)`)

// planOf is how SQLite would run a query.
func planOf(t *testing.T, tx *Tx, query string) string {
	t.Helper()
	last := 0
	for _, match := range parameter.FindAllStringSubmatch(query, -1) {
		n, err := strconv.Atoi(match[1])
		if err != nil {
			n = last + 1
		}
		last = max(last, n)
	}
	rows, err := tx.query(t.Context(), "EXPLAIN QUERY PLAN "+query, make([]any, last)...)
	must(t, err)
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		must(t, rows.Scan(&id, &parent, &unused, &step))
		steps = append(steps, step)
	}
	must(t, errors.Join(rows.Err(), rows.Close()))
	return strings.Join(steps, ", ")
}
