package school

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"

	psync "github.com/pronote-sync/pronote-sync/sync"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

// query reads one column of the mirror.
func (w *testbed) students() (list []string) {
	w.t.Helper()
	err := w.store.View(w.t.Context(), func(tx *db.Tx) error {
		students, err := tx.Students(w.t.Context(), w.record().ID)
		for _, s := range students {
			if !s.Holder {
				list = append(list, fmt.Sprintf("%d %s %s %s", s.ID, s.Name, s.Class, s.LeftOn))
			}
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

// marksOf counts the current marks of a pupil.
func (w *testbed) marksOf(student string) (n int) {
	for _, row := range w.rows(db.MarksView) {
		if row["student"] == student {
			n++
		}
	}
	return n
}

func TestAChildLeavesAndComesBack(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindParent)
		gabin := w.school.Children()[1]
		marks := w.marksOf(gabin)
		w.server.Detach(gabin, true)
		w.server.Rotate()
		w.wantTold("one login without the child")
		w.school.Do(maths(w.school.Children()[0], "12"))
		w.wantTold("the other child's mark", "Fanny · mark.new 2 average.changed")
		w.server.Rotate()
		w.wantTold("a second login without the child", "system.child_left")
		w.server.Rotate()
		w.wantTold("a third one")
		if got := w.marksOf(gabin); got != marks || marks == 0 {
			t.Errorf("the mirror has %d marks of the child, want %d", got, marks)
		}

		w.school.Do(maths(gabin, "9"))
		w.server.Detach(gabin, false)
		w.server.Rotate()
		w.wantTold("the child is back", "system.child_joined", "Gabin · mark.new 2 average.changed")
		if got := w.students(); len(got) != 2 {
			t.Errorf("the mirror has %q", got)
		}
	})
}

func TestAChildIsNewOnTheAccount(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := newTestbed(t, 1, pronote.KindParent, pronotetest.Options{})
		gabin := w.school.Children()[1]
		w.server.Detach(gabin, true)
		w.school.AdvanceTo(november)
		w.school.Quiet()
		w.at(november)
		w.told()
		w.server.Detach(gabin, false)
		w.server.Rotate()
		w.wantTold("the child joins, and what was there before is no news", "system.child_joined")
		if w.marksOf(gabin) == 0 {
			t.Error("the mirror has no marks of the child")
		}
	})
}

// TestANewSchoolYear goes over to the next year: PRONOTE shows a new class,
// empty terms of the same names, and nothing of the year before.
func TestANewSchoolYear(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		before := w.students()
		marks := len(w.rows(db.MarksView))
		next := world.NewSchool(2, 2026)
		for seed := uint64(3); next.Name() != w.school.Name(); seed++ { // another school would be a first look
			next = world.NewSchool(seed, 2026)
		}
		w.school = next
		w.server = pronotetest.NewServer(next, pronotetest.Options{})
		w.account.Transport = w.server.Transport()
		w.config.Accounts[0].URL = "https://another.example.org/pronote/"
		w.config.Recipients[0].Events = []string{"mark.*", "average.*", "homework.*", "system.*"} // notices of the new year are news
		w.restart()
		september := pronote.DateTime{Date: pronote.Date{Year: 2026, Month: time.September, Day: 8}, Hour: 17}
		next.AdvanceTo(september)
		next.Quiet()
		w.at(september)
		for range 3 { // what disappeared is believed the second time
			for _, title := range w.told() {
				t.Errorf("told %q", title)
			}
		}
		if after := w.students(); len(after) != 1 || after[0] != before[0] {
			t.Errorf("the mirror has the pupils %q, had %q", after, before)
		}
		if got := len(w.rows(db.MarksView)); got < marks || marks == 0 {
			t.Errorf("%d marks are left of %d", got, marks)
		}
		w.school.Do(maths(w.school.Pupil(), "12"))
		if got := w.told(); len(got) != 1 {
			t.Errorf("a mark of the new year: told %q", got)
		}
	})
}

