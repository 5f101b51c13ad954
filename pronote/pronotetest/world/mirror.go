package world

import (
	"slices"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// Mirror is what a mirror of an account must hold now, by pupil: what the pages
// show of each, without what they repeat of the others. What is addressed to a
// parent and not to a child, the parent's discussions and the parent in person are
// under "". Menus are those of this week and the next.
func (s *School) Mirror(viewer Viewer) map[string]Truth {
	if viewer == pronote.KindStudent {
		truth := s.Truth(viewer, s.Pupil())
		truth.Menus = s.nearMenus(truth.Menus)
		return map[string]Truth{s.Pupil(): truth}
	}
	owners, shared := map[string]Truth{}, []Row[pronote.Info]{}
	for _, child := range s.Children() {
		truth := s.Truth(viewer, child)
		own := []Row[pronote.Info]{}
		for _, row := range truth.Infos {
			switch {
			case row.Value.Recipient == child:
				own = append(own, row)
			case !slices.Contains(s.Children(), row.Value.Recipient) && !slices.ContainsFunc(shared, func(r Row[pronote.Info]) bool { return r.ID == row.ID }):
				shared = append(shared, row)
			}
		}
		owners[""] = Truth{Discussions: truth.Discussions, Messages: truth.Messages, Persons: truth.Persons, Infos: shared}
		truth.Infos, truth.Discussions, truth.Messages, truth.Persons = own, nil, nil, nil
		truth.Menus = s.nearMenus(truth.Menus)
		owners[child] = truth
	}
	return owners
}

func (s *School) nearMenus(rows []Row[pronote.Dish]) []Row[pronote.Dish] {
	monday := s.Now().Monday()
	return slices.DeleteFunc(rows, func(row Row[pronote.Dish]) bool {
		return row.Value.Date.Compare(monday) < 0 || row.Value.Date.DaysSince(monday) >= 14
	})
}
