package wording

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pronote-sync/pronote-sync/civil"
)

// Digest words what a recipient is told together.
func (l *Language) Digest(d Digest, to Reader) (Message, error) {
	w := &writer{Language: l, to: to}
	d = d.cleaned()
	switch d.Kind {
	case Week:
		return w.week(d)
	case Outage:
		return w.outage(d)
	case Silence:
		return w.silence(d)
	case Welcome:
		return w.welcome(d)
	}
	if d.Day.IsZero() && len(d.News) > 0 {
		return l.Message(d.News, to)
	}
	w.explain(d)
	w.end()
	w.days(d)
	return w.message(w.title(d))
}

// explain writes what waits for somebody: for an explanation, a signature, a reader.
func (w *writer) explain(d Digest) {
	for _, u := range d.Explain {
		w.add(w.say("digest explain", u))
	}
	for _, s := range d.Sign {
		w.add(w.say("digest sign", s))
	}
	if len(d.Unread) > 0 {
		var from []string
		for _, author := range d.Unread {
			if name := textOf(name(author)); name != "" && !slices.Contains(from, name) {
				from = append(from, name)
			}
		}
		w.add(w.say("digest unread", map[string]any{"Count": len(d.Unread), "From": w.Names(from)}))
	}
}

// title is the gravest of what a day brings, of as many children as a title has room for.
func (w *writer) title(d Digest) string {
	var facts []shared
	for _, p := range d.Children {
		facts = share(facts, w.say("digest hours turned", p), p.Name)
		for _, t := range p.Tests {
			facts = share(facts, w.say("digest test short", t), p.Name)
		}
		for _, a := range p.Ahead {
			if a.Kind == "outing" {
				facts = share(facts, w.say("digest outing short", a), p.Name)
			}
		}
	}
	title := w.say("digest title "+string(d.Kind), d) + " "
	if len(facts) == 0 {
		return title + w.say("digest nothing", nil)
	}
	for i, f := range facts {
		fact := w.withNames(f.text, f.names)
		if i > 0 {
			fact = ", " + fact
		}
		if i > 0 && utf8.RuneCountInString(title+fact) > MaxTitle-1 {
			return title + "…"
		}
		title += fact
	}
	return title
}

// days writes a paragraph for each child, then what is later.
func (w *writer) days(d Digest) {
	var later []Event
	of := map[string][]Event{}
	for _, e := range d.News {
		i := slices.IndexFunc(d.Children, func(p Pupil) bool { return p.Name == e.Child || e.Child == "" && len(d.Children) == 1 })
		switch {
		case i < 0 || !w.ofNow(e, d.Day):
			later = append(later, e)
		case !w.saidBy(d.Children[i], e):
			of[d.Children[i].Name] = append(of[d.Children[i].Name], e)
		}
	}
	for _, p := range d.Children {
		w.add(w.say("digest child", p))
		for _, t := range p.Tests {
			w.add(w.say("digest test", t))
		}
		for _, e := range p.Changes {
			w.add(w.line(e, d.Day))
		}
		w.work(d.Kind, p)
		for _, e := range of[p.Name] {
			w.add(w.line(e, d.Day))
		}
		if len(p.Menu) > 0 && !w.sameMenu(d) {
			w.add(w.say("digest menu", p.Menu))
		}
		w.end()
	}
	if len(d.Children) > 0 && w.sameMenu(d) {
		w.add(w.say("digest menu", d.Children[0].Menu))
		w.end()
	}
	w.later(d, later)
}

// sameMenu reports whether all children eat the same, or nothing.
func (w *writer) sameMenu(d Digest) bool {
	return !slices.ContainsFunc(d.Children, func(p Pupil) bool { return !slices.Equal(p.Menu, d.Children[0].Menu) })
}

// work writes what is due on a day: of a morning only what is not done.
func (w *writer) work(kind DigestKind, p Pupil) {
	for _, work := range p.Work {
		if kind == Morning && work.Done {
			continue
		}
		w.add(w.say("digest work", w.given(work)))
	}
	if kind == Evening && len(p.Work) == 0 && !p.From.IsZero() {
		w.add(w.say("digest no work", nil))
	}
}