// Each child of a parent has a class and periods of its own.
func TestAChildOfAnotherClassHasItsOwnPeriods(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietFamily(t)
		want := map[string]string{
			"PARENT Fanny":  "4B, Trimestre 1 of Hors période, Trimestre 1, Trimestre 2, Trimestre 3",
			"PARENT Gabin":  "4B, Trimestre 1 of Hors période, Trimestre 1, Trimestre 2, Trimestre 3",
			"PARENT Hélène": "6A, Semestre 1 of Hors période, Semestre 1, Semestre 2",
		}
		got := map[string]string{}
		err := w.store.View(t.Context(), func(tx *db.Tx) error {
			students, err := tx.Students(t.Context(), w.record().ID)
			for _, s := range students {
				rows, err := db.Periods.Load(t.Context(), tx, s.ID, db.Span{})
				if err != nil {
					return err
				}
				var names []string
				for _, row := range rows {
					names = append(names, row.Value.Name)
				}
				slices.Sort(names)
				if !s.Holder {
					got[s.Name] = fmt.Sprintf("%s, %s of %s", s.Class, s.CurrentPeriod, strings.Join(names, ", "))
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if !maps.Equal(got, want) {
			t.Errorf("the mirror has %q, want %q", got, want)
		}
		for view, none := range map[db.View]bool{db.MarksView: true, db.EvaluationsView: false, db.LessonsView: false, db.HomeworkView: false} {
			rows := slices.DeleteFunc(w.rows(view), func(row db.Record) bool { return row["student"] != "PARENT Hélène" })
			if none != (len(rows) == 0) {
				t.Errorf("%d %s of the child in the 6e", len(rows), view.Name)
			}
		}
	})
}

// A child of another class joins in the middle of the year and leaves again. What
// it brings is told under its name, and nothing of it touches the others.
func TestAChildOfAnotherClassComesAndGoes(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := testbedOf(t, world.NewFamily(1, 2025), 1, pronote.KindParent, pronotetest.Options{})
		helene := w.school.Children()[2]
		w.server.Detach(helene, true)
		quiet(w)
		others := w.students()
		w.server.Detach(helene, false)
		w.server.Rotate()
		w.wantTold("the child joins", "system.child_joined")
		if got := w.students(); len(got) != 3 || !strings.Contains(got[2], helene+" 6A") || !slices.Equal(got[:2], others) {
			t.Errorf("the mirror has the pupils %q, had %q", got, others)
		}
		w.school.Of(helene).Do(world.Add(world.Homework{
			Subject: "FRANCAIS", DueOn: november.AddDays(3), Text: []string{"Lire « Le petit Poucet »"},
		}))
		w.wantTold("homework of the 6e", "Hélène · homework.new")
		w.school.Do(maths(w.school.Pupil(), "12"))
		w.wantTold("a mark in the 4e", "Fanny · mark.new 2 average.changed")

		w.server.Detach(helene, true)
		w.server.Rotate()
		w.wantTold("one login without the child")
		w.server.Rotate()
		w.wantTold("a second one", "system.child_left")
		w.school.Do(maths(w.school.Pupil(), "13"))
		w.wantTold("the others go on", "Fanny · mark.new 2 average.changed")
		w.server.Detach(helene, false)
		w.server.Rotate()
		w.wantTold("the child is back, with what her class was told before", "system.child_joined")
		homework := w.rows(db.HomeworkView)
		if !slices.ContainsFunc(homework, func(row db.Record) bool { return row["student"] == helene }) {
			t.Error("the homework of the child is gone")
		}
	})
}

// A session that ended before the notices were read made those of years news.
func TestAChildWhoJoinsBetweenTwoSessionsBringsNoOldInfos(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := testbedOf(t, world.NewFamily(1, 2025), 1, pronote.KindParent, pronotetest.Options{})
		helene := w.school.Children()[2]
		w.server.Detach(helene, true)
		quiet(w)
		w.school.Of(helene).Do(world.Add(world.Info{Title: "Classe de neige", Author: "M. LE PROVISEUL G.", To: pronote.KindParent}))
		w.server.Detach(helene, false)
		for range 2 {
			w.server.Rotate()
			if _, err := w.engine.Poll(t.Context(), "famille", "lessons"); err != nil {
				t.Fatal(err)
			}
		}
		w.server.Rotate()
		w.wantTold("three sessions after the child joined", "system.child_joined")
		w.school.Of(helene).Do(world.Add(world.Info{Title: "Kermesse", Author: "M. LE PROVISEUL G.", To: pronote.KindParent}))
		w.wantTold("what is new", "info.new")
	})
}

// A program that is started again in the evening has asked more than two children
// need, and must log in before it is told how many there are.
func TestANewStartKnowsHowManyChildrenThereAre(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietFamily(t)
		w.config.Budget.PerDay = 0
		want := func(when string, requests int) {
			t.Helper()
			w.restart()
			var spent *psync.BudgetError
			for err := error(nil); !errors.As(err, &spent); {
				if _, err = w.engine.Poll(t.Context(), "famille", "staff"); err != nil && !errors.As(err, &spent) {
					t.Fatal(err)
				}
			}
			if got := w.engine.Status()[0].Requests; got != requests {
				t.Errorf("%s there are %d requests a day, want %d", when, got, requests)
			}
			time.Sleep(24 * time.Hour)
		}
		want("with three children", 600)
		w.server.Detach(w.school.Children()[2], true)
		w.poll()
		w.server.Rotate()
		w.poll()
		want("after one of them has left", 400)
	})
}
