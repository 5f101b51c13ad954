package pronoteapi

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// A view is what is to be seen of a pupil, a line for each thing by the name of its
// list.
type view map[string][]string

// viewed are the lists of a view.
var viewed = []string{
	"timetable", "homeworks", "contents", "menu", "infos", "general", "marks", "averages", "absences", "delays", "punishments", "other", "evaluations",
}

func (v view) add(list string, values ...any) { v[list] = append(v[list], words(values...)) }

// A sight is whom and when a view is of.
type sight struct {
	viewer   world.Viewer
	pupil    string
	from, to pronote.Date // of lessons and what goes with them
}

var someWeeks = sight{
	viewer: pronote.KindStudent,
	from:   pronote.Date{Year: 2025, Month: time.November, Day: 3}, to: pronote.Date{Year: 2025, Month: time.November, Day: 21},
}

func (of sight) holds(day pronote.Date) bool {
	return day.Compare(of.from) >= 0 && day.Compare(of.to) <= 0
}

// truth is what the school knows, in the words of the schema.
func (w testbed) truth(of sight) view {
	school, zone, v := w.school.School(), paris(w.t), view{}
	known, period := school.Truth(of.viewer, of.pupil), school.Of(of.pupil).PeriodAt(school.Now().Date).Name
	midnight := func(day pronote.Date) int64 { return day.In(zone).UnixMilli() }
	for _, r := range known.Lessons {
		if l := r.Value; of.holds(l.Starts.Date) && !l.Detention && !l.Outing {
			v.add("timetable", millis(l.Starts, zone), millis(l.Ends, zone), l.Subject, first(l.Teachers), first(l.Rooms), orNull(l.Status),
				school.Flagged(r.ID) && !away.MatchString(l.Status))
		}
	}
	for _, r := range known.Homework {
		if h := r.Value; of.holds(h.DueOn) {
			v.add("homeworks", midnight(h.DueOn), midnight(h.GivenOn), h.Subject, h.HTML, h.Done, documents(h.Attachments))
		}
	}
	written := map[string]bool{} // the first part of each lesson
	for _, r := range known.Contents {
		if c := r.Value; of.holds(c.Starts.Date) && !written[c.Starts.String()+c.Subject] {
			written[c.Starts.String()+c.Subject] = true
			v.add("contents", millis(c.Starts, zone), millis(c.Ends, zone), c.Subject, c.Teachers, c.Title, c.HTML, c.Category)
		}
	}
	for _, r := range known.Menus {
		if d := r.Value; of.holds(d.Date) {
			v.add("menu", midnight(d.Date), d.Name, len(d.Labels))
		}
	}
	for _, r := range known.Infos {
		v.add("infos", midnight(r.Value.StartsOn), r.Value.Title, r.Value.Author, r.Value.HTML)
	}
	v.addMarks(known, period, zone)
	v.addEvents(known, period, zone)
	for _, r := range known.Evaluations {
		if e := r.Value; e.Period == period {
			v.add("evaluations", e.Subject, e.Name, midnight(e.Date), figureOf(e.Coefficient), judged(e.Skills))
		}
	}
	return v
}

func (v view) addMarks(known world.Truth, period string, zone *time.Location) {
	onTwenty := func(a pronote.Average) any {
		if !a.Student.Known {
			return nil
		}
		return a.Student.Value / a.OutOf.Value * 20
	}
	for _, r := range known.Averages {
		a := r.Value
		switch {
		case a.Period != period:
			continue
		case a.Subject == "":
			v.add("general", general(onTwenty(a)), general(figureOf(a.ClassAverage)))
			continue
		case a.Student.Known && a.ClassAverage.Known && a.ClassMin.Known && a.ClassMax.Known:
			v.add("averages", a.Subject, onTwenty(a), a.ClassAverage.Value, a.ClassMin.Value, a.ClassMax.Value)
		default: // which is null when its averages are asked for
			v.add("averages", nil)
		}
		for _, r := range known.Marks {
			m := r.Value
			if m.Period != period || m.Subject != a.Subject {
				continue
			}
			average, low, high := figureOf(m.ClassAverage), figureOf(m.ClassMin), figureOf(m.ClassMax)
			if !m.Score.Known {
				average, low, high = nil, nil, nil
			}
			v.add("marks", m.Subject, m.Title, figureOf(m.Score.Number), !m.Score.Known, figureOf(m.OutOf), average, low, high,
				figureOf(m.Coefficient), m.GivenOn.In(zone).UnixMilli())
		}
	}
}