// A givenWork is a Work that says whether it was given today.
type givenWork struct {
	Work
	Today bool
	Brief string
}

func (w *writer) given(work Work) givenWork {
	return givenWork{work, !work.Given.IsZero() && work.Given == w.to.Now.Date, small(w.brief(work.Text, longestWork))}
}

// small writes a sentence without its capital, as in a list, unless it is one of initials.
func small(text string) string {
	_, size := utf8.DecodeRuneInString(text)
	second, _ := utf8.DecodeRuneInString(text[size:])
	if strings.ToLower(string(second)) != string(second) || !isLetter(second) {
		return text
	}
	return lowered(text)
}

// ofNow reports whether an event belongs to a child's day, and not to what is later.
func (w *writer) ofNow(e Event, day civil.Date) bool {
	family, _, _ := strings.Cut(e.Kind, ".")
	switch family {
	case "mark", "average", "evaluation", "report", "absence", "delay", "punishment", "observation", "wallet":
		return true
	case "lesson", "day", "homework":
		v, err := e.seen(w.to)
		on, ok := momentOf(firstOf(v.Now["starts_at"], v.Now["day"], v.Now["due_on"]))
		return err == nil && ok && on.Date == day
	}
	return false
}

// saidBy reports whether what a digest says of a child has an event already.
func (w *writer) saidBy(p Pupil, e Event) bool {
	v, err := e.seen(w.to)
	if err != nil {
		return false
	}
	switch e.Kind {
	case "homework.new":
		return slices.ContainsFunc(p.Work, func(work Work) bool {
			return work.Subject == v.Now["subject"] && work.Text == textOf(v.Now["description"])
		})
	case "day.changed":
		return !p.UsualFrom.IsZero()
	case "lesson.test":
		return slices.ContainsFunc(p.Tests, func(t Test) bool { return t.At.String() == v.Now["starts_at"] })
	}
	return slices.ContainsFunc(p.Changes, func(c Event) bool {
		other, err := c.seen(w.to)
		return err == nil && c.Kind == e.Kind && other.Now["starts_at"] == v.Now["starts_at"] && other.Now["subject"] == v.Now["subject"]
	})
}

// later writes what is not of a child's day: work due, then a line for each other event.
func (w *writer) later(d Digest, events []Event) {
	var work, other []shared
	for _, e := range events {
		if e.Kind != "homework.new" {
			other = share(other, w.line(e, civil.Date{}), e.Child)
			continue
		}
		if v, err := e.seen(w.to); err == nil {
			work = share(work, w.say("digest later work", v), e.Child)
		}
	}
	for _, s := range d.Surveys {
		other = share(other, w.say("digest survey", s), s.Child)
	}
	if len(work)+len(other) == 0 {
		return
	}
	if d.Kind == Evening {
		w.add(w.say("digest later", nil))
	}
	if len(work) > 0 {
		w.add("📚 " + w.workLine(work))
	}
	for _, s := range other {
		w.add(w.withNames(s.text, s.names))
	}
	w.end()
}

// workLine lists work by whose it is: "SVT lun. 24, latin mar. 25 (Léa) ; maths ven. 28 (Tom)".
func (w *writer) workLine(work []shared) string {
	var groups []shared
	for _, s := range work {
		i := slices.IndexFunc(groups, func(g shared) bool { return slices.Equal(g.names, s.names) })
		if i < 0 {
			groups = append(groups, s)
			continue
		}
		groups[i].text += ", " + s.text
	}
	var texts []string
	for _, g := range groups {
		texts = append(texts, w.withNames(g.text, g.names))
	}
	return textOf(capital(strings.Join(texts, w.semicolon)))
}

// week writes the days to come and those that went by.
func (w *writer) week(d Digest) (Message, error) {
	tests, outings := 0, 0
	var tomorrow, past []string
	lost := 0
	for _, p := range d.Children {
		for _, a := range p.Ahead {
			switch a.Kind {
			case "test":
				tests++
			case "outing":
				outings++
			}
		}
		tomorrow = append(tomorrow, w.say("digest tomorrow", p))
		if text := w.say("digest past", w.pastOf(p)); text != "" {
			past = append(past, text)
		}
		lost = max(lost, p.Past.Lost)
	}
	title := w.say("digest title week", map[string]any{"Day": d.Day, "Last": d.Last, "Tests": tests, "Outings": outings})
	w.explain(d)
	w.add(w.say("digest tomorrows", map[string]any{"Day": d.Day, "Of": strings.Join(nonEmpty(tomorrow), w.semicolon)}))
	for _, p := range d.Children {
		w.add(w.ahead(p))
	}
	w.add(w.say("digest pasts", map[string]any{"Of": strings.Join(past, w.semicolon), "Lost": lost}))
	w.later(d, d.News)
	return w.message(title)
}

