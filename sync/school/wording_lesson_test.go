package school

import (
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
)

// onThursday is a time of day of 20 November 2025.
func onThursday(hour, minute int) pronote.DateTime {
	return pronote.DateTime{Date: pronote.Date{Year: 2025, Month: 11, Day: 20}, Hour: hour, Minute: minute}
}

// These are the events of the timetable.
var _ = alsoTold(func() map[string]db.Event {
	sports := pronote.Lesson{
		Starts: onThursday(8, 30), Ends: onThursday(10, 0), Subject: "ED.PHYSIQUE & SPORT.", Number: 104, Kind: "lesson",
		Teachers: []string{"Mme PRIVATIER L."}, Rooms: []string{"Gymnase"},
	}
	keptIn := pronote.Lesson{
		Starts: onThursday(17, 0), Ends: onThursday(18, 0), Title: "Retenue", Number: 2104, Kind: "lesson", Detention: true,
		Teachers: []string{"Mme CHANTELOUBE R."}, Rooms: []string{"Permanence 1"},
	}
	outing := pronote.Lesson{Starts: onThursday(8, 0), Ends: onThursday(17, 0), Title: "Musée des Beaux-Arts", Kind: "lesson", Outing: true}
	told := func(kind string, l pronote.Lesson, edit func(*pronote.Lesson)) db.Event {
		edited := l
		edit(&edited)
		return story{kind, l, edited, 0, 0}.telling([]int64{1}).Event(kind, db.Owner{Student: 1})
	}
	day := func(before, now hours) db.Event {
		return turnedDay{sports.Starts.Date, before, now}.telling().Event("day.changed", db.Owner{Student: 1})
	}
	return map[string]db.Event{
		"lesson.cancelled":           told("lesson.cancelled", sports, func(l *pronote.Lesson) { l.Cancelled, l.Status, l.Reason = true, "Prof. absent", "teacher_absent" }),
		"lesson.cancelled bare":      told("lesson.cancelled", pronote.Lesson{Starts: sports.Starts, Ends: sports.Ends}, func(l *pronote.Lesson) { l.Cancelled = true }),
		"lesson.cancelled detention": told("lesson.cancelled", keptIn, func(l *pronote.Lesson) { l.Cancelled, l.Status = true, "Cours annulé" }),
		"lesson.cancelled outing":    told("lesson.cancelled", outing, func(l *pronote.Lesson) { l.Cancelled, l.Status = true, "Grève des transports" }),
		"lesson.restored detention":  told("lesson.restored", keptIn, func(*pronote.Lesson) {}),
		"lesson.restored outing":     told("lesson.restored", outing, func(*pronote.Lesson) {}),
		"lesson.moved detention":     told("lesson.moved", keptIn, func(l *pronote.Lesson) { l.Starts.Day, l.Ends.Day = 28, 28 }),
		"lesson.moved outing":        told("lesson.moved", outing, func(l *pronote.Lesson) { l.Starts.Day, l.Ends.Day = 27, 27 }),
		"lesson.moved tomorrow":      told("lesson.moved", sports, func(l *pronote.Lesson) { l.Starts.Day, l.Ends.Day = 19, 19 }),
		"lesson.moved hour":          told("lesson.moved", sports, func(l *pronote.Lesson) { l.Starts.Hour, l.Ends.Hour = 14, 15 }),
		"lesson.moved start":         told("lesson.moved", sports, func(l *pronote.Lesson) { l.Starts.Hour, l.Starts.Minute = 9, 0 }),
		"lesson.replaced long": told("lesson.replaced", pronote.Lesson{Starts: sports.Starts, Ends: sports.Ends, Subject: "HISTOIRE-GEOGRAPHIE"}, func(l *pronote.Lesson) {
			l.Subject, l.Teachers, l.Rooms = "PHYSIQUE-CHIMIE", []string{"M. COLOMBEL T.", "Mme LE GUÉVEL A."}, []string{"Labo 2"}
		}),
		"lesson.room unknown": told("lesson.room", sports, func(l *pronote.Lesson) { l.Rooms = nil }),
		"lesson.room named":   told("lesson.room", sports, func(l *pronote.Lesson) { l.Rooms = []string{"Salle 12", "CDI"} }),
		"lesson.restored":     told("lesson.restored", sports, func(l *pronote.Lesson) { l.Memo = "Tenue obligatoire" }),
		"lesson.moved":        told("lesson.moved", sports, func(l *pronote.Lesson) { l.Starts.Day, l.Ends.Day, l.Status = 21, 21, "Cours déplacé" }),
		"lesson.moved end":    told("lesson.moved", sports, func(l *pronote.Lesson) { l.Ends.Hour = 11 }),
		"lesson.replaced": told("lesson.replaced", sports, func(l *pronote.Lesson) {
			l.Subject, l.Teachers, l.Status = "ANGLAIS LV1", []string{"M. COLOMBEL T."}, "Remplacement"
		}),
		"lesson.teacher": told("lesson.teacher", sports, func(l *pronote.Lesson) { l.Teachers = []string{"M. REMPLAÇANT O."} }),
		"lesson.room": told("lesson.room", sports, func(l *pronote.Lesson) {
			l.Rooms, l.Status, l.Exempted = []string{"Piscine"}, "Changement de salle", true
		}),
		"lesson.test":           told("lesson.test", sports, func(l *pronote.Lesson) { l.Test, l.TestKind = true, "Devoir sur table" }),
		"lesson.test withdrawn": told("lesson.test", sports, func(*pronote.Lesson) {}),
		"lesson.new":            told("lesson.new", sports, func(l *pronote.Lesson) { l.Links = []string{"https://visio.example/x"} }),
		"lesson.new bare":       told("lesson.new", pronote.Lesson{Starts: sports.Starts}, func(*pronote.Lesson) {}),
		"lesson.new detention":  told("lesson.new", keptIn, func(*pronote.Lesson) {}),
		"lesson.new outing":     told("lesson.new", outing, func(*pronote.Lesson) {}),

		"day.changed":              day(hours{sports.Starts, keptIn.Ends}, hours{sports.Ends, keptIn.Starts}),
		"day.changed end":          day(hours{sports.Starts, keptIn.Ends}, hours{sports.Starts, keptIn.Starts}),
		"day.changed start":        day(hours{sports.Starts, keptIn.Ends}, hours{sports.Ends, keptIn.Ends}),
		"day.changed free":         day(hours{sports.Starts, sports.Ends}, hours{}),
		"day.changed no more free": day(hours{}, hours{sports.Starts, sports.Ends}),
	}
})
