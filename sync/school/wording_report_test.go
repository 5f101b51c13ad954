package school

import (
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

var report = pronote.Report{
	Year: "2025-2026", Period: "Trimestre 1", Class: "4B", StudentAverage: pronote.Num(14.2), ClassAverage: pronote.Num(12.05), OutOf: pronote.Num(20),
	Comments: "Appréciation globale : Bon trimestre.\nMention : Félicitations",
	Subjects: []pronote.ReportSubject{
		{Subject: "MATHEMATIQUES", Position: 1, Student: pronote.Num(15.5), Appreciation: "Travail sérieux.\nBravo !"},
		{Subject: "Oral", Within: "ANGLAIS LV1", Position: 2, Student: pronote.Num(0)},
		{Subject: "ED.PHYSIQUE & SPORT.", Position: 3, Appreciation: "Dispensée."},
	},
}

// These are the events of reports.
var _ = alsoTold(func() map[string]db.Event {
	telling := func(kind string, c mirror.Change[pronote.Report], subjects ...mirror.Change[db.Part[pronote.ReportSubject]]) db.Event {
		t := mirror.TellingOf(db.Reports, c)
		t.Parts = mirror.PartsOf(db.ReportSubjects, subjects)[0]
		return t.Event(kind, db.Owner{Student: 1})
	}
	subject := func(kind mirror.Kind, s pronote.ReportSubject) mirror.Change[db.Part[pronote.ReportSubject]] {
		c := mirror.Change[db.Part[pronote.ReportSubject]]{Kind: kind}
		c.Old.Value, c.New.Value = report.Subjects[0], s
		return c
	}
	var all []mirror.Change[db.Part[pronote.ReportSubject]]
	for _, s := range report.Subjects {
		all = append(all, subject(mirror.Added, s))
	}
	corrected, rewritten := report, report.Subjects[0]
	corrected.Comments, corrected.StudentAverage = "Appréciation globale : Excellent trimestre.", pronote.Num(14.3)
	rewritten.Appreciation = "Travail sérieux et régulier."
	same := mirror.Change[pronote.Report]{Kind: mirror.Changed, Old: report, New: report}
	return map[string]db.Event{
		"report.new":              telling("report.new", mirror.Change[pronote.Report]{Kind: mirror.Added, New: report}, all...),
		"report.new bare":         telling("report.new", mirror.Change[pronote.Report]{Kind: mirror.Added, New: pronote.Report{Period: "Semestre 2"}}),
		"report.changed":          telling("report.changed", mirror.Change[pronote.Report]{Kind: mirror.Changed, Old: report, New: corrected}),
		"report.changed subject":  telling("report.changed", same, subject(mirror.Changed, rewritten)),
		"report.changed withdrew": telling("report.changed", same, subject(mirror.Removed, pronote.ReportSubject{})),
	}
})