func nonEmpty(texts []string) []string {
	return slices.DeleteFunc(texts, func(text string) bool { return text == "" })
}

// A pastOf is what a week brought a child, as the reader sees it.
type pastOf struct {
	Name string
	Past
}

func (w *writer) pastOf(p Pupil) pastOf {
	past := p.Past
	past.Overall, past.Before = w.to.secret(past.Overall), w.to.secret(past.Before)
	return pastOf{p.Name, past}
}

// ahead writes what the days of a week bring a child: "Léa · lun. 📝 anglais · mar. 📚 latin".
func (w *writer) ahead(p Pupil) string {
	var days []string
	var last civil.Date
	for _, a := range p.Ahead {
		text := w.say("digest ahead", a)
		if len(days) > 0 && a.Day == last {
			days[len(days)-1] += ", " + text
			continue
		}
		last = a.Day
		days = append(days, w.weekdaysShort[a.Day.Weekday()]+" "+text)
	}
	if len(days) == 0 {
		return ""
	}
	return naming(p.Name) + strings.Join(days, separator)
}

// outage writes that PRONOTE answers again, and what still matters of what changed.
func (w *writer) outage(d Digest) (Message, error) {
	w.add(w.say("digest outage", d), w.say("digest meanwhile", map[string]any{"Changes": d.Changes, "Matter": len(d.News)}))
	for _, e := range d.News {
		text := w.line(e, civil.Date{})
		if sign, rest, ok := strings.Cut(text, " "); ok && isSign(sign) {
			text = sign + " " + naming(e.Child) + rest
		}
		w.add(text)
	}
	w.end()
	w.explain(d)
	w.end()
	title := w.say("digest title outage", d)
	d.News = nil
	if !d.Day.IsZero() {
		w.days(d)
	}
	return w.message(title)
}

// silence writes that nothing has changed for long.
func (w *writer) silence(d Digest) (Message, error) {
	last := ""
	if d.LastEvent.Kind != "" {
		to := w.to
		to.Reveal = Hint
		v, err := d.LastEvent.seen(to)
		if err != nil {
			return Message{}, err
		}
		v.who = ""
		t, err := w.worded(d.LastEvent.Kind, v, to)
		if err != nil {
			return Message{}, err
		}
		last = lowered(t.title)
	}
	w.add(w.say("digest silence", map[string]any{"Day": d.LastDay, "Last": last, "Child": d.LastEvent.Child}))
	return w.message(w.say("digest title silence", nil))
}

// welcome writes what is followed, and when people will be told.
func (w *writer) welcome(d Digest) (Message, error) {
	var names []string
	var schools []shared
	for _, p := range d.Children {
		if p.Name != "" {
			names = append(names, p.Name)
		}
		schools = share(schools, p.School, w.say("digest class", p))
	}
	title := w.say("digest title welcome", map[string]any{"Names": w.Names(names)})
	for _, s := range schools {
		w.add(w.say("digest school", map[string]any{"School": s.text, "Classes": strings.Join(nonEmpty(s.names), ", ")}))
	}
	w.add(w.say("digest copied", d.Copied))
	var families []string
	for _, family := range d.AtOnce {
		if name := w.families[family]; name != "" && !slices.Contains(families, name) {
			families = append(families, name)
		}
	}
	if len(families) > 0 {
		w.add(w.say("digest at once", strings.Join(families, ", ")))
	}
	w.add(w.say("digest daily", clockOf(d.Evening)))
	if from, to := clockOf(d.Quiet[0]), clockOf(d.Quiet[1]); from != nil && to != nil {
		w.add(w.say("digest quiet", map[string]any{"From": from, "To": to}))
	}
	return w.message(title)
}
