package world

import (
	"cmp"
	"slices"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// A Lesson is an entry of the timetable. Those of the whole year are there from
// the start; School.Timetable finds them.
type Lesson struct {
	Starts, Ends pronote.DateTime
	Subject      string
	Title        string // of a detention or an outing
	Teachers     []string
	Rooms        []string
	Group        string // who has it, everybody when empty
	Pupil        string // or only this one
	Kind         string // as in pronote.Lesson, "lesson" when left out
	Status       string
	Cancelled    bool // by the flag; a status may say it too
	Detention    bool
	Outing       bool
	Test         string   // what kind of test takes place, none when empty
	Exempted     []string // pupils who need not attend
	Memo         string
	Links        []string
	LinkComments []string // one for each link, or none at all
	Number       int      // made up when left out, but for an outing, which has none

	id int
}

func (*Lesson) domain() string { return "lessons" }

func (l *Lesson) enter(id int, _ pronote.DateTime) {
	l.id = id
	if l.Number == 0 && !l.Outing {
		l.Number = 1000 + id // the school's numbers grow
	}
	if l.Kind == "" {
		l.Kind = "lesson"
	}
	l.Teachers, l.Rooms, l.Links = slices.Clone(l.Teachers), slices.Clone(l.Rooms), slices.Clone(l.Links)
	l.Exempted = slices.Clone(l.Exempted)
}

func (*Lesson) settle(*School) {}

// held reports whether the lesson takes place, whichever way the school says it.
func (l *Lesson) held() bool {
	return !l.Cancelled && !slices.Contains(cancelledStatuses(), l.Status)
}

// cancelledStatuses are the ways of the invented school to say that a lesson is
// not held, with the flag or without.
func cancelledStatuses() []string {
	return []string{"Prof. absent", "Prof./pers. absent", "Cours annulé", "Classe absente", "Sortie pédagogique"}
}

// concerns reports whether the lesson is on a pupil's timetable.
func (l *Lesson) concerns(s *School, pupil string) bool {
	if l.Pupil != "" {
		return l.Pupil == pupil
	}
	return s.class.in(l.Group, pupil)
}

// lesson is the row of one pupil, but for Replaced, which the rest of the day
// decides.
func (l *Lesson) lesson(s *School, pupil string) (row pronote.Lesson, shown bool) {
	if !l.concerns(s, pupil) {
		return row, false
	}
	row = pronote.Lesson{
		Starts: l.Starts, Ends: l.Ends, Subject: l.Subject, Title: l.Title, Teachers: l.Teachers, Rooms: l.Rooms,
		Number: l.Number, Kind: l.Kind, Status: l.Status, Cancelled: !l.held(), Detention: l.Detention, Outing: l.Outing,
		Test: l.Test != "", TestKind: l.Test, Exempted: slices.Contains(l.Exempted, pupil), Memo: l.Memo, Links: l.Links,
		LinkComments: l.LinkComments, Reason: l.reason(),
	}
	for range l.Links {
		row.LinkLabels = append(row.LinkLabels, "Classe virtuelle")
	}
	switch {
	case l.Group != everybody:
		row.Groups = []string{l.Group}
	case l.Outing: // which name the class too
		row.Groups = []string{s.class.name}
	}
	return row, true
}

// reason is why the lesson is not held as planned, in the words of the mirror.
func (l *Lesson) reason() string {
	known := map[string]string{"Prof. absent": "teacher_absent", "Prof./pers. absent": "teacher_absent", "Sortie pédagogique": "outing", "Cours déplacé": "moved"}
	switch {
	case l.Outing:
		return "outing"
	case known[l.Status] != "":
		return known[l.Status]
	case !l.held():
		return "other"
	}
	return ""
}

func (l *Lesson) facts(s *School, _ Viewer, pupil string) []fact {
	row, shown := l.lesson(s, pupil)
	if !shown {
		return nil
	}
	list := func(names []string) string { return strings.Join(names, ", ") }
	return []fact{
		{"starts_at", row.Starts}, {"ends_at", row.Ends}, {"subject", row.Subject}, {"title", row.Title},
		{"teachers", list(row.Teachers)}, {"rooms", list(row.Rooms)}, {"groups", list(row.Groups)}, {"number", row.Number},
		{"kind", row.Kind}, {"status", row.Status}, {"cancelled", row.Cancelled}, {"detention", row.Detention},
		{"outing", row.Outing}, {"test_kind", row.TestKind}, {"exempted", row.Exempted}, {"memo", row.Memo}, {"links", list(row.Links)},
		{"link_labels", list(row.LinkLabels)}, {"link_comments", list(row.LinkComments)},
	}
}

// Timetable is what is on the timetable of a pupil on a day, by start and
// number.
func (s *School) Timetable(pupil string, day pronote.Date) []Row[pronote.Lesson] {
	s = s.Of(pupil)
	s.mu.Lock()
	defer s.mu.Unlock()
	var rows []Row[pronote.Lesson]
	for _, row := range s.lessonRows(pupil) {
		if row.Value.Starts.Date == day {
			rows = append(rows, row)
		}
	}
	return rows
}

// Flagged reports whether the server flags a lesson as cancelled.
func (s *School) Flagged(id int) bool {
	s = s.holder(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	l, ok := s.objects[id].(*Lesson)
	return ok && l.Cancelled
}

// teach puts the lessons of the year on the timetable.
func (s *School) teach() {
	for d := s.calendar.starts; d.Compare(s.calendar.ends) <= 0; d = d.AddDays(1) {
		for _, slot := range s.lessons(d) {
			subject := s.subject(slot.subject)
			lesson := &Lesson{
				Starts: at(d, slot.hour, 0), Ends: at(d, slot.hour+slot.hours, 0), Subject: slot.subject, Group: slot.group,
				Teachers: []string{subject.teacher}, Rooms: []string{subject.room},
				Number: 101 + slices.Index(s.timetable, slot), // the same every week
			}
			lesson.enter(s.newID(), s.now)
			s.objects[lesson.id] = lesson
		}
	}
}

// lessonRows are the timetable of the year of one pupil. They are kept until a
// lesson changes, for there are more of them than of all the rest.
func (s *School) lessonRows(pupil string) []Row[pronote.Lesson] {
	if rows, ok := s.board[pupil]; ok {
		return rows
	}
	rows := []Row[pronote.Lesson]{}
	for _, object := range s.objects {
		if l, ok := object.(*Lesson); ok {
			if row, shown := l.lesson(s, pupil); shown {
				rows = append(rows, Row[pronote.Lesson]{l.id, row})
			}
		}
	}
	slices.SortFunc(rows, func(a, b Row[pronote.Lesson]) int {
		return cmp.Or(a.Value.Starts.Compare(b.Value.Starts), a.Value.Number-b.Value.Number, a.ID-b.ID)
	})
	for i := range rows {
		for j := i + 1; j < len(rows) && rows[j].Value.Starts.Date == rows[i].Value.Starts.Date; j++ {
			a, b := &rows[i].Value, &rows[j].Value
			if b.Starts.Compare(a.Ends) >= 0 {
				continue
			}
			a.Replaced = a.Replaced || a.Cancelled && !b.Cancelled
			b.Replaced = b.Replaced || b.Cancelled && !a.Cancelled
		}
	}
	s.board[pupil] = rows
	return rows
}
