package world

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// page is the rows of a truth as the facts that edits speak of. Lessons, of which
// there are many, have a test of their own.
func page(truth Truth) map[int]map[string]any {
	rows := map[int]map[string]any{}
	for _, r := range truth.Marks {
		m := r.Value
		rows[r.ID] = map[string]any{
			"period": m.Period, "subject": m.Subject, "given_on": m.GivenOn, "title": m.Title, "comment": m.Comment,
			"value": m.Score, "out_of": m.OutOf, "coefficient": m.Coefficient, "class_average": m.ClassAverage,
			"class_min": m.ClassMin, "class_max": m.ClassMax, "bonus": m.Bonus, "optional": m.Optional, "rescaled": m.Rescaled,
		}
	}
	for _, r := range truth.Homework {
		h := r.Value
		rows[r.ID] = map[string]any{
			"subject": h.Subject, "given_on": h.GivenOn, "due_on": h.DueOn, "description": h.Description + h.HTML, "done": h.Done,
			"difficulty": h.Difficulty, "minutes": h.Minutes, "return_kind": h.Return,
		}
	}
	for _, r := range truth.Infos {
		i := r.Value
		rows[r.ID] = map[string]any{
			"title": i.Title, "author": i.Author, "category": i.Category, "published_at": i.PublishedAt, "starts_at": i.StartsOn,
			"ends_at": i.EndsOn, "read": i.Read, "survey": i.Survey, "recipient": i.Recipient, "content": i.Content + i.HTML, "answered": i.Answered,
		}
	}
	for _, r := range truth.Discussions {
		d := r.Value
		rows[r.ID] = map[string]any{
			"subject": d.Subject, "participants": d.Public, "labels": strings.Join(d.Labels, ", "), "message_count": d.Count,
			"unread": d.Unread, "closed": d.Closed, "last_message_at": d.LastAt,
		}
	}
	for _, r := range truth.Staff {
		c := r.Value
		rows[r.ID] = map[string]any{"name": c.Name, "function": c.Function, "subjects": strings.Join(c.Subjects, ", "), "hours": c.Hours}
	}
	for _, r := range truth.Links {
		rows[r.ID] = linkColumns(r.Value)
	}
	for _, r := range truth.Wallets {
		w := r.Value
		rows[r.ID] = map[string]any{
			"label": w.Label, "hint": w.Hint, "balance": w.BalanceText, "balance_hint": w.BalanceHint, "warning": w.Warning,
		}
	}
	for _, r := range truth.Menus {
		d := r.Value
		rows[r.ID] = map[string]any{
			"date": d.Date, "course": d.Course, "dish": d.Name,
			"labels": strings.Join(d.Labels, ", "), "allergens": strings.Join(d.Allergens, ", "),
		}
	}
	for _, r := range truth.Agenda {
		e := r.Value
		rows[r.ID] = map[string]any{
			"title": e.Title, "starts_at": e.Starts, "ends_at": e.Ends, "all_day": e.AllDay, "category": e.Category, "author": e.Author,
			"description": e.Description, "council": e.Council, "attachments": attachmentText(e.Attachments),
		}
	}
	for _, r := range truth.Absences {
		rows[r.ID] = absenceColumns(r.Value)
		rows[r.ID]["attachments"] = attachmentText(r.Value.Attachments)
	}
	for _, r := range truth.Delays {
		rows[r.ID] = delayColumns(r.Value)
	}
	for _, r := range truth.Punishments {
		rows[r.ID] = punishmentColumns(r.Value)
		rows[r.ID]["detentions"] = fmt.Sprint(r.Value.Detentions)
		rows[r.ID]["attachments"] = attachmentText(r.Value.Attachments)
	}
	for _, r := range truth.Observations {
		rows[r.ID] = observationColumns(r.Value)
	}
	for _, r := range truth.Reports {
		rows[r.ID] = map[string]any{"period": r.Value.Period, "comments": r.Value.Comments, "subjects": fmt.Sprintf("%+v", r.Value.Subjects)}
	}
	for _, r := range truth.Persons {
		rows[r.ID] = personColumns(r.Value)
	}
	for _, r := range truth.Evaluations {
		e := r.Value
		rows[r.ID] = map[string]any{
			"period": e.Period, "subject": e.Subject, "name": e.Name, "date": e.Date, "teacher": e.Teacher, "description": e.Description,
			"coefficient": e.Coefficient, "domain": e.Domain, "cycles": fmt.Sprint(e.Cycles), "skills": fmt.Sprint(e.Skills),
		}
	}
	return rows
}

