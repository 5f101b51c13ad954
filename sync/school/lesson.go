package school

import (
	"context"
	"errors"
	"strconv"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// lessons reads some weeks from this one on at each poll, in one request, and the
// rest of the school year now and then.
var lessons = domain{
	Domain: psync.Domain{
		Name:     "lessons",
		Schedule: "*/15 7-22 * * *", // an absent teacher is entered in the morning
		Tables:   []db.View{db.Lessons.Listed()},
		Events:   []string{"lesson.cancelled", "lesson.restored", "lesson.moved", "lesson.replaced", "lesson.teacher", "lesson.room", "lesson.test", "lesson.new", "day.changed"},
	},
	read: func(ctx context.Context, v *visit) ([]mirror.Snapshot, error) {
		school := v.session.School()
		from := v.today.Monday()
		to := from.AddDays(7*v.spans.Lessons - 1)
		window := [2]pronote.Date{from, to}
		spans := [][2]pronote.Date{window}
		for side, rest := range [][2]pronote.Date{{school.Starts, from.AddDays(-1)}, {to.AddDays(1), school.Ends}} {
			// Its bounds move on each Monday, which makes nothing due.
			if rest[0].Compare(rest[1]) <= 0 && v.seldom(db.Span{Low: []string{"before", "after"}[side], High: school.Year}) {
				spans = append(spans, rest)
			}
		}
		return readEach(spans, func(span [2]pronote.Date) (mirror.Snapshot, error) {
			rows, err := v.session.Lessons(ctx, v.student, span[0], span[1])
			var refused *pronote.ServerError
			if span != window && errors.As(err, &refused) && !errors.Is(err, pronote.ErrSessionExpired) {
				return nil, nil // schools may show some weeks only
			}
			l := mirror.ListOf(db.Lessons, lessonMatcher, v.owner, db.DaySpan(span[0], span[1]), rows)
			l.Anew = true // who was told that a lesson is off must be told that it is on
			return lessonSnapshot{l}, err
		})
	},
}

// A lesson's number is the same at every login, and every week; the reference
// doubts that it outlives every edit. So it comes first, and is done without
// where it has to be.
var lessonMatcher = mirror.Matcher[pronote.Lesson]{
	Identities: []func(pronote.Lesson) string{
		func(l pronote.Lesson) string {
			return mirror.Identity(strconv.Itoa(l.Number), l.Starts.String(), l.Subject, l.Title)
		},
		func(l pronote.Lesson) string { return numbered(l, l.Starts.String()) },
		func(l pronote.Lesson) string { return numbered(l, l.Starts.Date.String()) },
		func(l pronote.Lesson) string {
			return mirror.Identity(append([]string{l.Starts.String(), l.Subject, l.Title}, l.Groups...)...)
		},
		func(l pronote.Lesson) string { return numbered(l, l.Starts.Monday().String()) },
		func(l pronote.Lesson) string { return numbered(l, "") },
	},
	// Entries of one hour and subject that say the same but for a room or two.
	Group: func(l pronote.Lesson) string { return mirror.Identity(l.Starts.String(), l.Subject, l.Title) },
	Alike: alikeLessons,
}

// numbered is a lesson's number within a stretch of time; a lesson without one is
// known by its start and name.
func numbered(l pronote.Lesson, when string) string {
	if l.Number == 0 {
		return mirror.Identity(l.Starts.String(), l.Subject, l.Title)
	}
	return strconv.Itoa(l.Number) + " " + when
}

func alikeLessons(a, b pronote.Lesson) int {
	score := 1
	for _, same := range []bool{
		a.Cancelled == b.Cancelled, sameNames(a.Teachers, b.Teachers), sameNames(a.Rooms, b.Rooms), sameNames(a.Groups, b.Groups),
		a.Ends == b.Ends, a.Detention == b.Detention,
	} {
		if same {
			score++
		}
	}
	return score
}

type lessonSnapshot struct{ mirror.List[pronote.Lesson] }

func (s lessonSnapshot) Store(ctx context.Context, tx *db.Tx, at pronote.DateTime) (mirror.Outcome, error) {
	changes, o, err := s.List.Store(ctx, tx, at)
	if err != nil {
		return o, err
	}
	changes = withoutPublished(changes, s.Rows)
	stories, err := s.weigh(ctx, tx, lessonStories(changes, s.Rows, at), at)
	if err != nil {
		return o, err
	}
	for _, story := range stories {
		o.Events = append(o.Events, story.telling(s.Items).Complete(story.event, s.Owner))
	}
	for _, day := range turnedDays(changes, s.Rows, at) {
		o.Events = append(o.Events, day.telling().Complete(day.event(stories), s.Owner))
	}
	return o, nil
}

// fewLessons is how many lessons may be news in a week of which none was known.
const fewLessons = 5

// withoutPublished leaves out the lessons of weeks that were unknown: their
// timetable was published, which does not make each lesson news.
func withoutPublished(changes []mirror.Change[pronote.Lesson], seen []pronote.Lesson) []mirror.Change[pronote.Lesson] {
	added, shown := map[pronote.Date]int{}, map[pronote.Date]int{}
	for _, c := range changes {
		if c.Kind == mirror.Added {
			added[c.New.Starts.Monday()]++
		}
	}
	if len(added) == 0 {
		return changes
	}
	for _, l := range seen {
		shown[l.Starts.Monday()]++
	}
	var kept []mirror.Change[pronote.Lesson]
	for _, c := range changes {
		week := c.New.Starts.Monday()
		if c.Kind != mirror.Added || added[week] < shown[week] || added[week] <= fewLessons {
			kept = append(kept, c)
		}
	}
	return kept
}
