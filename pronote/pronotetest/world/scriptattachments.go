package world

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// attachments hangs files and links on what the rest of the script publishes.
// Twins get the same ones: a colleague who copies homework copies its files.
func (w *writer) attachments() {
	copied := map[string][]pronote.Attachment{}
	for i, e := range slices.Clone(w.script) {
		if e.change.fresh == nil {
			continue
		}
		switch o := e.change.fresh().(type) {
		case *Homework:
			what := fmt.Sprint(o.Subject, o.GivenOn, o.DueOn, o.Text)
			files, twin := copied[what]
			if !twin {
				files = w.files(o.Subject, pick(w.Rand, 0, 0, 0, 0, 1, 1, 2))
				copied[what] = files
			}
			w.script[i].change.fresh = with(e.change.fresh, func(h *Homework) { h.Files = files })
			if !twin {
				w.fileLife(e, *o, files)
			}
			w.handIn(e, *o)
		case *Info:
			files := w.files("", pick(w.Rand, 0, 0, 1, 1, 2, 3))
			w.script[i].change.fresh = with(e.change.fresh, func(i *Info) { i.Files = files })
			if t := w.moment(e.at, 3); w.chance(0.1) {
				late := w.files("", 1)
				w.plan(t, Amend(e.change.id, func(i *Info) { i.Files = append(i.Files, documents(late)...) }))
			}
		case *Discussion:
			what := fmt.Sprint(o.Subject, o.With, o.Messages[0].Text)
			files, twin := copied[what]
			if !twin {
				files = w.files("", pick(w.Rand, 0, 0, 0, 1, 2))
				copied[what] = files
			}
			w.script[i].change.fresh = with(e.change.fresh, func(d *Discussion) {
				d.Messages = slices.Clone(d.Messages)
				d.Messages[0].Files = files
			})
		case *Test:
			if w.chance(0.15) {
				w.script[i].change.fresh = with(e.change.fresh, func(t *Test) { t.Paper = "Sujet.pdf" })
			}
			if t := w.moment(e.at, 10); w.chance(0.1) {
				w.plan(t, Amend(e.change.id, func(t *Test) { t.Solution = "Corrigé.pdf" }))
			}
		}
	}
}

// filesOfSchoolLife hangs files on what the office enters: of a punishment, what
// somebody reports and the work to do for it, of an absence, what the family hands in.
func (w *writer) filesOfSchoolLife() {
	for i, e := range slices.Clone(w.script) {
		if e.change.fresh == nil {
			continue
		}
		switch o := e.change.fresh().(type) {
		case *Punishment:
			files := w.filesOfPunishment(o.Homework != "", pick(w.Rand, 0, 0, 1, 2))
			w.script[i].change.fresh = with(e.change.fresh, func(p *Punishment) { p.Attachments = files })
			if w.chance(0.3) {
				now := append(w.filesOfPunishment(o.Homework != "", 1), files[:len(files)/2]...)
				w.plan(w.moment(e.at, 3), Amend(e.change.id, func(p *Punishment) { p.Attachments = slices.Clone(now) }))
			}
		case *Absence:
			if !w.chance(0.3) {
				continue
			}
			files := documents(w.files("", 1))
			w.plan(w.moment(e.at, 5), Amend(e.change.id, func(a *Absence) { a.Attachments = slices.Clone(files) }))
		}
	}
}

// filesOfPunishment are some of what happened and, where there is work to do, of that.
func (w *writer) filesOfPunishment(work bool, count int) []pronote.Attachment {
	list := documents(w.files("", count))
	for i := range list {
		list[i].Role = "circumstances"
		if work && w.chance(0.6) {
			list[i].Role = "homework"
		}
	}
	return list
}

// with makes an object as before, and then adds something to it.
func with[T thing](fresh func() object, add func(*T)) func() object {
	return func() object {
		made := fresh()
		add(any(made).(*T))
		return made
	}
}

// files are what somebody hangs on something. Names are as people give them:
// twice the same, with slashes and dots, or very long.
func (w *writer) files(subject string, count int) []pronote.Attachment {
	var list []pronote.Attachment
	for range count {
		n := 1 + w.IntN(12)
		switch w.IntN(9) {
		case 0:
			address := fmt.Sprintf("https://ressources.example.org/%s/%d", strings.ToLower(strings.Fields(subject + " college")[0]), n)
			list = append(list, pronote.Attachment{Name: pick(w.Rand, address, "Vidéo à regarder"), Kind: "link", URL: address})
		case 1:
			list = append(list, pronote.Attachment{Name: "Tutoriel", Kind: "video", URL: fmt.Sprintf("https://videos.example.org/v%d", n)})
		default:
			name := pick(w.Rand, "Fiche {n}.pdf", "exercices_{n}.docx", "Scan.jpg", "sujet 12/{n}.pdf", "carte.png", "Présentation séance {n}.odp", "CON.pdf", "circulaire n°{n} "+strings.Repeat("très ", 30)+"longue.pdf")
			list = append(list, pronote.Attachment{Name: strings.ReplaceAll(name, "{n}", fmt.Sprint(n)), Kind: "file"})
		}
	}
	return list
}

// fileLife is a teacher who forgot a file, or took the wrong one.
func (w *writer) fileLife(e event, h Homework, files []pronote.Attachment) {
	t := w.moment(e.at, 2)
	if !w.chance(0.12) || t.Date.Compare(h.DueOn) > 0 {
		return
	}
	late := documents(w.files(h.Subject, 1))
	switch w.IntN(3) {
	case 0: // in place of the others
		w.plan(t, Amend(e.change.id, func(h *Homework) { h.Files = slices.Clone(late) }))
	case 1: // none after all
		w.plan(t, Amend(e.change.id, func(h *Homework) { h.Files = []pronote.Attachment{} }))
	default:
		w.plan(t, Amend(e.change.id, func(h *Homework) { h.Files = append(documents(files), late...) }))
	}
}

// handIn is what becomes of homework that is handed in through PRONOTE.
func (w *writer) handIn(e event, h Homework) {
	t := w.moment(e.at, max(0, h.DueOn.DaysSince(e.at.Date)-1))
	child := w.school.class.children[0]
	if h.Return != "pronote" || !w.school.class.in(h.Group, child) || !w.chance(0.7) || t.Date.Compare(h.DueOn) > 0 {
		return
	}
	w.plan(t, Amend(e.change.id, func(h *Homework) { h.Returned = map[string]string{child: "mon devoir.pdf"} }))
	if corrected := w.moment(t, 9); w.chance(0.5) {
		w.plan(corrected, Amend(e.change.id, func(h *Homework) { h.Corrected = map[string]string{child: "mon devoir (corrigé).pdf"} }))
	}
}