// news is what some edits come to for one object: whether the page showed it
// before and after, and which columns may differ if so.
type news struct {
	before, after bool
	columns       []string
	replaced      bool // hidden in between, so that any column may differ
	single        bool // one change only, whose columns must differ
}

func summary(edits []Edit, viewer Viewer, pupil string) map[int]news {
	all := map[int]news{}
	for _, e := range edits {
		if !e.Concerns(viewer, pupil) || e.Domain == "lessons" || e.Domain == "contents" {
			continue
		}
		n, seen := all[e.ID]
		if !seen {
			n.before = e.Kind != "added"
		}
		n.single = !seen && e.Kind == "changed"
		n.after = e.Kind != "removed"
		n.replaced = n.replaced || e.Kind != "changed"
		n.columns = append(n.columns, e.What...)
		all[e.ID] = n
	}
	return all
}

func checkEdits(t *testing.T, when string, before, after Truth, edits map[int]news) {
	t.Helper()
	was, is := page(before), page(after)
	for id := range union(was, is) {
		n, told := edits[id]
		_, existed := was[id]
		_, exists := is[id]
		if told && (n.before != existed || n.after != exists) || !told && existed != exists {
			t.Errorf("%s: object %d: shown before %v, after %v; edits say %+v", when, id, existed, exists, n)
		}
		if !existed || !exists {
			continue
		}
		for column, value := range is[id] {
			differs := was[id][column] != value
			if differs && !n.replaced && !slices.Contains(n.columns, column) {
				t.Errorf("%s: object %d: %s changed, edits say %v", when, id, column, n.columns)
			}
			if !differs && n.single && slices.Contains(n.columns, column) {
				t.Errorf("%s: object %d: %s did not change, edits say %v", when, id, column, n.columns)
			}
		}
	}
	for id, n := range edits {
		_, existed := was[id]
		_, exists := is[id]
		if n.before != existed || n.after != exists {
			t.Errorf("%s: object %d: shown before %v, after %v; edits say %+v", when, id, existed, exists, n)
		}
	}
}

func union[V any](a, b map[int]V) map[int]bool {
	keys := map[int]bool{}
	for k := range a {
		keys[k] = true
	}
	for k := range b {
		keys[k] = true
	}
	return keys
}

func TestEditsAgreeWithTruths(t *testing.T) {
	alone(t)
	rng := rand.New(rand.NewPCG(1, 1))
	for seed, s := range []*School{NewSchool(0, 2025), NewFamily(2, 2025)} {
		end := at(s.Ends().AddDays(40), 0, 0)
		for s.Now().Compare(end) < 0 {
			before := map[string]Truth{}
			for _, pupil := range s.Children() {
				for _, viewer := range viewers() {
					before[string(viewer)+pupil] = s.Truth(viewer, pupil)
				}
			}
			from := s.Now()
			step := time.Duration(1+rng.IntN(90)) * time.Minute
			if rng.IntN(3) == 0 {
				step = time.Duration(rng.IntN(20*24)) * time.Hour
			}
			edits := s.AdvanceTo(after(from, step))
			for _, pupil := range s.Children() {
				for _, viewer := range viewers() {
					when := fmt.Sprintf("seed %d, %s to %s, %s of %s", seed, from, s.Now(), viewer, pupil)
					checkEdits(t, when, before[string(viewer)+pupil], s.Truth(viewer, pupil), summary(edits, viewer, pupil))
				}
			}
		}
	}
}

func TestEditsAreToldOnceAndInOrder(t *testing.T) {
	alone(t)
	s := NewSchool(2, 2025)
	var told []Edit
	for d := s.Starts(); d.Compare(s.Ends()) <= 0; d = d.AddDays(3) {
		told = append(told, s.AdvanceTo(at(d, 10, 30))...)
	}
	if !reflect.DeepEqual(told, s.Edits()) {
		t.Errorf("%d edits were returned, %d happened", len(told), len(s.Edits()))
	}
	if !slices.IsSortedFunc(told, func(a, b Edit) int { return a.At.Compare(b.At) }) {
		t.Error("edits are out of order")
	}
}
