package sync

import (
	"fmt"
	"strings"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
)

var reportYear = yearDomain{
	function: "PageBulletins",
	expect: func(y *year, of snapshot) ([]string, bool) {
		s, ours := of.(*reportSnapshot)
		if !ours {
			return nil, false
		}
		return reportEvents(y, s), true
	},
	mirrored: map[string]func(*year, *db.Tx, db.Owner) ([]string, error){
		"reports":         mirrored(db.Reports),
		"report_subjects": mirroredParts(db.Reports, db.ReportSubjects),

		"attachments/reports": mirroredAttachments(db.Reports),
	},
}

func reportEvents(y *year, s *reportSnapshot) []string {
	truth := y.school.Truth(y.kind, s.owner.StudentName).Reports
	place := func(r pronote.Report) string { return r.Year + " " + r.Period }
	subjects := func(r pronote.Report) []pronote.ReportSubject { return r.Subjects }
	followParts(y, db.Reports, s.owner, s.span, truth, place, db.ReportSubjects, subjects)
	followAttachments(y, db.Reports, s.owner, s.span, truth, place, func(r pronote.Report) []pronote.Attachment { return []pronote.Attachment{r.PDF} })
	return follow(y, db.Reports, s.owner, s.span, truth, func(r pronote.Report) entry {
		var shown []string // of the subjects, that people want to know
		for _, subject := range r.Subjects {
			shown = append(shown, subject.Subject, fmt.Sprint(subject.Student), subject.Appreciation)
		}
		return entry{place: place(r), parts: strings.Join(shown, "|")}
	}, func(kind Kind, what []string, before, now entry) string {
		switch {
		case kind == Added:
			return "report.new"
		case kind == Changed && (before.parts != now.parts || intersects(what, "comments", "student_average")):
			return "report.changed"
		}
		return ""
	})
}
