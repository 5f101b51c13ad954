package school

import (
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

var evaluation = pronote.Evaluation{
	Year: "2025-2026", Period: "Trimestre 1", Subject: "ANGLAIS LV1", Name: "A trip to Scotland", Date: pronote.Date{Year: 2025, Month: 11, Day: 10},
	Teacher: "Mme ROUXEVILLE C.", Description: "Travail de groupe", Coefficient: pronote.Num(2), Cycles: []string{"Cycle 4"},
	Skills: []pronote.Skill{
		{Item: "Comprendre un message oral", Domain: "Écouter et comprendre", Level: "Maîtrise satisfaisante", Abbreviation: "A", Position: 1},
		{Domain: "S'exprimer à l'oral", Level: "Presque maîtrisé", Abbreviation: "B", Position: 2, Comment: "En progrès"},
		{Item: "Repérer des indices", Domain: "Écouter et comprendre", Level: "Aucune évaluation", Position: 3},
	},
}

// skillChanges are the changes of the skills of one evaluation.
func skillChanges(kind mirror.Kind, skills ...pronote.Skill) map[int64][]mirror.Part {
	var changes []mirror.Change[db.Part[pronote.Skill]]
	for i, s := range skills {
		c := mirror.Change[db.Part[pronote.Skill]]{Kind: kind, New: db.Part[pronote.Skill]{Of: 1, Value: s}}
		switch kind {
		case mirror.Removed:
			c.Old = c.New
		case mirror.Changed:
			c.Old.Value = evaluation.Skills[i]
		}
		changes = append(changes, c)
	}
	return mirror.PartsOf(db.Skills, changes)
}

// evaluationTelling is an evaluation of which skills came, changed or went.
func evaluationTelling(kind string, c mirror.Change[pronote.Evaluation], skills map[int64][]mirror.Part) db.Event {
	t := mirror.TellingOf(db.Evaluations, c)
	t.Parts = skills[1]
	return t.Event(kind, db.Owner{Student: 1})
}

// These are the events of evaluations.
var _ = alsoTold(func() map[string]db.Event {
	renamedEvaluation := evaluation
	renamedEvaluation.Name, renamedEvaluation.Coefficient, renamedEvaluation.Date.Day = "Scotland", pronote.Num(1), 12
	better, judged := evaluation.Skills[0], evaluation.Skills[2]
	better.Level, better.Abbreviation, better.Comment = "Très bonne maîtrise", "A+", "Bravo"
	judged.Level, judged.Abbreviation = "Non rendu", "Nr"
	added := mirror.Change[pronote.Evaluation]{Kind: mirror.Added, New: evaluation}
	bare := mirror.Change[pronote.Evaluation]{Kind: mirror.Added, New: pronote.Evaluation{Subject: "TECHNOLOGIE"}}
	same := mirror.Change[pronote.Evaluation]{Kind: mirror.Changed, Old: evaluation, New: evaluation}
	withdrawn := mirror.Change[pronote.Evaluation]{Kind: mirror.Removed, Old: evaluation}
	renamed := mirror.Change[pronote.Evaluation]{Kind: mirror.Changed, Old: evaluation, New: renamedEvaluation}
	return map[string]db.Event{
		"evaluation.removed":          evaluationTelling("evaluation.removed", withdrawn, nil),
		"evaluation.new":              evaluationTelling("evaluation.new", added, skillChanges(mirror.Added, evaluation.Skills...)),
		"evaluation.new not judged":   evaluationTelling("evaluation.new", bare, nil),
		"evaluation.changed level":    evaluationTelling("evaluation.changed", same, skillChanges(mirror.Changed, better, evaluation.Skills[1], judged)),
		"evaluation.changed name":     evaluationTelling("evaluation.changed", renamed, nil),
		"evaluation.changed skill":    evaluationTelling("evaluation.changed", same, skillChanges(mirror.Added, better)),
		"evaluation.changed withdrew": evaluationTelling("evaluation.changed", same, skillChanges(mirror.Removed, evaluation.Skills[0])),
	}
})
