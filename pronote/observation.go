package pronote

import (
	"cmp"
	"encoding/json"

	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// An Observation is a note in the pupil's book, or any other record of a pupil
// that is no absence, delay or punishment.
type Observation struct {
	Year          string // school year, "2025-2026"
	Period        string
	Kind          string // see observationKinds and entryKinds; "other" for what this package does not know
	Title         string
	Category      string // the section of the book
	GivenOn       Date
	StartsAt      DateTime // of what lasts: a visit to the infirmary, an exemption
	EndsAt        DateTime
	Subject       string
	Giver         string
	Comment       string
	Read          bool
	ReceiptWanted bool // the parents are to confirm that they read it
}

// The kinds of observations, by their own number, and those of other entries, by
// genre. Old and new genres of one kind never mean another.
var (
	observationKinds = []string{"notebook", "observation", "encouragement", "other"}
	entryKinds       = map[int]string{
		21: "infirmary", 22: "meal", 40: "exemption", 44: "boarding", 45: "office",
		73: "incident", 74: "incident", 105: "commission", 106: "commission", 121: "boarding",
	}
)

func (b *book) enterObservation(entry json.RawMessage, genre int) error {
	var m wire.Mention
	if err := json.Unmarshal(entry, &m); err != nil {
		return err
	}
	o := Observation{
		Year: b.in.Year, Period: b.in.Name, Kind: cmp.Or(entryKinds[genre], "other"),
		Title: label(m.Label), Category: label(m.Rubrique.Value.Label),
		GivenOn:  cmp.Or(dateOf(m.Date), dateOf(m.DateDebut)),
		StartsAt: dateTimeOf(m.DateDebut), EndsAt: dateTimeOf(m.DateFin),
		Giver: label(m.Demandeur.Value.Label), Comment: textOf(string(m.Commentaire)),
		Read: bool(m.EstLue), ReceiptWanted: bool(m.AvecARObservation),
	}
	if m.Matiere.Value.Number != "0" {
		o.Subject = label(m.Matiere.Value.Label)
	}
	if genre == genreObservation && m.GenreObservation != nil {
		o.Kind = cmp.Or(nth(observationKinds, int(*m.GenreObservation)), "other")
	}
	if o.Title == "" && o.Comment == "" && o.GivenOn.IsZero() {
		return nil // of a kind with other members
	}
	b.Observations = append(b.Observations, o)
	return nil
}