func (v view) addEvents(known world.Truth, period string, zone *time.Location) {
	for _, r := range known.Absences {
		if a := r.Value; a.Period == period {
			hours := float64(int(a.Hours.Value)) + float64(int(60*a.Hours.Value)%60)/60
			v.add("absences", millis(a.StartsAt, zone), millis(a.EndsAt, zone), a.Justified, a.Settled, hours, because(a.Reasons))
		}
	}
	for _, r := range known.Delays {
		if d := r.Value; d.Period == period {
			v.add("delays", millis(d.StartsAt, zone), d.Minutes, d.Justified, d.Settled, d.Justification, because(d.Reasons))
		}
	}
	for _, r := range known.Punishments {
		p := r.Value
		if p.Period != period || p.Kind == "sanction" || p.Kind == "measure" {
			continue
		}
		var detention any
		if p.Kind == "detention" && len(p.Detentions) > 0 {
			starts := millis(p.Detentions[0].StartsAt, zone)
			detention = []any{starts, starts + int64(p.Detentions[0].Minutes)*60_000}
		}
		reason := ""
		if len(p.Reasons) > 0 {
			reason = p.Reasons[0]
		}
		v.add("punishments", p.GivenOn.In(zone).UnixMilli(), p.Exclusion, !p.OutsideLessons, p.Homework, p.Circumstances, p.Giver, reason, detention)
	}
	for _, r := range known.Observations {
		if o := r.Value; o.Period == period && slices.Contains([]string{"notebook", "observation", "encouragement", "other", "office"}, o.Kind) {
			at := o.GivenOn.In(zone)
			if !o.StartsAt.IsZero() {
				at = o.StartsAt.In(zone)
			}
			v.add("other", o.Title, at.UnixMilli(), o.Giver, o.Comment, orNull(o.Subject))
		}
	}
}

// answered is what a client reads.
func (w testbed) answered(token string, of sight) view {
	zone, v := paris(w.t), view{}
	span := fmt.Sprintf("from: %d, to: %d", of.from.In(zone).UnixMilli(), of.to.AddDays(1).In(zone).UnixMilli()-1)
	child, comma := "", ""
	if of.viewer == pronote.KindParent {
		child, comma = fmt.Sprintf("(student: %q)", of.pupil), fmt.Sprintf("student: %q, ", of.pupil)
	}
	span = "(" + comma + span + ")"
	data := w.data(token, `{
		timetable`+span+`{from to subject teacher room status isCancelled isDetention}
		homeworks`+span+`{for givenAt subject htmlDescription done files{name}}
		contents`+span+`{from to subject teachers title htmlDescription category}
		menu`+span+`{date meals{name labels{name}}}
		infos`+child+`{date title author htmlContent}
		marks`+child+`{averages{student studentClass} subjects{name marks{title value isAway scale average min max coefficient date}}}
		absences`+child+`{absences{from to justified solved hours reason} delays{date minutesMissed justified solved justification reason}
			punishments{date isExclusion isDuringLesson homework circumstances giver reason detention{from to}} other{kind date giver comment subject}}
		evaluations`+child+`{name evaluations{name date coefficient levels{name value{short long}}}}
	}`)
	for o := range each(data["timetable"]) {
		if o["isDetention"] == false && o["subject"] != nil {
			v.add("timetable", line(o, "from", "to", "subject", "teacher", "room", "status", "isCancelled"))
		}
	}
	for o := range each(data["homeworks"]) {
		v.add("homeworks", line(o, "for", "givenAt", "subject", "htmlDescription", "done"), len(o["files"].([]any)))
	}
	for o := range each(data["contents"]) {
		v.add("contents", line(o, "from", "to", "subject", "teachers", "title", "htmlDescription", "category"))
	}
	for day := range each(data["menu"]) {
		for _, meal := range day["meals"].([]any) {
			for _, course := range meal.([]any) {
				for dish := range each(course) {
					v.add("menu", whole(day["date"]), dish["name"], len(dish["labels"].([]any)))
				}
			}
		}
	}
	for o := range each(data["infos"]) {
		v.add("infos", line(o, "date", "title", "author", "htmlContent"))
	}
	for s := range each(data["evaluations"]) {
		for e := range each(s["evaluations"]) {
			levels := []string{}
			for l := range each(e["levels"]) {
				value := l["value"].(map[string]any)
				levels = append(levels, words(l["name"], value["short"], value["long"]))
			}
			v.add("evaluations", s["name"], line(e, "name", "date", "coefficient"), levels)
		}
	}
	v.answeredMarks(w, token, child, data["marks"])
	v.answeredEvents(data["absences"])
	return v
}

