package pronote

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// An Info is a notice or a survey that the school publishes.
type Info struct {
	Title       string
	Author      string
	Category    string
	PublishedAt DateTime
	StartsOn    Date
	EndsOn      Date
	Read        bool
	Survey      bool
	Anonymous   bool         // a survey's answers are
	Answered    bool         // nothing that it asks for is left to answer
	Recipient   string       // whom it is addressed to: the pupil, the parent, a class
	Opened      bool         // whether Content and HTML are known
	Content     string       // plain text
	HTML        string       // as the author wrote it; untrusted
	Attachments []Attachment // nil while Opened is false

	// Questions are those of a survey, or the acknowledgement that a notice asks for.
	// They are nil until the item is opened.
	Questions []Question

	counted   bool // the list says itself whether all was answered
	reference infoReference
}

// infoReference is what a request for the details must repeat.
type infoReference struct {
	Number      string          `json:"N"`
	GenrePublic json.RawMessage `json:"genrePublic"`
	Public      Element         `json:"public"`
}

// Infos returns what the school publishes to an account, newest first or as
// PRONOTE orders it. Servers of 2026 leave the contents out of the list: Opened
// is then false, and OpenInfo asks for one.
func (s *Session) Infos(ctx context.Context, of Student) ([]Info, error) {
	answer, err := s.requestNew(ctx, Call{
		Function: functionInfos, Tab: TabInfos, Student: &of,
		Data: map[string]any{"modesAffActus": map[string]any{"_T": 26, "V": "[0]"}},
	})
	if err != nil {
		return nil, err
	}
	return decodeInfos(answer.Data)
}

const functionInfos = "PageActualites"

// OpenInfo asks for the content of an item that Infos of this session returned,
// and fills it in. The server then counts the item as read, and the next lists
// are read whether they are unchanged or not.
func (s *Session) OpenInfo(ctx context.Context, of Student, info *Info) error {
	if info.Opened {
		return nil
	}
	s.answers.drop(functionInfos)
	answer, err := s.Request(ctx, Call{
		Function: functionInfos, Tab: TabInfos, Student: &of,
		Data: map[string]any{"actualite": info.reference, "genreRequeteActualite": 1, "modeAffActu": 0},
	})
	if err != nil {
		return err
	}
	questions, err := decodeInfo(answer.Data)
	if err != nil {
		return err
	}
	info.fill(questions)
	return nil
}

func decodeInfos(data []byte) ([]Info, error) {
	var w wire.Actualites
	if err := json.Unmarshal(data, &w); err != nil {
		return nil, unreadable(functionInfos, err)
	}
	for _, mode := range w.ListeModesAff.Items {
		if mode.Genre != 0 || !mode.ListeActualites.Present {
			continue
		}
		infos := make([]Info, 0, len(mode.ListeActualites.Items))
		for _, a := range mode.ListeActualites.Items {
			infos = append(infos, infoOf(a))
		}
		return infos, nil
	}
	return nil, unreadable(functionInfos, errors.New("no list of received items"))
}

func infoOf(a wire.Actualite) Info {
	category := a.Nature
	if !category.Present {
		category = a.Categorie
	}
	info := Info{
		Title: label(a.Label), Author: label(a.Auteur), Category: label(category.Value.Label),
		PublishedAt: dateTimeOf(a.DateCreation), StartsOn: dateOf(a.DateDebut), EndsOn: dateOf(a.DateFin),
		Read: bool(a.Lue), Survey: bool(a.EstSondage), Anonymous: bool(a.ReponseAnonyme),
		Answered: bool(a.Contenu.Value.AToutRepondu), counted: a.Contenu.Present, Recipient: label(a.Public.Value.Label),
		reference: infoReference{Number: string(a.Number), GenrePublic: a.GenrePublic, Public: elementOf(a.Public.Value)},
	}
	if a.ListeQuestions.Present {
		info.fill(a.ListeQuestions.Items)
	}
	return info
}

func decodeInfo(data []byte) ([]wire.Question, error) {
	var w wire.DetailActualite
	if err := json.Unmarshal(data, &w); err != nil {
		return nil, unreadable(functionInfos, err)
	}
	if !w.Details.Value.ListeQuestions.Present {
		return nil, unreadable(functionInfos, errors.New("no content"))
	}
	return w.Details.Value.ListeQuestions.Items, nil
}

// fill adds the text: that of a notice, or the questions of a survey one after the
// other, each below its title.
func (i *Info) fill(questions []wire.Question) {
	var sources, lines []string
	for _, q := range questions {
		if i.Survey {
			lines = append(lines, label(q.Titre))
		}
		sources, lines = append(sources, string(q.Texte)), append(lines, textOf(string(q.Texte)))
	}
	i.Attachments = infoAttachments(questions)
	i.ask(questions)
	i.Opened = true
	i.HTML = strings.Join(sources, "\n")
	i.Content = tidy(strings.Join(lines, "\n"))
}
