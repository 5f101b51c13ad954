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

// school adds lessons of whole weeks to a pupil, from Monday to Friday.
func (h *household) school(o db.Owner, mondays ...string) {
	h.t.Helper()
	for _, monday := range mondays {
		for n := range 5 {
			d := day(monday).AddDays(n).String()
			add(h, db.Lessons, o, lessonAt(d+" 08:00", "SVT", d+" 17:00"), first)
		}
	}
}

func TestWhichDigestAnEveningHas(t *testing.T) {
	t.Parallel()
	h := newHousehold(t, "2025-11-19 18:30", "lea", "bar")
	lea, bar := h.pupil("lea", "student", "MARTIN Léa"), h.pupil("bar", "notekfet", "lmartin")
	h.school(lea, "2025-12-15", "2026-01-05")
	h.school(bar, "2025-12-22")
	add(h, db.Lessons, lea, lessonAt("2026-01-12 08:00", "SVT"), first) // but a holiday
	add(h, db.Holidays, h.pupil("lea", "student", ""), pronote.Holiday{Year: "2025-2026", Name: "Pont", Starts: day("2026-01-12"), Ends: day("2026-01-12")}, first)
	for text, want := range map[string]struct {
		kind wording.DigestKind
		day  string
	}{
		"2025-12-13": {"", "2025-12-15"},              // Saturday
		"2025-12-14": {wording.Week, "2025-12-15"},    // Sunday
		"2025-12-16": {wording.Evening, "2025-12-17"}, // Tuesday
		"2025-12-12": {"", "2025-12-15"},              // Friday, without school
		"2025-12-19": {wording.Evening, ""},           // the last day
		"2025-12-21": {"", ""},                        // Sunday of holidays
		"2025-12-23": {"", ""},
		"2026-01-04": {wording.Week, "2026-01-05"},
		"2026-01-09": {wording.Evening, ""}, // Friday: Monday is off
		"2026-01-11": {"", ""},
	} {
		r := h.reader
		r.Now = civil.DateTime{Date: day(text), Hour: 18, Minute: 30}
		h.view(func(ctx context.Context, tx *db.Tx) error {
			if got, err := r.Tonight(ctx, tx); got != want.kind || err != nil {
				t.Errorf("%s has %q, want %q (%v)", text, got, want.kind, err)
			}
			d, err := r.Evening(ctx, tx)
			if got := d.Day.String(); got != want.day {
				t.Errorf("after %s comes %q, want %q", text, got, want.day)
			}
			return err
		})
	}
}

func TestMondayOnFriday(t *testing.T) {
	t.Parallel()
	h := newHousehold(t, "2025-11-21 18:30", "famille", "autre")
	lea, tom, zoe := h.pupil("famille", "parent", "Léa"), h.pupil("famille", "parent", "Tom"), h.pupil("autre", "student", "Zoé")
	h.school(lea, "2025-11-17", "2025-11-24")
	add(h, db.Lessons, tom, lessonAt("2025-11-25 08:00", "SVT"), first) // Tuesday
	h.school(zoe, "2025-12-01")                                         // on holiday until then
	d := h.evening()
	var names []string
	for _, p := range d.Children {
		names = append(names, p.Name)
	}
	if d.Day != day("2025-11-24") || !gocmp.Equal(names, []string{"Léa", "Tom"}) {
		t.Fatalf("%s of %q", d.Day, names)
	}
	if p := d.Children[1]; !p.From.IsZero() || !p.Off {
		t.Errorf("Tom, who has no lessons: %+v", p)
	}
	h.view(func(ctx context.Context, tx *db.Tx) error {
		m, err := h.reader.Morning(ctx, tx)
		if m.Day != day("2025-11-21") || m.Kind != wording.Morning || m.Unusual() {
			t.Errorf("morning of %s: %+v", m.Day, m.Children)
		}
		return err
	})
}

