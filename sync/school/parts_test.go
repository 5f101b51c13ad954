package school

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// A shelf is a mirror in which snapshots of evaluations are stored by hand.
type shelf struct {
	*testing.T
	store *db.Store
	owner db.Owner
	span  db.Span
	polls int
}

func newShelf(t *testing.T) *shelf {
	t.Helper()
	store, err := db.Open(t.Context(), t.TempDir()+"/pronote.db")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	s := &shelf{T: t, store: store, span: db.PeriodSpan(pronote.Period{Year: "2025-2026", Name: "Trimestre 1"})}
	s.update(func(tx *db.Tx) error {
		a, err := tx.Account(t.Context(), "lea", "pronote", "", "student")
		if err != nil {
			return err
		}
		pupil, err := tx.SaveStudent(t.Context(), a.ID, db.Student{Name: "MARTIN Léa"})
		s.owner = db.Owner{Account: a.ID, Student: pupil.ID, AccountName: "lea", StudentName: "MARTIN Léa"}
		return err
	})
	return s
}

func (s *shelf) update(fn func(*db.Tx) error) {
	s.Helper()
	if err := s.store.Update(s.Context(), fn); err != nil {
		s.Fatal(err)
	}
}

// see stores a snapshot and returns the events that it made.
func (s *shelf) see(evaluations ...pronote.Evaluation) (events []string, o mirror.Outcome) {
	s.Helper()
	s.polls++
	snapshot := &evaluationSnapshot{mirror.ListOf(db.Evaluations, evaluationMatcher, s.owner, s.span, evaluations)}
	s.update(func(tx *db.Tx) (err error) {
		o, err = snapshot.Store(s.Context(), tx, pronote.DateTimeOf(time.Date(2025, 11, 17, 8, s.polls, 0, 0, time.UTC)))
		return err
	})
	for _, e := range o.Events {
		events = append(events, e.Kind)
	}
	return events, o
}

// skills are the current ones: "evaluation: item level", in order.
func (s *shelf) skills() (list []string) {
	s.Helper()
	s.update(func(tx *db.Tx) error {
		evaluations, err := db.Evaluations.Load(s.Context(), tx, s.owner.Student, db.Span{})
		if err != nil {
			return err
		}
		names := map[int64]string{}
		for _, row := range evaluations {
			names[row.ID] = row.Value.Name
		}
		rows, err := db.Skills.Load(s.Context(), tx, s.owner.Student, db.Span{})
		for _, row := range rows {
			list = append(list, fmt.Sprintf("%s: %s %s", names[row.Value.Of], row.Value.Value.Item, row.Value.Value.Abbreviation))
		}
		return err
	})
	slices.Sort(list)
	return list
}

// recorded counts the changes that the mirror remembers of a table.
func (s *shelf) recorded(domain, kind string) (n int) {
	s.Helper()
	s.update(func(tx *db.Tx) error {
		records, err := tx.List(s.Context(), db.ChangesView, db.Filter{})
		for _, r := range records {
			if r["domain"] == domain && r["kind"] == kind {
				n++
			}
		}
		return err
	})
	return n
}

