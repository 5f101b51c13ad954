package world

import (
	"cmp"
	"slices"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// timetable puts the lessons of the year on the timetable, and makes up what
// happens to them.
func (w *writer) timetable() {
	w.school.teach()
	t := &timetabler{writer: w, touched: map[int]bool{}}
	for _, o := range w.school.objects {
		if l, ok := o.(*Lesson); ok {
			t.lessons = append(t.lessons, l)
		}
	}
	slices.SortFunc(t.lessons, func(a, b *Lesson) int { return cmp.Or(a.Starts.Compare(b.Starts), a.id-b.id) })
	t.substitutes()
	c := w.school.calendar
	for d := c.starts.AddDays(4); d.Compare(c.ends.AddDays(-4)) < 0; d = d.AddDays(1) {
		if c.open(d) {
			t.incidents(d)
		}
	}
}

// timetabler is the writer who looks after the timetable. Each lesson has one
// adventure at most.
type timetabler struct {
	*writer
	lessons []*Lesson // of the year, as they were planned
	touched map[int]bool
}

// incidents is what happens to the lessons of a day.
func (w *timetabler) incidents(d pronote.Date) {
	acts := []struct {
		chance float64
		act    func(pronote.Date)
	}{
		{0.03, w.outing}, {0.22, w.absence}, {0.12, w.room}, {0.10, w.move}, {0.05, w.exchange}, {0.06, w.extra}, {0.02, w.twins},
		{0.25, w.test}, {0.06, w.detention}, {0.05, w.exempt}, {0.08, w.note}, {0.02, w.council}, {0.02, w.renumber},
	}
	for _, a := range acts {
		if w.chance(a.chance) {
			a.act(d)
		}
	}
}

// untouched are the lessons of a day that nothing has happened to.
func (w *timetabler) untouched(d pronote.Date) (found []*Lesson) {
	for _, l := range w.lessons {
		if l.Starts.Date == d && !w.touched[l.id] {
			found = append(found, l)
		}
	}
	return found
}

// take picks a lesson of a day for an adventure; nil when none is left.
func (w *timetabler) take(d pronote.Date) *Lesson {
	left := w.untouched(d)
	if len(left) == 0 {
		return nil
	}
	l := pick(w.Rand, left...)
	w.touched[l.id] = true
	return l
}

// notice is a moment before a lesson: the same morning, or some days ahead.
func (w *timetabler) notice(starts pronote.DateTime, days int) pronote.DateTime {
	ahead := w.IntN(days + 1)
	if ahead == 0 {
		return at(starts.Date, 7, w.IntN(50))
	}
	return at(starts.AddDays(-ahead), 7+w.IntN(14), w.IntN(60))
}

// between is a moment after one and before a lesson; false when there is no
// time left.
func (w *timetabler) between(since, starts pronote.DateTime) (pronote.DateTime, bool) {
	t := at(since.AddDays(w.IntN(1+starts.DaysSince(since.Date))), 7+w.IntN(14), w.IntN(60))
	return t, t.Compare(since) > 0 && t.Compare(starts) < 0
}

// absence is a teacher who is away for a day.
func (w *timetabler) absence(d pronote.Date) {
	first := w.take(d)
	if first == nil {
		return
	}
	away := []*Lesson{first}
	for _, l := range w.untouched(d) {
		if l.Subject == first.Subject && l.Group == first.Group {
			away = append(away, l)
			w.touched[l.id] = true
		}
	}
	t, status, flag := w.notice(first.Starts, 6), pick(w.Rand, cancelledStatuses()[:3]...), w.chance(0.7)
	for _, l := range away {
		w.plan(t, Amend(l.id, func(l *Lesson) { l.Status, l.Cancelled = status, flag }))
	}
	switch later, ok := w.between(t, first.Starts); {
	case !ok:
	case w.chance(0.2):
		for _, l := range away {
			w.plan(later, Amend(l.id, func(l *Lesson) { l.Status, l.Cancelled = pick(w.Rand, "", "Cours maintenu"), false }))
		}
	case w.chance(0.4):
		w.replace(first, pick(w.Rand, t, later))
	}
}

// replace has another teacher take over an hour, with the subject of that one.
func (w *timetabler) replace(l *Lesson, t pronote.DateTime) {
	var others []subject
	for _, s := range w.school.subjects {
		if s.name != l.Subject && (s.group == everybody || s.group == l.Group) {
			others = append(others, s)
		}
	}
	other := pick(w.Rand, others...)
	id := w.add(t, Add(Lesson{
		Starts: l.Starts, Ends: l.Ends, Subject: other.name, Group: l.Group, Teachers: []string{other.teacher}, Rooms: []string{other.room},
		Kind: "replacement", Status: pick(w.Rand, "Remplacement", "Changement de salle", ""),
	}))
	later, ok := w.between(t, l.Starts)
	switch n := w.IntN(10); {
	case !ok:
	case n < 2: // not after all: the hour is free
		w.plan(later, Remove(id))
	case n < 4: // not after all: the teacher is back
		w.plan(later, Remove(id))
		w.plan(later, Amend(l.id, func(l *Lesson) { l.Status, l.Cancelled = "", false }))
	case n < 6: // tidied up
		w.plan(later, Remove(l.id))
	}
}

// room is another room, entered in one of three ways.
func (w *timetabler) room(d pronote.Date) {
	l := w.take(d)
	if l == nil {
		return
	}
	t, rooms := w.notice(l.Starts, 5), pick(w.Rand, []string{"B101"}, []string{"A004"}, []string{"CDI", "Salle info"})
	switch w.IntN(5) {
	case 0: // a cancelled entry and a new one
		w.plan(t, Amend(l.id, func(l *Lesson) { l.Status, l.Cancelled = "Cours annulé", true }))
		changed := *l
		changed.Rooms, changed.Status, changed.Number = rooms, "Changement de salle", 0
		w.add(t, Add(changed))
	case 1: // the entry gets another number
		w.plan(t, Amend(l.id, func(l *Lesson) { l.Rooms, l.Status, l.Number = rooms, "Changement de salle", 5000+l.id }))
	default:
		w.plan(t, Amend(l.id, func(l *Lesson) { l.Rooms, l.Status = rooms, "Changement de salle" }))
	}
}

// move puts a lesson into a free hour of the same week.
func (w *timetabler) move(d pronote.Date) {
	l := w.take(d)
	if l == nil {
		return
	}
	to := at(w.school.calendar.openFrom(d.AddDays(1+w.IntN(2))), pick(w.Rand, 8, 13, 14, 16), 0)
	if to.Monday() != d.Monday() || !w.free(to) {
		return
	}
	ends := at(to.Date, to.Hour+l.Ends.Hour-l.Starts.Hour, 0)
	t := w.notice(l.Starts, 5)
	if w.chance(0.5) {
		w.plan(t, Amend(l.id, func(l *Lesson) { l.Starts, l.Ends, l.Status = to, ends, "Cours déplacé" }))
		return
	}
	w.plan(t, Amend(l.id, func(l *Lesson) { l.Status, l.Cancelled = "Cours annulé", true }))
	moved := *l
	moved.Starts, moved.Ends, moved.Status, moved.Number = to, ends, pick(w.Rand, "Cours déplacé", "Rattrapage"), 0
	w.add(t, Add(moved))
}

// free reports whether the class has two hours to spare from an hour on.
func (w *timetabler) free(from pronote.DateTime) bool {
	return !slices.ContainsFunc(w.lessons, func(l *Lesson) bool {
		return l.Starts.Date == from.Date && l.Ends.Hour > from.Hour && l.Starts.Hour < from.Hour+2
	})
}

// exchange swaps two lessons of a day.
func (w *timetabler) exchange(d pronote.Date) {
	a, b := w.take(d), w.take(d)
	if a == nil || b == nil || a.Starts == b.Starts || a.Group != b.Group || a.Ends.Hour-a.Starts.Hour != b.Ends.Hour-b.Starts.Hour {
		return
	}
	t := w.notice(pick(w.Rand, at(d, 8, 0)), 4)
	was, is := *a, *b
	w.plan(t, Amend(a.id, func(l *Lesson) { l.Starts, l.Ends = is.Starts, is.Ends }))
	w.plan(t, Amend(b.id, func(l *Lesson) { l.Starts, l.Ends = was.Starts, was.Ends }))
}

// extra is a lesson that was not planned, and may be dropped again.
func (w *timetabler) extra(d pronote.Date) {
	starts := at(d, pick(w.Rand, 13, 14, 16), 0)
	if !w.free(starts) {
		return
	}
	s := pick(w.Rand, w.school.subjects...)
	t := w.notice(starts, 8)
	id := w.add(t, Add(Lesson{
		Starts: starts, Ends: at(d, starts.Hour+1, 0), Subject: s.name, Group: s.group, Teachers: []string{s.teacher}, Rooms: []string{s.room},
		Status: pick(w.Rand, "", "Cours exceptionnel", "Rattrapage"),
	}))
	if later, ok := w.between(t, starts); ok && w.chance(0.25) {
		w.plan(later, Remove(id))
	}
}

// twins are two entries for the two halves of the class, which say the same.
func (w *timetabler) twins(d pronote.Date) {
	starts := at(d, 16, 0)
	if !w.free(starts) {
		return
	}
	t := w.notice(starts, 5)
	var ids []int
	for range 2 {
		ids = append(ids, w.add(t, Add(Lesson{Starts: starts, Ends: at(d, 17, 0), Subject: music, Rooms: []string{"Auditorium"}, Number: 900})))
	}
	if later, ok := w.between(t, starts); ok && w.chance(0.5) {
		w.plan(later, Remove(pick(w.Rand, ids...)))
	}
}

// test is one that is announced, and now and then withdrawn.
func (w *timetabler) test(d pronote.Date) {
	l := w.take(d)
	if l == nil {
		return
	}
	kind := pick(w.Rand, "Devoir sur table", "Interrogation", "Évaluation", "Oral")
	t := w.notice(l.Starts, 10)
	w.plan(t, Amend(l.id, func(l *Lesson) { l.Test = kind }))
	if later, ok := w.between(t, l.Starts); ok && w.chance(0.15) {
		w.plan(later, Amend(l.id, func(l *Lesson) { l.Test = "" }))
	}
}

// detention keeps one of the children in after the last lesson.
func (w *timetabler) detention(d pronote.Date) {
	starts := at(d, 17, 0)
	if !w.free(starts) {
		return
	}
	w.add(w.notice(starts, 6), Add(Lesson{
		Starts: starts, Ends: at(d, 18, 0), Title: pick(w.Rand, "Retenue", "Retenue – travail non fait"), Pupil: pick(w.Rand, w.school.class.children...),
		Teachers: []string{office}, Rooms: []string{"Permanence 1"}, Detention: true,
	}))
}

// exempt lets one of the children rest for a lesson of sports.
func (w *timetabler) exempt(d pronote.Date) {
	pupil := pick(w.Rand, w.school.class.children...)
	for _, l := range w.untouched(d) {
		if l.Subject == sports {
			w.touched[l.id] = true
			w.plan(w.notice(l.Starts, 3), Amend(l.id, func(l *Lesson) { l.Exempted = append(l.Exempted, pupil) }))
		}
	}
}

// outing takes the class out for the day. The lessons of the day are cancelled,
// at once or when somebody thinks of it.
func (w *timetabler) outing(d pronote.Date) {
	lessons := w.untouched(d)
	if len(lessons) < 3 {
		return
	}
	starts := at(d, 8, 0)
	t := w.notice(starts, 9)
	teacher := w.school.subject(lessons[0].Subject).teacher
	w.add(t, Add(Lesson{
		Starts: starts, Ends: at(d, 17, 0), Title: pick(w.Rand, "Musée des Beaux-Arts", "Forêt & rivière", "Théâtre"), Outing: true, Teachers: []string{teacher, office},
		Group: everybody,
	}))
	if later, ok := w.between(t, starts); ok && w.chance(0.3) {
		t = later
	}
	for _, l := range lessons {
		w.touched[l.id] = true
		w.plan(t, Amend(l.id, func(l *Lesson) { l.Status, l.Cancelled = "Sortie pédagogique", true }))
	}
}

// note is what a teacher tells the pupils beforehand.
func (w *timetabler) note(d pronote.Date) {
	l := w.take(d)
	if l == nil {
		return
	}
	t := w.notice(l.Starts, 4)
	if w.chance(0.3) {
		w.plan(t, Amend(l.id, func(l *Lesson) {
			l.Links, l.LinkComments = []string{"https://visio.example/classe"}, []string{"Salle virtuelle 3, code 12"}
		}))
		return
	}
	memo := pick(w.Rand, "Apporter la blouse.", "Tenue de sport obligatoire", "Rendez-vous devant le CDI")
	w.plan(t, Amend(l.id, func(l *Lesson) { l.Memo = memo }))
}

// council is a class council, which pupils see and do not attend.
func (w *timetabler) council(d pronote.Date) {
	starts := at(d, 17, 0)
	w.add(w.notice(starts, 10), Add(Lesson{Starts: starts, Ends: at(d, 18, 0), Title: "Conseil de classe", Kind: "council", Rooms: []string{"Salle polyvalente"}}))
}

// renumber is a day whose lessons were entered anew, and look the same.
func (w *timetabler) renumber(d pronote.Date) {
	t := w.notice(at(d, 8, 0), 6)
	for _, l := range w.untouched(d) {
		w.touched[l.id] = true
		w.plan(t, Amend(l.id, func(l *Lesson) { l.Number = 5000 + l.id }))
	}
}

// substitutes stand in for teachers who are away for weeks, from one day to the
// next.
func (w *timetabler) substitutes() {
	for range 4 {
		subject := pick(w.Rand, w.school.subjects...)
		from := w.school.calendar.starts.AddDays(14 + w.IntN(250))
		to := from.AddDays(14 + w.IntN(14))
		name := pick(w.Rand, "M. REMPLAÇANT O.", "Mme VACATAIRE I.")
		t := at(from.AddDays(-1), 17, w.IntN(60))
		for _, l := range w.lessons {
			if l.Subject == subject.name && !w.touched[l.id] && l.Starts.Date.Compare(from) >= 0 && l.Starts.Date.Compare(to) <= 0 {
				w.touched[l.id] = true
				w.plan(t, Amend(l.id, func(l *Lesson) { l.Teachers, l.Kind = []string{name}, "substitute" }))
			}
		}
	}
}
