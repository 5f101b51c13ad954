package pronote

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// Homework is one piece of work to do at home.
type Homework struct {
	Subject     string
	GivenOn     Date
	DueOn       Date
	Description string // plain text
	HTML        string // as the teacher wrote it; untrusted
	Done        bool
	Difficulty  string       // "easy", "medium", "hard", or "" when not stated
	Minutes     int          // expected duration; 0 when not stated
	Return      string       // how it is handed in: "paper", "pronote", "kiosk", "audio", or "" when it is not
	ReturnedAt  DateTime     // when the pupil handed it in, in PRONOTE
	Remark      string       // what the teacher says of that, plain text
	Themes      []string     // nil, not empty, when there are none
	Attachments []Attachment // with what the pupil handed in; nil where the answer lacks the list
}

var (
	difficulties = []string{"", "easy", "medium", "hard"}
	returns      = []string{"", "paper", "pronote", "kiosk", "audio"}
)

// Homework returns the work due from one day to another, both included, in
// PRONOTE's order. The server answers by whole weeks; what falls outside the
// days asked for is left out.
func (s *Session) Homework(ctx context.Context, of Student, from, to Date) ([]Homework, error) {
	if from.Compare(to) > 0 {
		return []Homework{}, nil
	}
	answer, err := s.requestNew(ctx, Call{
		Function: functionDiary, Tab: TabHomework, Student: &of, Data: s.school.weeks(from, to),
	}, from, to)
	if err != nil {
		return nil, err
	}
	all, err := decodeHomework(answer.Data)
	if err != nil {
		return nil, err
	}
	kept := make([]Homework, 0, len(all))
	for _, h := range all {
		if h.DueOn.Compare(from) >= 0 && h.DueOn.Compare(to) <= 0 {
			kept = append(kept, h)
		}
	}
	return kept, nil
}

// functionDiary is asked for homework, and on another tab for what was done in
// the lessons.
const functionDiary = "PageCahierDeTexte"

// weeks is the request for the weeks from one day to another.
func (s School) weeks(from, to Date) map[string]any {
	weeks := wire.Set{}
	for w := s.WeekNumber(from); w <= s.WeekNumber(to); w++ {
		weeks = append(weeks, w)
	}
	return map[string]any{"domaine": map[string]any{"_T": 8, "V": weeks.String()}}
}

func decodeHomework(data []byte) ([]Homework, error) {
	var w wire.Travaux
	if err := json.Unmarshal(data, &w); err != nil {
		return nil, unreadable(functionDiary, err)
	}
	if !w.ListeTravauxAFaire.Present {
		return nil, unreadable(functionDiary, errors.New("no list of homework"))
	}
	homework := make([]Homework, 0, len(w.ListeTravauxAFaire.Items))
	for _, t := range w.ListeTravauxAFaire.Items {
		homework = append(homework, Homework{
			Subject: label(t.Matiere.Value.Label), GivenOn: dateOf(t.DonneLe), DueOn: dateOf(t.PourLe),
			Description: textOf(string(t.Descriptif)), HTML: string(t.Descriptif),
			Done: bool(t.TAFFait), Minutes: int(t.Duree),
			Difficulty: nth(difficulties, int(t.NiveauDifficulte)), Return: nth(returns, int(t.GenreRendu)),
			ReturnedAt: dateTimeOf(t.DateRendu), Remark: textOf(string(t.CommentaireCorrige)), Themes: labelsOf(t.ListeThemes),
			Attachments: homeworkAttachments(t),
		})
	}
	return homework, nil
}

// nth is the word for a number of an enumeration, or "" for one that the
// reference does not list.
func nth(words []string, n int) string {
	if n < 0 || n >= len(words) {
		return ""
	}
	return words[n]
}
