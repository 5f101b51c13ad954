package world

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// An Absence is what the office enters when a pupil is not there. The school
// year, the period and the hours and days follow from the rest.
type Absence struct {
	pronote.Absence
	Pupil string

	id int
}

// A Delay is what the office enters when a pupil comes late. The school year and
// the period follow from the rest.
type Delay struct {
	pronote.Delay
	Pupil string

	id int
}

// A Punishment is what a teacher or the head imposes on a pupil. The school year
// and the period follow from the day, which is today when left out of a new one.
// Its attachments are of the role circumstances or homework.
type Punishment struct {
	pronote.Punishment
	Pupil string

	id int
}

// An Observation is a note in a pupil's book. The school year and the period
// follow from the day, which is today when left out of a new one.
type Observation struct {
	pronote.Observation
	Pupil string
	To    Viewer // whose pages show it, both when empty

	id int
}

func (*Absence) domain() string     { return "absences" }
func (*Delay) domain() string       { return "delays" }
func (*Punishment) domain() string  { return "punishments" }
func (*Observation) domain() string { return "observations" }

func (a *Absence) enter(id int, _ pronote.DateTime) {
	a.id, a.Attachments = id, documents(a.Attachments)
}

func (d *Delay) enter(id int, _ pronote.DateTime) { d.id = id }

func (p *Punishment) enter(id int, now pronote.DateTime) {
	p.id = id
	if p.GivenOn.IsZero() {
		p.GivenOn = now.Date
	}
	if p.Detentions == nil {
		p.Detentions = []pronote.Detention{}
	}
	if p.Attachments == nil {
		p.Attachments = []pronote.Attachment{}
	}
}

func (o *Observation) enter(id int, now pronote.DateTime) {
	o.id = id
	if o.GivenOn.IsZero() {
		o.GivenOn = now.Date
	}
}

// hoursOfDay is how many lessons a whole day counts for.
const hoursOfDay = 6

func (a *Absence) settle(s *School) {
	a.Year, a.Period = s.calendar.year, s.PeriodAt(a.StartsAt.Date).Name
	missed := a.EndsAt.In(time.UTC).Sub(a.StartsAt.In(time.UTC)).Hours()
	if days := a.EndsAt.DaysSince(a.StartsAt.Date); days > 0 {
		missed = float64(hoursOfDay * (days + 1))
	}
	a.Hours, a.Days = pronote.Num(missed), pronote.Num(math.Ceil(2*missed/hoursOfDay)/2)
}

func (d *Delay) settle(s *School) {
	d.Year, d.Period = s.calendar.year, s.PeriodAt(d.StartsAt.Date).Name
}

func (p *Punishment) settle(s *School) {
	p.Year, p.Period = s.calendar.year, s.PeriodAt(p.GivenOn).Name
}

func (o *Observation) settle(s *School) {
	o.Year, o.Period = s.calendar.year, s.PeriodAt(o.GivenOn).Name
}

func (a *Absence) facts(_ *School, _ Viewer, pupil string) []fact {
	if a.Pupil != pupil {
		return nil
	}
	return []fact{
		{"period", a.Period}, {"starts_at", a.StartsAt}, {"ends_at", a.EndsAt}, {"open", a.Open}, {"justified", a.Justified},
		{"justification", a.Justification}, {"settled", a.Settled}, {"to_justify", a.ToJustify}, {"reasons", joined(a.Reasons)},
		{"hours", a.Hours}, {"days", a.Days}, {"attachments", attachmentText(a.Attachments)},
	}
}

func (d *Delay) facts(_ *School, _ Viewer, pupil string) []fact {
	if d.Pupil != pupil {
		return nil
	}
	return []fact{
		{"period", d.Period}, {"starts_at", d.StartsAt}, {"minutes", d.Minutes}, {"justified", d.Justified},
		{"justification", d.Justification}, {"settled", d.Settled}, {"to_justify", d.ToJustify}, {"reasons", joined(d.Reasons)},
	}
}

func (p *Punishment) facts(_ *School, _ Viewer, pupil string) []fact {
	if p.Pupil != pupil {
		return nil
	}
	return []fact{
		{"period", p.Period}, {"kind", p.Kind}, {"nature", p.Nature}, {"given_on", p.GivenOn}, {"given_at", p.GivenAt},
		{"outside_lessons", p.OutsideLessons}, {"giver", p.Giver}, {"decider", p.Decider}, {"reasons", joined(p.Reasons)},
		{"circumstances", p.Circumstances}, {"homework", p.Homework}, {"comment", p.Comment}, {"minutes", p.Minutes},
		{"starts_at", p.StartsAt}, {"ends_at", p.EndsAt}, {"exclusion", p.Exclusion}, {"barred_from", joined(p.BarredFrom)},
		{"incident", p.Incident}, {"receipt_wanted", p.ReceiptWanted}, {"receipt_given", p.ReceiptGiven},
		{"detentions", fmt.Sprint(p.Detentions)}, {"attachments", attachmentText(p.Attachments)},
	}
}

// shown reports whether an observation is on a page.
func (o *Observation) shown(viewer Viewer, pupil string) bool {
	return o.Pupil == pupil && (o.To == "" || o.To == viewer)
}

func (o *Observation) facts(_ *School, viewer Viewer, pupil string) []fact {
	if !o.shown(viewer, pupil) {
		return nil
	}
	return []fact{
		{"period", o.Period}, {"kind", o.Kind}, {"title", o.Title}, {"category", o.Category}, {"given_on", o.GivenOn},
		{"starts_at", o.StartsAt}, {"ends_at", o.EndsAt}, {"subject", o.Subject}, {"giver", o.Giver}, {"comment", o.Comment},
		{"read", o.Read}, {"receipt_wanted", o.ReceiptWanted},
	}
}

func joined(names []string) string { return strings.Join(names, ", ") }

// Reschedule moves a time at which a punishment is served, or adds one when
// there are fewer.
func Reschedule(punishment, which int, to pronote.Detention) Change {
	return Amend(punishment, func(p *Punishment) {
		p.Detentions = slices.Clone(p.Detentions)
		if which < len(p.Detentions) {
			p.Detentions[which] = to
		} else {
			p.Detentions = append(p.Detentions, to)
		}
	})
}
