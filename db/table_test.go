package db

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// tables are all there are. A new one is tested by its line here.
var tables = []tableTests{
	rig[pronote.Period]{Periods},
	rig[pronote.Mark]{Marks},
	rig[pronote.Average]{Averages},
	rig[pronote.Homework]{Homework},
	rig[pronote.Lesson]{Lessons},
	rig[pronote.Content]{Contents},
	rig[pronote.Info]{Infos},
	rig[Part[pronote.Question]]{Questions},
	rig[pronote.AgendaEntry]{Agenda},
	rig[pronote.Dish]{Menus},
	rig[pronote.Absence]{Absences},
	rig[pronote.Delay]{Delays},
	rig[pronote.Punishment]{Punishments},
	rig[Part[pronote.Detention]]{Detentions},
	rig[pronote.Observation]{Observations},
	rig[pronote.Discussion]{Discussions},
	rig[Part[pronote.Message]]{Messages},
	rig[pronote.Report]{Reports},
	rig[Part[pronote.ReportSubject]]{ReportSubjects},
	rig[pronote.Evaluation]{Evaluations},
	rig[Part[pronote.Skill]]{Skills},
	rig[Part[pronote.Attachment]]{Attachments},
	rig[pronote.Holiday]{Holidays},
	rig[pronote.Week]{Weeks},
	rig[pronote.Colleague]{Staff},
	rig[pronote.Link]{Links},
	rig[pronote.Wallet]{Wallets},
	rig[pronote.Person]{Persons},
	rig[KfetBalance]{KfetBalances},
	rig[KfetTransaction]{KfetTransactions},
	rig[KfetActivity]{KfetActivities},
}

// summaries are columns of views that come from other tables: what parts have in
// short, or what a row is part of.
var summaries = map[string][]string{
	"evaluations":   {"levels"},
	"kfet_balances": {"balance"},
	"attachments":   {"owner_domain", "local_path", "size", "sha256"},
}

// tableTests are the tests of one table, with its row type forgotten.
type tableTests interface {
	name() string
	addWhole(*testing.T, *Store)
	testColumns(*testing.T, *Store)
	testValues(*testing.T, *Store)
	testKey(*testing.T, *Store)
	testPlace(*testing.T, *Store)
	testHistory(*testing.T, *Store)
	testSelect(*testing.T, *Store)
	testClockPutBack(*testing.T, *Store)
}

type rig[T any] struct{ Table[T] }

func (r rig[T]) name() string { return r.Name }

func TestTables(t *testing.T) {
	t.Parallel()
	for i, table := range tables {
		if raced && i%8 != 0 { // each is alone with its mirror
			continue
		}
		for name, test := range map[string]func(*testing.T, *Store){
			"columns": table.testColumns, "values": table.testValues, "key": table.testKey, "place": table.testPlace,
			"history": table.testHistory, "select": table.testSelect, "clock put back": table.testClockPutBack,
		} {
			t.Run(table.name()+"/"+name, func(t *testing.T) {
				t.Parallel()
				store := newStore(t)
				table.addWhole(t, store)
				test(t, store)
			})
		}
	}
}

// theWhole is the item that the rows of tables of parts are drawn as part of.
const theWhole = 1_000_000

func (r rig[T]) addWhole(t *testing.T, store *Store) {
	if r.Parent == "" {
		return
	}
	store.write(t, func(tx *Tx) error {
		o := tx.owner(t, "whole", "whole")
		_, err := tx.exec(t.Context(), `INSERT INTO _item (id, student_id, domain, uid, first_seen_at) VALUES (?, ?, 'whole', 'whole', '')`, theWhole, o.Student)
		return err
	})
}

func TestTablesAreThoseOfTheSchema(t *testing.T) {
	t.Parallel()
	var want []string
	for _, table := range tables {
		want = append(want, "_"+table.name())
	}
	slices.Sort(want)
	newStore(t).read(t, func(tx *Tx) error {
		got := column[string](t, tx, `SELECT name FROM sqlite_schema AS t WHERE type = 'table'
			AND EXISTS (SELECT 1 FROM pragma_table_info(t.name) AS c WHERE c.name = 'valid_from') ORDER BY name`)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("tables of versions (-tested +schema):\n%s", diff)
		}
		return nil
	})
}