func (s *shelf) check(what string, got, want any) {
	s.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		s.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// judged is an evaluation with skills written "item level".
func judged(name string, skills ...string) pronote.Evaluation {
	e := pronote.Evaluation{Year: "2025-2026", Period: "Trimestre 1", Subject: "ANGLAIS LV1", Name: name, Skills: []pronote.Skill{}}
	for i, s := range skills {
		item, level, _ := strings.Cut(s, " ")
		e.Skills = append(e.Skills, pronote.Skill{Item: item, Abbreviation: level, Position: i + 1})
	}
	return e
}

func TestTheFirstLookAtPartsIsSilent(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	events, _ := s.see(judged("Oral", "écouter A", "parler B"))
	s.check("events", len(events), 0)
	s.check("skills", s.skills(), []string{"Oral: parler B", "Oral: écouter A"})
	s.check("changes", s.recorded("skills", "added"), 0)
	events, o := s.see(judged("Oral", "écouter A", "parler B"))
	s.check("events of the same again", len(events), 0)
	s.check("written", o.Written(), false)
}

func TestPartsFollowTheirWhole(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	other := judged("Écrit", "lire C")
	s.see(judged("Oral", "écouter A", "parler B"), other)
	for _, step := range []struct {
		name   string
		see    pronote.Evaluation
		events []string
		skills []string
	}{
		{"a level changed", judged("Oral", "écouter A", "parler A"), []string{"evaluation.changed"}, []string{"Oral: parler A", "Oral: écouter A"}},
		{"a skill came", judged("Oral", "écouter A", "parler A", "lire D"), []string{"evaluation.changed"}, []string{"Oral: lire D", "Oral: parler A", "Oral: écouter A"}},
		{"a skill went", judged("Oral", "écouter A", "parler A"), []string{"evaluation.changed"}, []string{"Oral: parler A", "Oral: écouter A"}},
		{"the order changed", judged("Oral", "parler A", "écouter A"), nil, []string{"Oral: parler A", "Oral: écouter A"}},
		{"the name and a level changed", judged("Oral 2", "parler A", "écouter E"), []string{"evaluation.changed"}, []string{"Oral 2: parler A", "Oral 2: écouter E"}},
		{"the answer has no skills", func() pronote.Evaluation { e := judged("Oral 2"); e.Skills = nil; return e }(), nil, []string{"Oral 2: parler A", "Oral 2: écouter E"}},
	} {
		events, o := s.see(step.see, other)
		s.check(step.name+": events", events, step.events)
		s.check(step.name+": doubted", o.Doubted, 0)
		s.check(step.name+": skills", s.skills(), append(step.skills, "Écrit: lire C"))
	}
}

// The parts of a new evaluation are told with it, and not separately.
func TestANewWholeIsToldOnce(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.see()
	events, o := s.see(judged("Oral", "écouter A", "parler B"))
	s.check("events", events, []string{"evaluation.new"})
	s.check("changes", s.recorded("skills", "added"), 2)
	if data := string(o.Events[0].Data); !strings.Contains(data, `"item":"écouter"`) || !strings.Contains(data, `"item":"parler"`) {
		t.Errorf("the event does not tell the skills: %s", data)
	}
}

func TestPartsGoWithTheirWhole(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	kept := []pronote.Evaluation{judged("Un", "lire A"), judged("Deux", "lire A"), judged("Trois", "lire A")}
	all := append(slices.Clone(kept), judged("Oral", "écouter A", "parler B"))
	s.see(all...)
	s.see(kept...)
	s.check("skills", s.skills(), []string{"Deux: lire A", "Trois: lire A", "Un: lire A"})
	s.check("changes", s.recorded("skills", "removed"), 2)
	s.see(all...)
	s.check("skills of one that is back", s.skills(), []string{"Deux: lire A", "Oral: parler B", "Oral: écouter A", "Trois: lire A", "Un: lire A"})
}

// Half of the skills of an answer are believed gone only when the next poll
// agrees.
func TestPartsThatShrinkAreDoubted(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	whole, half := judged("Oral", "écouter A", "parler B"), judged("Oral", "écouter A")
	s.see(whole)
	events, o := s.see(half)
	s.check("events at first", len(events)+o.Removed, 0)
	s.check("doubted", o.Doubted, 1)
	s.check("skills", s.skills(), []string{"Oral: parler B", "Oral: écouter A"})
	events, _ = s.see(half)
	s.check("events when it is certain", events, []string{"evaluation.changed"})
	s.check("skills", s.skills(), []string{"Oral: écouter A"})
}

// Two evaluations of one name and day once took each other's skills, when the
// newer one came first.
func TestTwinsAreToldApartByTheirParts(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	first, second := judged("Bilan", "écouter A"), judged("Bilan", "parler B", "lire C")
	s.see(first)
	events, _ := s.see(second, first)
	s.check("events of a second one", events, []string{"evaluation.new"})
	events, o := s.see(first, second)
	s.check("events of another order", len(events), 0)
	s.check("written", o.Written(), false)
	second.Skills[0].Abbreviation = "A+"
	events, _ = s.see(second, first)
	s.check("events of a level", events, []string{"evaluation.changed"})
	s.check("skills", s.skills(), []string{"Bilan: lire C", "Bilan: parler A+", "Bilan: écouter A"})
}

func TestTheSameSkillTwiceIsTwoSkills(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.see(judged("Oral", "lire A", "lire A", "lire B"))
	s.check("skills", s.skills(), []string{"Oral: lire A", "Oral: lire A", "Oral: lire B"})
	events, _ := s.see(judged("Oral", "lire A", "lire A+", "lire B"))
	s.check("events", events, []string{"evaluation.changed"})
	s.check("skills", s.skills(), []string{"Oral: lire A", "Oral: lire A+", "Oral: lire B"})
}

func TestAnEvaluationIsToldOnce(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		pupil := w.school.Pupil()
		id := w.school.Do(world.Add(world.Evaluation{
			Subject: "ANGLAIS LV1", Name: "London", Skills: []pronote.Skill{{Item: "Prendre la parole", Domain: "S'exprimer"}, {Item: "Écouter"}},
			Levels: map[string][]world.Level{pupil: {{Abbreviation: "B"}, {Abbreviation: "A+"}}},
		}))[0].ID
		w.wantTold("a new evaluation", "evaluation.new")
		w.server.Rotate()
		w.wantTold("the same under other identifiers")
		w.restart()
		w.wantTold("the same after a restart")
		w.school.Do(world.Judge(id, pupil, 0, world.Level{Abbreviation: "A"}))
		w.wantTold("a level was corrected", "evaluation.changed")
		w.school.Do(world.Remove(id))
		w.wantTold("a withdrawn evaluation", "evaluation.removed")
	})
}
