package school

import (
	"strings"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

var _ = inYears("evaluations", yearDomain{
	function: "DernieresEvaluations",
	expect: func(y *year, of mirror.Snapshot) ([]string, bool) {
		s, ours := of.(*evaluationSnapshot)
		if !ours {
			return nil, false
		}
		return evaluationEvents(y, s), true
	},
	mirrored: map[string]func(*year, *db.Tx, db.Owner) ([]string, error){
		"evaluations": mirrored(db.Evaluations),
		"skills":      mirroredParts(db.Evaluations, db.Skills),
	},
})

func evaluationEvents(y *year, s *evaluationSnapshot) []string {
	truth := y.school.Truth(y.kind, s.Owner.StudentName).Evaluations
	place := func(e pronote.Evaluation) string { return e.Year + " " + e.Period }
	skills := func(e pronote.Evaluation) []pronote.Skill { return e.Skills }
	followParts(y, db.Evaluations, s.Owner, s.Span, truth, place, db.Skills, skills)
	return follow(y, db.Evaluations, s.Owner, s.Span, truth, func(e pronote.Evaluation) entry {
		var shown []string // of the skills, that people want to know
		judged := false
		for _, skill := range e.Skills {
			shown = append(shown, skill.Domain, skill.Item, skill.Level, skill.Abbreviation, skill.Comment)
			judged = judged || skill.Level != "Aucune évaluation"
		}
		return entry{place: place(e), parts: strings.Join(shown, "|"), judged: judged}
	}, func(kind mirror.Kind, what []string, before, now entry) string {
		worth := before.parts != now.parts || intersects(what, "subject", "name", "date", "description", "coefficient")
		switch {
		case now.judged && !before.judged, kind == mirror.Added:
			return "evaluation.new"
		case before.judged && kind == mirror.Changed && worth:
			return "evaluation.changed"
		case before.judged && kind == mirror.Removed:
			return "evaluation.removed"
		}
		return ""
	})
}