func (r rig[T]) testColumns(t *testing.T, store *Store) {
	if got, want := len(r.Fields(new(T))), len(r.Columns); got != want {
		t.Errorf("%d fields, want one for each of %d columns", got, want)
	}
	want := slices.Concat([]string{"version", "id", "student_id"}, r.columns(), []string{"valid_from", "valid_to", "gone"})
	slices.Sort(want) // a step can only add columns at the end
	store.read(t, func(tx *Tx) error {
		if diff := cmp.Diff(want, column[string](t, tx, `SELECT name FROM pragma_table_info('_' || ?) ORDER BY name`, r.Name)); diff != "" {
			t.Errorf("columns of the table (-want +got):\n%s", diff)
		}
		columns := r.columns()
		if r.Parent != "" {
			columns[0] = strings.Replace(r.Parent, "_id", "_uid", 1) // people know the whole by its uid
		}
		whose := []string{"account", "student", "uid"}
		view := slices.Concat(whose, columns, summaries[r.Name], []string{"first_seen_at", "changed_at"})
		if diff := cmp.Diff(view, column[string](t, tx, `SELECT name FROM pragma_table_info(?)`, r.Name)); diff != "" {
			t.Errorf("columns of the view (-want +got):\n%s", diff)
		}
		if r.Name == "attachments" {
			columns = append(columns, "owner_domain")
		}
		past := slices.Concat(whose, columns, []string{"valid_from", "valid_to", "gone"})
		if diff := cmp.Diff(past, column[string](t, tx, `SELECT name FROM pragma_table_info(? || '_history')`, r.Name)); diff != "" {
			t.Errorf("columns of the view of the past (-want +got):\n%s", diff)
		}
		return nil
	})
	if (r.Place == "") != (r.PlaceOf == nil) {
		t.Error("Place and PlaceOf do not come together")
	}
}

// testValues stores two values and asks SQLite what of Key, Differences and
// JSON is true.
func (r rig[T]) testValues(t *testing.T, store *Store) {
	rapid.Check(t, func(rt *rapid.T) {
		a := r.draw(rt)
		b := a
		r.redraw(rt, &b)
		store.try(rt, func(tx *Tx) {
			o := tx.owner(rt, "lea", "MARTIN Léa")
			idA, idB := r.add(rt, tx, o, "a", a, at(0)), r.add(rt, tx, o, "b", b, at(0))

			var different []string
			for _, c := range r.Columns {
				query := fmt.Sprintf("SELECT a.%s IS NOT b.%[1]s FROM _%s a, _%[2]s b WHERE a.id = ? AND b.id = ?", c, r.Name)
				if one[bool](rt, tx, query, idA, idB) {
					different = append(different, c)
				}
			}
			if got := r.Differences(a, b); !slices.Equal(got, different) {
				rt.Fatalf("Differences() = %q, want %q", got, different)
			}
			if got, want := r.Key(&a) == r.Key(&b), different == nil; got != want {
				rt.Fatalf("the keys are equal: %v, want %v\n%q\n%q", got, want, r.Key(&a), r.Key(&b))
			}

			rows, err := r.Load(rt.Context(), tx, o.Student, Span{})
			if err != nil {
				rt.Fatal(err)
			}
			options := cmp.Options{cmpopts.IgnoreUnexported(pronote.Period{}, pronote.Info{}, pronote.Discussion{}, pronote.Attachment{}), cmpopts.EquateEmpty()}
			if diff := cmp.Diff([]Row[T]{{idA, a}, {idB, b}}, rows, options); diff != "" {
				rt.Fatalf("values changed when they were stored (-stored +loaded):\n%s", diff)
			}
			for i, id := range []int64{idA, idB} {
				if got, want := r.Key(&rows[i].Value), r.Key(&[]T{a, b}[i]); got != want {
					rt.Fatalf("Key of the loaded value is %q, want %q", got, want)
				}
				r.checkJSON(rt, tx, id, rows[i].Value, r.Columns)
				if different != nil {
					r.checkJSON(rt, tx, id, rows[i].Value, different)
				}
			}
			if got, want := string(r.JSON(a)), string(r.JSON(a, r.Columns...)); got != want {
				rt.Fatalf("JSON() = %s, want %s", got, want)
			}
		})
	})
}

// checkJSON compares JSON with the columns as SQLite has them.
func (r rig[T]) checkJSON(rt *rapid.T, tx *Tx, id int64, v T, columns []string) {
	values, pointers := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		pointers[i] = &values[i]
	}
	query := "SELECT " + strings.Join(columns, ", ") + " FROM _" + r.Name + " WHERE id = ? AND valid_to IS NULL"
	if err := tx.queryRow(rt.Context(), query, []any{id}, pointers...); err != nil {
		rt.Fatal(err)
	}
	object := map[string]any{}
	for i, c := range columns {
		object[c] = values[i]
	}
	var want strings.Builder
	encoder := json.NewEncoder(&want)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(object); err != nil {
		rt.Fatal(err)
	}
	if got := r.JSON(v, columns...); string(got)+"\n" != want.String() {
		rt.Fatalf("JSON() = %s, want %s", got, want.String())
	}
}

