package world

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// alone is Parallel for a test that lives through years in one goroutine, in which the
// race detector would find nothing.
func alone(t *testing.T) {
	t.Helper()
	t.Parallel()
	if raced {
		t.Skip("nothing meets here")
	}
}

// digest is a hash of what a school year shows, once a month.
func digest(t *testing.T, seed uint64, year int) string {
	t.Helper()
	s := NewSchool(seed, year)
	hash := sha256.New()
	encoder := json.NewEncoder(hash)
	for d := s.Starts(); d.Compare(s.Ends()) <= 0; d = d.AddDays(30) {
		s.AdvanceTo(at(d, 23, 0))
		for _, pupil := range append(s.Children(), s.Pupils()[0]) {
			for _, viewer := range viewers() {
				if err := encoder.Encode(s.Truth(viewer, pupil)); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if err := encoder.Encode(s.Edits()); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", hash.Sum(nil))
}

func TestSameSeedSameYear(t *testing.T) {
	alone(t)
	one := digest(t, 1, 2025)
	if again := digest(t, 1, 2025); again != one {
		t.Errorf("two runs of one seed differ: %s, %s", one, again)
	}
	if two := digest(t, 2, 2025); two == one {
		t.Error("two seeds give the same year")
	}
	if other := digest(t, 1, 2026); other == one {
		t.Error("two years are the same")
	}
}

func TestAnyYearCanBeMade(t *testing.T) {
	alone(t)
	for year := 2010; year < 2040; year++ {
		s := NewSchool(uint64(year), year)
		if s.Starts().Year != year || s.Ends().Year != year+1 || len(s.script) < 1000 {
			t.Errorf("%s: %s to %s, %d events", s.Year(), s.Starts(), s.Ends(), len(s.script))
		}
	}
}

func TestBeginsTheEveningBefore(t *testing.T) {
	t.Parallel()
	s := NewSchool(1, 2025)
	if got, want := s.Now().String(), "2025-08-31 20:00:00"; got != want {
		t.Errorf("Now() = %s, want %s", got, want)
	}
	truth := s.Truth("student", s.Pupil())
	if len(truth.Marks)+len(truth.Averages)+len(truth.Homework)+len(truth.Infos)+len(s.Edits()) > 0 {
		t.Errorf("something was published before the year began: %+v", truth)
	}
}

func TestTimeNeverGoesBack(t *testing.T) {
	t.Parallel()
	s := NewSchool(1, 2025)
	noon := at(day(2025, time.October, 1), 12, 0)
	if len(s.AdvanceTo(noon)) == 0 {
		t.Error("nothing happened in September")
	}
	if edits := s.AdvanceTo(at(day(2025, time.September, 20), 8, 0)); len(edits) > 0 || s.Now() != noon {
		t.Errorf("after going back it is %s, with %d edits", s.Now(), len(edits))
	}
	if edits := s.AdvanceTo(noon); len(edits) > 0 {
		t.Errorf("the same minute played twice: %v", edits)
	}
}

func TestPeople(t *testing.T) {
	t.Parallel()
	s := NewSchool(3, 2025)
	pupils := s.Pupils()
	if len(pupils) != classSize || !slices.IsSorted(pupils) || len(slices.Compact(pupils)) != classSize {
		t.Errorf("the register is odd: %q", pupils)
	}
	for _, child := range append(s.Children(), s.Pupil()) {
		if !slices.Contains(s.Pupils(), child) {
			t.Errorf("%s is not in the class", child)
		}
	}
	if s.class.in(spanish, firstChild) == s.class.in(spanish, secondChild) {
		t.Error("the children have the same language")
	}
	for _, subject := range s.Subjects() {
		if s.Teacher(subject) == "" {
			t.Errorf("nobody teaches %s", subject)
		}
	}
}

func TestYearsArePlausible(t *testing.T) {
	alone(t)
	for seed := range uint64(5) {
		s := NewSchool(seed, 2025)
		s.AdvanceTo(at(s.Ends(), 23, 0))
		for _, pupil := range s.Children() {
			counts := map[string]int{}
			for _, e := range s.Edits() {
				if e.Concerns("parent", pupil) {
					counts[e.Domain+" "+e.Kind]++
				}
			}
			for kind, limits := range map[string][2]int{
				"marks added": {100, 145}, "homework added": {300, 430}, "infos added": {60, 90},
				"marks removed": {3, 30}, "homework removed": {10, 60}, "infos removed": {50, 90},
				"marks changed": {100, 280}, "homework changed": {180, 500}, "infos changed": {50, 120},
				"absences added": {4, 25}, "absences changed": {5, 90}, "delays added": {8, 30}, "delays changed": {6, 50},
				"punishments added": {2, 20}, "punishments changed": {1, 50}, "observations added": {8, 35}, "observations changed": {1, 30},
			} {
				if n := counts[kind]; n < limits[0] || n > limits[1] {
					t.Errorf("seed %d: %d %s for %s, want %d to %d", seed, n, kind, pupil, limits[0], limits[1])
				}
			}
		}
	}
}

// everyDay plays a whole year and stops in the evening of each day.
func everyDay(s *School, visit func(pronote.Date)) {
	for d := s.Starts(); d.Compare(s.Ends().AddDays(30)) <= 0; d = d.AddDays(1) {
		s.AdvanceTo(at(d, 23, 0))
		visit(d)
	}
}

func TestSeveralGoroutines(t *testing.T) {
	t.Parallel()
	s := NewSchool(1, 2025)
	t.Run("group", func(t *testing.T) {
		for range 4 {
			t.Run("user", func(t *testing.T) {
				t.Parallel()
				for week := range 3 {
					s.AdvanceTo(at(s.Starts().AddDays(7*week), 12, 0))
					s.Truth("parent", s.Children()[1])
					s.Do(Add(Test{Subject: maths, Scores: map[string]pronote.Score{s.Pupil(): pronote.ParseScore("12")}}))
					s.Edits()
				}
			})
		}
	})
}

func BenchmarkYear(b *testing.B) {
	for b.Loop() {
		s := NewSchool(1, 2025)
		for d := s.Starts(); d.Compare(s.Ends()) <= 0; d = d.AddDays(1) {
			for hour := 8; hour < 20; hour += 2 {
				s.AdvanceTo(at(d, hour, 0))
				for _, pupil := range s.Pupils()[:3] {
					s.Truth("student", pupil)
				}
			}
		}
	}
}
