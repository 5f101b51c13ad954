package pronote

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// SchoolLife is what the office and the teachers note of a pupil in one period,
// each list in PRONOTE's order. A list is nil, not empty, where the school says
// that it does not show this.
type SchoolLife struct {
	Absences     []Absence
	Delays       []Delay
	Punishments  []Punishment
	Observations []Observation
}

const functionSchoolLife = "PagePresence"

// SchoolLife returns absences, delays, punishments and observations of one
// period. It is ErrNotAvailable where the school publishes none of them.
func (s *Session) SchoolLife(ctx context.Context, of Student, in Period) (SchoolLife, error) {
	answer, err := s.requestNew(ctx, Call{
		Function: functionSchoolLife, Tab: TabSchoolLife, Student: &of,
		Data: map[string]any{
			"periode":   of.PeriodElement(TabSchoolLife, in),
			"DateDebut": wire.FormatDate(in.Starts.In(time.UTC)), "DateFin": wire.FormatDate(in.Ends.In(time.UTC)),
		},
	})
	if err != nil {
		return SchoolLife{}, err
	}
	return decodeSchoolLife(answer.Data, in, s.school)
}

func decodeSchoolLife(data []byte, in Period, at School) (SchoolLife, error) {
	var w wire.Presence
	if err := json.Unmarshal(data, &w); err != nil {
		return SchoolLife{}, unreadable(functionSchoolLife, err)
	}
	if !w.ListeAbsences.Present {
		if message := label(w.Message); message != "" {
			return SchoolLife{}, fmt.Errorf("%s: %w", functionSchoolLife, ErrNotAvailable)
		}
		return SchoolLife{}, unreadable(functionSchoolLife, errors.New("no list of absences"))
	}
	book := book{in: in, school: at, SchoolLife: SchoolLife{
		Absences: []Absence{}, Delays: []Delay{}, Punishments: []Punishment{}, Observations: []Observation{},
	}}
	for _, entry := range w.ListeAbsences.Items {
		if err := book.enter(entry); err != nil {
			return SchoolLife{}, unreadable(functionSchoolLife, err)
		}
	}
	book.hide(w.Autorisations.Value)
	return book.SchoolLife, nil
}

// The genres of entries. Those from 60 on were one more before 2025.1.3; the
// numbers do not overlap.
const (
	genreAbsence     = 13
	genreDelay       = 14
	genreExclusion   = 15
	genrePunishment  = 41
	genreSanction    = 42
	genreObservation = 46
	genreMeasure     = 71
	genreMeasureOld  = 72
)

// A book collects the entries of an answer.
type book struct {
	SchoolLife
	in     Period
	school School
}

// enter reads one entry. An entry of a genre whose members nobody has described is
// left out if it cannot be read: it must not cost the whole list.
func (b *book) enter(entry json.RawMessage) error {
	var e wire.Element
	if err := json.Unmarshal(entry, &e); err != nil {
		return err
	}
	genre := int(e.Genre.Value)
	switch genre {
	case genreAbsence, genreDelay:
		return b.enterMissed(entry, genre)
	case genrePunishment, genreMeasure, genreMeasureOld:
		return b.enterPunishment(entry, genre)
	case genreObservation:
		return b.enterObservation(entry, genre)
	case genreSanction, genreExclusion:
		_ = b.enterPunishment(entry, genre)
	default:
		_ = b.enterObservation(entry, genre)
	}
	return nil
}

// hide turns lists that the school does not show from empty into unknown: what
// it showed before has not ended.
func (b *book) hide(allowed wire.Autorisations) {
	withheld := func(allowed *wire.Bool) bool { return allowed != nil && !bool(*allowed) }
	if withheld(allowed.Absence) && len(b.Absences) == 0 {
		b.Absences = nil
	}
	if withheld(allowed.Retard) && len(b.Delays) == 0 {
		b.Delays = nil
	}
	if withheld(allowed.Punition) && len(b.Punishments) == 0 {
		b.Punishments = nil
	}
	if withheld(allowed.Observation) && len(b.Observations) == 0 {
		b.Observations = nil
	}
}

// hoursOf reads "2h30" as 2.5.
func hoursOf(t wire.Text) Number {
	hours, minutes, ok := strings.Cut(strings.TrimSpace(string(t)), "h")
	if !ok {
		return Number{}
	}
	h, err := strconv.ParseUint(hours, 10, 16)
	if err != nil {
		return Number{}
	}
	m, err := strconv.ParseUint("0"+minutes, 10, 8) // "2h" has none
	if err != nil || m > 59 {
		return Number{}
	}
	return Num(float64(h) + float64(m)/60)
}