// testKey moves the end of a text into the next column.
func (r rig[T]) testKey(t *testing.T, _ *Store) {
	for i := range r.Columns[1:] {
		var a, b T
		left, ok := r.Fields(&a)[i].(*string)
		right, ok2 := r.Fields(&a)[i+1].(*string)
		if !ok || !ok2 {
			continue
		}
		for _, texts := range [][2]string{{"a|b", ""}, {"a", "b|"}, {"", "a|b"}, {"a|1:b", ""}, {"a|", "1:b"}} {
			*left, *right = texts[0], texts[1]
			if r.Key(&a) == r.Key(&b) {
				t.Errorf("%s and %s: two values share the key %q", r.Columns[i], r.Columns[i+1], r.Key(&a))
			}
			b = a
		}
	}
}

// testPlace compares the places of values in Go with those in SQL.
func (r rig[T]) testPlace(t *testing.T, store *Store) {
	if r.Place == "" {
		if !r.Holds([]Span{{}}, *new(T)) || r.Holds(nil, *new(T)) {
			t.Error("the zero Span, and it alone, holds rows without a place")
		}
		return
	}
	rapid.Check(t, func(rt *rapid.T) {
		values := rapid.SliceOfN(rapid.Custom(r.draw), 1, 5).Draw(rt, "values")
		ends := rapid.SampledFrom(append(values, r.draw(rt)))
		span := Span{r.PlaceOf(ends.Draw(rt, "low")), r.PlaceOf(ends.Draw(rt, "high"))}
		store.try(rt, func(tx *Tx) {
			o := tx.owner(rt, "lea", "MARTIN Léa")
			other := tx.owner(rt, "noe", "MARTIN Noé")
			r.add(rt, tx, other, "another's", values[0], at(0))
			var want, all []int64
			for i, v := range values {
				id := r.add(rt, tx, o, fmt.Sprint(i), v, at(i))
				if got, want := one[string](rt, tx, "SELECT "+r.Place+" FROM _"+r.Name+" WHERE id = ?", id), r.PlaceOf(v); got != want {
					rt.Fatalf("the place in SQL is %q, want %q", got, want)
				}
				all = append(all, id)
				if span == (Span{}) || r.Holds([]Span{span}, v) {
					want = append(want, id)
				}
			}
			if got := r.ids(rt, tx, o, span); !slices.Equal(got, want) {
				rt.Fatalf("Load of %q: items %v, want %v", span, got, want)
			}
			if got := r.ids(rt, tx, o, Span{}); !slices.Equal(got, all) {
				rt.Fatalf("Load of everything: items %v, want %v", got, all)
			}
		})
	})
}

func TestSpans(t *testing.T) {
	t.Parallel()
	term := PeriodSpan(pronote.Period{Year: "2025-2026", Name: "Trimestre 1"})
	for _, test := range []struct {
		year, period string
		want         bool
	}{
		{"2025-2026", "Trimestre 1", true}, {"2025-2026", "Trimestre 10", false}, {"2025-2026", "Trimestre 2", false}, {"2024-2025", "Trimestre 1", false},
	} {
		if got := Marks.Holds([]Span{term}, pronote.Mark{Year: test.year, Period: test.period}); got != test.want {
			t.Errorf("%q holds a mark of %s %s: %v, want %v", term, test.year, test.period, got, test.want)
		}
		if got := Averages.Holds([]Span{term}, pronote.Average{Year: test.year, Period: test.period}); got != test.want {
			t.Errorf("%q holds an average of %s %s: %v, want %v", term, test.year, test.period, got, test.want)
		}
	}
	week := DaySpan(at(0).Date, at(0).AddDays(4))
	for day, want := range map[int]bool{-1: false, 0: true, 4: true, 5: false} {
		if got := Homework.Holds([]Span{{"", ""}, week}, pronote.Homework{DueOn: at(0).AddDays(day)}); got != want {
			t.Errorf("%q holds homework due on day %d: %v, want %v", week, day, got, want)
		}
	}
}

func (r rig[T]) add(t fataler, tx *Tx, o Owner, identity string, v T, at pronote.DateTime) int64 {
	t.Helper()
	id, err := r.Add(t.Context(), tx, o, identity, v, at)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// ids lists the items of the current rows.
func (r rig[T]) ids(t fataler, tx *Tx, o Owner, span Span) (ids []int64) {
	t.Helper()
	rows, err := r.Load(t.Context(), tx, o.Student, span)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		ids = append(ids, row.ID)
	}
	return ids
}