func (v view) answeredMarks(w testbed, token, child string, marks any) {
	o, shown := marks.(map[string]any)
	if !shown { // to a child whose school judges by skills alone
		return
	}
	v.add("general", line(o["averages"].(map[string]any), "student", "studentClass"))
	for s := range each(o["subjects"]) {
		for m := range each(s["marks"]) {
			v.add("marks", s["name"], line(m, "title", "value", "isAway", "scale", "average", "min", "max", "coefficient", "date"))
		}
	}
	averages := w.ask(token, `{marks`+child+`{subjects{name averages{student studentClass min max}}}}`, nil) // which may fail
	subjects, _ := averages["data"].(map[string]any)["marks"].(map[string]any)["subjects"].([]any)
	for _, s := range subjects {
		if s == nil {
			v.add("averages", nil)
			continue
		}
		s := s.(map[string]any)
		v.add("averages", s["name"], line(s["averages"].(map[string]any), "student", "studentClass", "min", "max"))
	}
}

func (v view) answeredEvents(absences any) {
	events := absences.(map[string]any)
	for o := range each(events["absences"]) {
		v.add("absences", line(o, "from", "to", "justified", "solved", "hours", "reason"))
	}
	for o := range each(events["delays"]) {
		v.add("delays", line(o, "date", "minutesMissed", "justified", "solved", "justification", "reason"))
	}
	for o := range each(events["punishments"]) {
		var detention any
		if d, ok := o["detention"].(map[string]any); ok {
			detention = []any{whole(d["from"]), whole(d["to"])}
		}
		v.add("punishments", line(o, "date", "isExclusion", "isDuringLesson", "homework", "circumstances", "giver", "reason"), detention)
	}
	for o := range each(events["other"]) {
		v.add("other", line(o, "kind", "date", "giver", "comment", "subject"))
	}
}

// check compares what a client reads with what the school knows, list by list.
func (w testbed) check(token string, of sight) (got view) {
	w.t.Helper()
	got, want := w.answered(token, of), w.truth(of)
	for _, list := range viewed {
		slices.Sort(got[list])
		slices.Sort(want[list])
		if !slices.Equal(got[list], want[list]) {
			w.t.Errorf("%s, %s: %s: %d, want %d; the first that differ: %q", of.viewer, of.pupil, list, len(got[list]), len(want[list]), firstDifference(got[list], want[list]))
		}
	}
	return got
}

// What clients read of a pupil is what the school knows, value by value: both
// accounts, the newest server and each that came before it, in each of the ways to
// send an answer.
func TestAnswersAreTheTruth(t *testing.T) {
	t.Parallel()
	for i, profile := range pronotetest.Profiles {
		t.Run(profile.Version, func(t *testing.T) {
			t.Parallel()
			server := pronotetest.NewServer(novemberSchool(), pronotetest.Options{Profile: profile, Encrypt: i%2 == 0, Compress: i%3 > 0})
			w := newTestbedAt(t, server, Options{})
			of := someWeeks
			of.pupil = w.school.School().Pupil()
			token := w.login()
			got := w.check(token, of)
			for _, list := range viewed {
				if len(got[list]) == 0 {
					t.Errorf("there are no %s", list)
				}
			}
			since := len(w.school.Requests())
			w.data(token, `mutation{keepAlive}`)
			w.data(token, `mutation{logout}`)
			if got, want := w.asked(since), []string{profile.KeepAlive, "SaisieDeconnexion"}; !slices.Equal(got, want) {
				t.Errorf("the school was asked for %q, want %q", got, want)
			}
			of.viewer = pronote.KindParent
			token = w.login("account", "parent")
			of.pupil = w.school.School().Children()[1]
			w.check(token, of)
		})
	}
}

// first is the first of a list of names, nil of none.
func first(names []string) any {
	if len(names) == 0 {
		return nil
	}
	return names[0]
}

// because is the first reason of an event, in the school's words when it knows none.
func because(reasons []string) string {
	if len(reasons) == 0 {
		return "Motif non encore connu"
	}
	return reasons[0]
}

func figureOf(n pronote.Number) any {
	if !n.Known {
		return nil
	}
	return n.Value
}

func documents(attachments []pronote.Attachment) (count int) {
	for _, a := range attachments {
		if a.Role == "document" {
			count++
		}
	}
	return count
}

// judged are the skills of an evaluation in their order.
func judged(skills []pronote.Skill) []string {
	lines := []string{}
	for _, s := range slices.SortedStableFunc(slices.Values(skills), func(a, b pronote.Skill) int { return cmp.Compare(a.Position, b.Position) }) {
		lines = append(lines, words(cmp.Or(s.Item, s.Domain), s.Abbreviation, s.Level))
	}
	return lines
}

func millis(t pronote.DateTime, zone *time.Location) int64 { return t.In(zone).UnixMilli() }
