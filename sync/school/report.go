package school

import (
	"context"
	"errors"
	"fmt"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// reports asks for the report card of each period that has begun. A report card
// that the school has not published is no row and no error. Nor is an empty answer,
// but for a period that has ended it is a doubt.
var reports = domain{
	Domain: psync.Domain{
		Name:     "reports",
		Schedule: "10 18 * * *",
		Tables:   []db.View{db.Reports.Listed(), db.ReportSubjects.Listed()},
		Events:   []string{"report.new", "report.changed"},
		Files:    []string{db.Reports.Name},
	},
	read: func(ctx context.Context, v *visit) ([]mirror.Snapshot, error) {
		return readEach(v.periods(pronote.TabReports), func(period pronote.Period) (mirror.Snapshot, error) {
			report, err := v.session.Report(ctx, v.student, period)
			published := []pronote.Report{}
			if report != nil {
				published = append(published, *report)
			}
			s := &reportSnapshot{List: mirror.ListOf(db.Reports, reportMatcher, v.owner, db.PeriodSpan(period), published)}
			if s.blank = errors.Is(err, pronote.ErrBlank); s.blank {
				err = nil
				if period.Ends.Compare(v.today) < 0 {
					s.doubt = fmt.Sprintf("PRONOTE answers nothing about %s, which has ended: look with a browser whether its report card is there", period.Name)
				}
			}
			return s, err
		})
	},
}

var reportMatcher = mirror.Matcher[pronote.Report]{
	Identities: []func(pronote.Report) string{
		func(r pronote.Report) string { return mirror.Identity(r.Year, r.Period) },
	},
}

var reportSubjectMatcher = mirror.Matcher[pronote.ReportSubject]{
	Identities: []func(pronote.ReportSubject) string{
		func(s pronote.ReportSubject) string {
			return mirror.Identity(s.Within, s.Subject, mirror.Identity(s.Teachers...))
		},
		func(s pronote.ReportSubject) string { return mirror.Identity(s.Within, s.Subject) },
	},
	Group: func(s pronote.ReportSubject) string { return mirror.Identity(s.Within, s.Subject) },
	Alike: func(a, b pronote.ReportSubject) int { return 1 }, // two of one name: the order decides
}

type reportSnapshot struct {
	mirror.List[pronote.Report]
	blank bool   // the answer said nothing: a report that is known has not gone
	doubt string // what a person should know of that
}

// reportNews is what teachers wrote, and the pupil's averages, not the class's.
var reportNews = mirror.WholesNews[pronote.Report]{
	Family:  "report",
	Columns: []string{"comments", "student_average"},
	OfParts: []string{"appreciation", "student_average"},
	Texts:   []string{"comments", "appreciation"},
}

func (s *reportSnapshot) Store(ctx context.Context, tx *db.Tx, at pronote.DateTime) (mirror.Outcome, error) {
	if s.blank {
		if known, err := s.Load(ctx, tx); err != nil || len(known) > 0 {
			return mirror.Outcome{Doubt: s.doubt}, err
		}
	}
	subjects := &mirror.Parts[pronote.Report, pronote.ReportSubject]{
		Of: func(r pronote.Report) []pronote.ReportSubject { return r.Subjects }, Table: db.ReportSubjects, Matcher: reportSubjectMatcher,
	}
	s.Children = []mirror.Child[pronote.Report]{subjects, mirror.AttachmentsOf(func(r pronote.Report) mirror.Attached {
		return mirror.Attached{List: []pronote.Attachment{r.PDF}, Day: at.Date}
	})}
	changes, total, err := s.List.Store(ctx, tx, at)
	if err != nil {
		return total, err
	}
	total.Events = reportNews.Announce(&s.List, changes, subjects.Told(), nil)
	var corrected []int64 // by what the school prints, as people are told
	for _, e := range total.Events {
		if e.Kind == "report.changed" {
			corrected = append(corrected, e.Item)
		}
	}
	total.Doubt = s.doubt
	return total, tx.OutdateFiles(ctx, corrected)
}
