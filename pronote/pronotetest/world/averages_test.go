package world

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
)

func TestAverageOf(t *testing.T) {
	t.Parallel()
	const pupil = "PARENT Fanny"
	test := func(raw string, outOf, coefficient float64) *Test {
		return &Test{OutOf: outOf, Coefficient: coefficient, Scores: map[string]pronote.Score{pupil: pronote.ParseScore(raw)}}
	}
	optional := func(t *Test) *Test { t.Optional = true; return t }
	bonus := func(t *Test) *Test { t.Bonus = true; return t }
	rescaled := func(t *Test) *Test { t.Rescaled = true; return t }
	for name, c := range map[string]struct {
		tests []*Test
		want  pronote.Number
	}{
		"none":                      {nil, pronote.Number{}},
		"coefficients":              {[]*Test{test("10", 20, 1), test("16", 20, 2)}, pronote.Num(14)},
		"a small scale weighs less": {[]*Test{test("10", 20, 1), test("10", 10, 1)}, pronote.Num(13.33)},
		"rescaled weighs the same":  {[]*Test{test("10", 20, 1), rescaled(test("10", 10, 1))}, pronote.Num(15)},
		"annotations":               {[]*Test{test("|1", 20, 1), test("|2", 20, 1), test("12,5", 20, 1)}, pronote.Num(12.5)},
		"only annotations":          {[]*Test{test("|1", 20, 1)}, pronote.Number{}},
		"counted as 0":              {[]*Test{test("|7", 20, 1), test("12", 20, 1)}, pronote.Num(6)},
		"optional raises":           {[]*Test{test("10", 20, 1), optional(test("12", 20, 1))}, pronote.Num(11)},
		"optional does not lower":   {[]*Test{test("10", 20, 1), optional(test("8", 20, 1))}, pronote.Num(10)},
		"only optional":             {[]*Test{optional(test("8", 20, 1))}, pronote.Num(8)},
		"bonus above half":          {[]*Test{test("10", 20, 1), bonus(test("14", 20, 0.5))}, pronote.Num(12)},
		"bonus below half":          {[]*Test{test("10", 20, 1), bonus(test("6", 20, 1))}, pronote.Num(10)},
		"only bonus":                {[]*Test{bonus(test("16", 20, 1))}, pronote.Number{}},
		"never above 20":            {[]*Test{test("19", 20, 1), bonus(test("20", 20, 1))}, pronote.Num(20)},
	} {
		if got := averageOf(c.tests, pupil); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// The figures of the class follow from the marks that the pupils see.
func TestClassFiguresAddUp(t *testing.T) {
	alone(t)
	s := NewSchool(4, 2025)
	for _, d := range []pronote.Date{day(2025, time.November, 20), day(2026, time.January, 30), s.Ends()} {
		s.AdvanceTo(at(d, 20, 0))
		tests := map[int][]pronote.Mark{}
		averages := map[int][]pronote.Average{}
		for _, pupil := range s.Pupils() {
			truth := s.Truth("student", pupil)
			for _, row := range truth.Marks {
				tests[row.ID] = append(tests[row.ID], row.Value)
			}
			for _, row := range truth.Averages {
				averages[row.ID] = append(averages[row.ID], row.Value)
			}
		}
		for id, marks := range tests {
			var c column
			for _, m := range marks {
				c.add(m.Score.Number)
			}
			for _, m := range marks {
				if s.subject(m.Subject).hidden != !m.ClassAverage.Known && c.count > 0 {
					t.Errorf("test %d of %s shows the class: %v", id, m.Subject, m.ClassAverage)
				}
				c.check(t, m.Title, m.ClassAverage, m.ClassMin, m.ClassMax)
			}
		}
		for id, rows := range averages {
			var c column
			for _, a := range rows {
				c.add(a.Student)
			}
			for _, a := range rows {
				if a.Subject == "" && (a.ClassMin.Known || a.ClassMax.Known) {
					t.Errorf("overall average %d has a lowest or highest, which PRONOTE does not send", id)
				}
				c.check(t, a.Subject, a.ClassAverage, a.ClassMin, a.ClassMax)
			}
		}
	}
}

// column adds up numbers in another way than the school does.
type column struct {
	hundredths, count, low, high int
}

func (c *column) add(n pronote.Number) {
	if !n.Known {
		return
	}
	h := int(math.Round(n.Value * 100))
	if c.count == 0 || h < c.low {
		c.low = h
	}
	if c.count == 0 || h > c.high {
		c.high = h
	}
	c.hundredths += h
	c.count++
}

func (c *column) check(t *testing.T, name string, average, lowest, highest pronote.Number) {
	t.Helper()
	want := [3]float64{float64(c.hundredths) / float64(c.count) / 100, float64(c.low) / 100, float64(c.high) / 100}
	for i, n := range [3]pronote.Number{average, lowest, highest} {
		if n.Known && math.Abs(n.Value-want[i]) > 0.00501 {
			t.Errorf("%s: the class shows %v, the pupils' marks make %v", name, n.Value, want[i])
		}
	}
}

func TestOverallIsTheMeanOfSubjects(t *testing.T) {
	alone(t)
	s := NewSchool(5, 2025)
	s.AdvanceTo(at(s.Ends(), 20, 0))
	for _, pupil := range s.Pupils() {
		overall, subjects := map[string]pronote.Average{}, map[string]*column{}
		for _, row := range s.Truth("parent", pupil).Averages {
			a := row.Value
			if a.Subject == "" {
				overall[a.Period], subjects[a.Period] = a, &column{}
				continue
			}
			if overall[a.Period] != (pronote.Average{}) && !strings.Contains(a.Subject, partOf) {
				subjects[a.Period].add(a.Student)
			}
		}
		if len(overall) != 3 {
			t.Errorf("%s has %d overall averages, want 3", pupil, len(overall))
		}
		for period, a := range overall {
			subjects[period].check(t, pupil, a.Student, pronote.Number{}, pronote.Number{})
		}
	}
}
