package school

import (
	"encoding/json"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

var _ = inYears("lessons", yearDomain{
	function: "PageEmploiDuTemps",
	expect: func(y *year, of mirror.Snapshot) ([]string, bool) {
		s, ours := of.(lessonSnapshot)
		if !ours {
			return nil, false
		}
		return append(lessonEvents(y, s), dayEvents(y, s)...), true
	},
	mirrored: map[string]func(*year, *db.Tx, db.Owner) ([]string, error){
		"lessons": mirrored(db.Lessons),
	},
})

// A timetable is what the model knows of one pupil's.
type timetable struct {
	lessons map[int]pronote.Lesson // by the school's own number
	hours   map[pronote.Date]hours
}

// lessonEvents are the stories of what the school's own numbers say happened.
// That the stories are the right ones is tested case by case.
func lessonEvents(y *year, s lessonSnapshot) []string {
	name := s.Owner.StudentName
	if y.timetables == nil {
		y.timetables = map[string]timetable{}
	}
	if y.timetables[name].lessons == nil {
		y.timetables[name] = timetable{map[int]pronote.Lesson{}, map[pronote.Date]hours{}}
	}
	known := y.timetables[name].lessons
	var looked []db.Span
	if m := y.known["lessons "+name]; m != nil {
		looked = m.places
	}
	spans := []db.Span{s.Span}
	truth := y.school.Truth(y.kind, name).Lessons
	follow(y, db.Lessons, s.Owner, s.Span, truth, func(l pronote.Lesson) entry {
		return entry{place: l.Starts.Date.String()}
	}, func(mirror.Kind, []string, entry, entry) string { return "" })

	var changes []mirror.Change[pronote.Lesson]
	var shown []pronote.Lesson
	there := map[int]bool{}
	for _, row := range truth {
		if !db.Lessons.Holds(spans, row.Value) {
			continue
		}
		old, had := known[row.ID]
		switch {
		case !had && db.Lessons.Holds(looked, row.Value):
			changes = append(changes, mirror.Change[pronote.Lesson]{Kind: mirror.Added, New: row.Value, At: len(shown)})
		case had && db.Lessons.Key(&old) != db.Lessons.Key(&row.Value):
			changes = append(changes, mirror.Change[pronote.Lesson]{Kind: mirror.Changed, Old: old, New: row.Value, At: len(shown)})
		}
		there[row.ID], known[row.ID] = true, row.Value
		shown = append(shown, row.Value)
	}
	for id, old := range known {
		if db.Lessons.Holds(spans, old) && !there[id] {
			changes = append(changes, mirror.Change[pronote.Lesson]{Kind: mirror.Removed, Old: old})
			delete(known, id)
		}
	}
	var events []string
	for _, story := range lessonStories(changes, shown, y.school.Now()) {
		events = append(events, story.kind+" "+string(db.Lessons.JSON(story.new)))
	}
	return events
}

// dayEvents compares when the near days began and ended at the last look with
// when they do now.
func dayEvents(y *year, s lessonSnapshot) []string {
	known, now := y.timetables[s.Owner.StudentName].hours, y.school.Now()
	found := map[pronote.Date]hours{}
	for _, row := range y.school.Truth(y.kind, s.Owner.StudentName).Lessons {
		l := row.Value
		if l.Cancelled || l.Kind == "council" || !db.Lessons.Holds([]db.Span{s.Span}, l) {
			continue
		}
		h, ok := found[l.Starts.Date]
		if !ok || l.Starts.Compare(h.starts) < 0 {
			h.starts = l.Starts
		}
		if l.Ends.Compare(h.ends) > 0 {
			h.ends = l.Ends
		}
		found[l.Starts.Date] = h
	}
	var events []string
	from, _ := pronote.ParseDate(s.Span.Low)
	to, _ := pronote.ParseDate(s.Span.High)
	for day := from; day.Compare(to) <= 0; day = day.AddDays(1) {
		before, looked := known[day]
		is := found[day]
		known[day] = is
		begun := before.starts.Compare(now) <= 0 && is.starts.Compare(now) <= 0
		ended := before.ends.Compare(now) <= 0 && is.ends.Compare(now) <= 0
		if !looked || day.Compare(now.Date) < 0 || day.DaysSince(now.Date) > nearDays ||
			(before.starts == is.starts || begun) && (before.ends == is.ends || ended) {
			continue
		}
		text, err := json.Marshal(map[string]any{"day": day, "starts_at": is.starts, "ends_at": is.ends})
		if err != nil {
			y.t.Fatal(err)
		}
		events = append(events, "day.changed "+string(text))
	}
	return events
}
