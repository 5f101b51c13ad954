package wording

import "slices"

// cleaned is a digest whose texts have nothing that is not to be written. What is said
// within a line is one.
func (d Digest) cleaned() Digest {
	d.Children = mapped(d.Children, func(p Pupil) Pupil {
		p.Name, p.Class, p.School = cleanLine(p.Name), cleanLine(p.Class), cleanLine(p.School)
		p.Tests = mapped(p.Tests, func(t Test) Test {
			t.Subject, t.Kind, t.Title = cleanLine(t.Subject), cleanLine(t.Kind), cleanLine(t.Title)
			return t
		})
		p.Work = mapped(p.Work, Work.cleaned)
		p.Menu = mapped(p.Menu, cleanLine)
		p.Ahead = mapped(p.Ahead, func(a Ahead) Ahead {
			a.Subject = cleanLine(a.Subject)
			return a
		})
		return p
	})
	d.Explain = mapped(d.Explain, func(u Unsettled) Unsettled {
		u.Child = cleanLine(u.Child)
		return u
	})
	d.Sign = mapped(d.Sign, func(s Unsigned) Unsigned {
		s.Child, s.Title = cleanLine(s.Child), cleanLine(s.Title)
		return s
	})
	d.Unread = mapped(d.Unread, cleanLine)
	d.Surveys = mapped(d.Surveys, func(s Survey) Survey {
		s.Child, s.Title = cleanLine(s.Child), cleanLine(s.Title)
		return s
	})
	d.News = mapped(d.News, func(e Event) Event {
		e.Child = cleanLine(e.Child)
		return e
	})
	d.LastEvent.Child = cleanLine(d.LastEvent.Child)
	return d
}

// cleaned is an answer whose texts have nothing that is not to be written.
func (a Answer) cleaned() Answer {
	a.Children = mapped(a.Children, func(c Answered) Answered {
		c.Name = cleanLine(c.Name)
		c.Work = mapped(c.Work, Work.cleaned)
		c.Days = mapped(c.Days, func(d TimetableDay) TimetableDay {
			d.Lessons = mapped(d.Lessons, func(l Lesson) Lesson {
				l.Subject, l.Rooms, l.Status = cleanLine(l.Subject), cleanLine(l.Rooms), cleanLine(l.Status)
				return l
			})
			return d
		})
		return c
	})
	a.Menu = mapped(a.Menu, func(m Meal) Meal {
		m.Dishes = mapped(m.Dishes, cleanLine)
		return m
	})
	a.Week = a.Week.cleaned()
	a.Why = mapped(a.Why, func(r Reason) Reason {
		r.Reason, r.Event.Child = cleanLine(r.Reason), cleanLine(r.Event.Child)
		return r
	})
	return a
}

// cleaned leaves the lines of the text, which say what was given.
func (w Work) cleaned() Work {
	w.Subject, w.Text = cleanLine(w.Subject), clean(w.Text)
	return w
}

func cleanLine(text string) string { return oneLine(clean(text)) }

// mapped is a new list of what f makes of another.
func mapped[T any](list []T, f func(T) T) []T {
	list = slices.Clone(list)
	for i, v := range list {
		list[i] = f(v)
	}
	return list
}
