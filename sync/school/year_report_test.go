package school

import (
	"fmt"
	"strings"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

var _ = inYears("reports", yearDomain{
	function: "PageBulletins",
	expect: func(y *year, of mirror.Snapshot) ([]string, bool) {
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
})

func reportEvents(y *year, s *reportSnapshot) []string {
	truth := y.school.Truth(y.kind, s.Owner.StudentName).Reports
	place := func(r pronote.Report) string { return r.Year + " " + r.Period }
	subjects := func(r pronote.Report) []pronote.ReportSubject { return r.Subjects }
	followParts(y, db.Reports, s.Owner, s.Span, truth, place, db.ReportSubjects, subjects)
	followAttachments(y, db.Reports, s.Owner, s.Span, truth, place, func(r pronote.Report) []pronote.Attachment { return []pronote.Attachment{r.PDF} })
	return follow(y, db.Reports, s.Owner, s.Span, truth, func(r pronote.Report) entry {
		var shown []string // of the subjects, that people want to know
		for _, subject := range r.Subjects {
			shown = append(shown, subject.Subject, fmt.Sprint(subject.Student), subject.Appreciation)
		}
		return entry{place: place(r), parts: strings.Join(shown, "|")}
	}, func(kind mirror.Kind, what []string, before, now entry) string {
		switch {
		case kind == mirror.Added:
			return "report.new"
		case kind == mirror.Changed && (before.parts != now.parts || intersects(what, "comments", "student_average")):
			return "report.changed"
		}
		return ""
	})
}