func TestChildrenAreNamedAmongOthers(t *testing.T) {
	t.Parallel()
	h := newHousehold(t, "2025-11-19 18:30", "lea", "famille", "tom")
	h.pupil("lea", "student", "MARTIN Léa")
	h.pupil("famille", "parent", "MARTIN Léa") // the same child
	h.pupil("famille", "parent", "")
	h.pupil("tom", "student", "MARTIN Tom")
	h.pupil("former", "student", "MARTIN Zoé") // of an account that is no longer configured
	gone := h.pupil("famille", "parent", "MARTIN Max")
	h.update(func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.SaveStudent(ctx, gone.Account, db.Student{ID: gone.Student, Name: "MARTIN Max", LeftOn: day("2025-10-01")})
		return err
	})
	names := func(r Reader) (list []string) {
		h.view(func(ctx context.Context, tx *db.Tx) error {
			children, err := r.Children(ctx, tx)
			for _, c := range children {
				list = append(list, c.Account+":"+c.Name)
			}
			return err
		})
		return list
	}
	if got, want := names(h.reader), []string{"lea:MARTIN Léa", "tom:MARTIN Tom"}; !gocmp.Equal(got, want) {
		t.Errorf("children are %q, want %q", got, want)
	}
	h.reader.Follows = func(account string, p db.Student) bool { return p.Called("Tom") }
	if got, want := names(h.reader), []string{"tom:"}; !gocmp.Equal(got, want) {
		t.Errorf("children followed are %q, want %q", got, want)
	}
}

// TestWhatIsToBeSignedAndReadIsInTheDigest: a parent was told of a punishment, and not
// that the school wants it signed; a letter that nobody opened was in no digest.
func TestWhatIsToBeSignedAndReadIsInTheDigest(t *testing.T) {
	t.Parallel()
	h := newHousehold(t, "2025-11-19 18:30", "famille", "léa")
	lea, holder, herself := h.pupil("famille", "parent", "Léa"), h.pupil("famille", "parent", ""), h.pupil("léa", "student", "Tom")
	monday := day("2025-11-17")
	kept := pronote.Punishment{Kind: "detention", Nature: "Retenue", GivenOn: monday, GivenAt: at("2025-11-17 09:00"), ReceiptWanted: true}
	signed, old := kept, kept
	signed.Nature, signed.ReceiptGiven = "Avertissement", true
	old.Nature, old.GivenOn, old.GivenAt = "Blâme", day("2025-10-01"), at("2025-10-01 09:00")
	for _, p := range []pronote.Punishment{kept, signed, old} {
		add(h, db.Punishments, lea, p, first)
	}
	add(h, db.Punishments, herself, kept, first) // a pupil signs nothing
	add(h, db.Observations, lea, pronote.Observation{Kind: "observation", Title: "Matériel oublié", GivenOn: monday, ReceiptWanted: true}, first)
	add(h, db.Observations, lea, pronote.Observation{Kind: "observation", Title: "Lue", GivenOn: monday, ReceiptWanted: true, Read: true}, first)
	seen := at("2025-11-17 10:00")
	for title, answered := range map[string]bool{"Règlement intérieur": false, "Confirmé": true} {
		info := add(h, db.Infos, holder, pronote.Info{Title: title}, seen)
		add(h, db.Questions, holder, db.Part[pronote.Question]{Of: info, Value: pronote.Question{Position: 1, Kind: "acknowledgement", Expected: true, Answered: answered}}, seen)
	}
	add(h, db.Infos, holder, pronote.Info{Title: "Rien à confirmer"}, seen)
	add(h, db.Discussions, holder, pronote.Discussion{Subject: "Rendez-vous", Creator: "Mme FAURELLE S.", Unread: 1}, seen)
	add(h, db.Discussions, holder, pronote.Discussion{Subject: "D'hier", Creator: "M. DELMASSE É.", Unread: 1}, at("2025-11-18 20:00"))
	add(h, db.Discussions, holder, pronote.Discussion{Subject: "Lu", Creator: "M. DELMASSE É."}, seen)

	d := h.evening()
	want := []wording.Unsigned{
		{Child: "Léa", Kind: "punishment", Title: "Retenue", Day: monday}, {Child: "Léa", Kind: "observation", Title: "Matériel oublié", Day: monday},
		{Kind: "info", Title: "Règlement intérieur"},
	}
	if diff := gocmp.Diff(want, d.Sign); diff != "" {
		t.Errorf("to sign (-want +got):\n%s", diff)
	}
	if diff := gocmp.Diff([]string{"Mme FAURELLE S."}, d.Unread); diff != "" {
		t.Errorf("unread (-want +got):\n%s", diff)
	}
	if d.Empty() {
		t.Error("there is nothing to say")
	}
}

