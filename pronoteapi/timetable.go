package pronoteapi

import (
	"context"
	"errors"
	"math"
	"regexp"
	"slices"
	"time"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/pronote"
)

// timetable answers the lessons that start within a range.
func (s *session) timetable(ctx context.Context, of pronote.Student, args arguments) (any, error) {
	from, to, valid := args.between()
	mondays := s.weeks(from, to)
	if !valid || len(mondays) == 0 {
		return []any{}, nil
	}
	filled, err := s.filledWeeks(ctx, of)
	if err != nil {
		return nil, err
	}
	starts, ends := wireDate(mondays[0].In(time.UTC)), wireDate(mondays[len(mondays)-1].AddDays(6).In(time.UTC))
	answer, err := s.ask(ctx, of, "PageEmploiDuTemps", pronote.TabLessons, map[string]any{
		"ressource": of.Element(), "Ressource": of.Element(),
		"dateDebut": starts, "DateDebut": starts, "dateFin": ends, "DateFin": ends,
		"avecAbsencesEleve": false, "avecConseilDeClasse": true, "estEDTPermanence": false, "avecAbsencesRessource": true,
		"avecDisponibilites": true, "avecInfosPrefsGrille": true, "avecRetenuesEleve": true, "avecCoursSortiePeda": true,
		"avecRessourcesLibrePiedHoraire": false, "estEDTAnnuel": false,
	})
	if err != nil {
		return nil, err
	}
	params, err := parse(s.params)
	if err != nil {
		return nil, err
	}
	perHour, _ := params.at("General.PlacesParHeure").number()
	year := s.upstream.School()
	table := lessonTable{zone: s.zone, perHour: perHour, filled: func(day civil.Date) bool {
		return filled == nil || slices.Contains(filled, any(float64(year.WeekNumber(day))))
	}}
	return table.lessons(answer.at("ListeCours").list(), from, to), nil
}

// filledWeeks are the weeks whose timetable the school has published, nil where it
// does not say. They are asked for once in a session.
func (s *session) filledWeeks(ctx context.Context, of pronote.Student) ([]any, error) {
	s.mu.Lock()
	filled, known := s.filled[of.Name]
	s.mu.Unlock()
	if known {
		return filled, nil
	}
	answer, err := s.ask(ctx, of, "PageEmploiDuTemps_DomainePresence", pronote.TabLessons, map[string]any{"Ressource": of.Element()})
	var refused *pronote.ServerError
	if err != nil && (!errors.As(err, &refused) || errors.Is(err, pronote.ErrSessionExpired)) {
		return nil, err
	}
	if domain := answer.at("Domaine"); domain.present() {
		filled = domain.set()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.filled[of.Name] = filled
	return filled, nil
}

// A lessonTable reads the lessons of an answer.
type lessonTable struct {
	zone    *time.Location
	perHour float64 // slots
	filled  func(day civil.Date) bool
}

// lessons are those that start within a range, by start. What tells them apart is
// seen from the whole of their week.
func (t lessonTable) lessons(list []raw, from, to time.Time) []any {
	weeks, starts := map[civil.Date][]object{}, map[time.Time]int{}
	var mondays []civil.Date
	for _, l := range list {
		at, ok := l.at("DateDuCours").instant(t.zone)
		if !ok {
			continue
		}
		monday := civil.DateOf(at).Monday()
		if weeks[monday] == nil {
			mondays = append(mondays, monday)
		}
		weeks[monday] = append(weeks[monday], t.lesson(l, at))
		starts[at]++
	}
	var kept []object
	for _, monday := range mondays {
		tellApart(weeks[monday])
		for _, lesson := range weeks[monday] {
			at, _ := lesson["from"].(time.Time)
			lesson["hasDuplicate"] = starts[at] > 1
			if !at.Before(from) && !at.After(to) {
				kept = append(kept, lesson)
			}
		}
	}
	return sorted(kept, "from")
}

// away is the status of a lesson whose teacher is not there.
var away = regexp.MustCompile(`(?i)prof.*absent`)

func (t lessonTable) lesson(l raw, at time.Time) object {
	lesson := object{
		"from": at, "to": t.end(l, at), "status": l.at("Statut").orNull(), "isDetention": l.at("estRetenue").flag(),
		"remoteLesson": l.at("dispenseEleve.maison").flag(), "isAway": nil, "isCancelled": nil, "color": nil,
	}
	parts := l.at("ListeContenus").list()
	nth := func(i int) any {
		if i < len(parts) {
			return parts[i].at("L").orNull()
		}
		return nil
	}
	ofKind := func(kind int) any {
		for _, p := range parts {
			if p.at("G").int() == kind {
				return p.at("L").orNull()
			}
		}
		return nil
	}
	if lesson["isDetention"] == true {
		lesson["subject"], lesson["teacher"], lesson["room"] = nth(0), nth(1), nth(2)
	} else {
		gone := away.MatchString(l.at("Statut").text())
		lesson["subject"], lesson["teacher"], lesson["room"] = ofKind(16), ofKind(3), ofKind(17)
		lesson["isAway"], lesson["isCancelled"], lesson["color"] = gone, l.at("estAnnule").flag() && !gone, l.at("CouleurFond").orNull()
	}
	if !t.filled(civil.DateOf(at)) {
		lesson["isCancelled"] = true
	}
	lesson["id"] = identify(member{"from", at}, member{"to", lesson["to"]}, member{"subject", lesson["subject"]})
	return lesson
}

// end is when a lesson ends: as the server says, or after so many slots.
func (t lessonTable) end(l raw, at time.Time) time.Time {
	if end, ok := l.at("DateDuCoursFin").instant(t.zone); ok && !end.Before(at) {
		return end
	}
	slots, _ := l.at("duree").number()
	if t.perHour <= 0 || slots < 0 || slots > 1000 {
		return at
	}
	return at.Add(time.Duration(math.Round(slots / t.perHour * float64(time.Hour))))
}
