package school

import (
	"context"
	"math"
	"slices"
	"strconv"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// marks reads the current period at each poll. Other periods that have begun
// are read again only now and then: teachers do correct marks after the end of
// a term, but a request a quarter of an hour for that is too many.
var marks = domain{
	Domain: psync.Domain{
		Name:     "marks",
		Schedule: "*/30 7-22 * * *",
		Tables:   []db.View{db.Marks.Listed(), db.Averages.Listed()},
		Events:   []string{"mark.new", "mark.changed", "mark.removed", "average.changed"},
		Files:    []string{db.Marks.Name},
	},
	read: func(ctx context.Context, v *visit) ([]mirror.Snapshot, error) {
		return readEach(v.periods(pronote.TabMarks), func(period pronote.Period) (mirror.Snapshot, error) {
			span := db.PeriodSpan(period)
			marks, averages, err := v.session.Marks(ctx, v.student, period)
			return markSnapshot{
				marks:    mirror.ListOf(db.Marks, markMatcher, v.owner, span, marks),
				averages: mirror.ListOf(db.Averages, averageMatcher, v.owner, span, averages),
			}, err
		})
	},
}

// periods are those of a tab to read now: the current one, and of the others that
// have begun those that were not read for a while.
func (v *visit) periods(tab pronote.Tab) []pronote.Period {
	all, present := v.student.PeriodsOf(tab)
	return v.begun(withoutTheYear(all), present)
}

// begun are those of some periods to read now.
func (v *visit) begun(all []pronote.Period, present string) (periods []pronote.Period) {
	for _, p := range all {
		current := p.Name == present || present == "" && p.Holds(v.today)
		if p.Starts.Compare(v.today) <= 0 && (v.due(db.PeriodSpan(p)) || current) {
			periods = append(periods, p)
		}
	}
	return periods
}

// withoutTheYear leaves out the year as a whole where there are also terms: it
// repeats their marks. Periods outside the terms, such as mock exams, stay.
func withoutTheYear(periods []pronote.Period) []pronote.Period {
	if !slices.ContainsFunc(periods, isTerm) {
		return periods
	}
	return slices.DeleteFunc(slices.Clone(periods), func(p pronote.Period) bool { return p.Kind == "year" })
}

func isTerm(p pronote.Period) bool { return p.Kind == "term" || p.Kind == "semester" }

var markMatcher = mirror.Matcher[pronote.Mark]{
	Identities: []func(pronote.Mark) string{
		func(m pronote.Mark) string {
			return mirror.Identity(m.Year, m.Period, m.Subject, m.GivenOn.String(), m.Title, figure(m.OutOf), figure(m.Coefficient), m.Score.Text)
		},
		func(m pronote.Mark) string {
			return mirror.Identity(m.Subject, m.GivenOn.String(), m.Title, figure(m.OutOf), figure(m.Coefficient))
		},
		func(m pronote.Mark) string { return mirror.Identity(m.Subject, m.GivenOn.String(), m.Title) },
	},
	Group: func(m pronote.Mark) string { return m.Subject },
	Alike: alikeMarks,
}

// alikeMarks weighs what two marks share. A teacher edits one or two things of
// a test; a test that shares only its scale, its coefficient and its day with
// another is another.
func alikeMarks(a, b pronote.Mark) int {
	score := 3 * mirror.Overlap(a.Title, b.Title) / 100
	for _, same := range []struct {
		yes    bool
		weight int
	}{
		{a.GivenOn == b.GivenOn, 2},
		{a.Score == b.Score, 2},
		{a.OutOf == b.OutOf, 1},
		{a.Coefficient == b.Coefficient, 1},
	} {
		if same.yes {
			score += same.weight
		}
	}
	return score + alikeClasses(a, b) - 4
}

// alikeClasses compares the class's figures: average, minimum and maximum
// together are a fingerprint of a test, which drifts a little when another
// pupil's mark is corrected.
func alikeClasses(a, b pronote.Mark) int {
	if !a.ClassAverage.Known || !b.ClassAverage.Known {
		return 0
	}
	sameEnds := a.ClassMin == b.ClassMin && a.ClassMax == b.ClassMax
	drift := math.Abs(a.ClassAverage.Value - b.ClassAverage.Value)
	switch {
	case sameEnds && drift == 0:
		return 3
	case sameEnds || drift < 0.5:
		return 1
	default:
		return -2
	}
}

var averageMatcher = mirror.Matcher[pronote.Average]{
	Identities: []func(pronote.Average) string{
		func(a pronote.Average) string { return mirror.Identity(a.Year, a.Period, a.Subject) },
	},
	// Two groups of one subject share a name: the order decides.
	Group: func(a pronote.Average) string { return a.Subject },
	Alike: func(a, b pronote.Average) int { return 1 },
}

type markSnapshot struct {
	marks    mirror.List[pronote.Mark]
	averages mirror.List[pronote.Average]
}

func (s markSnapshot) Store(ctx context.Context, tx *db.Tx, at pronote.DateTime) (mirror.Outcome, error) {
	s.marks.Children = []mirror.Child[pronote.Mark]{mirror.AttachmentsOf(func(m pronote.Mark) mirror.Attached {
		return mirror.Attached{List: m.Attachments, Subject: m.Subject, Day: m.GivenOn}
	})}
	s.marks.Returns = true
	marks, total, err := s.marks.Store(ctx, tx, at)
	if err != nil {
		return total, err
	}
	var averages []mirror.Change[pronote.Average]
	if s.averages.Rows != nil { // a school that hides averages has not removed them
		var o mirror.Outcome
		if averages, o, err = s.averages.Store(ctx, tx, at); err != nil {
			return total, err
		}
		total.Add(mirror.Outcome{Others: o.Added + o.Changed + o.Removed, Doubted: o.Doubted}) // averages are not counted as marks
	}
	total.Events = append(announceMarks(s.marks.Owner, marks, averages), announceAverages(s.averages.Owner, averages)...)
	return total, nil
}

// markColumns are those of a mark whose change people want to know; the
// class's figures drift with every other pupil's mark.
var (
	markColumns  = []string{"value_text", "out_of", "coefficient", "given_on", "title", "subject", "comment", "bonus", "optional"}
	classColumns = []string{"class_average", "class_min", "class_max"}
)

func announceMarks(owner db.Owner, changes []mirror.Change[pronote.Mark], averages []mirror.Change[pronote.Average]) []db.Event {
	var events []db.Event
	for _, c := range changes {
		t := mirror.TellingOf(db.Marks, c)
		kind := mirror.KindOf("mark", c.Kind, t.Touches(markColumns) || t.Touches(classColumns))
		if kind == "" {
			continue
		}
		if c.Kind != mirror.Removed {
			t.Average = averageStep(c.New.Subject, averages)
		}
		events = append(events, t.Complete(db.Event{Kind: kind, Minor: minorMark(t)}, owner))
	}
	return events
}

// minorMark is why a change of a mark is hardly worth a message: most are of the test,
// and leave the mark as it was.
func minorMark(t mirror.Telling) string {
	switch minor := t.Minor(markColumns, "title", "comment"); {
	case minor != "":
		return minor
	case t.What != nil && !t.Touches(markColumns):
		return db.MinorDrift
	case !t.Only(markColumns, "title", "given_on", "coefficient"):
		return ""
	case t.Touches([]string{"coefficient"}):
		return db.MinorCoefficient
	case t.Touches([]string{"given_on"}):
		return db.MinorDate
	}
	return db.MinorTitle
}

// averageStep is how the pupil's average in a subject moved in the same poll, nil
// when it did not, or when two teachers have averages of that name and both moved.
func averageStep(subject string, averages []mirror.Change[pronote.Average]) *mirror.Step {
	var moved *mirror.Step
	for _, c := range averages {
		if c.Kind == mirror.Removed || c.New.Subject != subject || !c.New.Student.Known || c.New.Student == c.Old.Student {
			continue
		}
		if moved != nil {
			return nil
		}
		moved = &mirror.Step{Before: figureOrNil(c.Old.Student), After: c.New.Student.Value}
	}
	return moved
}

func announceAverages(owner db.Owner, changes []mirror.Change[pronote.Average]) []db.Event {
	var events []db.Event
	for _, c := range changes {
		if t := mirror.TellingOf(db.Averages, c); c.Kind != mirror.Removed && c.New.Student.Known && c.New.Student != c.Old.Student {
			e := db.Event{Kind: "average.changed"}
			if c.New.Subject != "" {
				e.Minor = db.MinorSubject
			}
			events = append(events, t.Complete(e, owner))
		}
	}
	return events
}

func figure(n pronote.Number) string {
	if !n.Known {
		return ""
	}
	return strconv.FormatFloat(n.Value, 'g', -1, 64)
}

func figureOrNil(n pronote.Number) *float64 {
	if !n.Known {
		return nil
	}
	return &n.Value
}