func TestWhatWaitsForAnAnswer(t *testing.T) {
	t.Parallel()
	h := newHousehold(t, "2025-11-19 18:30", "famille")
	lea, tom, holder := h.pupil("famille", "parent", "Léa"), h.pupil("famille", "parent", "Tom"), h.pupil("famille", "parent", "")
	survey := func(title, until string, answered bool) pronote.Info {
		return pronote.Info{Title: title, Survey: true, Answered: answered, EndsOn: day(until)}
	}
	add(h, db.Infos, lea, survey("Voyage", "2025-12-20", false), first)
	add(h, db.Infos, tom, survey("Voyage", "2025-12-20", false), first)
	add(h, db.Infos, tom, survey("Photo", "2025-11-19", false), first)
	add(h, db.Infos, holder, survey("Fermé", "2025-11-18", false), first)
	add(h, db.Infos, holder, survey("Répondu", "2025-12-20", true), first)
	seen := add(h, db.Infos, holder, survey("Vu", "2025-12-20", false), first)
	late := add(h, db.Delays, lea, pronote.Delay{StartsAt: at("2025-11-18 08:00"), Minutes: 12, ToJustify: true}, first)
	add(h, db.Delays, lea, pronote.Delay{StartsAt: at("2025-11-17 08:00"), Minutes: 5, ToJustify: true, Settled: true}, first)
	h.update(func(ctx context.Context, tx *db.Tx) error { return tx.See(ctx, "papa", []int64{seen}, first) })
	d := h.evening()
	want := []wording.Survey{{Child: "Tom", Title: "Photo", Until: day("2025-11-19")}, {Title: "Voyage", Until: day("2025-12-20")}}
	if diff := gocmp.Diff(want, d.Surveys); diff != "" {
		t.Errorf("surveys (-want +got):\n%s", diff)
	}
	if want := []wording.Unsettled{{Child: "Léa", Late: true, Minutes: 12, From: at("2025-11-18 08:00")}}; !gocmp.Equal(d.Explain, want) {
		t.Errorf("to explain: %+v", d.Explain)
	}
	h.update(func(ctx context.Context, tx *db.Tx) error { return tx.See(ctx, "papa", []int64{late}, first) })
	if d := h.evening(); len(d.Explain) > 0 {
		t.Errorf("asked again for what was seen: %+v", d.Explain)
	}
}

func TestTheWeekThatComesAndTheOneThatEnds(t *testing.T) {
	t.Parallel()
	h := newHousehold(t, "2025-11-23 18:30", "famille")
	lea := h.pupil("famille", "parent", "Léa")
	h.school(lea, "2025-11-17", "2025-11-24")
	test := lessonAt("2025-11-27 10:00", "ANGLAIS LV1")
	test.Test = true
	outing := lessonAt("2025-11-25 08:00", "", "2025-11-25 17:00")
	outing.Outing, outing.Title = true, "Musée"
	add(h, db.Lessons, lea, test, first)
	add(h, db.Lessons, lea, outing, first)
	for range 2 {
		add(h, db.Homework, lea, pronote.Homework{Subject: "SVT", DueOn: day("2025-11-24"), Description: "x"}, first)
	}
	add(h, db.Homework, lea, pronote.Homework{Subject: "SVT", DueOn: day("2025-11-25"), Done: true}, first)
	add(h, db.Agenda, lea, pronote.AgendaEntry{Title: "Conseil de classe", Starts: at("2025-11-28 17:30"), Council: true}, first)
	add(h, db.Marks, lea, pronote.Mark{Subject: "SVT", Period: "Trimestre 1"}, at("2025-11-18 10:00"))
	add(h, db.Marks, lea, pronote.Mark{Subject: "SVT", Period: "Trimestre 1"}, at("2025-11-14 10:00"))
	add(h, db.Marks, lea, pronote.Mark{Subject: "SVT", Period: "Trimestre 1"}, first)
	average := add(h, db.Averages, lea, pronote.Average{Period: "Trimestre 1", Student: pronote.Num(12.4)}, first)
	replace(h, db.Averages, lea, average, pronote.Average{Period: "Trimestre 1", Student: pronote.Num(12.6)}, at("2025-11-19 10:00"))
	add(h, db.Averages, lea, pronote.Average{Period: "Année", Student: pronote.Num(3)}, at("2025-11-20 10:00"))
	add(h, db.Delays, lea, pronote.Delay{StartsAt: at("2025-11-18 08:00"), Minutes: 5}, first)
	add(h, db.Absences, lea, pronote.Absence{StartsAt: at("2025-11-18 08:00"), Hours: pronote.Num(1.5)}, first)
	add(h, db.Lessons, lea, cancelled(lessonAt("2025-11-21 17:00", "EPS", "2025-11-21 19:00")), first)
	add(h, db.Lessons, lea, cancelled(lessonAt("2025-11-21 10:00", "EPS")), first) // another took its place
	var d Digest
	h.view(func(ctx context.Context, tx *db.Tx) (err error) { d, err = h.reader.Week(ctx, tx); return err })
	p := d.Children[0]
	ahead := []wording.Ahead{
		{Day: day("2025-11-24"), Kind: "homework", Subject: "SVT"},
		{Day: day("2025-11-25"), Kind: "outing", Subject: "Musée", From: at("2025-11-25 08:00"), To: at("2025-11-25 17:00")},
		{Day: day("2025-11-27"), Kind: "test", Subject: "ANGLAIS LV1"},
		{Day: day("2025-11-28"), Kind: "council", Subject: "Conseil de classe"},
	}
	if diff := gocmp.Diff(ahead, p.Ahead); diff != "" {
		t.Errorf("ahead (-want +got):\n%s", diff)
	}
	past := wording.Past{Marks: 1, Overall: 12.6, Before: 12.4, Absences: 1, AbsentMinutes: 90, Late: 1, LateMinutes: 5, Lost: 120}
	if diff := gocmp.Diff(past, p.Past); diff != "" {
		t.Errorf("past (-want +got):\n%s", diff)
	}
	if d.Day != day("2025-11-24") || d.Last != day("2025-11-28") || p.Day != day("2025-11-24") || p.To != at("2025-11-24 17:00") || len(p.Work) != 2 {
		t.Errorf("%s to %s; tomorrow %+v", d.Day, d.Last, p)
	}
}

