package sync

import (
	"context"
	"errors"
	"fmt"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
)

// reports asks for the report card of each period that has begun. One that the
// school has not published is no row, and no error. An empty answer is none either,
// but of a period that has ended it is a doubt.
var reports = Domain{
	Name:     "reports",
	Schedule: "10 18 * * *",
	Tables:   []string{db.Reports.Name, db.ReportSubjects.Name},
	Events:   usual("report.new", "report.changed"),
	Files:    []string{db.Reports.Name},
	read: func(ctx context.Context, v *visit) ([]snapshot, error) {
		return readEach(v.periods(pronote.TabReports), func(period pronote.Period) (snapshot, error) {
			report, err := v.session.Report(ctx, v.student, period)
			published := []pronote.Report{}
			if report != nil {
				published = append(published, *report)
			}
			s := &reportSnapshot{list: listOf(db.Reports, reportMatcher, v.owner, db.PeriodSpan(period), published)}
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

var reportMatcher = Matcher[pronote.Report]{
	Identities: []func(pronote.Report) string{
		func(r pronote.Report) string { return identity(r.Year, r.Period) },
	},
}

var reportSubjectMatcher = Matcher[pronote.ReportSubject]{
	Identities: []func(pronote.ReportSubject) string{
		func(s pronote.ReportSubject) string { return identity(s.Within, s.Subject, identity(s.Teachers...)) },
		func(s pronote.ReportSubject) string { return identity(s.Within, s.Subject) },
	},
	Group: func(s pronote.ReportSubject) string { return identity(s.Within, s.Subject) },
	Alike: func(a, b pronote.ReportSubject) int { return 1 }, // two of one name: the order decides
}

type reportSnapshot struct {
	list[pronote.Report]
	blank bool   // the answer said nothing: a report that is known has not gone
	doubt string // what a person should know of that
}

// reportNews is what teachers wrote, and the pupil's averages, not the class's.
var reportNews = wholesNews[pronote.Report]{
	family:  "report",
	columns: []string{"comments", "student_average"},
	ofParts: []string{"appreciation", "student_average"},
}

func (s *reportSnapshot) store(ctx context.Context, tx *db.Tx, at pronote.DateTime) (outcome, error) {
	if s.blank {
		if known, err := s.load(ctx, tx); err != nil || len(known) > 0 {
			return outcome{doubt: s.doubt}, err
		}
	}
	subjects := &parts[pronote.Report, pronote.ReportSubject]{
		of: func(r pronote.Report) []pronote.ReportSubject { return r.Subjects }, table: db.ReportSubjects, matcher: reportSubjectMatcher,
	}
	s.children = []child[pronote.Report]{subjects, attachmentsOf(func(r pronote.Report) attached {
		return attached{[]pronote.Attachment{r.PDF}, "", at.Date}
	})}
	changes, total, err := s.list.store(ctx, tx, at)
	if err != nil {
		return total, err
	}
	total.events = reportNews.announce(&s.list, changes, subjects.told(), nil)
	var corrected []int64 // by what the school prints, as people are told
	for _, e := range total.events {
		if e.Kind == "report.changed" {
			corrected = append(corrected, e.Item)
		}
	}
	total.doubt = s.doubt
	return total, tx.OutdateFiles(ctx, corrected)
}
