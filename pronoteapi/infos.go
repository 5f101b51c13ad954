package pronoteapi

import (
	"context"
	"sync"

	"github.com/pronote-sync/pronote-sync/pronote"
)

const functionInfos = "PageActualites"

func (s *session) infos(ctx context.Context, of pronote.Student, _ arguments) (any, error) {
	answer, err := s.ask(ctx, of, functionInfos, pronote.TabInfos, map[string]any{"modesAffActus": map[string]any{"_T": 26, "V": "[0]"}})
	if err != nil {
		return nil, err
	}
	list := answer.at("listeActualites")
	for _, mode := range answer.at("listeModesAff").list() {
		if mode.at("G").int() == 0 {
			list = mode.at("listeActualites")
			break
		}
	}
	items, err := rows(raw{map[string]any{"listeActualites": list.v}}, "listeActualites")
	if err != nil {
		return nil, err
	}
	var infos []object
	for _, item := range items {
		infos = append(infos, s.info(of, item))
	}
	tellApart(infos)
	return sorted(infos, "date"), nil
}

// info is an item whose text is asked for when the query selects it: where the list
// leaves it out, that counts as reading it.
func (s *session) info(of pronote.Student, item raw) object {
	o := object{"date": dated(s.zone, item.at("dateDebut"), item.at("dateCreation")), "title": item.at("L").orNull(), "author": item.at("elmauteur.L|auteur").text()}
	if o["title"] == nil {
		o["id"] = identify(member{"date", o["date"]})
	} else {
		o["id"] = identify(member{"date", o["date"]}, member{"title", o["title"]})
	}
	var mu sync.Mutex
	var asked *raw
	question := func(ctx context.Context) (raw, error) {
		mu.Lock()
		defer mu.Unlock()
		if asked == nil {
			q, err := s.question(ctx, of, item)
			if err != nil {
				return raw{}, err
			}
			asked = &q
		}
		return *asked, nil
	}
	read := func(what func(raw) any) resolver {
		return func(ctx context.Context, _ map[string]any) (any, error) {
			q, err := question(ctx)
			if err != nil {
				return nil, err
			}
			return what(q), nil
		}
	}
	o["content"] = read(func(q raw) any { return plain(q.at("texte").text()) })
	o["htmlContent"] = read(func(q raw) any { return q.at("texte").text() })
	o["files"] = read(func(q raw) any { return s.attachments(q.at("listePiecesJointes")) })
	return o
}

// question is the first question of an item, which has its text; none when it has
// no question.
func (s *session) question(ctx context.Context, of pronote.Student, item raw) (raw, error) {
	questions := item.at("listeQuestions")
	if !questions.present() {
		public := item.at("public")
		answer, err := s.ask(ctx, of, functionInfos, pronote.TabInfos, map[string]any{
			"actualite": map[string]any{
				"N": item.at("N").text(), "genrePublic": item.at("genrePublic").v,
				"public": pronote.Element{Number: public.at("N").text(), Genre: public.at("G").int(), Label: public.at("L").text()},
			},
			"genreRequeteActualite": 1, "modeAffActu": 0,
		})
		if err != nil {
			return raw{}, err
		}
		questions = answer.at("detailsActualite.listeQuestions")
	}
	for _, q := range questions.list() {
		return q, nil
	}
	return raw{}, nil
}
