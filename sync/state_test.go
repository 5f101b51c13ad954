package sync

import (
	"errors"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/db"
)

func TestDue(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_000_000, 0)
	for _, tt := range []struct {
		phase db.Phase
		until int64
		want  bool
	}{
		{db.Ready, 0, true},
		{db.Waiting, 1_000_001, false},
		{db.Waiting, 1_000_000, true},
		{db.Banned, 1_000_001, false},
		{db.Banned, 999_999, true},
		{db.Suspended, 0, false},
	} {
		if got := due(db.Account{Phase: tt.phase, PhaseUntil: tt.until}, now); got != tt.want {
			t.Errorf("due(%s until %d) = %t, want %t", tt.phase, tt.until, got, tt.want)
		}
	}
}

func TestQuietHours(t *testing.T) {
	t.Parallel()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ quiet, at, want string }{
		{"21:30-06:45", "2025-11-17 21:29", "2025-11-17 21:29"},
		{"21:30-06:45", "2025-11-17 21:30", "2025-11-18 06:45"},
		{"21:30-06:45", "2025-11-18 00:10", "2025-11-18 06:45"},
		{"21:30-06:45", "2025-11-18 06:45", "2025-11-18 06:45"},
		{"12:00-13:30", "2025-11-18 12:30", "2025-11-18 13:30"},
		{"12:00-13:30", "2025-11-18 21:30", "2025-11-18 21:30"},
		{"22:00-02:30", "2026-03-28 23:00", "2026-03-29 03:30"}, // there is no 02:30 that night
		{"00:00-00:00", "2025-11-18 12:30", "2025-11-18 12:30"},
	} {
		quiet, err := ParseQuiet(tt.quiet)
		if err != nil {
			t.Fatal(err)
		}
		at, err := time.ParseInLocation("2006-01-02 15:04", tt.at, paris)
		if err != nil {
			t.Fatal(err)
		}
		if got := quiet.After(at).Format("2006-01-02 15:04"); got != tt.want {
			t.Errorf("%s after %s = %s, want %s", tt.quiet, tt.at, got, tt.want)
		}
	}
	for _, bad := range []string{"", "21:30", "21:30-25:00", "soir-matin", "21:30-06:45-07:00"} {
		if q, err := ParseQuiet(bad); err == nil {
			t.Errorf("ParseQuiet(%q) = %v, want an error", bad, q)
		}
	}
}

// The budget of a parent of three was once spent before the evening.
func TestTheDayHasEnoughRequestsForEachChild(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ perDay, children, want int }{
		{0, 0, 400}, {0, 1, 400}, {0, 2, 400}, {0, 3, 600}, {0, 5, 1000}, {300, 3, 300}, {1000, 1, 1000},
	} {
		now := time.Date(2025, 11, 17, 9, 0, 0, 0, time.UTC)
		p := newPurse(Budget{PerHour: 10_000, PerDay: tt.perDay, LoginsPerDay: 2}, func() time.Time { return now }, time.UTC)
		p.children = tt.children
		n := 0
		for ; p.spend(t.Context()) == nil; n++ {
		}
		if n != tt.want {
			t.Errorf("%d children with %d in the configuration: %d requests, want %d", tt.children, tt.perDay, n, tt.want)
		}
	}
}

// A look every ten minutes at a bar takes more requests and logins than a school's day
// has.
func TestAnAccountMayHaveABudgetOfItsOwn(t *testing.T) {
	t.Parallel()
	shared := Budget{PerHour: 120, PerDay: 400, LoginsPerDay: 12}
	if got := shared.of(Account{}); got != shared {
		t.Errorf("an account like others has %+v", got)
	}
	if got := shared.of(Account{LoginsPerDay: 200, RequestsPerDay: 2000}); got.LoginsPerDay != 200 || got.PerDay != 2000 || got.PerHour != 120 {
		t.Errorf("a bar has %+v", got)
	}
}

