package world

import (
	"maps"
	"slices"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// A Change is one act of a teacher, the office, a pupil or a parent. The script
// of a school year is made of them, and School.Do takes hand-made ones.
type Change struct {
	id    int           // of the object it is about; 0 makes a new number
	fresh func() object // makes the object, for additions
	edit  func(object)  // edits it
}

// A thing is what there is at a school.
type thing interface {
	Test |
		Lesson |
		Content |
		Homework |
		Info |
		Discussion |
		Evaluation |
		Absence | Delay | Punishment | Observation |
		Report |
		Colleague |
		Dish |
		Link | Wallet |
		AgendaEntry |
		Person
}

// object is a thing as the school has it, by reference.
type object interface {
	domain() string
	enter(id int, now pronote.DateTime)             // fills in what an addition left out
	settle(s *School)                               // works out what follows from the rest
	facts(s *School, v Viewer, pupil string) []fact // what a page shows of it, nil for nothing
}

// Add publishes a thing. The Edits that School.Do returns have its number; there
// are none when neither child of the accounts is shown it.
func Add[T thing](value T) Change {
	return Change{fresh: func() object {
		made := value
		return any(&made).(object)
	}}
}

// Amend edits the thing of a number in any way; edit must not call the school.
// It does nothing when there is no such thing any longer, like the changes below.
func Amend[T thing](id int, edit func(*T)) Change {
	return Change{id: id, edit: func(o object) { edit(any(o).(*T)) }}
}

// Remove withdraws the object of a number for good.
func Remove(id int) Change { return Change{id: id} }

// Correct replaces a pupil's mark by a text of the server: "12,50", "|1".
func Correct(test int, pupil, raw string) Change {
	return Amend(test, func(t *Test) { t.Scores[pupil] = pronote.ParseScore(raw) })
}

// Tick is a pupil who says that homework is done, or not done after all.
func Tick(homework int, pupil string, done bool) Change {
	return Amend(homework, func(h *Homework) {
		h.done = without(h.done, pupil)
		if done {
			h.done = append(h.done, pupil)
		}
	})
}

// Judge corrects the level that a pupil reached in one skill of an evaluation,
// counted from 0.
func Judge(evaluation int, pupil string, skill int, level Level) Change {
	return Amend(evaluation, func(e *Evaluation) { e.relevel(pupil, skill, level) })
}

// MarkRead is a pupil or the parent, by name, who opens an info.
func MarkRead(info int, reader string) Change {
	return Amend(info, func(i *Info) {
		if !slices.Contains(i.readBy, reader) {
			i.readBy = append(i.readBy, reader)
		}
	})
}

// Answer is a pupil or the parent, by name, who answers a survey by the number of
// a choice.
func Answer(survey int, reader string, choice int) Change {
	return Amend(survey, func(i *Info) {
		answers := maps.Clone(i.answers)
		if answers == nil {
			answers = map[string]answer{}
		}
		answers[reader] = answer{choice: choice}
		i.answers = answers
	})
}

// apply makes a change now, and logs what it does to the accounts' pages.
func (s *School) apply(c Change) {
	if c.fresh != nil && c.id == 0 {
		c.id = s.newID()
	}
	s.record([]int{c.id}, func() {
		old, exists := s.objects[c.id]
		switch {
		case c.fresh != nil:
			made := c.fresh()
			made.enter(c.id, s.now)
			made.settle(s)
			s.objects[c.id] = made
		case c.edit == nil:
			delete(s.objects, c.id)
		case exists:
			c.edit(old)
			old.settle(s)
		}
		s.shelf = nil
		if _, ok := s.objects[c.id].(*Lesson); ok || old != nil && old.domain() == "lessons" {
			clear(s.board)
		}
	})
}

func (s *School) newID() int {
	s.lastID++
	return s.lastID
}
