package pronotetest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// answerSchoolLife answers PagePresence for one period: one list of entries of
// many kinds, the latest first.
func answerSchoolLife(c *call) (any, *wire.Error) {
	var request struct {
		From wire.DateTime `json:"DateDebut"`
		To   wire.DateTime `json:"DateFin"`
	}
	if json.Unmarshal(c.data, &request) != nil || request.From.IsZero() || request.To.IsZero() {
		return nil, refusal(21, "Impossible d'afficher la page")
	}
	in, _, refused := c.period()
	if refused != nil {
		return nil, refused
	}
	period := in.Name
	truth := c.server.school.Truth(c.session.viewer, c.pupil)
	var entries []entry
	entries = append(entries, entriesOf(truth.Absences, period, c.absence)...)
	entries = append(entries, entriesOf(truth.Delays, period, c.delay)...)
	entries = append(entries, entriesOf(truth.Punishments, period, c.punishment)...)
	entries = append(entries, entriesOf(truth.Observations, period, c.observation)...)
	slices.SortStableFunc(entries, func(a, b entry) int { return b.day.Compare(a.day) })
	list := []o{}
	for i, e := range entries {
		e.shown["P"] = i + 1
		list = append(list, e.shown)
	}
	allowed := o{}
	for _, name := range []string{"absence", "retard", "punition", "sanction", "exclusion", "observation", "infirmerie", "dispense", "absenceRepas", "incident"} {
		allowed[name] = true
	}
	return c.broken(o{
		"listeAbsences": c.list(list), "autorisations": allowed, "listeRecapitulatifs": wrapped([]o{}), "Matieres": wrapped([]o{}),
		"nbMaxJoursDeclarationAbsence": 0, "commentaireAbsenceObligatoire": false, "commentaireRetardObligatoire": false,
	}, "listeAbsences"), nil
}

// An entry is a row as the server shows it, and where it stands.
type entry struct {
	period string
	day    pronote.Date
	shown  o
}

func entriesOf[T any](rows []world.Row[T], period string, show func(world.Row[T]) entry) []entry {
	var list []entry
	for _, row := range rows {
		if e := show(row); e.period == period {
			list = append(list, e)
		}
	}
	return list
}

// genre is the number of a kind of entry: those from 60 on were one more before
// 2025.1.3, as that of tests was.
func (c *call) genre(n int) int {
	if n < 60 {
		return n
	}
	return n + c.server.options.Profile.TestGenre - Newest().TestGenre
}

func (c *call) absence(row world.Row[pronote.Absence]) entry {
	a := row.Value
	return entry{a.Period, a.StartsAt.Date, o{
		"N": c.session.name(12, "absence", row.ID), "G": 13,
		"dateDebut": dateTimeValue(a.StartsAt), "dateFin": dateTimeValue(a.EndsAt), "ouverte": a.Open,
		"justifie": a.Justified, "justification": a.Justification, "reglee": a.Settled, "aJustifierParParents": a.ToJustify,
		"estMotifNonEncoreConnu": len(a.Reasons) == 0, "listeMotifs": c.reasons(a.Reasons, 89),
		"NbrHeures": fmt.Sprintf("%dh%02d", int(a.Hours.Value), int(60*a.Hours.Value)%60), "NbrJours": a.Days.Value,
		"documents": c.documents(row.ID, a.Attachments), "avecSaisie": false,
	}}
}

func (c *call) delay(row world.Row[pronote.Delay]) entry {
	d := row.Value
	return entry{d.Period, d.StartsAt.Date, o{
		"N": c.session.name(13, "delay", row.ID), "G": 14, "date": dateTimeValue(d.StartsAt), "duree": d.Minutes,
		"justifie": d.Justified, "justification": d.Justification, "reglee": d.Settled, "aJustifierParParents": d.ToJustify,
		"estMotifNonEncoreConnu": len(d.Reasons) == 0, "listeMotifs": c.reasons(d.Reasons, 90), "avecSaisie": false,
	}}
}

// reasons are a list of reasons, which says so when none is known yet.
func (c *call) reasons(names []string, table int) o {
	if len(names) == 0 {
		names = []string{"Motif non encore connu"}
	}
	return wrapped(c.named(names, table))
}

func (c *call) named(names []string, table int) []o {
	list := []o{}
	for i, name := range names {
		list = append(list, o{"L": name, "N": c.session.name(table, "reason", i)})
	}
	return list
}

