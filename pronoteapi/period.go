package pronoteapi

import (
	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/pronote"
)

// A span is a period as a request names it.
type span struct {
	element      pronote.Element
	starts, ends civil.Date
}

// period finds the period of a name for a tab, or the current one when there is
// no name.
func (s *session) period(of pronote.Student, tab pronote.Tab, name string) (span, error) {
	own, current := of.PeriodsOf(tab)
	if name == "" {
		return s.currentPeriod(of, tab, own, current)
	}
	for _, list := range [][]pronote.Period{own, of.Periods} {
		for _, p := range list {
			if p.Name == name {
				return span{of.PeriodElement(tab, p), p.Starts, p.Ends}, nil
			}
		}
	}
	params, err := parse(s.params)
	if err != nil {
		return span{}, err
	}
	for _, p := range params.at("General.ListePeriodes").list() {
		if p.at("L").text() == name {
			starts, _ := p.at("dateDebut").instant(s.zone)
			ends, _ := p.at("dateFin").instant(s.zone)
			element := pronote.Element{Number: p.at("N").text(), Genre: p.at("G").int(), Label: name}
			return span{element, civil.DateOf(starts), civil.DateOf(ends)}, nil
		}
	}
	return span{}, say("PRONOTE has no period %q: take the name of one of params.periods", name)
}

// currentPeriod is the term of today; else what PRONOTE shows first, at schools
// with semesters and outside the year; else the nearest.
func (s *session) currentPeriod(of pronote.Student, tab pronote.Tab, own []pronote.Period, current string) (span, error) {
	today := civil.DateOf(s.now().In(s.zone))
	var chosen *pronote.Period
	nearest := 0
	for i, p := range own {
		away := max(p.Starts.DaysSince(today), today.DaysSince(p.Ends), 0)
		switch {
		case p.Kind == "term" && p.Holds(today):
			return span{of.PeriodElement(tab, p), p.Starts, p.Ends}, nil
		case chosen != nil && chosen.Name == current:
		case chosen == nil, p.Name == current, away < nearest:
			chosen, nearest = &own[i], away
		}
	}
	if chosen == nil {
		return span{}, say("PRONOTE lists no period: name one of params.periods")
	}
	return span{of.PeriodElement(tab, *chosen), chosen.Starts, chosen.Ends}, nil
}