func TestBudgetIsSpentBeforeRequestsAreSent(t *testing.T) {
	t.Parallel()
	now := time.Date(2025, 11, 17, 9, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	p := newPurse(Budget{PerHour: 3, PerDay: 5, LoginsPerDay: 2}, clock, time.UTC)
	spend := func() error { return p.spend(t.Context()) }
	for i := range 3 {
		if err := spend(); err != nil {
			t.Fatalf("request %d: %v", i+1, err)
		}
	}
	var budget *BudgetError
	if err := spend(); !errors.As(err, &budget) || !budget.Until.Equal(now.Add(20*time.Minute)) {
		t.Errorf("fourth request of the hour: %v, want to wait 20 minutes", err)
	}
	now = now.Add(50 * time.Minute)
	for i := range 2 {
		if err := spend(); err != nil {
			t.Fatalf("request %d: %v", i+4, err)
		}
	}
	now = now.Add(5 * time.Hour)
	if err := spend(); !errors.As(err, &budget) || !budget.Until.Equal(time.Date(2025, 11, 18, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("sixth request of the day: %v, want to wait until midnight", err)
	}
	now = time.Date(2025, 11, 18, 7, 0, 0, 0, time.UTC)
	if err := spend(); err != nil {
		t.Errorf("the next day: %v", err)
	}
	if err := p.mayLogin([]time.Time{now.Add(-20 * time.Hour)}); err != nil {
		t.Errorf("second login of a day: %v", err)
	}
	err := p.mayLogin([]time.Time{now.Add(-20 * time.Hour), now.Add(-time.Hour)})
	if !errors.As(err, &budget) || !budget.Until.Equal(now.Add(4*time.Hour)) {
		t.Errorf("third login of a day: %v, want to wait until the first is a day old", err)
	}
}

var marksAlone = Domains{{Name: "marks", Events: []string{"mark.new"}}}

func TestRecipientsWant(t *testing.T) {
	t.Parallel()
	lea := db.Student{ID: 1, Name: "MARTIN Léa"}
	tom := db.Student{ID: 2, Name: "MARTIN Tom", Alias: "Tomtom"}
	family := db.Student{ID: 3, Name: "famille", Holder: true}
	for _, tt := range []struct {
		events, students []string
		kind             string
		student          db.Student
		want             bool
	}{
		{[]string{"mark.*"}, nil, "mark.new", lea, true},
		{[]string{"mark.*"}, nil, "homework.new", lea, false},
		{[]string{"*"}, nil, "system.banned", db.Student{}, true},
		{[]string{"mark.new", "homework.*"}, nil, "homework.removed", tom, true},
		{[]string{"*"}, []string{"Léa"}, "mark.new", lea, true},
		{[]string{"*"}, []string{"léa"}, "mark.new", lea, true},
		{[]string{"*"}, []string{"Léa"}, "mark.new", tom, false},
		{[]string{"*"}, []string{"tomtom"}, "mark.new", tom, true},
		{[]string{"*"}, []string{"MARTIN Tom"}, "mark.new", tom, true},
		{[]string{"*"}, []string{"Léa"}, "info.new", family, true},
		{[]string{"*"}, []string{"Léa"}, "system.banned", db.Student{}, true},
	} {
		r := Recipient{Students: tt.students, Location: time.UTC, Policy: Policy{Events: tt.events}}
		if got := Route(db.Event{Kind: tt.kind}, tt.student, r, nil, time.Now()).Way != db.None; got != tt.want {
			t.Errorf("wants(%v, %v) of %s for %s = %t, want %t", tt.events, tt.students, tt.kind, tt.student.Name, got, tt.want)
		}
	}
	for pattern, ok := range map[string]bool{"mark.*": true, "*": true, "system.banned": true, "marks.*": false, "mark.nouveau": false, "[": false, "": false} {
		if got := marksAlone.Match(pattern); got != ok {
			t.Errorf("Match(%q) = %t", pattern, got)
		}
	}
}
