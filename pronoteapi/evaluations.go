package pronoteapi

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
)

func (s *session) evaluations(ctx context.Context, of pronote.Student, args arguments) (any, error) {
	period, err := s.period(of, pronote.TabEvaluations, args.text("period"))
	if err != nil {
		return nil, err
	}
	answer, err := s.ask(ctx, of, "DernieresEvaluations", pronote.TabEvaluations, map[string]any{"periode": period.element})
	if err != nil {
		return nil, err
	}
	list, err := rows(answer, "listeEvaluations")
	if err != nil {
		return nil, err
	}
	return evaluationsOf(list, s.zone), nil
}

// evaluationsOf groups evaluations by subject, in the order of the subjects.
func evaluationsOf(list []raw, zone *time.Location) []any {
	type group struct {
		subject object
		rank    float64
		members []object
	}
	var groups []*group
	byName := map[string]*group{}
	for _, e := range list {
		name := e.at("matiere.L").text()
		if byName[name] == nil {
			rank, known := e.at("matiere.ordre").number()
			if !known {
				rank = -1
			}
			byName[name] = &group{rank: rank, subject: object{
				"name": name, "teacher": e.at("individu.L").text(), "color": e.at("matiere.couleur").text(),
			}}
			groups = append(groups, byName[name])
		}
		date := dated(zone, e.at("date"))
		byName[name].members = append(byName[name].members, object{
			"id":   identify(member{"name", e.at("L").text()}, member{"date", date}, member{"__extraData", name}),
			"name": e.at("L").text(), "date": date, "coefficient": e.at("coefficient").figureOr(1), "levels": levelsOf(e.at("listeNiveauxDAcquisitions")),
		})
	}
	slices.SortStableFunc(groups, func(a, b *group) int { return cmp.Compare(a.rank, b.rank) })
	subjects := []any{}
	for _, g := range groups {
		tellApart(g.members)
		g.subject["evaluations"] = all(g.members)
		subjects = append(subjects, g.subject)
	}
	return subjects
}

func levelsOf(list raw) []any {
	levels := list.list()
	slices.SortStableFunc(levels, func(a, b raw) int { return cmp.Compare(a.at("ordre").int(), b.at("ordre").int()) })
	out := []any{}
	for _, l := range levels {
		prefixes := []any{}
		if text := l.at("pilier.strPrefixes").text(); text != "" && !strings.HasPrefix(text, ", ") {
			for prefix := range strings.SplitSeq(text, ", ") {
				prefixes = append(prefixes, prefix)
			}
		}
		out = append(out, object{
			"name": cmp.Or(l.at("item.L").text(), l.at("domaine.L").text()), "prefixes": prefixes,
			"value": object{"short": l.at("abbreviation").text(), "long": l.at("L").text()},
		})
	}
	return out
}
