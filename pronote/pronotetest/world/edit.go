package world

import (
	"cmp"
	"slices"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// An Edit is what one change did to what the accounts show of one pupil.
type Edit struct {
	At     pronote.DateTime `json:"at"`
	Pupil  string           `json:"pupil"`
	Viewer Viewer           `json:"viewer,omitempty"` // on whose page; empty for both
	Domain string           `json:"domain"`           // "marks", "homework" …
	ID     int              `json:"id"`               // of the real object, for ever
	Kind   string           `json:"kind"`             // "added", "changed" or "removed"

	// What names the columns that changed, in the words of the mirror. There is
	// one word for a fact: "value" also stands for the text of a mark,
	// "description" and "content" for their HTML.
	What []string `json:"what,omitempty"`
}

// Concerns reports whether an edit shows on the page of a pupil for a viewer.
func (e Edit) Concerns(viewer Viewer, pupil string) bool {
	return e.Pupil == pupil && (e.Viewer == "" || e.Viewer == viewer)
}

// fact is one column of a row, with a comparable value.
type fact struct {
	column string
	value  any
}

// sight is what a pupil's pages show of an object, one list for each of viewers.
type sight struct {
	id     int
	domain string
	pupil  string
	facts  [2][]fact
}

func viewers() [2]Viewer { return [2]Viewer{pronote.KindStudent, pronote.KindParent} }

// record logs how an act changes what the accounts show of some objects.
// Comparing the pages is what makes the log agree with the truth.
func (s *School) record(ids []int, act func()) {
	before := s.look(ids)
	act()
	after := s.look(ids)
	for i, was := range before {
		is := after[i]
		var edits []Edit
		for v, viewer := range viewers() {
			kind, what := compare(was.facts[v], is.facts[v])
			edits = append(edits, Edit{
				At: s.now, Pupil: was.pupil, Viewer: viewer, Domain: cmp.Or(was.domain, is.domain), ID: was.id,
				Kind: kind, What: what,
			})
		}
		s.log = append(s.log, merged(edits[0], edits[1])...)
	}
}

func (s *School) look(ids []int) []sight {
	var sights []sight
	for _, id := range ids {
		for _, pupil := range s.Children() {
			sight := sight{id: id, pupil: pupil}
			if object, exists := s.objects[id]; exists {
				sight.domain = object.domain()
				for v, viewer := range viewers() {
					sight.facts[v] = object.facts(s, viewer, pupil)
				}
			}
			sights = append(sights, sight)
		}
	}
	return sights
}

// compare says what happened to a row, "" for nothing.
func compare(before, after []fact) (kind string, what []string) {
	switch {
	case before == nil && after == nil:
		return "", nil
	case before == nil:
		return "added", nil
	case after == nil:
		return "removed", nil
	}
	for i, fact := range after {
		if fact != before[i] {
			what = append(what, fact.column)
		}
	}
	if what == nil {
		return "", nil
	}
	return "changed", what
}

// merged leaves out edits of nothing, and makes one of two that are the same to
// both viewers.
func merged(a, b Edit) []Edit {
	if a.Kind == b.Kind && slices.Equal(a.What, b.What) {
		a.Viewer = ""
		b.Kind = ""
	}
	return slices.DeleteFunc([]Edit{a, b}, func(e Edit) bool { return e.Kind == "" })
}
