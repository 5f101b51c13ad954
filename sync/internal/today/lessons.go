package today

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
	"github.com/pronote-sync/pronote-sync/sync/internal/wording"
)

type lesson = db.Item[pronote.Lesson]

// hoursOf is when the first of some lessons of one day begins and the last ends, zero
// for none.
func hoursOf(lessons []lesson) (from, to civil.DateTime) {
	for _, l := range lessons {
		if from.IsZero() || l.Value.Starts.Compare(from) < 0 {
			from = l.Value.Starts
		}
		if ends := cmp.Or(l.Value.Ends, l.Value.Starts); to.IsZero() || ends.Compare(to) > 0 {
			to = ends
		}
	}
	return from, to
}

// on are the lessons of a day that are a pupil's: class councils are not.
func on(day civil.Date, lessons []lesson) []lesson {
	return filter(lessons, func(l lesson) bool { return l.Value.Starts.Date == day && l.Value.Kind != "council" })
}

func held(lessons []lesson) []lesson {
	return filter(lessons, func(l lesson) bool { return !l.Value.Cancelled })
}

func filter[T any](list []T, keep func(T) bool) (kept []T) {
	for _, v := range list {
		if keep(v) {
			kept = append(kept, v)
		}
	}
	return kept
}

// usual are the hours that a timetable gives a day, whether or not each lesson is
// held. Outings and detentions are not of the timetable.
func usual(planned []lesson) (from, to civil.DateTime) {
	return hoursOf(filter(planned, func(l lesson) bool { return !l.Value.Outing && !l.Value.Detention }))
}

// A timetable is what PRONOTE shows around a day, and what it showed when the day was
// planned.
type timetable struct {
	day      civil.Date
	now, was []lesson
}

// A change is what became of a lesson of the day.
type change struct {
	kind   string  // of the event that tells it
	now    lesson  // as it was, where it is no longer there
	before *lesson // what was in its place; nil for nothing
	also   []string
}

// changes are those of the day, by the hour. What differs is told against the plan;
// an outing and a detention always are.
func (t timetable) changes() (list []change) {
	today, planned := on(t.day, t.now), on(t.day, t.was)
	taking := held(today)
	told := map[string]bool{} // lessons that a change speaks of
	lost := func(old lesson) {
		c, by := t.instead(old, taking)
		told[by] = true
		if c.kind != "" {
			list = append(list, c)
		}
	}
	for _, l := range today {
		if l.Value.Cancelled {
			lost(l)
		}
	}
	for _, l := range planned {
		now, there := find(t.now, l.UID)
		switch {
		case l.Value.Cancelled || there && now.Value.Starts.Date == t.day:
		case there && !now.Value.Cancelled:
			list = append(list, change{kind: "lesson.moved", now: now, before: &l})
		case !there:
			lost(l)
		}
	}
	for _, l := range taking {
		if old, known := find(t.was, l.UID); known && !told[l.UID] {
			if kind := turn(old.Value, l.Value); kind != "" {
				list, told[l.UID] = append(list, change{kind: kind, now: l, before: &old}), true
			}
		} else if !told[l.UID] && len(planned) > 0 {
			list, told[l.UID] = append(list, change{kind: "lesson.new", now: l}), true
		}
		if !told[l.UID] && (l.Value.Outing || l.Value.Detention) {
			list = append(list, change{kind: "lesson.new", now: l})
		}
	}
	slices.SortStableFunc(list, func(a, b change) int { return a.hour().Compare(b.hour()) })
	return joined(list)
}

// hour is where a change stands in the day.
func (c change) hour() civil.DateTime {
	if c.before != nil {
		return c.before.Value.Starts
	}
	return c.now.Value.Starts
}

// instead is what became of a lesson that is not held, and the uid of the lesson that
// has its place, "" for none. No kind is nothing to tell: an outing speaks for itself,
// and one row more of the same lesson says nothing.
func (t timetable) instead(old lesson, taking []lesson) (c change, uid string) {
	var by *lesson
	for i, l := range taking {
		if t.takes(l, old) && (by == nil || l.Value.Number > by.Value.Number) {
			by = &taking[i]
		}
	}
	switch {
	case by == nil:
		if to := t.elsewhere(old); to != nil {
			return change{kind: "lesson.moved", now: *to, before: &old}, to.UID
		}
		return change{kind: "lesson.cancelled", now: old}, ""
	case by.Value.Outing && !old.Value.Outing:
		return change{}, ""
	}
	return change{kind: turn(old.Value, by.Value), now: *by, before: &old}, by.UID
}

