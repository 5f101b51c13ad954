package sync

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
)

// enrol records what a login tells about the server, the people and the calendar.
// It returns the news that people must know.
func (w *watcher) enrol(ctx context.Context, tx *db.Tx) ([]db.Event, error) {
	learned, err := w.session.Learned()
	if err != nil {
		return nil, err
	}
	if w.off, err = w.account.Source.Off(learned.Calendar); err != nil {
		return nil, err
	}
	moved := anotherSchool(w.saved.School, learned.School)
	w.record.School, w.record.Version, w.record.Calendar = learned.School, learned.Version, learned.Calendar
	known, err := tx.Students(ctx, w.record.ID)
	if err != nil {
		return nil, err
	}
	if err := w.enrolHolder(ctx, tx, known); err != nil {
		return nil, err
	}
	people := w.session.People()
	register := w.registerOf(known, people)
	if moved {
		register.first, w.record.MirroredAt = true, civil.DateTime{} // which is told once it is mirrored again
		if err := w.startAfresh(ctx, tx, known); err != nil {
			return nil, err
		}
	}
	enrolled, news, err := w.enrolStudents(ctx, tx, register, people)
	if err != nil {
		return nil, err
	}
	left, err := w.strikeOff(ctx, tx, register)
	if err != nil {
		return nil, err
	}
	if w.account.Kind != Parent {
		w.holder = w.students[0]
	}
	told, err := w.enrolIn(ctx, tx, Enrolment{People: enrolled, Holder: w.owner(w.holder), Afresh: register.first, Version: w.saved.Version})
	return slices.Concat(news, left, told), err
}

// enrolIn tells the session who the people are, and stores what the login has told of
// them. What is told to people is remembered in the same transaction.
func (w *watcher) enrolIn(ctx context.Context, tx *db.Tx, e Enrolment) ([]db.Event, error) {
	snapshots, news := w.session.Enrol(e)
	for _, s := range snapshots {
		if _, err := s.Store(ctx, tx, w.now()); err != nil {
			return nil, err
		}
	}
	if len(news) == 0 {
		return nil, nil
	}
	return news, w.save(ctx, tx, true)
}

// anotherSchool reports whether a school is not the one that was known, if both are.
// A school that spells its name differently is the same.
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

// startAfresh makes the next look at some pupils a first one, which tells nothing:
// all that it finds was there before anybody looked.
func (w *watcher) startAfresh(ctx context.Context, tx *db.Tx, of []db.Student) error {
	for _, student := range of {
		if err := tx.Forget(ctx, student.ID); err != nil {
			return err
		}
		maps.DeleteFunc(w.readAt, func(at place, _ time.Time) bool { return at.student == student.ID })
	}
	return nil
}

// enrolHolder finds or makes the row that stands for a parent's account itself.
func (w *watcher) enrolHolder(ctx context.Context, tx *db.Tx, known []db.Student) (err error) {
	if w.account.Kind != Parent {
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
// corrected name; so is always the only pupil of a pupil's account.
func (w *watcher) registerOf(known, people []db.Student) register {
	r := register{rows: map[string]db.Student{}}
	waiting := map[string]db.Student{}
	for _, k := range known {
		if !k.Holder {
			waiting[k.Name] = k
		}
	}
	r.first = len(waiting) == 0
	var strangers []string
	for _, s := range people {
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
		if old := r.absent[0]; w.account.Kind != Parent || firstName(old.Name) == firstName(strangers[0]) {
			r.rows[strangers[0]], r.absent = old, nil
		}
	}
	return r
}

// enrolStudents brings the rows of the pupils up to date.
func (w *watcher) enrolStudents(ctx context.Context, tx *db.Tx, r register, people []db.Student) (enrolled []Enrolled, news []db.Event, err error) {
	w.students = nil
	for _, student := range people {
		before := r.rows[student.Name]
		student.ID, student.Alias = before.ID, w.account.Aliases[student.Name]
		if student.ID == 0 || student != before {
			if student, err = tx.SaveStudent(ctx, w.record.ID, student); err != nil {
				return nil, nil, err
			}
		}
		joined := !r.first && (before.ID == 0 || !before.LeftOn.IsZero())
		if !r.first && anotherPupil(before, student) {
			joined = true
			if err := w.startAfresh(ctx, tx, []db.Student{before}); err != nil {
				return nil, nil, err
			}
		}
		if joined {
			news = append(news, w.childNews("system.child_joined", student))
		}
		enrolled = append(enrolled, Enrolled{student, w.owner(student), joined || !r.first && w.missing[before.ID]})
		delete(w.missing, student.ID)
		w.students = append(w.students, student)
	}
	w.purse.children = len(w.students)
	return enrolled, news, nil
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
