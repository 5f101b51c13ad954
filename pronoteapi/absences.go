package pronoteapi

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
)

func (s *session) absences(ctx context.Context, of pronote.Student, args arguments) (any, error) {
	from, to, name := args.moment("from"), args.moment("to"), args.text("period")
	if from.given && !from.valid || to.given && !to.valid {
		return nil, say("Invalid Date")
	}
	const firstTerm = "Trimestre 1" // what stood for the whole year
	own, _ := of.PeriodsOf(pronote.TabSchoolLife)
	hasTerms := slices.ContainsFunc(own, func(p pronote.Period) bool { return p.Name == firstTerm })
	if from.given && to.given && name == "" && hasTerms {
		name = firstTerm
	}
	period, err := s.period(of, pronote.TabSchoolLife, name)
	if err != nil {
		return nil, err
	}
	starts, ends := period.starts.In(s.zone), period.ends.In(s.zone)
	if from.given {
		starts = from.In(s.zone)
	}
	if to.given {
		ends = to.In(s.zone)
	}
	answer, err := s.ask(ctx, of, "PagePresence", pronote.TabSchoolLife, map[string]any{
		"periode": period.element, "DateDebut": wireDate(starts), "DateFin": wireDate(ends),
	})
	if err != nil {
		return nil, err
	}
	list, err := rows(answer, "listeAbsences")
	if err != nil {
		return nil, err
	}
	params, err := parse(s.params)
	if err != nil {
		return nil, err
	}
	return schoolLife{s.zone, params}.of(list, answer.at("Matieres").list()), nil
}

// A schoolLife reads the events of a pupil's school life.
type schoolLife struct {
	zone   *time.Location
	params raw
}

// of sorts events by kind. Kinds that clients do not know are left out.
func (l schoolLife) of(list, subjects []raw) object {
	lists := map[string][]object{}
	for _, e := range list {
		switch kind := e.at("G|page.Absence").int(); kind {
		case 13:
			lists["absences"] = append(lists["absences"], l.absence(e))
		case 14:
			lists["delays"] = append(lists["delays"], l.delay(e))
		case 41:
			lists["punishments"] = append(lists["punishments"], l.punishment(e))
		case 45, 46: // of the office, of a teacher
			lists["other"] = append(lists["other"], l.other(e))
		}
	}
	events := object{"totals": totals(subjects)}
	for _, name := range []string{"absences", "delays", "punishments", "other"} {
		tellApart(lists[name])
		events[name] = all(lists[name])
	}
	return events
}

// reason is the first of the reasons of an event, "" when there is none.
func reason(e raw) string {
	for _, r := range e.at("listeMotifs").list() {
		return r.at("L").text()
	}
	return ""
}

func (l schoolLife) absence(e raw) object {
	o := object{
		"from": dated(l.zone, e.at("dateDebut"), e.at("dateFin")), "to": dated(l.zone, e.at("dateFin"), e.at("dateDebut")), "justified": e.at("justifie").flag(),
		"solved": e.at("reglee").flag(), "hours": hours(e.at("NbrHeures").text()), "reason": reason(e),
	}
	o["id"] = identify(member{"from", o["from"]}, member{"to", o["to"]})
	return o
}

// hours reads "2h30".
func hours(text string) float64 {
	whole, minutes, _ := strings.Cut(strings.TrimSpace(text), "h")
	h, _ := raw{whole}.number()
	m, _ := strconv.Atoi(minutes) // none are none
	return h + float64(m)/60
}

func (l schoolLife) delay(e raw) object {
	minutes := e.at("duree").int()
	return object{
		"id": identify(member{"minutesMissed", minutes}), "date": dated(l.zone, e.at("date")), "justified": e.at("justifie").flag(),
		"solved": e.at("reglee").flag(), "justification": e.at("justification").text(), "minutesMissed": minutes, "reason": reason(e),
	}
}

func (l schoolLife) punishment(e raw) object {
	o := object{
		"id": identify(), "date": dated(l.zone, e.at("dateDemande|dateDebut")), "isExclusion": e.at("estUneExclusion").flag(),
		"isDuringLesson": !e.at("horsCours").flag(), "homework": e.at("travailAFaire").text(), "circumstances": e.at("circonstances").text(),
		"giver": e.at("demandeur.L").text(), "reason": reason(e), "detention": nil,
	}
	if times := e.at("programmation").list(); e.at("nature.G").int() == 1 && len(times) > 0 {
		if d := l.detention(times[0]); d != nil {
			o["detention"] = d
		}
	}
	return o
}

// detention is when a punishment is served: at a slot of the day, which some
// servers count from Monday on.
func (l schoolLife) detention(at raw) object {
	day, ok := at.at("date").instant(l.zone)
	first, known := l.params.at("General.PremiereHeure").instant(time.UTC)
	perHour, _ := l.params.at("General.PlacesParHeure").number()
	perDay := l.params.at("General.PlacesParJour").int()
	if !ok || !known || perHour <= 0 {
		return nil
	}
	slot := at.at("placeExecution").int()
	if perDay > 0 {
		slot %= perDay
	}
	minutes := first.Hour()*60 + first.Minute() + int(float64(slot)/perHour*60)
	from := time.Date(day.Year(), day.Month(), day.Day(), 0, minutes, 0, 0, l.zone)
	to := from.Add(time.Duration(at.at("duree").int()) * time.Minute)
	return object{"id": identify(member{"from", from}, member{"to", to}), "from": from, "to": to}
}

func (l schoolLife) other(e raw) object {
	o := object{
		"kind": e.at("L").text(), "date": dated(l.zone, e.at("date|dateDebut")), "giver": e.at("demandeur.L").text(),
		"comment": e.at("commentaire").text(), "subject": orNull(e.at("matiere.L").text()),
	}
	o["id"] = identify(member{"kind", o["kind"]}, member{"date", o["date"]})
	return o
}

// totals are the hours of each subject, those of a group below it.
func totals(subjects []raw) []any {
	hours := func(of raw, name string) float64 {
		seconds, _ := of.at(name).number()
		return seconds / 3600
	}
	var entry func(of raw) object
	entry = func(of raw) object {
		o := object{"subject": of.at("L").text(), "hoursAssisted": hours(of, "suivi"), "hoursMissed": hours(of, "absence"), "subs": nil}
		if group := of.at("regroupement").int(); group != 0 {
			subs := []any{}
			for _, other := range subjects {
				if other.at("dansRegroupement").int() == group && other.at("regroupement").int() == 0 {
					subs = append(subs, entry(other))
				}
			}
			o["subs"] = subs
		}
		return o
	}
	list := []any{}
	for _, s := range subjects {
		if s.at("dansRegroupement").int() == 0 {
			list = append(list, entry(s))
		}
	}
	return list
}
