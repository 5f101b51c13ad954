package today

import (
	"context"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/sync/internal/wording"
)

func (h *household) answer(topic wording.Topic, day civil.Date) (a wording.Answer) {
	h.t.Helper()
	h.view(func(ctx context.Context, tx *db.Tx) (err error) {
		a, err = h.reader.Answer(ctx, tx, topic, day)
		return err
	})
	return a
}

func kinds(rows []wording.Event) (list []string) {
	for _, r := range rows {
		list = append(list, r.Kind)
	}
	return list
}

func TestAnswersAboutLessons(t *testing.T) {
	t.Parallel()
	h := newHousehold(t, "2025-11-20 10:30", "famille")
	lea := h.pupil("famille", "parent", "Léa")
	h.pupil("famille", "parent", "Tom")
	add(h, db.Lessons, lea, lessonAt("2025-11-20 08:00", "EPS"), first)
	replaced := cancelled(lessonAt("2025-11-20 10:00", "EPS"))
	replaced.Replaced = true
	add(h, db.Lessons, lea, replaced, first)
	other := lessonAt("2025-11-20 10:00", "SVT")
	other.Rooms, other.Test, other.Status = []string{"Labo", "Salle 3"}, true, "Remplacement"
	add(h, db.Lessons, lea, other, first)
	add(h, db.Lessons, lea, lessonAt("2025-11-21 08:00", "LATIN"), first)
	want := []wording.TimetableDay{{Day: day("2025-11-20"), Lessons: []wording.Lesson{
		{From: at("2025-11-20 08:00"), To: at("2025-11-20 09:00"), Subject: "EPS"},
		{From: at("2025-11-20 10:00"), To: at("2025-11-20 11:00"), Subject: "SVT", Rooms: "Labo, Salle 3", Test: true, Status: "Remplacement"},
	}}}
	a := h.answer(wording.AskTimetable, civil.Date{})
	if diff := gocmp.Diff(want, a.Children[0].Days); diff != "" {
		t.Errorf("today (-want +got):\n%s", diff)
	}
	if tom := a.Children[1]; tom.Name != "Tom" || tom.Days != nil {
		t.Errorf("Tom, who has no lessons: %+v", tom)
	}
	h.reader.Now = at("2025-11-20 11:00") // the last one is over
	if days := h.answer(wording.AskTimetable, civil.Date{}).Children[0].Days; days[0].Day != day("2025-11-21") {
		t.Errorf("after the last lesson: %+v", days)
	}
	if days := h.answer(wording.AskTimetable, day("2025-11-22")).Children[0].Days; days[0].Day != day("2025-11-22") || days[0].Lessons != nil {
		t.Errorf("on a Saturday: %+v", days)
	}
}

