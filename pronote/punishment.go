package pronote

import (
	"cmp"
	"encoding/json"

	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// A Punishment is what a teacher or the school imposes on a pupil. Sanctions,
// exclusions from school and precautionary measures are some too.
type Punishment struct {
	Year           string // school year, "2025-2026"
	Period         string
	Kind           string // "exclusion", "detention", "homework", "sanction", "measure" or "other"
	Nature         string // what the school calls it: "Retenue"
	GivenOn        Date
	GivenAt        DateTime // start of the lesson in which it was given, if it was in one
	OutsideLessons bool
	Giver          string
	Decider        string // of sanctions and measures
	Reasons        []string
	Circumstances  string
	Homework       string // work to do for it
	Comment        string
	Minutes        int      // 0 when not stated
	StartsAt       DateTime // of sanctions, exclusions and measures
	EndsAt         DateTime
	Exclusion      bool     // the pupil is kept out of something
	BarredFrom     []string // of what: "boarding", "lessons", "canteen"
	Incident       bool     // it follows from an incident that the school recorded
	ReceiptWanted  bool     // the parents are to confirm that they know
	ReceiptGiven   bool     // they have

	// Detentions are when it is served, in PRONOTE's order; nil where the answer
	// does not say.
	Detentions []Detention

	// Attachments are of the circumstances or of the work to do; nil where the answer
	// lacks the lists.
	Attachments []Attachment
}

// A Detention is a time at which a punishment is served.
type Detention struct {
	HeldOn     Date
	StartsAt   DateTime // zero when the hour is not known
	Minutes    int      // 0 when not stated
	Supervisor string
	State      string // "unscheduled", "missed", "expired", "done", "scheduled", "postponed", or "" when not stated
}

var (
	punishments     = []string{"exclusion", "detention", "homework", "other"}
	detentionStates = []string{"unscheduled", "missed", "expired", "done", "scheduled", "postponed"}
	barredFrom      = []string{"boarding", "lessons", "canteen"}
)

func (b *book) enterPunishment(entry json.RawMessage, genre int) error {
	var p wire.Punition
	if err := json.Unmarshal(entry, &p); err != nil {
		return err
	}
	punishment := Punishment{
		Year: b.in.Year, Period: b.in.Name, Kind: punishmentKind(p, genre), Nature: cmp.Or(label(p.Nature.Value.Label), label(p.Label)),
		GivenOn: dateOf(p.DateDemande), OutsideLessons: bool(p.HorsCours),
		Giver: label(p.Demandeur.Value.Label), Decider: label(p.Decideur.Value.Label), Reasons: labelsOf(p.ListeMotifs),
		Circumstances: textOf(string(p.Circonstances)), Homework: textOf(string(p.TravailAFaire)), Comment: textOf(string(p.Commentaire)),
		StartsAt: dateTimeOf(p.DateDebut), EndsAt: dateTimeOf(p.DateFin),
		Exclusion: bool(p.EstUneExclusion), Incident: bool(p.EstLieAUnIncident),
		ReceiptWanted: bool(p.Nature.Value.EstAvecARParent), ReceiptGiven: bool(p.ParentAAccuseDeReception),
		Attachments: punishmentAttachments(p),
	}
	if !punishment.OutsideLessons {
		punishment.GivenAt = b.school.slotOf(punishment.GivenOn, p.PlaceDemande)
	}
	if genre == genrePunishment { // nobody knows in what that of a sanction is counted
		punishment.Minutes = max(0, int(p.Duree))
	}
	for _, scope := range p.InterditAcces {
		if name := nth(barredFrom, scope); name != "" {
			punishment.BarredFrom = append(punishment.BarredFrom, name)
		}
	}
	if p.Programmation.Present {
		punishment.Detentions = []Detention{}
	}
	for _, d := range p.Programmation.Items {
		punishment.Detentions = append(punishment.Detentions, b.detention(d))
	}
	b.Punishments = append(b.Punishments, punishment)
	return nil
}

// punishmentKind is that of the nature, for those entries that have several.
func punishmentKind(p wire.Punition, genre int) string {
	switch genre {
	case genreSanction:
		return "sanction"
	case genreMeasure, genreMeasureOld:
		return "measure"
	case genreExclusion:
		return "exclusion"
	}
	if kind := nth(punishments, int(p.Nature.Value.Genre.Value)); kind != "" && p.Nature.Value.Genre.Known {
		return kind
	}
	return "other"
}

func (b *book) detention(d wire.Programmation) Detention {
	held := Detention{
		HeldOn: dateOf(d.Date), StartsAt: b.school.slotOf(dateOf(d.Date), d.PlaceExecution),
		Minutes: max(0, int(d.Duree)), Supervisor: label(d.Surveillant.Value.Label),
	}
	if d.Etat != nil {
		held.State = nth(detentionStates, int(*d.Etat))
	}
	return held
}
