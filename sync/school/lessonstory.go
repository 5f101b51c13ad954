package school

import (
	"cmp"
	"slices"
	"strings"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// This file tells what changes of the timetable mean to people. PRONOTE may
// edit an entry, or cancel it and put another beside it, or take it away: the
// same story in three forms. A story is told once, whichever its form.

// A story is what became of a lesson.
type story struct {
	kind     string // of the event
	old, new pronote.Lesson
	at       int   // index of new in what was seen; -1 when it is no longer there
	item     int64 // of old, where new is no longer there
}

// telling is what there is to tell, given the items of what was seen.
func (s story) telling(items []int64) mirror.Telling {
	t := mirror.Telling{Now: db.Lessons.JSON(s.new), Item: s.item}
	if s.kind != "lesson.new" {
		t.What = db.Lessons.Differences(s.old, s.new)
		t.Before = db.Lessons.JSON(s.old, append(t.What, "starts_at")...) // never none, which means all
	}
	if s.at >= 0 {
		t.Item = items[s.at]
	}
	return t
}

// manyStories is what a new timetable amounts to. Then only those of the next
// soonDays are told.
const (
	manyStories = 40
	soonDays    = 14
)

// lessonStories makes stories of the changes of a timetable, by the time of the
// lesson. Lessons of days that are past make none.
func lessonStories(changes []mirror.Change[pronote.Lesson], seen []pronote.Lesson, now pronote.DateTime) []story {
	t := storyteller{seen: seen, added: map[int]bool{}, restored: map[int]bool{}}
	for _, c := range changes {
		switch {
		case c.Kind == mirror.Added && !c.New.Cancelled:
			t.added[c.At] = true
		case c.Kind == mirror.Changed && c.Old.Cancelled && !c.New.Cancelled:
			t.restored[c.At] = true
			t.tell(story{"lesson.restored", c.Old, c.New, c.At, c.Item})
		}
	}
	for _, c := range changes {
		switch {
		case c.Kind == mirror.Added || c.Old.Cancelled:
		case c.Kind == mirror.Removed:
			t.gone(story{"lesson.cancelled", c.Old, c.Old, -1, c.Item})
		case c.New.Cancelled:
			t.gone(story{"lesson.cancelled", c.Old, c.New, c.At, c.Item})
		default:
			t.tell(story{turn(c.Old, c.New), c.Old, c.New, c.At, c.Item})
		}
	}
	for _, c := range changes {
		if c.Kind == mirror.Added && t.added[c.At] {
			t.appeared(c)
		}
	}
	stories := slices.DeleteFunc(t.stories, func(s story) bool {
		return s.kind == "" || s.isOver(now) && latest(s.old.Starts, s.new.Starts).Date != now.Date
	})
	if len(stories) > manyStories {
		stories = slices.DeleteFunc(stories, func(s story) bool { return s.new.Starts.DaysSince(now.Date) >= soonDays })
	}
	slices.SortStableFunc(stories, func(a, b story) int { return a.new.Starts.Compare(b.new.Starts) })
	return stories
}

// isOver reports whether a story is about lessons that are.
func (s story) isOver(now pronote.DateTime) bool { return isOver(s.old, now) && isOver(s.new, now) }

// isOver reports whether a lesson is, as far as its end is known. The zero Lesson
// is.
func isOver(l pronote.Lesson, now pronote.DateTime) bool {
	return endOf(l).Compare(now) <= 0
}

// endOf is when a lesson ends, as far as that is known.
func endOf(l pronote.Lesson) pronote.DateTime { return cmp.Or(l.Ends, l.Starts) }

// turn is the kind of event that the difference between two lessons is worth,
// when both are held; "" for none. It is the one that matters most: the message
// shows the others too.
func turn(old, new pronote.Lesson) string {
	switch {
	case nameOf(old) != nameOf(new):
		return "lesson.replaced"
	case old.Starts != new.Starts || old.Ends != new.Ends && !old.Ends.IsZero() && !new.Ends.IsZero():
		return "lesson.moved"
	case old.Test != new.Test:
		return "lesson.test"
	case !sameNames(old.Teachers, new.Teachers):
		return "lesson.teacher"
	case !sameNames(old.Rooms, new.Rooms):
		return "lesson.room"
	}
	return ""
}

func nameOf(l pronote.Lesson) string { return cmp.Or(l.Subject, l.Title) }

// sameNames compares lists of names; PRONOTE does not keep to an order, and the
// mirror does not tell a comma within a name from one between two.
func sameNames(a, b []string) bool {
	const comma = ", "
	pieces := func(names []string) []string {
		return slices.Sorted(strings.SplitSeq(strings.Join(names, comma), comma))
	}
	return slices.Equal(pieces(a), pieces(b))
}

type storyteller struct {
	seen     []pronote.Lesson
	added    map[int]bool // lessons that appeared and that no story is about yet, by index
	restored map[int]bool
	stories  []story
}

func (t *storyteller) tell(s story) { t.stories = append(t.stories, s) }

// gone finds out why a lesson is no longer held in its place.
func (t *storyteller) gone(s story) {
	if i := t.successor(s.old); i >= 0 {
		switch by := t.seen[i]; {
		case by.Outing, t.restored[i]: // which speaks for itself
		default:
			delete(t.added, i)
			t.tell(story{turn(s.old, by), s.old, by, i, 0})
		}
		return
	}
	if i := t.moved(s.old); i >= 0 {
		delete(t.added, i)
		t.tell(story{"lesson.moved", s.old, t.seen[i], i, 0})
		return
	}
	t.tell(s)
}

// successor is the lesson that replaces one that is not held, -1 for none:
// preferably one that has just appeared, else the one that PRONOTE shows, which
// has the highest number.
func (t *storyteller) successor(old pronote.Lesson) int {
	found := -1
	better := func(i int) bool {
		return found < 0 || t.added[i] && !t.added[found] || t.added[i] == t.added[found] && t.seen[i].Number > t.seen[found].Number
	}
	for i, l := range t.seen {
		took := t.added[i] || t.restored[i] || l.Outing || l.Number > old.Number || nameOf(l) == nameOf(old)
		if !l.Cancelled && l.Kind != "council" && l.Overlaps(old) && took && better(i) {
			found = i
		}
	}
	return found
}

// moved is the lesson that appeared elsewhere when one was cancelled, -1 for
// none: the nearest of the same subject and group within a fortnight.
func (t *storyteller) moved(old pronote.Lesson) int {
	found, nearest := -1, 14
	for i, l := range t.seen {
		distance := l.Starts.DaysSince(old.Starts.Date)
		distance = max(distance, -distance)
		if t.added[i] && nameOf(l) == nameOf(old) && sameNames(l.Groups, old.Groups) && distance < nearest {
			found, nearest = i, distance
		}
	}
	return found
}

// appeared tells of a lesson that took nobody's place just now: that of one that
// was cancelled before, or none.
func (t *storyteller) appeared(c mirror.Change[pronote.Lesson]) {
	if c.New.Kind == "council" {
		return // not for pupils
	}
	s := story{"lesson.new", pronote.Lesson{}, c.New, c.At, c.Item}
	for _, l := range t.seen {
		if !l.Cancelled || c.New.Outing || c.New.Detention || !l.Overlaps(c.New) {
			continue
		}
		s.old, s.kind = l, "lesson.replaced"
		if nameOf(l) == nameOf(c.New) {
			s.kind = "lesson.restored"
			break
		}
	}
	t.tell(s)
}
