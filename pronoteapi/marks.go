package pronoteapi

import (
	"context"
	"math"
	"strings"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
)

func (s *session) marks(ctx context.Context, of pronote.Student, args arguments) (any, error) {
	period, err := s.period(of, pronote.TabMarks, args.text("period"))
	if err != nil {
		return nil, err
	}
	answer, err := s.ask(ctx, of, "DernieresNotes", pronote.TabMarks, map[string]any{"Periode": period.element})
	if err != nil {
		return nil, err
	}
	return marksOf(answer, s.zone), nil
}

// marksOf reads the marks of a period by subject. A mark of a subject that is not
// listed has no place, as it never had.
func marksOf(answer raw, zone *time.Location) object {
	subjects, bySubject := []any{}, map[string][]object{}
	for _, m := range answer.at("listeDevoirs").list() {
		if name := m.at("service.L").text(); answer.at("avecDetailDevoir").flag() {
			bySubject[name] = append(bySubject[name], markOf(m, name, zone))
		}
	}
	for _, group := range bySubject {
		tellApart(group)
	}
	for _, service := range answer.at("listeServices").list() {
		if !answer.at("avecDetailService").flag() {
			break
		}
		name := service.at("L").text()
		subjects = append(subjects, object{
			"name": name, "color": service.at("couleur").text(), "marks": all(bySubject[name]),
			"averages": object{
				"student": onTwenty(service, "moyEleve", "baremeMoyEleve"), "studentClass": service.at("moyClasse").figure(),
				"min": service.at("moyMin").figure(), "max": service.at("moyMax").figure(),
			},
		})
	}
	return object{"subjects": subjects, "averages": object{
		"student":      general(onTwenty(answer, "moyGenerale", "baremeMoyGenerale")),
		"studentClass": general(answer.at("moyGeneraleClasse").figure()),
	}}
}

// onTwenty is an average out of twenty, null where the school hides it.
func onTwenty(of raw, average, scale string) any {
	value, known := of.at(average).number()
	outOf, scaled := of.at(scale).number()
	switch {
	case !known:
		return nil
	case !scaled || outOf <= 0:
		return value
	}
	return value / outOf * 20
}

// general is a general average with two decimals, of which none or 0 is null.
func general(average any) any {
	value, _ := average.(float64)
	if value == 0 {
		return nil
	}
	return math.Floor(value*100+0.5) / 100
}

func markOf(m raw, subject string, zone *time.Location) object {
	value, isAway := scoreOf(m.at("note").text())
	average, low, high := m.at("moyenne").figure(), m.at("noteMin").figure(), m.at("noteMax").figure()
	if text := m.at("moyenne").text(); strings.HasPrefix(text, "|") || strings.HasPrefix(text, "-") {
		average, low, high = nil, nil, nil
	}
	if isAway {
		average, low, high = nil, nil, nil
	}
	mark := object{
		"title": m.at("commentaire").text(), "value": value, "isAway": isAway, "scale": m.at("bareme").figureOr(m.at("baremeParDefaut").figureOr(20)),
		"average": average, "min": low, "max": high, "coefficient": m.at("coefficient").figureOr(1), "date": dated(zone, m.at("date")),
	}
	mark["id"] = identify(member{"title", mark["title"]}, member{"date", mark["date"]}, member{"__extraData", subject})
	return mark
}

// scoreOf reads a mark, "12,5", or an annotation in its place, "|1"; "|8|18" is a
// mark that has an annotation.
func scoreOf(text string) (value any, isAway bool) {
	if note, annotated := strings.CutPrefix(text, "|"); annotated {
		_, figure, _ := strings.Cut(note, "|")
		value = raw{figure}.figure()
		return value, value == nil
	}
	return raw{text}.figure(), false
}
