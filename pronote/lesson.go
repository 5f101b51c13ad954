package pronote

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// A Lesson is one entry of the timetable. A lesson whose place another one takes
// stays as a cancelled entry beside it; both are returned.
type Lesson struct {
	Starts   DateTime
	Ends     DateTime // zero when the server does not let it be known
	Subject  string   // "" for detentions and outings
	Title    string   // of an outing, a detention or a project; "" for most lessons
	Teachers []string // and other staff; nil, not empty, when there are none, like the other lists
	Rooms    []string
	Groups   []string // where it is not for the whole class

	// Number is the lesson's number in the school's timetable, which no login
	// changes; a lesson that replaces another has a higher one. 0 for outings.
	Number int

	Kind      string // "lesson", "council", "replacement", "history", "substitute" or "other"
	Status    string // what the school says of it: "Prof. absent", "Changement de salle"; "" for most
	Cancelled bool   // by the server's flag or, where the school does without it, by the status
	Replaced  bool   // cancelled, and another lesson is held in its place
	Detention bool
	Outing    bool
	Test      bool
	TestKind  string // as the school calls it: "Devoir sur table"; "" when not stated
	Exempted  bool   // this pupil need not attend
	Exemption string // in what way, where the server says so
	Memo      string // the teacher's note to the pupils
	Links     []string

	// LinkLabels and LinkComments have a line for each of Links, "" where the
	// school wrote none; nil when it wrote none at all.
	LinkLabels, LinkComments []string

	// Reason is why the lesson is not held as planned: "teacher_absent", "outing",
	// "moved" or "other"; "" when it is.
	Reason string
}

// Lessons returns the timetable from one day to another, both included, by
// start and number. The server numbers no weeks before the first one of the
// school year, so days before it have no lessons.
func (s *Session) Lessons(ctx context.Context, of Student, from, to Date) ([]Lesson, error) {
	const function = "PageEmploiDuTemps"
	if from.Compare(s.school.firstMonday) < 0 {
		from = s.school.firstMonday
	}
	if from.Compare(to) > 0 {
		return []Lesson{}, nil
	}
	// Servers read one or the other spelling of these names, depending on their
	// version.
	starts, ends := wire.FormatDate(from.In(time.UTC)), wire.FormatDate(to.In(time.UTC))
	answer, err := s.requestNew(ctx, Call{
		Function: function, Tab: TabLessons, Student: &of,
		Data: map[string]any{
			"ressource": of.element, "Ressource": of.element,
			"dateDebut": starts, "DateDebut": starts, "dateFin": ends, "DateFin": ends,
			"avecAbsencesEleve": false, "avecConseilDeClasse": true, "estEDTPermanence": false, "avecAbsencesRessource": true,
			"avecDisponibilites": true, "avecInfosPrefsGrille": true, "avecRetenuesEleve": true, "avecCoursSortiePeda": true,
			"avecRessourcesLibrePiedHoraire": false, "estEDTAnnuel": false, "edt": Element{Genre: 16, Label: "Emploi du temps"},
		},
	})
	if err != nil {
		return nil, err
	}
	all, err := decodeLessons(answer.Data, s.school)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(l Lesson) bool {
		return l.Starts.Date.Compare(from) < 0 || l.Starts.Date.Compare(to) > 0
	}), nil
}

func decodeLessons(data []byte, at School) ([]Lesson, error) {
	const function = "PageEmploiDuTemps"
	var w wire.EmploiDuTemps
	if err := json.Unmarshal(data, &w); err != nil {
		return nil, unreadable(function, err)
	}
	if !w.ListeCours.Present {
		return nil, unreadable(function, errors.New("no list of lessons"))
	}
	lessons := make([]Lesson, 0, len(w.ListeCours.Items))
	for _, c := range w.ListeCours.Items {
		l := lessonOf(c, at)
		if l.Starts.IsZero() { // left out, it would pass for a lesson that is no longer held
			return nil, unreadable(function, errors.New("a lesson without a date"))
		}
		lessons = append(lessons, l)
	}
	slices.SortStableFunc(lessons, func(a, b Lesson) int {
		return cmp.Or(a.Starts.Compare(b.Starts), cmp.Compare(a.Number, b.Number))
	})
	markReplaced(lessons)
	return lessons, nil
}

var lessonKinds = []string{"lesson", "council", "replacement", "history", "substitute"}

func lessonOf(c wire.Cours, at School) Lesson {
	l := Lesson{
		Starts: dateTimeOf(c.DateDuCours), Number: int(c.Numero),
		Kind:   cmp.Or(nth(lessonKinds, int(c.Genre)), "other"),
		Status: label(c.Statut), Detention: bool(c.EstRetenue), Outing: bool(c.EstSortiePedagogique),
		Exempted: c.DispenseEleve.Yes, Exemption: label(c.DispenseEleve.Label),
		Memo: textOf(string(c.Memo)),
	}
	l.Cancelled = bool(c.EstAnnule) || saysCancelled(l.Status)
	l.Reason = reasonOf(l)
	if l.Outing {
		l.fillOuting(c)
	}
	l.Ends = endOf(c, l.Starts, at)
	for _, part := range c.ListeContenus.Items {
		l.fill(part)
	}
	if page := c.CahierDeTexte.Value; page.EstDevoir {
		l.Test = true
		for _, category := range page.OriginesCategorie.Items {
			l.TestKind = cmp.Or(l.TestKind, label(category.Label))
		}
	}
	l.fillLinks(c.ListeVisios.Items)
	return l
}

