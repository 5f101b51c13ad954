package pronote

import (
	"encoding/json"

	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// An Absence is a time that a pupil missed.
type Absence struct {
	Year          string // school year, "2025-2026"
	Period        string
	StartsAt      DateTime
	EndsAt        DateTime // so far, while the absence is open
	Open          bool     // the pupil has not come back yet
	Justified     bool
	Justification string // what was said for it
	Settled       bool   // the office is done with it
	ToJustify     bool   // the parents are asked for a reason
	Reasons       []string
	Hours         Number // of lessons, as the school counts them
	Days          Number // as the school counts them: halves are common

	// Attachments are what was handed in to justify it; nil where the answer lacks the
	// list.
	Attachments []Attachment
}

// A Delay is a late arrival.
type Delay struct {
	Year          string // school year, "2025-2026"
	Period        string
	StartsAt      DateTime
	Minutes       int
	Justified     bool
	Justification string // what was said for it
	Settled       bool   // the office is done with it
	ToJustify     bool   // the parents are asked for a reason
	Reasons       []string
}

func (b *book) enterMissed(entry json.RawMessage, genre int) error {
	var m wire.Manque
	if err := json.Unmarshal(entry, &m); err != nil {
		return err
	}
	reasons := labelsOf(m.ListeMotifs)
	if m.EstMotifNonEncoreConnu { // the list then holds words to that effect
		reasons = nil
	}
	if genre == genreDelay {
		b.Delays = append(b.Delays, Delay{
			Year: b.in.Year, Period: b.in.Name, StartsAt: dateTimeOf(m.Date), Minutes: max(0, int(m.Duree)),
			Justified: bool(m.Justifie), Justification: textOf(string(m.Justification)), Settled: bool(m.Reglee),
			ToJustify: bool(m.AJustifierParParents), Reasons: reasons,
		})
		return nil
	}
	b.Absences = append(b.Absences, Absence{
		Year: b.in.Year, Period: b.in.Name, StartsAt: dateTimeOf(m.DateDebut), EndsAt: dateTimeOf(m.DateFin), Open: bool(m.Ouverte),
		Justified: bool(m.Justifie), Justification: textOf(string(m.Justification)), Settled: bool(m.Reglee),
		ToJustify: bool(m.AJustifierParParents), Reasons: reasons, Hours: hoursOf(m.NbrHeures), Days: numberOf(m.NbrJours),
		Attachments: absenceAttachments(m),
	})
	return nil
}
