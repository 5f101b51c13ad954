package school

import (
	"context"
	"slices"
	"strconv"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// evaluations reads the current period at each poll, and those before it now
// and then, as marks do.
var evaluations = domain{
	Domain: psync.Domain{
		Name:     "evaluations",
		Schedule: "40 12,18 * * *",
		Tables:   []db.View{db.Evaluations.Listed(), db.Skills.Listed()},
		Events:   []string{"evaluation.new", "evaluation.changed", "evaluation.removed"},
	},
	read: func(ctx context.Context, v *visit) ([]mirror.Snapshot, error) {
		return readEach(v.periods(pronote.TabEvaluations), func(period pronote.Period) (mirror.Snapshot, error) {
			seen, err := v.session.Evaluations(ctx, v.student, period)
			return &evaluationSnapshot{mirror.ListOf(db.Evaluations, evaluationMatcher, v.owner, db.PeriodSpan(period), seen)}, err
		})
	},
}

var evaluationMatcher = mirror.Matcher[pronote.Evaluation]{
	Identities: []func(pronote.Evaluation) string{
		func(e pronote.Evaluation) string {
			return mirror.Identity(e.Year, e.Period, e.Subject, e.Date.String(), e.Name, e.Teacher, figure(e.Coefficient))
		},
		func(e pronote.Evaluation) string { return mirror.Identity(e.Subject, e.Date.String(), e.Name) },
	},
	Group: func(e pronote.Evaluation) string { return e.Subject },
	Alike: alikeEvaluations,
}

// alikeEvaluations weighs what two evaluations of a subject share. A teacher
// edits one or two things; the name or the day, and more, must stay.
func alikeEvaluations(a, b pronote.Evaluation) int {
	score := 3 * mirror.Overlap(a.Name, b.Name) / 100
	for _, same := range []struct {
		yes    bool
		weight int
	}{
		{a.Date == b.Date, 2},
		{a.Teacher == b.Teacher, 1},
		{a.Description == b.Description, 1},
		{a.Coefficient == b.Coefficient, 1},
	} {
		if same.yes {
			score += same.weight
		}
	}
	return score - 4 + 2*sharedSkills(a, b)
}

// sharedSkills counts the skills of two evaluations in which the level is the
// same too.
func sharedSkills(a, b pronote.Evaluation) (n int) {
	for _, s := range a.Skills {
		if slices.Contains(b.Skills, s) {
			n++
		}
	}
	return n
}

// skillMatcher knows the skills of one evaluation by what they are about: the
// level is what changes.
var skillMatcher = mirror.Matcher[pronote.Skill]{
	Identities: []func(pronote.Skill) string{
		func(s pronote.Skill) string {
			return mirror.Identity(s.PillarCodes, s.Domain, s.Item, strconv.Itoa(s.Position))
		},
		func(s pronote.Skill) string { return mirror.Identity(s.Domain, s.Item) },
	},
	Group: func(s pronote.Skill) string { return mirror.Identity(s.Domain, s.Item) },
	Alike: func(a, b pronote.Skill) int { return 1 }, // the same skill twice: the order decides
}

type evaluationSnapshot struct {
	mirror.List[pronote.Evaluation]
}

// evaluationNews is silent about an evaluation until a level was given: a name and a
// day are nothing that a family could do anything with.
var evaluationNews = mirror.WholesNews[pronote.Evaluation]{
	Family:  "evaluation",
	Columns: []string{"subject", "name", "date", "description", "coefficient"},
	OfParts: []string{"item", "level", "abbreviation", "comment"},
	Texts:   []string{"name", "description", "item", "comment"},
	Shown:   func(e pronote.Evaluation) bool { return slices.ContainsFunc(e.Skills, pronote.Skill.Judged) },
	Hidden:  db.MinorNoLevel,
}

func (s *evaluationSnapshot) Store(ctx context.Context, tx *db.Tx, at pronote.DateTime) (mirror.Outcome, error) {
	mirror.ConsistsOf(&s.List, func(e *pronote.Evaluation) *[]pronote.Skill { return &e.Skills }, db.Skills)
	skills := &mirror.Parts[pronote.Evaluation, pronote.Skill]{
		Of: func(e pronote.Evaluation) []pronote.Skill { return e.Skills }, Table: db.Skills, Matcher: skillMatcher,
	}
	s.Children, s.Returns = []mirror.Child[pronote.Evaluation]{skills}, true
	changes, total, err := s.List.Store(ctx, tx, at)
	if err != nil {
		return total, err
	}
	total.Events = evaluationNews.Announce(&s.List, changes, skills.Told(), nil)
	return total, nil
}
