package today

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/sync/internal/wording"
)

// A household is a mirror that tests write into.
type household struct {
	t      *testing.T
	store  *db.Store
	rows   int
	reader Reader
}

func newHousehold(t *testing.T, now string, accounts ...string) *household {
	t.Helper()
	store, err := db.Open(t.Context(), filepath.Join(t.TempDir(), "pronote.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return &household{t: t, store: store, reader: Reader{Now: at(now), Accounts: accounts}}
}

// at reads "2025-11-20 08:30".
func at(text string) civil.DateTime {
	t, err := civil.ParseDateTime(text + ":00")
	if err != nil {
		panic(err)
	}
	return t
}

func day(text string) civil.Date { return at(text + " 00:00").Date }

// first is when a mirror is new.
var first = at("2025-09-01 07:00")

// pupil is one of an account that is mirrored whole; "" is its holder.
func (h *household) pupil(account, kind, name string) (o db.Owner) {
	h.t.Helper()
	h.update(func(ctx context.Context, tx *db.Tx) error {
		source := "pronote"
		if kind == "notekfet" {
			source = kind
		}
		a, err := tx.Account(ctx, account, source, "https://0123456a.example/pronote/", kind)
		if err != nil {
			return err
		}
		a.MirroredAt, a.School = first, "Collège des Tilleuls"
		if err := tx.SaveAccount(ctx, a); err != nil {
			return err
		}
		s, err := tx.SaveStudent(ctx, a.ID, db.Student{Name: name, Holder: name == "", CurrentPeriod: "Trimestre 1"})
		o = db.Owner{Account: a.ID, Student: s.ID, AccountName: account, StudentName: name}
		return err
	})
	return o
}

func (h *household) update(f func(context.Context, *db.Tx) error) {
	h.t.Helper()
	if err := h.store.Update(h.t.Context(), func(tx *db.Tx) error { return f(h.t.Context(), tx) }); err != nil {
		h.t.Fatal(err)
	}
}

func (h *household) view(f func(context.Context, *db.Tx) error) {
	h.t.Helper()
	if err := h.store.View(h.t.Context(), func(tx *db.Tx) error { return f(h.t.Context(), tx) }); err != nil {
		h.t.Fatal(err)
	}
}

// add adds a row; one that appears later than the mirror is news.
func add[T any](h *household, table db.Table[T], o db.Owner, v T, seen civil.DateTime) (item int64) {
	h.t.Helper()
	h.rows++
	h.update(func(ctx context.Context, tx *db.Tx) (err error) {
		if item, err = table.Add(ctx, tx, o, fmt.Sprint(h.rows), v, seen); err != nil || seen == first {
			return err
		}
		return tx.RecordChange(ctx, db.Change{Item: item, Kind: "added", After: table.JSON(v), Subject: table.Text(v, "subject")}, seen)
	})
	return item
}

func replace[T any](h *household, table db.Table[T], o db.Owner, item int64, v T, seen civil.DateTime) {
	h.t.Helper()
	h.update(func(ctx context.Context, tx *db.Tx) error { return table.Replace(ctx, tx, o, item, v, seen) })
}

// lessonAt is one of an hour, or to an end: "2025-11-20 08:30", "SVT".
func lessonAt(starts, subject string, ends ...string) pronote.Lesson {
	l := pronote.Lesson{Starts: at(starts), Subject: subject, Kind: "lesson", Number: 100}
	l.Ends = l.Starts
	l.Ends.Hour++
	for _, e := range ends {
		l.Ends = at(e)
	}
	return l
}

func cancelled(l pronote.Lesson) pronote.Lesson {
	l.Cancelled, l.Status, l.Reason = true, "Prof. absent", "teacher_absent"
	return l
}

func (h *household) evening() (d Digest) {
	h.t.Helper()
	h.view(func(ctx context.Context, tx *db.Tx) (err error) { d, err = h.reader.Evening(ctx, tx); return err })
	return d
}

// brief writes the changes of a digest as "lesson.cancelled SVT 08:30-10:30".
func brief(t *testing.T, p wording.Pupil) (list []string) {
	t.Helper()
	for _, e := range p.Changes {
		f, err := wording.Seen(e.Kind, e.Data, wording.Full)
		if err != nil {
			t.Fatal(err)
		}
		span := func(row map[string]any) string {
			starts, ends := fmt.Sprint(row["starts_at"]), fmt.Sprint(row["ends_at"])
			name := fmt.Sprint(row["subject"])
			if name == "" {
				name = fmt.Sprint(row["title"])
			}
			if len(starts) < 16 || len(ends) < 16 {
				return name
			}
			return name + " " + starts[8:16] + "-" + ends[11:16]
		}
		line := strings.TrimPrefix(e.Kind, "lesson.") + " " + span(f.Now)
		if f.Before != nil {
			line += fmt.Sprintf(" was %v", f.Before["starts_at"])
		}
		list = append(list, line)
	}
	return list
}

func TestTheEveningOfAnOrdinaryDay(t *testing.T) {
	t.Parallel()
	h := newHousehold(t, "2025-11-19 18:30", "famille")
	h.reader.Call = func(s string) string { return strings.TrimPrefix(s, "MARTIN ") }
	lea, tom := h.pupil("famille", "parent", "MARTIN Léa"), h.pupil("famille", "parent", "MARTIN Tom")
	add(h, db.Lessons, lea, lessonAt("2025-11-20 08:30", "FRANCAIS"), first)
	test := lessonAt("2025-11-20 09:30", "MATHEMATIQUES")
	test.Test, test.TestKind, test.Memo = true, "Contrôle", "Fractions\nChapitre 3"
	add(h, db.Lessons, lea, test, first)
	add(h, db.Lessons, lea, lessonAt("2025-11-20 16:00", "SVT"), first)
	add(h, db.Homework, lea, pronote.Homework{Subject: "FRANCAIS", GivenOn: day("2025-11-13"), DueOn: day("2025-11-20"), Description: "Lire le chapitre 3", Minutes: 30, Return: "paper", Done: true}, first)
	work := add(h, db.Homework, lea, pronote.Homework{Subject: "ANGLAIS LV1", DueOn: day("2025-11-20"), Description: "Cahier p. 163"}, at("2025-11-19 10:00"))
	for _, file := range []string{"a.pdf", "b.pdf"} {
		add(h, db.Attachments, lea, db.Part[pronote.Attachment]{Of: work, Value: pronote.Attachment{Name: file}}, first)
	}
	add(h, db.Homework, lea, pronote.Homework{Subject: "SVT", DueOn: day("2025-11-24"), Description: "later"}, first)
	add(h, db.Lessons, tom, lessonAt("2025-11-20 08:00", "SVT"), first)
	for _, hour := range []string{"15", "16"} {
		techno := lessonAt("2025-11-20 "+hour+":00", "TECHNOLOGIE")
		item := add(h, db.Lessons, tom, techno, first)
		replace(h, db.Lessons, tom, item, cancelled(techno), at("2025-11-19 12:00"))
	}
	add(h, db.Absences, tom, pronote.Absence{StartsAt: at("2025-11-18 08:00"), EndsAt: at("2025-11-18 09:00"), ToJustify: true}, first)
	add(h, db.Absences, tom, pronote.Absence{StartsAt: at("2025-11-17 08:00"), EndsAt: at("2025-11-17 09:00"), ToJustify: true, Justified: true}, first)
	add(h, db.Absences, tom, pronote.Absence{StartsAt: at("2025-09-17 08:00"), EndsAt: at("2025-09-17 09:00"), ToJustify: true}, first)

	d := h.evening()
	want := wording.Digest{
		Kind: wording.Evening, Day: day("2025-11-20"),
		Explain: []wording.Unsettled{{Child: "Tom", From: at("2025-11-18 08:00"), To: at("2025-11-18 09:00")}},
		Children: []wording.Pupil{
			{
				Name: "Léa", Day: day("2025-11-20"), From: at("2025-11-20 08:30"), To: at("2025-11-20 17:00"),
				Tests: []wording.Test{{Subject: "MATHEMATIQUES", At: at("2025-11-20 09:30"), Kind: "Contrôle", Title: "Fractions"}},
				Work: []wording.Work{
					{Subject: "ANGLAIS LV1", Text: "Cahier p. 163", Due: day("2025-11-20"), Given: day("2025-11-19"), Files: 2},
					{Subject: "FRANCAIS", Text: "Lire le chapitre 3", Due: day("2025-11-20"), Given: day("2025-11-13"), Minutes: 30, Return: "paper", Done: true},
				},
			},
			{
				Name: "Tom", Day: day("2025-11-20"), From: at("2025-11-20 08:00"), To: at("2025-11-20 09:00"),
				UsualFrom: at("2025-11-20 08:00"), UsualTo: at("2025-11-20 17:00"),
			},
		},
	}
	if got, want := brief(t, d.Children[1]), []string{"cancelled TECHNOLOGIE 20 15:00-17:00"}; !gocmp.Equal(got, want) {
		t.Errorf("changes: %q, want %q", got, want)
	}
	if !d.Unusual() {
		t.Error("a day that ends early passes for a usual one")
	}
	d.Children[1].Changes = nil
	if diff := gocmp.Diff(want, d.Digest); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	var said int
	for uid := range d.said {
		if d.Says(uid) {
			said++
		}
	}
	if said != 6 { // a test, two pieces of work, two hours, an absence
		t.Errorf("%d rows are said, want 6", said)
	}
	if !d.SaysDay(Day{"famille", "MARTIN Tom", day("2025-11-20")}) || d.SaysDay(Day{"famille", "MARTIN Tom", day("2025-11-21")}) {
		t.Error("whose day it says")
	}
}

func TestWhatBecomesOfLessons(t *testing.T) {
	t.Parallel()
	const news = "2025-11-18 12:00"
	outing := lessonAt("2025-11-20 08:00", "", "2025-11-20 17:00")
	outing.Outing, outing.Title, outing.Number = true, "Musée", 0
	detention := lessonAt("2025-11-20 17:00", "")
	detention.Detention, detention.Title = true, "Retenue"
	inRoom := func(l pronote.Lesson, room, teacher string) pronote.Lesson {
		l.Rooms, l.Teachers = []string{room}, []string{teacher}
		return l
	}
	council := lessonAt("2025-11-20 18:00", "")
	council.Kind = "council"
	group := func(l pronote.Lesson, name string) pronote.Lesson {
		l.Groups = []string{name}
		return l
	}
	away := cancelled(lessonAt("2025-11-20 14:00", "SVT"))
	away.Reason = "moved"
	later := lessonAt("2025-11-20 14:00", "ANGLAIS")
	later.Number = 200
	for name, c := range map[string]struct {
		planned    pronote.Lesson   // beside one of EPS at 10
		now        *pronote.Lesson  // as which it stays; nil for gone
		appeared   []pronote.Lesson // beside
		want       []string
		usual      string // end of the usual day where it is not that of the day
		unplanned  bool   // and never was there
		wasPlanned []pronote.Lesson
	}{
		"nothing":                {planned: lessonAt("2025-11-20 14:00", "SVT"), now: new(lessonAt("2025-11-20 14:00", "SVT"))},
		"cancelled":              {planned: lessonAt("2025-11-20 14:00", "SVT"), now: new(cancelled(lessonAt("2025-11-20 14:00", "SVT"))), want: []string{"cancelled SVT 20 14:00-15:00"}, usual: "15:00"},
		"gone":                   {planned: lessonAt("2025-11-20 14:00", "SVT"), want: []string{"cancelled SVT 20 14:00-15:00"}, usual: "15:00"},
		"cancelled long ago":     {planned: cancelled(lessonAt("2025-11-20 14:00", "SVT")), now: new(cancelled(lessonAt("2025-11-20 14:00", "SVT"))), want: []string{"cancelled SVT 20 14:00-15:00"}, usual: "15:00"},
		"restored":               {planned: cancelled(lessonAt("2025-11-20 14:00", "SVT")), now: new(lessonAt("2025-11-20 14:00", "SVT"))},
		"replaced":               {planned: lessonAt("2025-11-20 14:00", "SVT"), now: new(cancelled(lessonAt("2025-11-20 14:00", "SVT"))), appeared: []pronote.Lesson{later}, want: []string{"replaced ANGLAIS 20 14:00-15:00 was 2025-11-20 14:00:00"}},
		"replaced by edit":       {planned: lessonAt("2025-11-20 14:00", "SVT"), now: new(lessonAt("2025-11-20 14:00", "ANGLAIS")), want: []string{"replaced ANGLAIS 20 14:00-15:00 was 2025-11-20 14:00:00"}},
		"earlier":                {planned: lessonAt("2025-11-20 14:00", "SVT"), now: new(lessonAt("2025-11-20 13:00", "SVT")), want: []string{"moved SVT 20 13:00-14:00 was 2025-11-20 14:00:00"}, usual: "15:00"},
		"to another day":         {planned: lessonAt("2025-11-20 14:00", "SVT"), now: new(lessonAt("2025-11-21 13:00", "SVT")), want: []string{"moved SVT 21 13:00-14:00 was 2025-11-20 14:00:00"}, usual: "15:00"},
		"to another row":         {planned: lessonAt("2025-11-20 14:00", "SVT"), now: &away, appeared: []pronote.Lesson{lessonAt("2025-11-25 13:00", "SVT")}, want: []string{"moved SVT 25 13:00-14:00 was 2025-11-20 14:00:00"}, usual: "15:00"},
		"moved nowhere":          {planned: lessonAt("2025-11-20 14:00", "SVT"), now: &away, want: []string{"cancelled SVT 20 14:00-15:00"}, usual: "15:00"},
		"from another day":       {planned: lessonAt("2025-11-21 14:00", "SVT"), now: new(lessonAt("2025-11-20 14:00", "SVT")), want: []string{"moved SVT 20 14:00-15:00 was 2025-11-21 14:00:00"}, usual: "11:00"},
		"another room":           {planned: inRoom(lessonAt("2025-11-20 14:00", "SVT"), "A", "Mme A"), now: new(inRoom(lessonAt("2025-11-20 14:00", "SVT"), "B", "Mme A")), want: []string{"room SVT 20 14:00-15:00 was 2025-11-20 14:00:00"}},
		"another teacher, row":   {planned: inRoom(lessonAt("2025-11-20 14:00", "ANGLAIS"), "A", "Mme A"), now: new(cancelled(inRoom(lessonAt("2025-11-20 14:00", "ANGLAIS"), "A", "Mme A"))), appeared: []pronote.Lesson{inRoom(later, "A", "Mme B")}, want: []string{"teacher ANGLAIS 20 14:00-15:00 was 2025-11-20 14:00:00"}},
		"extra":                  {unplanned: true, appeared: []pronote.Lesson{later}, want: []string{"new ANGLAIS 20 14:00-15:00"}, usual: "11:00"},
		"outing":                 {planned: lessonAt("2025-11-20 14:00", "SVT"), now: new(cancelled(lessonAt("2025-11-20 14:00", "SVT"))), appeared: []pronote.Lesson{outing}, want: []string{"new Musée 20 08:00-17:00"}, usual: "15:00"},
		"outing known for long":  {planned: outing, now: &outing, want: []string{"new Musée 20 08:00-17:00"}, usual: "11:00"},
		"outing is off":          {planned: outing, now: new(cancelled(outing)), want: []string{"cancelled Musée 20 08:00-17:00"}},
		"detention":              {unplanned: true, appeared: []pronote.Lesson{detention}, want: []string{"new Retenue 20 17:00-18:00"}, usual: "11:00"},
		"class council":          {unplanned: true, appeared: []pronote.Lesson{council}},
		"one of two groups":      {planned: group(lessonAt("2025-11-20 14:00", "SVT"), "1"), now: new(cancelled(group(lessonAt("2025-11-20 14:00", "SVT"), "1"))), wasPlanned: []pronote.Lesson{group(later, "2")}, want: []string{"cancelled SVT 20 14:00-15:00"}},
		"replaced for long, too": {planned: cancelled(lessonAt("2025-11-20 14:00", "SVT")), now: new(cancelled(lessonAt("2025-11-20 14:00", "SVT"))), wasPlanned: []pronote.Lesson{later}, want: []string{"replaced ANGLAIS 20 14:00-15:00 was 2025-11-20 14:00:00"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHousehold(t, "2025-11-19 18:30", "lea")
			lea := h.pupil("lea", "student", "MARTIN Léa")
			add(h, db.Lessons, lea, lessonAt("2025-11-20 10:00", "EPS"), first)
			for _, l := range c.wasPlanned {
				add(h, db.Lessons, lea, l, first)
			}
			if !c.unplanned {
				item := add(h, db.Lessons, lea, c.planned, first)
				if c.now == nil {
					h.update(func(ctx context.Context, tx *db.Tx) error { return db.Lessons.Retire(ctx, tx, item, at(news)) })
				} else if !gocmp.Equal(c.planned, *c.now) {
					replace(h, db.Lessons, lea, item, *c.now, at(news))
				}
			}
			for _, l := range c.appeared {
				add(h, db.Lessons, lea, l, at(news))
			}
			p := h.evening().Children[0]
			if got := brief(t, p); !gocmp.Equal(got, c.want) {
				t.Errorf("changes: %q, want %q", got, c.want)
			}
			usual := ""
			if !p.UsualTo.IsZero() {
				usual = p.UsualTo.String()[11:16]
			}
			if usual != c.usual {
				t.Errorf("the usual day ends at %q, want %q", usual, c.usual)
			}
		})
	}
}
