package db

import "github.com/pronote-sync/pronote-sync/pronote"

// AbsencesView lists absences and delays together.
var AbsencesView = View{
	Name:  "absences",
	About: "Absences and delays, newest first",
	None:  "There are no absences or delays",
	Shown: "student kind starts_at ends_at hours minutes justified reasons",
	from: `(
		SELECT 'absence' AS kind, account, student, uid, year, period, starts_at, ends_at, NULL AS minutes, hours, days, open,
			justified, justification, settled, to_justify, reasons, first_seen_at, changed_at FROM absences
		UNION ALL
		SELECT 'delay', account, student, uid, year, period, starts_at, NULL, minutes, NULL, NULL, 0,
			justified, justification, settled, to_justify, reasons, first_seen_at, changed_at FROM delays)`,
	when:  "starts_at",
	order: "starts_at DESC, uid",
}

// Absences keeps absences, placed by period.
var Absences = Table[pronote.Absence]{
	Name:    "absences",
	View:    AbsencesView,
	Place:   "year || ' ' || period",
	PlaceOf: func(a pronote.Absence) string { return a.Year + " " + a.Period },
	Columns: []string{
		"year", "period", "starts_at", "ends_at", "open", "justified", "justification", "settled", "to_justify", "reasons", "hours", "days",
	},
	Fields: func(a *pronote.Absence) []any {
		return []any{
			&a.Year, &a.Period, (*instant)(&a.StartsAt), (*instant)(&a.EndsAt), &a.Open, &a.Justified, &a.Justification,
			&a.Settled, &a.ToJustify, (*names)(&a.Reasons), number{&a.Hours}, number{&a.Days},
		}
	},
}

// Delays keeps delays, placed by period.
var Delays = Table[pronote.Delay]{
	Name:    "delays",
	View:    View{Name: "delays", when: "starts_at", order: "starts_at DESC, uid"},
	Place:   "year || ' ' || period",
	PlaceOf: func(d pronote.Delay) string { return d.Year + " " + d.Period },
	Columns: []string{
		"year", "period", "starts_at", "minutes", "justified", "justification", "settled", "to_justify", "reasons",
	},
	Fields: func(d *pronote.Delay) []any {
		return []any{
			&d.Year, &d.Period, (*instant)(&d.StartsAt), (*count)(&d.Minutes), &d.Justified, &d.Justification,
			&d.Settled, &d.ToJustify, (*names)(&d.Reasons),
		}
	},
}

// PunishmentsView lists punishments, with the times at which they are served.
var PunishmentsView = View{
	Name:  "punishments",
	About: "Punishments and sanctions, newest first",
	None:  "There are no punishments",
	Shown: "student given_on nature giver reasons detentions",
	from: `(
		SELECT *, (SELECT group_concat(at, ', ') FROM (
			SELECT coalesce(starts_at, held_on) AS at FROM detentions WHERE punishment_uid = punishments.uid ORDER BY at
		)) AS detentions FROM punishments)`,
	when:  "given_on",
	order: "given_on DESC, uid",
}

// Punishments keeps punishments, placed by period. Their detentions are apart.
var Punishments = Table[pronote.Punishment]{
	Name:    "punishments",
	View:    PunishmentsView,
	Place:   "year || ' ' || period",
	PlaceOf: func(p pronote.Punishment) string { return p.Year + " " + p.Period },
	Columns: []string{
		"year", "period", "kind", "nature", "given_on", "given_at", "outside_lessons", "giver", "decider", "reasons", "circumstances",
		"homework", "comment", "minutes", "starts_at", "ends_at", "exclusion", "barred_from", "incident", "receipt_wanted", "receipt_given",
	},
	Fields: func(p *pronote.Punishment) []any {
		return []any{
			&p.Year, &p.Period, &p.Kind, &p.Nature, (*day)(&p.GivenOn), (*instant)(&p.GivenAt), &p.OutsideLessons, &p.Giver, &p.Decider,
			(*names)(&p.Reasons), &p.Circumstances, &p.Homework, &p.Comment, (*count)(&p.Minutes), (*instant)(&p.StartsAt), (*instant)(&p.EndsAt),
			&p.Exclusion, (*names)(&p.BarredFrom), &p.Incident, &p.ReceiptWanted, &p.ReceiptGiven,
		}
	},
}

// Detentions keeps the times at which punishments are served.
var Detentions = parts("detentions", "punishment_id",
	[]string{"held_on", "starts_at", "minutes", "supervisor", "state"},
	func(d *pronote.Detention) []any {
		return []any{(*day)(&d.HeldOn), (*instant)(&d.StartsAt), (*count)(&d.Minutes), &d.Supervisor, (*text)(&d.State)}
	})

// ObservationsView lists observations.
var ObservationsView = View{
	Name:  "observations",
	About: "Observations, newest first",
	None:  "There are no observations",
	Shown: "student given_on kind title subject comment",
	when:  "given_on",
	order: "given_on DESC, uid",
}

// Observations keeps observations, placed by period.
var Observations = Table[pronote.Observation]{
	Name:    "observations",
	View:    ObservationsView,
	Place:   "year || ' ' || period",
	PlaceOf: func(o pronote.Observation) string { return o.Year + " " + o.Period },
	Columns: []string{
		"year", "period", "kind", "title", "category", "given_on", "starts_at", "ends_at", "subject", "giver", "comment", "read", "receipt_wanted",
	},
	Fields: func(o *pronote.Observation) []any {
		return []any{
			&o.Year, &o.Period, &o.Kind, &o.Title, &o.Category, (*day)(&o.GivenOn), (*instant)(&o.StartsAt), (*instant)(&o.EndsAt),
			&o.Subject, &o.Giver, &o.Comment, &o.Read, &o.ReceiptWanted,
		}
	},
}