func TestForHowLongNothingIsNew(t *testing.T) {
	t.Parallel()
	h := newHousehold(t, "2025-11-20 18:30", "lea")
	silence := func() (d Digest, days int) {
		h.view(func(ctx context.Context, tx *db.Tx) (err error) { d, days, err = h.reader.Silence(ctx, tx); return err })
		return d, days
	}
	lea := h.pupil("lea", "student", "MARTIN Léa")
	h.school(lea, "2025-11-10", "2025-11-17", "2025-11-24")
	if d, days := silence(); days != 9 || d.LastEvent.Kind != "" {
		t.Errorf("%d days of %q since nothing ever changed", days, d.LastEvent.Kind)
	}
	add(h, db.Marks, lea, pronote.Mark{Subject: "MATHEMATIQUES"}, at("2025-11-11 17:00"))
	d, days := silence()
	if days != 7 || d.LastDay != day("2025-11-11") || d.LastEvent.Kind != "mark.new" {
		t.Errorf("%d days since %s: %+v", days, d.LastDay, d.LastEvent)
	}
	if f, err := wording.Seen(d.LastEvent.Kind, d.LastEvent.Data, wording.Hint); err != nil || f.Now["subject"] != "MATHEMATIQUES" {
		t.Errorf("what changed last: %+v, %v", f, err)
	}
	h.update(func(ctx context.Context, tx *db.Tx) error {
		a, err := tx.Account(ctx, "lea", "pronote", "https://0123456a.example/pronote/", "student")
		if err != nil {
			return err
		}
		a.MirroredAt = civil.DateTime{}
		return tx.SaveAccount(ctx, a)
	})
	if _, days := silence(); days != 0 {
		t.Errorf("%d days while the first mirror is incomplete", days)
	}
}

func TestWhatThereIsToEat(t *testing.T) {
	t.Parallel()
	h := newHousehold(t, "2025-11-20 07:00", "famille")
	lea, holder := h.pupil("famille", "parent", "Léa"), h.pupil("famille", "parent", "")
	h.school(lea, "2025-11-17")
	dish := func(meal, course, name string) pronote.Dish {
		return pronote.Dish{Date: day("2025-11-20"), Meal: meal, Course: course, Name: name}
	}
	for _, d := range []pronote.Dish{
		dish("dinner", "main", "Soupe"), dish("lunch", "dessert", "Pomme"), dish("lunch", "side", "Riz"), dish("lunch", "starter", "Radis"), dish("lunch", "main", "Lasagnes"),
	} {
		add(h, db.Menus, holder, d, first)
	}
	h.view(func(ctx context.Context, tx *db.Tx) error {
		d, err := h.reader.Morning(ctx, tx)
		if want := []string{"Lasagnes", "Riz"}; err == nil && !gocmp.Equal(d.Children[0].Menu, want) {
			t.Errorf("to eat: %q, want %q", d.Children[0].Menu, want)
		}
		return err
	})
}
