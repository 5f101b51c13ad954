package pronote

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// An Evaluation is a piece of work that was judged by skills rather than with a
// mark.
type Evaluation struct {
	Year        string // school year, "2025-2026"
	Period      string
	Subject     string
	Name        string
	Date        Date
	Teacher     string
	Description string // plain text
	Coefficient Number
	Domain      string   // of the curriculum, where the evaluation as a whole has one
	Cycles      []string // of the curriculum: "Cycle 4"
	Skills      []Skill  // in PRONOTE's order; nil where the answer lacks them
}

// A Skill is what one evaluation says of one skill of a pupil.
type Skill struct {
	Item         string // the skill; "" where the domain as a whole was judged
	Domain       string
	Pillar       string // of the common core of knowledge
	PillarCodes  string // as the school writes them: "D1.2", or several apart by commas
	Position     int    // within the evaluation, as PRONOTE counts
	Level        string // as the school calls it: "Maîtrise satisfaisante"
	Abbreviation string // of the level: "A"

	// Kind is what the level amounts to, by whatever name the school has for it:
	// "expert", "acquired", "nearly_acquired", "in_progress", "beginning",
	// "not_acquired", "absent", "not_evaluated", "exempt", "not_handed_in", "several",
	// or "" for a level of the school's own.
	Kind        string
	Coefficient Number
	Comment     string // the teacher's remark on this skill; plain text
}

// Judged reports whether a level was given, even if it only says that the pupil was
// absent.
func (s Skill) Judged() bool { return s.Abbreviation != "" || s.Kind != "" }

// levelKinds are the server's numbers for what a level amounts to. 0 is a level
// of the school's own.
var levelKinds = map[int]string{
	1: "expert", 2: "acquired", 3: "nearly_acquired", 4: "in_progress", 5: "beginning", 6: "not_acquired",
	7: "absent", 8: "not_evaluated", 9: "exempt", 10: "not_handed_in", 100: "several",
}

const functionEvaluations = "DernieresEvaluations"

// Evaluations returns the evaluations of one period, in PRONOTE's order.
func (s *Session) Evaluations(ctx context.Context, of Student, in Period) ([]Evaluation, error) {
	answer, err := s.requestNew(ctx, Call{
		Function: functionEvaluations, Tab: TabEvaluations, Student: &of,
		Data: map[string]any{"periode": of.PeriodElement(TabEvaluations, in)},
	})
	if err != nil {
		return nil, err
	}
	return decodeEvaluations(answer.Data, in)
}

func decodeEvaluations(data []byte, in Period) ([]Evaluation, error) {
	var w wire.Evaluations
	if err := json.Unmarshal(data, &w); err != nil {
		return nil, unreadable(functionEvaluations, err)
	}
	if !w.ListeEvaluations.Present {
		return nil, unreadable(functionEvaluations, errors.New("no list of evaluations"))
	}
	evaluations := make([]Evaluation, 0, len(w.ListeEvaluations.Items))
	for _, e := range w.ListeEvaluations.Items {
		evaluations = append(evaluations, Evaluation{
			Year: in.Year, Period: in.Name,
			Subject: label(e.Matiere.Value.Label), Name: label(e.Label), Date: dateOf(e.Date),
			Teacher: label(e.Individu.Value.Label), Description: textOf(string(e.Descriptif)),
			Coefficient: numberOf(e.Coefficient), Domain: label(e.Domaine.Value.Label),
			Cycles: labelsOf(e.ListePaliers), Skills: skillsOf(e.ListeNiveauxDAcquisitions),
		})
	}
	return evaluations, nil
}

// skillsOf leaves out the colour of a level, which says what the level says.
func skillsOf(levels wire.List[wire.Niveau]) []Skill {
	if !levels.Present {
		return nil
	}
	skills := make([]Skill, 0, len(levels.Items))
	for _, n := range levels.Items {
		skills = append(skills, Skill{
			Item: label(n.Item.Value.Label), Domain: label(n.Domaine.Value.Label),
			Pillar: label(n.Pilier.Value.Label), PillarCodes: label(n.Pilier.Value.StrPrefixes), Position: int(n.Ordre),
			Level: label(n.Label), Abbreviation: label(n.Abbreviation), Kind: levelKinds[int(n.Genre.Value)],
			Coefficient: numberOf(n.Coefficient), Comment: textOf(string(n.Observation)),
		})
	}
	return skills
}
