package pronotetest

import (
	"encoding/json"
	"slices"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// schoolGenre is the G of a period in the school's list.
func schoolGenre(p pronote.Period) int {
	return max(0, slices.Index([]string{"other", "term", "semester", "year"}, p.Kind))
}

// tabGenre is the G of a period in the list of a tab, which is not that of the
// school's list.
func tabGenre(p pronote.Period) int {
	switch p.Kind {
	case "term", "semester":
		return 2
	case "year":
		return 1
	default:
		return 4
	}
}

// ownPeriod is like period for a function that knows a period by the whole element
// of its tab's list. Another element of the same number names none.
func (c *call) ownPeriod() (of pronote.Period, known bool, refused *wire.Error) {
	var request struct {
		Period struct {
			Genre int `json:"G"`
		} `json:"periode"`
	}
	if json.Unmarshal(c.data, &request) != nil {
		return of, false, refusal(21, "Impossible d'afficher la page")
	}
	of, _, refused = c.period()
	return of, request.Period.Genre == tabGenre(of), refused
}

// period is the one that a call asks for, which must be one of the pupil's, and its
// identifier. Functions write its name with a capital letter or without.
func (c *call) period() (of pronote.Period, number string, refused *wire.Error) {
	var request struct {
		Period struct {
			Number string `json:"N"`
		} `json:"periode"` // encoding/json reads "Periode" too
	}
	if json.Unmarshal(c.data, &request) != nil {
		return of, "", refusal(21, "Impossible d'afficher la page")
	}
	number = request.Period.Number
	index, ok := c.session.find(number, "period")
	if !ok {
		return of, "", refusal(22, "Ressource inconnue")
	}
	if of = c.server.school.AllPeriods()[index]; !slices.Contains(periodsOf(c.server.school.Of(c.pupil), c.tab), of) {
		return of, "", refusal(22, "Ressource inconnue")
	}
	return of, number, nil
}

// shows reports whether a school shows a tab of the pupils of a class.
func shows(school *world.School, tab int) bool { return tab != tabMarks || school.Marked() }

// periodsOf are the periods that a tab has for a class.
func periodsOf(school *world.School, tab int) []pronote.Period {
	if tab == tabSchoolLife {
		return school.Periods()
	}
	return append(school.Periods(), school.Outside())
}
