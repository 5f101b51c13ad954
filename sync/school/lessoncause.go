package school

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
)

// This file says why stories of a timetable belong together, until when they matter,
// and why some hardly do.

// A weighedStory is a story with the event that it makes, without its data.
type weighedStory struct {
	story
	event db.Event
}

// weigh says of each story what it has in common with others, when it matters, and why
// it hardly does.
func (s lessonSnapshot) weigh(ctx context.Context, tx *db.Tx, stories []story, now pronote.DateTime) ([]weighedStory, error) {
	weighed := make([]weighedStory, len(stories))
	var detentions []db.Row[db.Part[pronote.Detention]]
	for i, of := range stories {
		weighed[i] = weighedStory{of, of.weigh(now)}
		if !of.old.Detention && !of.new.Detention {
			continue
		}
		if detentions == nil {
			var err error
			if detentions, err = db.Detentions.Load(ctx, tx, s.Owner.Student, db.Span{}); err != nil {
				return nil, err
			}
		}
		if err := of.served(ctx, tx, detentions, &weighed[i].event); err != nil {
			return nil, err
		}
	}
	return weighed, nil
}

// served gives a detention on the timetable the cause of its punishment: the one that is
// served in that hour, or else on that day. Where the hour is known, it is told.
func (s story) served(ctx context.Context, tx *db.Tx, detentions []db.Row[db.Part[pronote.Detention]], e *db.Event) error {
	for _, l := range []pronote.Lesson{s.old, s.new} {
		for _, d := range detentions {
			if held := d.Value.Value; l.Detention && held.HeldOn == l.Starts.Date {
				e.Cause = causeOf(d.Value.Of)
				if held.StartsAt != l.Starts {
					continue
				}
				told, err := tx.WasNews(ctx, d.Value.Of)
				if told && s.kind == "lesson.new" {
					e.Minor = db.MinorTold
				}
				return err
			}
		}
	}
	return nil
}

// weigh says what a story has in common with others: the lessons of a day are why it
// begins or ends at another hour, and a substitute stays for weeks.
func (s story) weigh(now pronote.DateTime) db.Event {
	e := db.Event{Kind: s.kind, Day: s.new.Starts.Date, Over: latest(endOf(s.old), endOf(s.new))}
	if old := s.old.Starts.Date; s.moves() && (old.Compare(e.Day) < 0 && !isOver(s.old, now) || isOver(s.new, now)) {
		e.Day = old
	}
	switch s.kind {
	case "lesson.test":
	case "lesson.teacher":
		e.Cause = "teacher " + nameOf(s.new) + " " + strings.Join(s.new.Teachers, ", ")
	default:
		e.Cause = dayCause(e.Day)
	}
	switch {
	case s.isOver(now):
		e.Minor = db.MinorOver
	case s.kind == "lesson.room" && sameRooms(s.old.Rooms, s.new.Rooms):
		e.Minor = db.MinorSame
	}
	return e
}

func (s story) moves() bool { return s.kind == "lesson.moved" }

// shifts reports whether a story may move the first or the last hour of a day.
func (s story) shifts(day pronote.Date) bool {
	switch s.kind {
	case "lesson.test", "lesson.teacher", "lesson.room":
		return false
	}
	return s.new.Starts.Date == day || s.moves() && s.old.Starts.Date == day
}

// dayCause is what the lessons and the hours of a day have in common.
func dayCause(day pronote.Date) string { return "day " + day.String() }

// sameRooms compares rooms by what is left of their names without the word for a room
// and without what is neither letter nor figure.
func sameRooms(a, b []string) bool {
	plain := func(rooms []string) (names []string) {
		for _, room := range rooms {
			name := strings.ToLower(strings.Join(strings.FieldsFunc(room, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }), " "))
			names = append(names, strings.ReplaceAll(strings.TrimPrefix(name, "salle "), " ", ""))
		}
		slices.Sort(names)
		return names
	}
	return slices.Equal(plain(a), plain(b))
}