// draw makes any value that the table may be asked to store.
func (r rig[T]) draw(rt *rapid.T) (v T) {
	if r.Parent != "" {
		*r.ParentOf(&v) = theWhole
	}
	for i, field := range r.Fields(&v) {
		drawField(rt, r.Name, r.Columns[i], field)
	}
	return v
}

// redraw draws some of the fields anew.
func (r rig[T]) redraw(rt *rapid.T, v *T) {
	for i, field := range r.Fields(v) {
		if rapid.IntRange(0, 3).Draw(rt, "redraw") == 0 {
			drawField(rt, r.Name, r.Columns[i], field)
		}
	}
}

func drawField(rt *rapid.T, table, column string, field any) {
	switch p := field.(type) {
	case *string:
		*p = texts.Draw(rt, column)
	case *text:
		*p = text(texts.Draw(rt, column))
	case *bool:
		*p = rapid.Bool().Draw(rt, column)
	case *lines:
		*p = nil
		for range rapid.IntRange(0, 3).Draw(rt, column) {
			*p = append(*p, rapid.SampledFrom([]string{"Oui", "Oui, mais plus tard", "Non"}).Draw(rt, column))
		}
	case *names:
		*p = nil
		for range rapid.IntRange(0, 3).Draw(rt, column) {
			*p = append(*p, rapid.SampledFrom([]string{"Mme A", "M. B", "B204"}).Draw(rt, column))
		}
	case *int:
		*p = rapid.SampledFrom([]int{0, 1, 45, -1, math.MaxInt32}).Draw(rt, column)
	case *int64:
		*p = rapid.SampledFrom([]int64{0, 1, 45, -210, math.MaxInt32}).Draw(rt, column)
		if column == "number" { // which counts from 1
			*p = max(*p, 1)
		}
	case *count:
		*p = count(rapid.SampledFrom([]int{0, 1, 45, -1, math.MaxInt32}).Draw(rt, column))
	case number:
		*p.Number = numbers.Draw(rt, column)
	case *day:
		*p = day(days.Draw(rt, column))
		if (column == "due_on" || column == "date") && pronote.Date(*p).IsZero() { // never without
			*p = day(at(0).Date)
		}
	case *instant:
		*p = instant(instants.Draw(rt, column))
		if column == "starts_at" && pronote.DateTime(*p).IsZero() { // never without
			*p = instant(at(0))
		}
	case opened:
		if column == "content" { // the HTML goes with it
			p.info.Opened = rapid.Bool().Draw(rt, "opened")
		}
		if !p.info.Opened {
			p.info.Content, p.info.HTML = "", ""
		} else {
			*p.text = texts.Draw(rt, column)
		}
	default:
		rt.Fatalf("column %s.%s: nothing to draw for %T", table, column, field)
	}
}

var (
	texts = rapid.OneOf(
		rapid.SampledFrom([]string{
			"", "Fractions", "fractions", "É", "E\u0301", "😀", "\x00", "a\x00b", "a\x00", "'", `"`, "%", "-", "|", "1:a|", "0", "NULL", " ", "\r\n", "\ufeff",
			"2025-2026", "Trimestre 1", strings.Repeat("long ", 2000),
		}),
		rapid.String(),
	)
	numbers = rapid.OneOf(
		rapid.SampledFrom([]pronote.Number{
			{}, pronote.Num(0), pronote.Num(math.Copysign(0, -1)), pronote.Num(15.5), pronote.Num(-3), pronote.Num(0.1 + 0.2), pronote.Num(1e-300),
			pronote.Num(-5e-324), pronote.Num(math.MaxFloat64), pronote.Num(1 << 53), pronote.Num(1<<63 + 1<<20), pronote.Num(20),
		}),
		rapid.Map(rapid.Float64Range(-math.MaxFloat64, math.MaxFloat64), pronote.Num),
	)
	days     = rapid.Map(rapid.IntRange(-1, 3000), func(n int) pronote.Date { return instantOf(n, 0).Date })
	instants = rapid.Custom(func(rt *rapid.T) pronote.DateTime {
		return instantOf(rapid.IntRange(-1, 3000).Draw(rt, "day"), rapid.IntRange(0, 86399).Draw(rt, "second"))
	})
)

// instantOf is zero for a negative number of days.
func instantOf(days, seconds int) pronote.DateTime {
	if days < 0 {
		return pronote.DateTime{}
	}
	return at((days-1000)*86400 + seconds)
}
