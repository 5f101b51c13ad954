package pronote

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// A Report is a pupil's report card for one period.
//
// The rest of the page is left out: its graph is an image of the averages, the
// marks of honour, engagements and certificates have no known shape, and the
// averages of groups of subjects follow from those of the subjects.
type Report struct {
	Year           string // school year, "2025-2026"
	Period         string
	Class          string
	StudentAverage Number // over all subjects
	ClassAverage   Number
	OutOf          Number
	Comments       string // those on the report as a whole, a line each: "Appréciation globale : …"
	Absences       string // in PRONOTE's words, like the next three
	Delays         string
	Punishments    string
	Sanctions      string
	Subjects       []ReportSubject // in PRONOTE's order
	PDF            Attachment      // the whole as the school prints it, for Session.Download
}

// A ReportSubject is what a report says of one subject.
type ReportSubject struct {
	Subject      string
	Within       string // the subject that this is a part of; "" for a subject
	Group        string // of subjects: "SCIENCES"
	Position     int    // in the report, from 1
	Teachers     []string
	Coefficient  Number
	Student      Number // average, like the next three
	ClassAverage Number
	ClassMin     Number
	ClassMax     Number
	Appreciation string // plain text; of several teachers, a line each
}

const functionReport = "PageBulletins"

// Report returns the report card of one period, nil when the school says that it
// has not published it. It is ErrBlank where the school says nothing: that is so
// before publication at some schools, and a doubt once the period has ended.
func (s *Session) Report(ctx context.Context, of Student, in Period) (*Report, error) {
	answer, err := s.requestNew(ctx, Call{
		Function: functionReport, Tab: TabReports, Student: &of,
		Data: map[string]any{"periode": of.PeriodElement(TabReports, in), "classe": struct{}{}, "eleve": struct{}{}},
	})
	if err != nil {
		return nil, err
	}
	report, err := decodeReport(answer.Data, in)
	if errors.Is(err, ErrBlank) {
		s.answers.drop(functionReport) // a doubt is told each time
	}
	if report != nil {
		report.PDF = reportPDF(of, in)
	}
	return report, err
}

// decodeReport takes a message, which says when the report will be there, for a
// report not published, and an empty answer for none of either.
func decodeReport(data []byte, in Period) (*Report, error) {
	var w wire.Bulletin
	if err := json.Unmarshal(data, &w); err != nil {
		return nil, unreadable(functionReport, err)
	}
	empty := bytes.Equal(bytes.Join(bytes.Fields(data), nil), []byte("{}"))
	switch {
	case w.ListeServices.Present:
	case label(w.Message) != "":
		return nil, nil
	case empty:
		return nil, fmt.Errorf("%s: %w", functionReport, ErrBlank)
	default:
		return nil, unreadable(functionReport, errors.New("neither subjects nor a message"))
	}
	report := &Report{
		Year: in.Year, Period: in.Name, Class: label(w.Classe.Value.Label),
		StudentAverage: numberOf(w.General.Value.MoyenneEleve), ClassAverage: numberOf(w.General.Value.MoyenneClasse), OutOf: numberOf(w.BaremeParDefaut),
		Comments: commentsOf(w.ObjetListeAppreciations.Value.ListeAppreciations.Items),
		Absences: label(w.ListeAbsences.Value.StrAbsences), Delays: label(w.ListeAbsences.Value.StrRetards),
		Punishments: label(w.ListeAbsences.Value.StrPunitions), Sanctions: label(w.ListeAbsences.Value.StrSanctions),
		Subjects: []ReportSubject{},
	}
	for _, service := range w.ListeServices.Items {
		subject := reportSubjectOf(service, "")
		report.Subjects = append(report.Subjects, subject)
		for _, part := range service.ListeElements.Items {
			report.Subjects = append(report.Subjects, reportSubjectOf(part, subject.Subject))
		}
	}
	for i := range report.Subjects {
		report.Subjects[i].Position = i + 1
	}
	return report, nil
}

func reportSubjectOf(s wire.ServiceBulletin, within string) ReportSubject {
	name := label(s.Matiere.Value.Label)
	if name == "" || within != "" {
		name = label(s.Label)
	}
	return ReportSubject{
		Subject: name, Within: within, Group: label(s.SurMatiere.Value.Label), Teachers: labelsOf(s.ListeProfesseurs),
		Coefficient: numberOf(s.Coefficient), Student: numberOf(s.MoyenneEleve),
		ClassAverage: numberOf(s.MoyenneClasse), ClassMin: numberOf(s.MoyenneInf), ClassMax: numberOf(s.MoyenneSup),
		Appreciation: appreciationOf(s.ListeAppreciations),
	}
}

func appreciationOf(list wire.List[wire.Element]) string {
	var lines []string
	for _, a := range list.Items {
		lines = append(lines, textOf(string(a.Label)))
	}
	return tidy(strings.Join(lines, "\n"))
}

// commentsOf puts each comment behind its heading.
func commentsOf(list []wire.AppreciationBulletin) string {
	var lines []string
	for _, a := range list {
		text, heading := textOf(string(a.Label)), label(a.Intitule)
		if text != "" && heading != "" {
			text = heading + " : " + text
		}
		lines = append(lines, text)
	}
	return tidy(strings.Join(lines, "\n"))
}
