package pronoteapi

import (
	"context"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// contents answers what was done in the lessons that lie within a range.
func (s *session) contents(ctx context.Context, of pronote.Student, args arguments) (any, error) {
	list, from, to, err := s.diaryRows(ctx, of, pronote.TabContents, "ListeCahierDeTextes", args)
	if err != nil {
		return nil, err
	}
	return s.contentsOf(list, from, to), nil
}

func (s *session) contentsOf(list []raw, from, to time.Time) []any {
	var contents []object
	for _, lesson := range list {
		starts, ok := lesson.at("Date").instant(s.zone)
		ends, ended := lesson.at("DateFin").instant(s.zone)
		parts := lesson.at("listeContenus").list()
		if !ok || !ended || len(parts) == 0 {
			continue
		}
		contents = append(contents, s.content(lesson, parts[0], starts, ends))
	}
	tellApart(contents)
	return sorted(within(contents, func(o object) bool {
		return !o["from"].(time.Time).Before(from) && !o["to"].(time.Time).After(to)
	}), "from")
}

func (s *session) content(lesson, part raw, from, to time.Time) object {
	teachers := []any{}
	for _, t := range lesson.at("listeProfesseurs").list() {
		teachers = append(teachers, t.at("L").text())
	}
	text, subject := part.at("descriptif").text(), lesson.at("Matiere.L").text()
	return object{
		"id":      identify(member{"subject", subject}, member{"from", from}, member{"to", to}),
		"subject": subject, "teachers": teachers, "from": from, "to": to, "color": lesson.at("CouleurFond").text(),
		"title": part.at("L").orNull(), "description": plain(text), "htmlDescription": text,
		"files": s.attachments(part.at("ListePieceJointe")), "category": part.at("categorie.L").text(),
	}
}

// homeworks answers the work that is due within a range.
func (s *session) homeworks(ctx context.Context, of pronote.Student, args arguments) (any, error) {
	list, from, to, err := s.diaryRows(ctx, of, pronote.TabHomework, "ListeTravauxAFaire", args)
	if err != nil {
		return nil, err
	}
	return s.homeworksOf(list, from, to), nil
}

func (s *session) homeworksOf(list []raw, from, to time.Time) []any {
	var work []object
	for _, h := range list {
		due, ok := h.at("PourLe").instant(s.zone)
		if !ok {
			continue
		}
		text := h.at("descriptif").text()
		work = append(work, object{
			"id": identify(member{"__extraData", "givenAt"}), "description": plain(text), "htmlDescription": text,
			"subject": h.at("Matiere.L").text(), "givenAt": dated(s.zone, h.at("DonneLe"), h.at("PourLe")), "for": due, "done": h.at("TAFFait").flag(),
			"color": h.at("CouleurFond").text(), "files": s.attachments(h.at("ListePieceJointe")),
		})
	}
	tellApart(work)
	return sorted(within(work, func(o object) bool {
		return !o["for"].(time.Time).Before(from) && !o["for"].(time.Time).After(to)
	}), "for")
}

// diaryRows are what the diary has of the weeks of a range, which is returned too.
func (s *session) diaryRows(ctx context.Context, of pronote.Student, tab pronote.Tab, name string, args arguments) (list []raw, from, to time.Time, err error) {
	from, to, valid := args.between()
	mondays := s.weeks(from, to)
	if !valid || len(mondays) == 0 {
		return nil, from, to, nil
	}
	answer, err := s.diary(ctx, of, tab, mondays)
	if err != nil {
		return nil, from, to, err
	}
	list, err = rows(answer, name)
	return list, from, to, err
}

func within(list []object, keep func(object) bool) (kept []object) {
	for _, o := range list {
		if keep(o) {
			kept = append(kept, o)
		}
	}
	return kept
}
