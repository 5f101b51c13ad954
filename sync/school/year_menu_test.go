package school

import (
	"encoding/json"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

var _ = inYears("menus", yearDomain{
	function: "PageMenus",
	expect: func(y *year, of mirror.Snapshot) ([]string, bool) {
		s, ours := of.(menuSnapshot)
		if !ours {
			return nil, false
		}
		return menuEvents(y, s), true
	},
	mirrored: map[string]func(*year, *db.Tx, db.Owner) ([]string, error){
		"menus": mirrored(db.Menus),
	},
})

// menuEvents expects one event for a week that had no menus and has some.
func menuEvents(y *year, s menuSnapshot) []string {
	key := "menus " + s.Owner.StudentName
	within := func(place string) bool { return s.Span.Low <= place && place <= s.Span.High }
	first, had := true, false
	if m := y.known[key]; m != nil {
		first = false
		for _, row := range m.rows {
			had = had || within(row.place)
		}
	}
	truth := y.school.Truth(y.kind, s.Owner.StudentName).Menus
	follow(y, db.Menus, s.Owner, s.Span, truth, func(d pronote.Dish) entry { return entry{place: d.Date.String()} },
		func(mirror.Kind, []string, entry, entry) string { return "" })
	var week []pronote.Dish
	for _, row := range truth {
		if within(row.Value.Date.String()) {
			week = append(week, row.Value)
		}
	}
	if first || had || len(week) == 0 || s.monday.AddDays(6).Compare(y.school.Now().Date) < 0 {
		return nil
	}
	var event struct {
		Now json.RawMessage `json:"now"`
	}
	if err := json.Unmarshal(weekEvent(week, s.monday, s.Owner).Data, &event); err != nil {
		y.t.Fatal(err)
	}
	return []string{"menu.new " + string(event.Now)}
}