func TestAnswersAboutMarksWorkAndAbsences(t *testing.T) {
	t.Parallel()
	h := newHousehold(t, "2025-11-20 10:30", "lea")
	lea := h.pupil("lea", "student", "MARTIN Léa")
	for n := range fewMarks + 2 {
		add(h, db.Marks, lea, pronote.Mark{Subject: "SVT", GivenOn: day("2025-11-01").AddDays(n)}, first)
	}
	add(h, db.Averages, lea, pronote.Average{Period: "Trimestre 1", Student: pronote.Num(12.5)}, first)
	marks := h.answer(wording.AskMarks, civil.Date{}).Children[0]
	f, err := wording.Seen(marks.Rows[0].Kind, marks.Rows[0].Data, wording.Full)
	if len(marks.Rows) != fewMarks || marks.Overall != 12.5 || marks.Name != "" || f.Now["given_on"] != "2025-11-10" || err != nil {
		t.Errorf("marks: %d of %v, the newest of %v, %v", len(marks.Rows), marks.Overall, f.Now["given_on"], err)
	}
	for _, due := range []string{"2025-11-20", "2025-11-24", "2025-11-21", "2025-11-28"} {
		add(h, db.Homework, lea, pronote.Homework{Subject: "SVT", DueOn: day(due)}, first)
	}
	var dues []string
	for _, w := range h.answer(wording.AskHomework, civil.Date{}).Children[0].Work {
		dues = append(dues, w.Due.String())
	}
	if want := []string{"2025-11-21", "2025-11-24"}; !gocmp.Equal(dues, want) {
		t.Errorf("work of the days to come: %q", dues)
	}
	if work := h.answer(wording.AskHomework, day("2025-11-28")).Children[0].Work; len(work) != 1 {
		t.Errorf("work of a day: %+v", work)
	}
	add(h, db.Absences, lea, pronote.Absence{StartsAt: at("2025-11-18 08:00")}, first)
	add(h, db.Delays, lea, pronote.Delay{StartsAt: at("2025-11-19 08:00")}, first)
	add(h, db.Punishments, lea, pronote.Punishment{GivenOn: day("2025-11-17")}, first)
	add(h, db.Observations, lea, pronote.Observation{GivenOn: day("2025-11-20")}, first)
	add(h, db.Absences, lea, pronote.Absence{StartsAt: at("2025-09-18 08:00")}, first)
	want := []string{"observation.new", "delay.new", "absence.new", "punishment.new"}
	if got := kinds(h.answer(wording.AskAbsences, civil.Date{}).Children[0].Rows); !gocmp.Equal(got, want) {
		t.Errorf("absences: %q, want %q", got, want)
	}
}

func TestAnswersAboutMenusAndTheWeek(t *testing.T) {
	t.Parallel()
	h := newHousehold(t, "2025-11-20 10:30", "famille", "autre")
	for _, o := range []db.Owner{h.pupil("famille", "parent", "Léa"), h.pupil("famille", "parent", "Tom")} {
		add(h, db.Menus, o, pronote.Dish{Date: day("2025-11-21"), Meal: "lunch", Course: "main", Name: "Lasagnes"}, first)
	}
	zoe := h.pupil("autre", "student", "Zoé")
	add(h, db.Menus, zoe, pronote.Dish{Date: day("2025-11-21"), Meal: "lunch", Course: "other", Name: "Pizza"}, first)
	add(h, db.Menus, zoe, pronote.Dish{Date: day("2025-11-21"), Meal: "dinner", Course: "main", Name: "Soupe"}, first)
	add(h, db.Menus, zoe, pronote.Dish{Date: day("2025-11-28"), Meal: "dinner", Course: "main", Name: "Riz"}, first)
	friday := day("2025-11-21")
	want := []wording.Meal{{Day: friday, Dishes: []string{"Lasagnes"}}, {Day: friday, Dishes: []string{"Pizza"}}, {Day: friday, Dinner: true, Dishes: []string{"Soupe"}}}
	if diff := gocmp.Diff(want, h.answer(wording.AskMenu, civil.Date{}).Menu); diff != "" {
		t.Errorf("menus (-want +got):\n%s", diff)
	}
	if menu := h.answer(wording.AskMenu, day("2025-11-20")).Menu; menu != nil {
		t.Errorf("a day without: %+v", menu)
	}
	if week := h.answer(wording.AskWeek, civil.Date{}).Week; week.Kind != wording.Week || len(week.Children) != 3 {
		t.Errorf("week: %+v", week)
	}
}

func TestAnAnswerSaysHowOldItIs(t *testing.T) {
	t.Parallel()
	h := newHousehold(t, "2025-11-20 10:30", "lea")
	lea := h.pupil("lea", "student", "MARTIN Léa")
	if asOf := h.answer(wording.AskMarks, civil.Date{}).AsOf; !asOf.IsZero() {
		t.Errorf("as of %s while all is well", asOf)
	}
	h.update(func(ctx context.Context, tx *db.Tx) error {
		return tx.SaveAccount(ctx, db.Account{ID: lea.Account, Phase: db.Suspended, LastSuccessAt: at("2025-11-12 07:10")})
	})
	if asOf := h.answer(wording.AskMarks, civil.Date{}).AsOf; asOf != at("2025-11-12 07:10") {
		t.Errorf("as of %s", asOf)
	}
}
