package pronoteapi

import (
	"context"
	"strconv"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// menu answers the meals of the days whose midnight lies within a range.
func (s *session) menu(ctx context.Context, of pronote.Student, args arguments) (any, error) {
	from, to, valid := args.between()
	if !valid {
		return []any{}, nil
	}
	if last := args.moment("to"); !last.given || last.Before(from) {
		to = to.Add(-time.Hour)
	}
	days := []any{}
	for _, monday := range s.weeks(from, to) {
		answer, err := s.ask(ctx, of, "PageMenus", pronote.TabMenus, map[string]any{"date": wireDate(monday.In(time.UTC))})
		if err != nil {
			return nil, err
		}
		list, err := rows(answer, "ListeJours")
		if err != nil {
			return nil, err
		}
		for _, d := range list {
			if day, ok := d.at("Date").instant(s.zone); ok && !day.Before(from) && !day.After(to) {
				days = append(days, object{"date": day, "meals": mealsOf(d.at("ListeRepas"))})
			}
		}
	}
	return days, nil
}

// mealsOf are the courses of each meal, with their dishes.
func mealsOf(list raw) []any {
	meals := []any{}
	for _, meal := range list.list() {
		courses := []any{}
		for _, course := range meal.at("ListePlats").list() {
			dishes := []any{}
			for _, dish := range course.at("ListeAliments").list() {
				labels := []any{}
				for _, l := range dish.at("listeLabelsAlimentaires").list() {
					labels = append(labels, object{"name": l.at("L").text(), "color": l.at("couleur").text()})
				}
				dishes = append(dishes, object{"name": dish.at("L").text(), "labels": labels})
			}
			courses = append(courses, dishes)
		}
		meals = append(meals, courses)
	}
	return meals
}

// files answers the files that teachers share.
func (s *session) files(ctx context.Context, of pronote.Student, _ arguments) (any, error) {
	answer, err := s.ask(ctx, of, "RessourcePedagogique", tabFiles, map[string]any{"avecRessourcesPronote": true, "avecRessourcesEditeur": false})
	if err != nil {
		return nil, err
	}
	list, err := rows(answer, "listeRessources")
	if err != nil {
		return nil, err
	}
	return s.filesOf(list, answer.at("listeMatieres").list()), nil
}

func (s *session) filesOf(list, subjects []raw) []any {
	names := map[string]string{}
	for _, subject := range subjects {
		names[subject.at("N").text()] = subject.at("L").text()
	}
	var files []object
	for _, f := range list {
		at := ""
		if t, ok := f.at("date").instant(s.zone); ok {
			at = strconv.FormatInt(t.UnixMilli(), 10)
		}
		file := f.at("ressource")
		_, file = file.unwrap()
		files = append(files, object{
			"id": identify(member{"__extraData", "name"}), "time": at, "subject": names[f.at("matiere.N").text()],
			"name": file.at("L").text(), "url": s.attachmentURL(file),
		})
	}
	tellApart(files)
	return all(files)
}