// fillLinks reads where a lesson at a distance is held, and what is written beside
// that.
func (l *Lesson) fillLinks(visios []wire.Visio) {
	written := func(text string) bool { return text != "" }
	for _, v := range visios {
		if url := label(v.URL); strings.HasPrefix(url, "https://") || strings.HasPrefix(url, "http://") {
			l.Links = append(l.Links, strings.ReplaceAll(url, " ", "%20"))
			l.LinkLabels = append(l.LinkLabels, label(v.LibelleLien))
			l.LinkComments = append(l.LinkComments, label(v.Commentaire))
		}
	}
	if !slices.ContainsFunc(l.LinkLabels, written) {
		l.LinkLabels = nil
	}
	if !slices.ContainsFunc(l.LinkComments, written) {
		l.LinkComments = nil
	}
}

// fill reads one part of a lesson. Equipment does not matter to a pupil, and
// additions of newer servers are unknown.
func (l *Lesson) fill(part wire.ContenuCours) {
	const class, group, teacher, subject, room, staff = 1, 2, 3, 16, 17, 34
	const partOfClass, partOfClassBefore2025, courseLabel, courseLabelBefore2025 = 57, 58, 93, 94
	text := label(part.Label)
	if text == "" {
		return
	}
	switch genre := int(part.Genre.Value); {
	case !part.Genre.Known || bool(part.EstHoraire): // a caption
		l.Title = joined(l.Title, text)
	case genre == subject:
		l.Subject = cmp.Or(l.Subject, text)
	case genre == teacher || genre == staff:
		l.Teachers = append(l.Teachers, text)
	case genre == room:
		l.Rooms = append(l.Rooms, text)
	case genre == class || genre == group || genre == partOfClass || genre == partOfClassBefore2025:
		l.Groups = append(l.Groups, text)
	case genre == courseLabel || genre == courseLabelBefore2025:
		l.Title = joined(l.Title, text)
	}
}

func joined(title, text string) string {
	if title == "" {
		return text
	}
	return title + " · " + text
}

// fillOuting reads what only outings have.
func (l *Lesson) fillOuting(c wire.Cours) {
	l.Title = label(c.Motif)
	for _, name := range c.Accompagnateurs.Items {
		if name := label(name); name != "" {
			l.Teachers = append(l.Teachers, name)
		}
	}
	if who := label(c.StrRess); who != "" {
		l.Groups = append(l.Groups, who)
	}
	if l.Starts.IsZero() {
		if at, err := wire.ParseDateTime(string(c.StrDateDebut)); err == nil {
			l.Starts = dateTimeOf(wire.DateTime{Time: at})
		}
	}
}

// The words of a status that mean that a lesson is not held. Some schools write
// them and leave the flag alone.
var cancelling = []string{"annul", "absent", "sortie pédagogique", "n'a pas lieu"}

func saysCancelled(status string) bool { return says(status, cancelling...) }

// says reports whether a status has one of some words, which are in lower case.
func says(status string, words ...string) bool {
	status = strings.ToLower(strings.ReplaceAll(status, "’", "'"))
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(status, word) })
}

// reasonOf is why a lesson is not held as planned, as far as its status says. An
// absent person who is not named is the teacher, as in "Prof. absent".
func reasonOf(l Lesson) string {
	switch {
	case l.Outing || says(l.Status, "sortie", "voyage"):
		return "outing"
	case says(l.Status, "absen") && !says(l.Status, "classe", "élève", "groupe"):
		return "teacher_absent"
	case says(l.Status, "déplac", "report"):
		return "moved"
	case l.Cancelled:
		return "other"
	}
	return ""
}

// Overlaps reports whether two lessons are held at the same time, if only for a
// while.
func (l Lesson) Overlaps(other Lesson) bool {
	ends, otherEnds := l.Ends, other.Ends
	return l.Starts == other.Starts || l.Starts.Compare(otherEnds) < 0 && other.Starts.Compare(ends) < 0
}

// markReplaced finds the cancelled lessons in whose place another one is held.
// Lessons are ordered by their start.
func markReplaced(lessons []Lesson) {
	for i := range lessons {
		for j := i + 1; j < len(lessons) && lessons[i].Starts.Date == lessons[j].Starts.Date; j++ {
			a, b := &lessons[i], &lessons[j]
			if a.Cancelled != b.Cancelled && a.Overlaps(*b) {
				a.Replaced, b.Replaced = a.Cancelled, b.Cancelled
			}
		}
	}
}

// endOf is when a lesson ends: as the server says, or by the slots that it
// takes. A lesson that ends before it starts has no end.
func endOf(c wire.Cours, starts DateTime, at School) DateTime {
	if ends := statedEnd(c, starts, at); ends.Compare(starts) > 0 {
		return ends
	}
	return DateTime{}
}

func statedEnd(c wire.Cours, starts DateTime, at School) DateTime {
	if !c.DateDuCoursFin.IsZero() {
		return dateTimeOf(c.DateDuCoursFin)
	}
	if end, err := wire.ParseDateTime(string(c.StrDateFin)); err == nil && !end.IsZero() {
		return dateTimeOf(wire.DateTime{Time: end})
	}
	if len(at.slotEnds) == 0 || c.Duree <= 0 || c.Place < 0 {
		return DateTime{}
	}
	last := int(c.Place)%len(at.slotEnds) + int(c.Duree) - 1
	if last >= len(at.slotEnds) || at.slotEnds[last].IsZero() {
		return DateTime{}
	}
	ends := at.slotEnds[last]
	ends.Date = starts.Date
	return ends
}