func (c *call) punishment(row world.Row[pronote.Punishment]) entry {
	p := row.Value
	kind := slices.Index([]string{"exclusion", "detention", "homework", "other"}, p.Kind)
	genre := 41
	if kind < 0 {
		genre = map[string]int{"sanction": 42, "measure": c.genre(71)}[p.Kind]
	}
	shown := o{
		"N": c.session.name(40, "punishment", row.ID), "G": genre, "dateDemande": dateValue(p.GivenOn),
		"nature":      wrapped(o{"L": p.Nature, "N": c.session.name(70, "nature", kind), "estAvecARParent": p.ReceiptWanted}),
		"listeMotifs": wrapped(c.named(p.Reasons, 91)), "demandeur": wrapped(c.person(p.Giver)),
		"estUneExclusion": p.Exclusion, "estLieAUnIncident": p.Incident, "circonstances": p.Circumstances,
		"documentsCirconstances":   c.attached(row.ID, p.Attachments, "circumstances"),
		"parentAAccuseDeReception": p.ReceiptGiven,
	}
	switch genre {
	case 41:
		c.programme(shown, row)
		nature := shown["nature"].(o)["V"].(o)
		nature["G"] = kind
	default:
		shown["commentaire"], shown["decideur"] = p.Comment, wrapped(c.person(p.Decider))
		shown["dateDebut"], shown["dateFin"] = dateTimeValue(p.StartsAt), dateTimeValue(p.EndsAt)
		shown["interditAcces"] = typed(26, barred(p.BarredFrom).String())
	}
	return entry{p.Period, p.GivenOn, shown}
}

func barred(names []string) wire.Set {
	set := wire.Set{}
	for i, name := range []string{"boarding", "lessons", "canteen"} {
		if slices.Contains(names, name) {
			set = append(set, i)
		}
	}
	return set
}

// programme adds what an entry of genre 41 has more than others.
func (c *call) programme(shown o, row world.Row[pronote.Punishment]) {
	p := row.Value
	shown["horsCours"], shown["duree"] = p.OutsideLessons, p.Minutes
	shown["travailAFaire"], shown["documentsTAF"] = p.Homework, c.attached(row.ID, p.Attachments, "homework")
	if !p.OutsideLessons {
		shown["placeDemande"] = place(p.GivenAt)
	}
	times := []o{}
	for i, d := range p.Detentions {
		state := slices.Index([]string{"unscheduled", "missed", "expired", "done", "scheduled", "postponed"}, d.State)
		times = append(times, o{
			"N": c.session.name(41, "detention", detentionID(row.ID, i)), "date": dateValue(d.HeldOn), "placeExecution": place(d.StartsAt),
			"duree": d.Minutes, "etat": state, "surveillant": wrapped(c.person(d.Supervisor)),
		})
	}
	shown["estProgrammable"], shown["programmation"] = p.Kind == "detention", wrapped(times)
}

// detentionID is the number of the real detention of a punishment, for ever.
func detentionID(punishment, which int) int { return 100*punishment + which }

// place is the slot of an hour: of the week on odd days, of the day on others,
// for servers do both.
func place(t pronote.DateTime) int {
	const ofDay, noSlot = 20, 21 // of which pronotepy cannot tell whether it is of the week
	slot := 2*(t.Hour-8) + t.Minute/30
	ofWeek := slot + ofDay*((int(t.Weekday())+6)%7)
	if t.Day%2 == 1 && ofWeek != noSlot {
		return ofWeek
	}
	return slot
}

// person is somebody at the school.
func (c *call) person(name string) o {
	if name == "" {
		return o{}
	}
	return o{"L": name, "N": c.session.name(34, "person", 0), "mail": ""}
}

func (c *call) observation(row world.Row[pronote.Observation]) entry {
	v := row.Value
	kind := slices.Index([]string{"notebook", "observation", "encouragement", "other"}, v.Kind)
	genre := 46
	if kind < 0 {
		genre = c.genre(map[string]int{"infirmary": 21, "meal": 22, "exemption": 40, "office": 45, "incident": 73, "commission": 105}[v.Kind])
	}
	subject := o{"L": "", "N": "0"}
	if v.Subject != "" {
		subject = o{"L": v.Subject, "N": c.subject(v.Subject)}
	}
	shown := o{
		"N": c.session.name(genre, "observation", row.ID), "G": genre, "L": v.Title, "commentaire": v.Comment,
		"matiere": wrapped(subject), "rubrique": wrapped(o{"L": v.Category, "N": c.session.name(60, "section", 0), "G": 0}),
		"demandeur": wrapped(c.person(v.Giver)), "estLue": v.Read, "avecARObservation": v.ReceiptWanted,
	}
	if kind >= 0 {
		shown["genreObservation"] = kind
	}
	if v.StartsAt.IsZero() {
		shown["date"] = dateValue(v.GivenOn)
	} else {
		shown["dateDebut"], shown["dateFin"] = dateTimeValue(v.StartsAt), dateTimeValue(cmp.Or(v.EndsAt, v.StartsAt))
	}
	return entry{v.Period, v.GivenOn, shown}
}
