package sync

import (
	"context"
	"encoding/json"
	"maps"
	"strings"
	"time"
	"unicode"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// enrol takes over what a login tells: the school, its calendar, the pupils and
// their periods. It returns what people must know of it.
func (w *watcher) enrol(ctx context.Context, tx *db.Tx) ([]db.Event, error) {
	w.calendar = w.session.School()
	moved := anotherSchool(w.saved.School, w.calendar.Name)
	calendar, err := json.Marshal(w.calendar)
	if err != nil {
		return nil, err
	}
	w.record.School, w.record.Version, w.record.Calendar = w.calendar.Name, w.session.Version().String(), string(calendar)
	known, err := tx.Students(ctx, w.record.ID)
	if err != nil {
		return nil, err
	}
	if err := w.enrolHolder(ctx, tx, known); err != nil {
		return nil, err
	}
	register := w.registerOf(known)
	if moved {
		register.first, w.record.MirroredAt = true, pronote.DateTime{} // which is told once it is mirrored again
		if err := w.startAfresh(ctx, tx, known); err != nil {
			return nil, err
		}
	}
	news, err := w.enrolStudents(ctx, tx, register)
	if err != nil {
		return nil, err
	}
	left, err := w.strikeOff(ctx, tx, register)
	if err != nil {
		return nil, err
	}
	if w.account.Credentials.Kind != pronote.KindParent {
		w.holder = w.students[0]
	}
	return append(news, left...), w.enrolCalendar(ctx, tx)
}

// anotherSchool reports whether a school is not the one that was known, if both are.
// A school that writes its name otherwise is the same.
func anotherSchool(known, now string) bool {
	return known != "" && now != "" && lettersOf(known) != lettersOf(now)
}

// anotherPupil reports whether what the mirror has of a pupil is no longer what is
// read under that name: at another school, or of another child.
func anotherPupil(known, now db.Student) bool {
	return known.ID != 0 && (anotherSchool(known.School, now.School) || lettersOf(firstName(known.Name)) != lettersOf(firstName(now.Name)))
}

// lettersOf are the letters and digits of a name, in lower case.
func lettersOf(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

// startAfresh makes the next look at some pupils the first one, of which nothing is
// told: whatever it finds was there before anybody looked.
func (w *watcher) startAfresh(ctx context.Context, tx *db.Tx, of []db.Student) error {
	for _, student := range of {
		if err := tx.Forget(ctx, student.ID); err != nil {
			return err
		}
		maps.DeleteFunc(w.readAt, func(at place, _ time.Time) bool { return at.student == student.ID })
	}
	return nil
}

// enrolCalendar brings the holidays and the kinds of weeks up to date.
func (w *watcher) enrolCalendar(ctx context.Context, tx *db.Tx) error {
	year := db.Span{Low: w.calendar.Year, High: w.calendar.Year}
	holidays := mirror.ListOf(db.Holidays, holidayMatcher, w.owner(w.holder), year, w.calendar.Holidays)
	if _, _, err := holidays.Store(ctx, tx, w.now()); err != nil {
		return err
	}
	weeks := mirror.ListOf(db.Weeks, weekMatcher, w.owner(w.holder), year, w.calendar.Weeks)
	_, _, err := weeks.Store(ctx, tx, w.now())
	return err
}

var holidayMatcher = mirror.Matcher[pronote.Holiday]{
	Identities: []func(pronote.Holiday) string{
		func(h pronote.Holiday) string { return mirror.Identity(h.Year, h.Name, h.Starts.String()) },
		func(h pronote.Holiday) string { return mirror.Identity(h.Year, h.Name) },
	},
}

var weekMatcher = mirror.Matcher[pronote.Week]{
	Identities: []func(pronote.Week) string{
		func(w pronote.Week) string { return mirror.Identity(w.Starts.String()) },
	},
}

// enrolHolder finds or makes the row that stands for a parent's account itself.
func (w *watcher) enrolHolder(ctx context.Context, tx *db.Tx, known []db.Student) (err error) {
	if w.account.Credentials.Kind != pronote.KindParent {
		return nil // the pupil
	}
	for _, k := range known {
		if k.Holder {
			w.holder = k
			return nil
		}
	}
	w.holder, err = tx.SaveStudent(ctx, w.record.ID, db.Student{Name: w.account.Name, Holder: true})
	return err
}

// A register is who is who: the pupils of the session, by name, and those of
// the mirror who are not among them.
type register struct {
	rows   map[string]db.Student
	absent []db.Student
	first  bool // the mirror knew nobody before
}

// registerOf pairs the pupils of the session with those of the mirror, by name.
// One who came while one of the same first name went is the same child under a
// corrected name; so is the only pupil of a pupil's account in any case.
func (w *watcher) registerOf(known []db.Student) register {
	r := register{rows: map[string]db.Student{}}
	waiting := map[string]db.Student{}
	for _, k := range known {
		if !k.Holder {
			waiting[k.Name] = k
		}
	}
	r.first = len(waiting) == 0
	var strangers []string
	for _, s := range w.session.Students() {
		if k, ok := waiting[s.Name]; ok {
			r.rows[s.Name] = k
			delete(waiting, s.Name)
		} else {
			strangers = append(strangers, s.Name)
		}
	}
	for _, k := range known {
		if _, ok := waiting[k.Name]; ok && !k.Holder {
			r.absent = append(r.absent, k)
		}
	}
	if len(strangers) == 1 && len(r.absent) == 1 {
		if old := r.absent[0]; w.account.Credentials.Kind != pronote.KindParent || firstName(old.Name) == firstName(strangers[0]) {
			r.rows[strangers[0]], r.absent = old, nil
		}
	}
	return r
}

// enrolStudents brings the rows of the pupils up to date.
func (w *watcher) enrolStudents(ctx context.Context, tx *db.Tx, r register) (news []db.Event, err error) {
	unread := w.unread()
	w.students, w.household = nil, householdOf(len(w.session.Students()))
	for i, s := range w.session.Students() {
		before := r.rows[s.Name]
		student := db.Student{
			ID: before.ID, Name: s.Name, Alias: w.account.Aliases[s.Name],
			Class: s.Class, School: s.School, CurrentPeriod: s.Current, Groups: strings.Join(s.Groups, ", "),
		}
		if student.ID == 0 || student != before {
			if student, err = tx.SaveStudent(ctx, w.record.ID, student); err != nil {
				return nil, err
			}
		}
		joined := !r.first && (before.ID == 0 || !before.LeftOn.IsZero())
		if !r.first && anotherPupil(before, student) {
			joined = true
			if err := w.startAfresh(ctx, tx, []db.Student{before}); err != nil {
				return nil, err
			}
		}
		if joined {
			news = append(news, w.childNews("system.child_joined", student))
		}
		w.household.joined[i] = joined || !r.first && (w.missing[before.ID] || unread[before.ID])
		delete(w.missing, student.ID)
		w.students = append(w.students, student)
		span := db.Span{Low: w.calendar.Year, High: w.calendar.Year}
		periods := mirror.ListOf(db.Periods, periodMatcher, w.owner(student), span, s.Periods)
		if _, _, err := periods.Store(ctx, tx, w.now()); err != nil {
			return nil, err
		}
	}
	w.purse.children = len(w.students)
	return news, nil
}

// unread are the pupils who joined, and whose notices the session that there
// was has not read.
func (w *watcher) unread() map[int64]bool {
	unread := map[int64]bool{}
	for i, student := range w.students {
		unread[student.ID] = w.household.joined[i]
	}
	return unread
}

// strikeOff notes the pupils who have left the account: those whom two logins
// in a row did not show. What the mirror has of them stays.
func (w *watcher) strikeOff(ctx context.Context, tx *db.Tx, r register) (news []db.Event, err error) {
	for _, student := range r.absent {
		if !student.LeftOn.IsZero() {
			continue
		}
		if !w.missing[student.ID] {
			w.missing[student.ID] = true
			continue
		}
		student.LeftOn = w.now().Date
		if _, err := tx.SaveStudent(ctx, w.record.ID, student); err != nil {
			return nil, err
		}
		news = append(news, w.childNews("system.child_left", student))
	}
	return news, nil
}

func (w *watcher) childNews(kind string, s db.Student) db.Event {
	name := s.Name
	if s.Alias != "" {
		name = s.Alias
	}
	return systemEvent(kind, map[string]any{"account": w.account.Name, "student": name, "class": s.Class})
}

var periodMatcher = mirror.Matcher[pronote.Period]{
	Identities: []func(pronote.Period) string{
		func(p pronote.Period) string { return mirror.Identity(p.Year, p.Name) },
	},
}
