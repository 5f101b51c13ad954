package pronote

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// A Content is a part of what was done in a lesson, as the teacher wrote it down
// in the class's diary. Starts and Subject are those of the lesson.
type Content struct {
	Starts      DateTime
	Ends        DateTime
	Subject     string
	Teachers    []string // nil, not empty, when none are named, like the other lists
	Groups      []string
	Title       string
	Description string // plain text
	HTML        string // as the teacher wrote it; untrusted
	Category    string // in the school's words: "Cours", "Correction"; "" when not stated
	Themes      []string
	Path        string       // educational path: "future", "citizen", "arts", "health", "excellence", or "" for none
	Attachments []Attachment // nil where the answer lacks the list
}

var educationalPaths = []string{"future", "citizen", "arts", "health", "excellence"}

// Contents returns what was done in the lessons from one day to another, both
// included, in PRONOTE's order. The server answers by whole weeks; what falls
// outside the days asked for is left out.
func (s *Session) Contents(ctx context.Context, of Student, from, to Date) ([]Content, error) {
	if from.Compare(to) > 0 {
		return []Content{}, nil
	}
	answer, err := s.requestNew(ctx, Call{
		Function: functionDiary, Tab: TabContents, Student: &of, Data: s.school.weeks(from, to),
	}, from, to)
	if err != nil {
		return nil, err
	}
	all, err := decodeContents(answer.Data)
	if err != nil {
		return nil, err
	}
	kept := make([]Content, 0, len(all))
	for _, c := range all {
		if c.Starts.Date.Compare(from) >= 0 && c.Starts.Date.Compare(to) <= 0 {
			kept = append(kept, c)
		}
	}
	return kept, nil
}

func decodeContents(data []byte) ([]Content, error) {
	var w wire.CahierDeTextes
	if err := json.Unmarshal(data, &w); err != nil {
		return nil, unreadable(functionDiary, err)
	}
	if !w.ListeCahierDeTextes.Present {
		return nil, unreadable(functionDiary, errors.New("no list of contents"))
	}
	contents := make([]Content, 0, len(w.ListeCahierDeTextes.Items))
	for _, page := range w.ListeCahierDeTextes.Items {
		if page.Date.IsZero() {
			return nil, unreadable(functionDiary, errors.New("a content without a date"))
		}
		for _, part := range page.ListeContenus.Items {
			contents = append(contents, Content{
				Starts: dateTimeOf(page.Date), Ends: dateTimeOf(page.DateFin), Subject: label(page.Matiere.Value.Label),
				Teachers: labelsOf(page.ListeProfesseurs), Groups: labelsOf(page.ListeGroupes),
				Title: label(part.Label), Description: textOf(string(part.Descriptif)), HTML: string(part.Descriptif),
				Category: label(part.Categorie.Value.Label), Themes: labelsOf(part.Themes), Path: pathOf(part.Parcours), Attachments: attachmentsOf(part.ListePieceJointe),
			})
		}
	}
	return contents, nil
}

func pathOf(n wire.Number) string {
	if !n.Known {
		return "" // the number of the first path is 0
	}
	return nth(educationalPaths, int(n.Value))
}