// takes reports whether a lesson is held in the place of one that is not. One that was
// planned beside it, as for another group, is not, unless it has the later number.
func (t timetable) takes(l, old lesson) bool {
	was, planned := find(t.was, l.UID)
	beside := planned && was.Value.Starts == l.Value.Starts && name(was.Value) == name(l.Value)
	later := l.Value.Number > old.Value.Number && sameNames(l.Value.Groups, old.Value.Groups)
	ofTimetable := !old.Value.Outing && !old.Value.Detention
	return l.Value.Overlaps(old.Value) && (l.Value.Outing || ofTimetable && (!beside || later))
}

// elsewhere is the lesson that a school put in another place for one that is not
// held: the nearest of its name and groups that was not planned; nil for none.
func (t timetable) elsewhere(old lesson) (to *lesson) {
	if old.Value.Reason != "moved" {
		return nil
	}
	distance := func(l lesson) time.Duration {
		return l.Value.Starts.In(time.UTC).Sub(old.Value.Starts.In(time.UTC)).Abs()
	}
	for i, l := range t.now {
		_, planned := find(t.was, l.UID)
		if !planned && !l.Value.Cancelled && name(l.Value) == name(old.Value) && slices.Equal(l.Value.Groups, old.Value.Groups) && (to == nil || distance(l) < distance(*to)) {
			to = &t.now[i]
		}
	}
	return to
}

func find(lessons []lesson, uid string) (lesson, bool) {
	i := slices.IndexFunc(lessons, func(l lesson) bool { return l.UID == uid })
	if i < 0 {
		return lesson{}, false
	}
	return lessons[i], true
}

// turn is the kind of event that tells how a lesson that is held differs from the one
// in its place before, "" for not at all.
func turn(old, now pronote.Lesson) string {
	switch {
	case name(old) != name(now):
		return "lesson.replaced"
	case old.Starts != now.Starts || old.Ends != now.Ends && !old.Ends.IsZero() && !now.Ends.IsZero():
		return "lesson.moved"
	case !sameNames(old.Teachers, now.Teachers):
		return "lesson.teacher"
	case !sameNames(old.Rooms, now.Rooms):
		return "lesson.room"
	}
	return ""
}

func name(l pronote.Lesson) string { return cmp.Or(l.Subject, l.Title) }

// sameNames compares names whose order means nothing.
func sameNames(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// longestPause is between two hours of one lesson.
const longestPause = 20 * time.Minute

// joined makes one change of adjacent hours of a lesson that are cancelled.
func joined(changes []change) (list []change) {
	for _, c := range changes {
		if len(list) > 0 && list[len(list)-1].adjoins(c) {
			last := &list[len(list)-1]
			last.now.Value.Ends, last.also = c.now.Value.Ends, append(last.also, c.now.UID)
			continue
		}
		list = append(list, c)
	}
	return list
}

func (c change) adjoins(next change) bool {
	a, b := c.now.Value, next.now.Value
	pause := b.Starts.In(time.UTC).Sub(a.Ends.In(time.UTC))
	return c.kind == "lesson.cancelled" && next.kind == c.kind && name(a) == name(b) && strings.EqualFold(a.Status, b.Status) &&
		!a.Ends.IsZero() && pause >= 0 && pause <= longestPause
}

// event is the change as one of a child.
func (c change) event(child Child) wording.Event {
	t := mirror.Telling{Now: db.Lessons.JSON(c.now.Value)}
	if c.before != nil {
		t.What = db.Lessons.Differences(c.before.Value, c.now.Value)
		t.Before = db.Lessons.JSON(c.before.Value, append(t.What, "starts_at")...)
	}
	return wording.Event{Kind: c.kind, Child: child.Name, Data: mirror.DataOf(t)}
}
