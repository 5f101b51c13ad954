package pronote

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// A Mark is what a pupil got for one test.
type Mark struct {
	Year         string // school year, "2025-2026"
	Period       string // under which PRONOTE lists the mark
	OwnPeriod    string // that PRONOTE gives the mark itself; "" where it gives none
	Subject      string
	GivenOn      Date
	Title        string
	Comment      string // the teacher's remark on this pupil's mark
	Score        Score
	OutOf        Number
	Coefficient  Number
	ClassAverage Number // unknown where the school hides it, like the next two
	ClassMin     Number
	ClassMax     Number
	Bonus        bool         // only the points above half of OutOf count
	Optional     bool         // counts only if it raises the average
	Rescaled     bool         // brought to a scale of 20 before averaging
	Attachments  []Attachment // the subject and the correction of the test
}

// An Average is the mean of a pupil's marks in a subject over a period. An
// empty Subject is the mean over all subjects.
type Average struct {
	Year         string // school year, "2025-2026"
	Period       string
	Subject      string
	Student      Number
	ClassAverage Number
	ClassMin     Number
	ClassMax     Number
	OutOf        Number
}

// Marks returns the marks and averages of one period, in PRONOTE's order.
// Averages is nil, not empty, where the answer lacks them.
func (s *Session) Marks(ctx context.Context, of Student, in Period) (marks []Mark, averages []Average, err error) {
	const function = "DernieresNotes"
	answer, err := s.requestNew(ctx, Call{
		Function: function, Tab: TabMarks, Student: &of,
		Data: map[string]any{"Periode": of.PeriodElement(TabMarks, in)},
	})
	if err != nil {
		return nil, nil, err
	}
	return decodeMarks(answer.Data, in)
}

func decodeMarks(data []byte, in Period) ([]Mark, []Average, error) {
	const function = "DernieresNotes"
	var w wire.Notes
	if err := json.Unmarshal(data, &w); err != nil {
		return nil, nil, unreadable(function, err)
	}
	if !w.ListeDevoirs.Present {
		return nil, nil, unreadable(function, errors.New("no list of marks"))
	}
	marks := make([]Mark, 0, len(w.ListeDevoirs.Items))
	for _, d := range w.ListeDevoirs.Items {
		marks = append(marks, markOf(d, in))
	}
	return marks, averagesOf(w, in), nil
}

func markOf(d wire.Devoir, in Period) Mark {
	return Mark{
		Year: in.Year, Period: in.Name, OwnPeriod: label(d.Periode.Value.Label),
		Subject: label(d.Service.Value.Label), GivenOn: dateOf(d.Date),
		Title: label(d.Commentaire), Comment: label(d.CommentaireSurNote),
		Score: ParseScore(label(d.Note)), OutOf: numberOf(d.Bareme), Coefficient: numberOf(d.Coefficient),
		ClassAverage: numberOf(d.Moyenne), ClassMin: numberOf(d.NoteMin), ClassMax: numberOf(d.NoteMax),
		// A bonus is marked as optional too by some versions; it counts as a bonus.
		Bonus: bool(d.EstBonus), Optional: bool(d.EstFacultatif) && !bool(d.EstBonus), Rescaled: bool(d.EstRamenerSur20),
		Attachments: markAttachments(d),
	}
}

func averagesOf(w wire.Notes, in Period) []Average {
	if !w.ListeServices.Present {
		return nil
	}
	averages := make([]Average, 0, len(w.ListeServices.Items)+1)
	if w.MoyGenerale.Known || w.MoyGeneraleClasse.Known {
		averages = append(averages, Average{
			Year: in.Year, Period: in.Name,
			Student: numberOf(w.MoyGenerale), ClassAverage: numberOf(w.MoyGeneraleClasse), OutOf: numberOf(w.BaremeMoyGenerale),
		})
	}
	for _, s := range w.ListeServices.Items {
		subject := label(s.Label)
		if subject == "" {
			continue // it would pass for the mean over all subjects
		}
		averages = append(averages, Average{
			Year: in.Year, Period: in.Name, Subject: subject,
			Student: numberOf(s.MoyEleve), ClassAverage: numberOf(s.MoyClasse),
			ClassMin: numberOf(s.MoyMin), ClassMax: numberOf(s.MoyMax), OutOf: numberOf(s.BaremeMoyEleve),
		})
	}
	return averages
}
