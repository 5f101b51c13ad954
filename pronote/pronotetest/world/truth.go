package world

import (
	"cmp"
	"slices"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// Viewer is whose account shows a page: "student" or "parent".
type Viewer = pronote.Kind

// A Row is what a page shows of one real object. Its number stays the same for
// ever and is never sent to clients.
type Row[T any] struct {
	ID    int
	Value T
}

// Truth is what a page of one pupil shows, in the server's order. No list is
// nil.
type Truth struct {
	Marks    []Row[pronote.Mark]     // of all periods, newest first
	Averages []Row[pronote.Average]  // by period; overall, with Subject "", comes first
	Lessons  []Row[pronote.Lesson]   // of the whole year, by start; not to be changed
	Contents []Row[pronote.Content]  // of the whole year so far, by lesson
	Homework []Row[pronote.Homework] // of the whole year so far, by the day it is due
	Infos    []Row[pronote.Info]     // newest first

	Discussions []Row[pronote.Discussion] // of the account, the last message newest first
	Messages    []Row[pronote.Message]    // of those discussions
	Staff       []Row[pronote.Colleague]  // as they came
	Links       []Row[pronote.Link]       // as they came
	Wallets     []Row[pronote.Wallet]     // of the pupil, as they came
	Menus       []Row[pronote.Dish]       // of the whole year so far, in the order of the meals

	// Of the whole year so far, by day.
	Absences     []Row[pronote.Absence]
	Delays       []Row[pronote.Delay]
	Punishments  []Row[pronote.Punishment]
	Observations []Row[pronote.Observation]
	Evaluations  []Row[pronote.Evaluation] // of all periods, newest first
	Reports      []Row[pronote.Report]     // those that are published, in order

	Agenda []Row[pronote.AgendaEntry] // of the whole year so far, by start

	Persons []Row[pronote.Person] // of the account: who is logged in
}

// Truth is what the page of a pupil shows to a viewer now.
func (s *School) Truth(viewer Viewer, pupil string) Truth {
	truth := s.truth(viewer, pupil)
	if class := s.Of(pupil); class != s {
		truth = truth.with(class.truth(viewer, pupil))
	}
	return truth
}

// truth is what the class shows, and if it is not that of a younger child what
// the whole school does.
func (s *School) truth(viewer Viewer, pupil string) Truth {
	s.mu.Lock()
	defer s.mu.Unlock()
	shelf := s.sorted()
	truth := Truth{
		Marks:    make([]Row[pronote.Mark], 0, len(shelf.tests)),
		Averages: append([]Row[pronote.Average]{}, shelf.averages[pupil]...),
		Lessons:  slices.Clip(s.lessonRows(pupil)),
		Homework: make([]Row[pronote.Homework], 0, len(shelf.homework)),
		Infos:    make([]Row[pronote.Info], 0, len(shelf.infos)),

		Discussions: []Row[pronote.Discussion]{},
		Messages:    []Row[pronote.Message]{},
		Evaluations: make([]Row[pronote.Evaluation], 0, len(shelf.evaluations)),
	}
	for _, t := range shelf.tests {
		if mark, shown := t.mark(s, pupil); shown {
			truth.Marks = append(truth.Marks, Row[pronote.Mark]{t.id, mark})
		}
	}
	truth.Contents = make([]Row[pronote.Content], 0, len(shelf.contents))
	for _, c := range shelf.contents {
		if content, shown := c.content(s, pupil); shown {
			truth.Contents = append(truth.Contents, Row[pronote.Content]{c.id, content})
		}
	}
	for _, h := range shelf.homework {
		if work, shown := h.work(s, pupil); shown {
			truth.Homework = append(truth.Homework, Row[pronote.Homework]{h.id, work})
		}
	}
	for _, i := range shelf.infos {
		if info, shown := i.info(s, viewer, pupil); shown {
			truth.Infos = append(truth.Infos, Row[pronote.Info]{i.id, info})
		}
	}
	for _, d := range shelf.discussions {
		if discussion, shown := d.discussion(s, viewer, pupil); shown {
			truth.Discussions = append(truth.Discussions, Row[pronote.Discussion]{d.id, discussion})
			truth.Messages = append(truth.Messages, d.messages()...)
		}
	}
	s.services(&truth, shelf, viewer, pupil)
	shelf.life.show(&truth, viewer, pupil)
	truth.Reports = make([]Row[pronote.Report], 0, len(shelf.reports))
	for _, r := range shelf.reports {
		if report, shown := r.report(pupil); shown {
			truth.Reports = append(truth.Reports, Row[pronote.Report]{r.id, report})
		}
	}
	for _, e := range shelf.evaluations {
		if evaluation, shown := e.evaluation(s, pupil); shown {
			truth.Evaluations = append(truth.Evaluations, Row[pronote.Evaluation]{e.id, evaluation})
		}
	}
	return truth
}

// services adds what does not come from lessons: the staff, the home page, the
// canteen, and what the office knows of who looks.
func (s *School) services(truth *Truth, shelf *shelf, viewer Viewer, pupil string) {
	truth.Staff = []Row[pronote.Colleague]{}
	for _, c := range shelf.colleagues {
		if row, shown := c.colleague(s, pupil); shown {
			truth.Staff = append(truth.Staff, Row[pronote.Colleague]{c.id, row})
		}
	}
	truth.Links = []Row[pronote.Link]{}
	for _, l := range shelf.links {
		truth.Links = append(truth.Links, Row[pronote.Link]{l.id, l.Link})
	}
	truth.Wallets = []Row[pronote.Wallet]{}
	for _, w := range shelf.wallets {
		if w.Pupil == pupil {
			truth.Wallets = append(truth.Wallets, Row[pronote.Wallet]{w.id, w.wallet()})
		}
	}
	truth.Agenda = []Row[pronote.AgendaEntry]{}
	for _, e := range shelf.agenda {
		if row, shown := e.entry(s, viewer, pupil); shown {
			truth.Agenda = append(truth.Agenda, Row[pronote.AgendaEntry]{e.id, row})
		}
	}
	truth.Menus = make([]Row[pronote.Dish], 0, len(shelf.dishes))
	for _, d := range shelf.dishes {
		truth.Menus = append(truth.Menus, Row[pronote.Dish]{d.id, d.dish()})
	}
	truth.Persons = []Row[pronote.Person]{}
	for _, p := range shelf.persons {
		if p.shown(viewer, pupil) {
			truth.Persons = append(truth.Persons, Row[pronote.Person]{p.id, p.Person})
		}
	}
}

// MessagesOf are the messages of one discussion, none if there is no such.
func (s *School) MessagesOf(discussion int) []Row[pronote.Message] {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d, ok := s.objects[discussion].(*Discussion); ok {
		return d.messages()
	}
	return nil
}

// shelf is all objects in the order in which pages show them, and what is
// worked out from them.
type shelf struct {
	tests      []*Test
	homework   []*Homework
	contents   []*Content
	infos      []*Info
	dishes     []*Dish
	colleagues []*Colleague
	links      []*Link
	wallets    []*Wallet
	agenda     []*AgendaEntry
	life       life
	averages   map[string][]Row[pronote.Average] // by pupil

	discussions []*Discussion
	evaluations []*Evaluation
	reports     []*Report
	persons     []*Person
}

// put adds an object.
func (s *shelf) put(o object) {
	switch o := o.(type) {
	case *Test:
		s.tests = append(s.tests, o)
	case *Content:
		s.contents = append(s.contents, o)
	case *Homework:
		s.homework = append(s.homework, o)
	case *Info:
		s.infos = append(s.infos, o)
	case *Discussion:
		s.discussions = append(s.discussions, o)
	case *Colleague:
		s.colleagues = append(s.colleagues, o)
	case *Dish:
		s.dishes = append(s.dishes, o)
	case *Link:
		s.links = append(s.links, o)
	case *Wallet:
		s.wallets = append(s.wallets, o)
	case *Person:
		s.persons = append(s.persons, o)
	case *AgendaEntry:
		s.agenda = append(s.agenda, o)
	case *Report:
		s.reports = append(s.reports, o)
	case *Evaluation:
		s.evaluations = append(s.evaluations, o)
	default:
		s.life.put(o)
	}
}

// sorted makes a shelf, unless nothing changed since the last one.
func (s *School) sorted() *shelf {
	if s.shelf != nil {
		return s.shelf
	}
	var shelf shelf
	for _, o := range s.objects {
		shelf.put(o)
	}
	slices.SortFunc(shelf.tests, func(a, b *Test) int {
		return cmp.Or(b.GivenOn.Compare(a.GivenOn), b.id-a.id)
	})
	slices.SortFunc(shelf.contents, func(a, b *Content) int {
		return cmp.Or(a.Starts.Compare(b.Starts), a.id-b.id)
	})
	slices.SortFunc(shelf.homework, func(a, b *Homework) int {
		return cmp.Or(a.DueOn.Compare(b.DueOn), a.id-b.id)
	})
	slices.SortFunc(shelf.infos, byPublication)
	slices.SortFunc(shelf.discussions, func(a, b *Discussion) int {
		return cmp.Or(b.newest().Compare(a.newest()), b.id-a.id)
	})
	slices.SortFunc(shelf.colleagues, func(a, b *Colleague) int { return a.id - b.id })
	slices.SortFunc(shelf.agenda, func(a, b *AgendaEntry) int {
		return cmp.Or(a.Starts.Compare(b.Starts), a.id-b.id)
	})
	slices.SortFunc(shelf.links, func(a, b *Link) int { return a.id - b.id })
	slices.SortFunc(shelf.wallets, func(a, b *Wallet) int { return a.id - b.id })
	slices.SortFunc(shelf.dishes, func(a, b *Dish) int {
		return cmp.Or(a.Date.Compare(b.Date), cmp.Compare(courseOrder(a.Course), courseOrder(b.Course)), a.id-b.id)
	})
	shelf.life.sort()
	slices.SortFunc(shelf.reports, func(a, b *Report) int { return a.id - b.id })
	slices.SortFunc(shelf.evaluations, func(a, b *Evaluation) int {
		return cmp.Or(b.Date.Compare(a.Date), b.id-a.id)
	})
	shelf.averages = s.averages(shelf.tests)
	s.shelf = &shelf
	return s.shelf
}
