package sync

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

// TestSchoolYear lives through whole school years: every school day, several
// polls a day, identifiers rotated at each login, faults at random. After each
// poll the mirror must equal what the school showed, and the events must be
// those of the school's real edits: none false, none missed.
//
// What is expected is worked out from the school's own object numbers, which no
// client ever sees.
func TestSchoolYear(t *testing.T) {
	t.Parallel()
	oldNews, err := pronotetest.ProfileOf("2026.1.3")
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(5) {
		kind, options := pronote.KindStudent, pronotetest.Options{Profile: oldNews, Encrypt: seed == 1, Compress: seed == 1}
		if seed%2 == 1 {
			kind = pronote.KindParent
		}
		if seed >= 3 {
			options.Profile = pronotetest.Newest()
		}
		t.Run(fmt.Sprintf("seed=%d/%s/%s", seed, kind, options.Profile.Version), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				y := &year{world: newWorld(t, seed, kind, options), rand: rand.New(rand.NewPCG(seed, 2)), known: map[string]*model{}, kind: kind, newsDetails: options.Profile.NewsDetails}
				y.live()
			})
		})
	}
}

// A year is a world with a model of what the mirror must hold.
type year struct {
	*world
	rand        *rand.Rand
	kind        pronote.Kind
	newsDetails bool              // contents are not in the list of infos
	known       map[string]*model // by table and student
	lastSeen    int64             // last event compared

	polls, faulty, faults, events, falseEvents, missedEvents, doubts, logins int
}

// A model is what the mirror must hold of one table for one owner: rows by the
// school's own number.
type model struct {
	rows   map[int]entry
	places map[string]bool // spans looked at
}

type entry struct {
	place string
	json  string // of the row, as the mirror stores it
	due   pronote.Date
}

func (y *year) live() {
	last := y.school.Starts().AddDays(yearDays)
	for day := y.school.Starts(); day.Compare(y.school.Ends()) <= 0 && day.Compare(last) <= 0; day = day.AddDays(1) {
		if !openDay(y.school, day) {
			continue
		}
		for _, clock := range [][2]int{{7, 30}, {12, 15}, {17, 45}, {21, 30}} {
			y.at(pronote.DateTime{Date: day, Hour: clock[0], Minute: clock[1]})
			if y.rand.IntN(10) < 4 {
				y.server.Rotate()
			}
			if y.rand.IntN(10) == 0 {
				y.restart()
			}
			if y.rand.IntN(10) < 3 {
				y.pollWithFault()
			}
			y.pollCleanly()
		}
	}
	y.logins = countLogins(y.server)
	y.t.Logf("%d polls without and %d with one of %d faults, %d doubts, %d logins: %d events, %d false, %d missed",
		y.polls, y.faulty, y.faults, y.doubts, y.logins, y.events, y.falseEvents, y.missedEvents)
	if y.falseEvents+y.missedEvents > 0 || y.events < 100 {
		y.t.Errorf("%d false and %d missed events of %d", y.falseEvents, y.missedEvents, y.events)
	}
}

func openDay(school *pronotetest.School, day pronote.Date) bool {
	for _, h := range school.Holidays() {
		if day.Compare(h.Starts) >= 0 && day.Compare(h.Ends) <= 0 {
			return false
		}
	}
	return day.Weekday() != 0 && day.Weekday() != 6
}

func countLogins(server *pronotetest.Server) int {
	n := 0
	for _, r := range server.Requests() {
		if r.Function == "ParametresUtilisateur" {
			n++
		}
	}
	return n
}

// pollWithFault lets something go wrong. A list of which half is missing must
// change nothing; any other fault may only keep domains from being read.
func (y *year) pollWithFault() {
	kinds := []string{"reset", "stall", "500", "503", "429", "busy", "html", "expired", "lost", "truncated", "garbage", "huge", "absent", "error", "half"}
	functions := []string{"", "page", "DernieresNotes", "PageCahierDeTexte", "PageActualites"}
	fault := pronotetest.Fault{Kind: kinds[y.rand.IntN(len(kinds))], Function: functions[y.rand.IntN(len(functions))]}
	if fault.Kind == "half" {
		y.pollCleanly() // the truth must be known, for half of it to be recognised
	}
	y.server.Inject(fault)
	result, err := y.engine.Poll(y.t.Context(), "famille")
	y.faulty++
	y.faults++
	y.server.ClearFaults()
	if fault.Kind == "half" {
		if got := y.newEvents(); len(got) > 0 {
			y.falseEvents += len(got)
			y.t.Errorf("half a list made events: %v", got)
		}
		return
	}
	stored := result.testOnlyStored
	if result.Doubted { // as the daemon does: look again soon
		again, _ := y.engine.Poll(y.t.Context(), "famille")
		stored = append(stored, again.testOnlyStored...)
		y.doubts++
	}
	y.compareEvents(stored, fmt.Sprintf("after fault %v (%v)", fault, err))
}

func (y *year) pollCleanly() {
	result := y.poll()
	stored := result.testOnlyStored
	for range 2 {
		if !result.Doubted {
			break
		}
		y.doubts++
		result = y.poll()
		stored = append(stored, result.testOnlyStored...)
	}
	y.polls++
	y.compareEvents(stored, "after a clean poll")
	y.compareMirror()
}

// compareEvents works out what should have been told of the lists that were
// stored, and compares it with what was.
func (y *year) compareEvents(stored []snapshot, when string) {
	var want []string
	for _, s := range stored {
		want = append(want, y.expect(s)...)
	}
	got := y.newEvents()
	y.events += len(want)
	sort.Strings(want)
	sort.Strings(got)
	if !slices.Equal(want, got) {
		missed, invented := difference(want, got), difference(got, want)
		y.missedEvents += len(missed)
		y.falseEvents += len(invented)
		y.t.Errorf("%s, %s:\nmissed %s\nfalse %s", y.school.Now(), when, strings.Join(missed, "\n       "), strings.Join(invented, "\n      "))
	}
}

// difference is what a has and b has not, counted.
func difference(a, b []string) []string {
	left := slices.Clone(b)
	var only []string
	for _, s := range a {
		if i := slices.Index(left, s); i >= 0 {
			left = slices.Delete(left, i, i+1)
		} else {
			only = append(only, s)
		}
	}
	return only
}

// expect brings the model to the truth for one list, and returns the events
// that this must have made.
func (y *year) expect(s snapshot) []string {
	today := y.school.Now().Date
	switch s := s.(type) {
	case markSnapshot:
		truth := y.school.Truth(y.kind, s.marks.owner.StudentName)
		events := follow(y, db.Marks, s.marks.owner, s.marks.span, truth.Marks, func(m pronote.Mark) entry {
			return entry{place: m.Year + " " + m.Period}
		}, func(kind Kind, what []string, _, _ entry) string {
			switch {
			case kind == Added:
				return "mark.new"
			case kind == Removed:
				return "mark.removed"
			case intersects(what, "value_text", "out_of", "coefficient", "given_on", "title", "subject", "comment", "bonus", "optional"):
				return "mark.changed"
			}
			return ""
		})
		return append(events, follow(y, db.Averages, s.averages.owner, s.averages.span, truth.Averages, func(a pronote.Average) entry {
			return entry{place: a.Year + " " + a.Period}
		}, func(kind Kind, what []string, _, now entry) string {
			if kind != Removed && (kind == Added || intersects(what, "student_average")) && !strings.Contains(now.json, `"student_average":null`) {
				return "average.changed"
			}
			return ""
		})...)
	case homeworkSnapshot:
		truth := y.school.Truth(y.kind, s.owner.StudentName)
		return follow(y, db.Homework, s.owner, s.span, truth.Homework, func(h pronote.Homework) entry {
			return entry{place: h.DueOn.String(), due: h.DueOn}
		}, func(kind Kind, what []string, before, now entry) string {
			ahead := func(e entry) bool { return e.due.Compare(today) >= 0 }
			switch {
			case kind == Added && ahead(now):
				return "homework.new"
			case kind == Removed && ahead(before):
				return "homework.removed"
			case kind == Changed && (ahead(before) || ahead(now)) && intersects(what, "description", "due_on", "subject", "return_kind"):
				return "homework.changed"
			}
			return ""
		})
	case infoSnapshot:
		return follow(y, db.Infos, s.owner, s.span, y.infosOf(s.owner), func(pronote.Info) entry { return entry{} },
			func(kind Kind, what []string, _, now entry) string {
				switch {
				case kind == Added && strings.Contains(now.json, `"survey":1`):
					return "survey.new"
				case kind == Added:
					return "info.new"
				case kind == Changed && intersects(what, "title", "content"):
					return "info.changed"
				}
				return ""
			})
	}
	y.t.Fatalf("unknown snapshot %T", s)
	return nil
}

// infosOf are the infos that belong to an owner: a child's own, or the rest.
func (y *year) infosOf(owner db.Owner) []pronotetest.Row[pronote.Info] {
	pupil := owner.StudentName
	family := pupil == "famille"
	if family {
		pupil = y.school.Children()[0]
	}
	var rows []pronotetest.Row[pronote.Info]
	for _, row := range y.school.Truth(y.kind, pupil).Infos {
		own := row.Value.Recipient == pupil
		sibling := slices.Contains(y.school.Children(), row.Value.Recipient) && !own
		if y.kind == pronote.KindParent && (family && (own || sibling) || !family && !own) {
			continue
		}
		if y.newsDetails { // the content is not in the list
			row.Value.Opened, row.Value.Content, row.Value.HTML = false, "", ""
		}
		rows = append(rows, row)
	}
	return rows
}

func intersects(what []string, columns ...string) bool {
	return slices.ContainsFunc(what, func(c string) bool { return slices.Contains(columns, c) })
}

// follow moves the model of one table to the truth, within a span.
func follow[T any](y *year, table db.Table[T], owner db.Owner, span db.Span, truth []pronotetest.Row[T],
	describe func(T) entry, event func(kind Kind, what []string, before, now entry) string,
) []string {
	key := table.Name + " " + owner.StudentName
	m := y.known[key]
	if m == nil {
		m = &model{rows: map[int]entry{}, places: map[string]bool{}}
		y.known[key] = m
	}
	within := func(place string) bool { return span == (db.Span{}) || span.Low <= place && place <= span.High }
	covered := func(place string) bool {
		if table.Place == "due_on" || table.Place == "" {
			return len(m.places) > 0
		}
		return m.places[place]
	}
	var events []string
	note := func(kind Kind, what []string, before, now entry, shown string) {
		if name := event(kind, what, before, now); name != "" && (kind != Added || covered(now.place)) {
			events = append(events, name+" "+shown)
		}
	}
	seen := map[int]bool{}
	for _, row := range truth {
		now := describe(row.Value)
		now.json = string(table.JSON(row.Value))
		if !within(now.place) {
			continue
		}
		seen[row.ID] = true
		before, had := m.rows[row.ID]
		switch {
		case !had:
			note(Added, nil, before, now, now.json)
		case before.json != now.json:
			note(Changed, columnsThatDiffer(y, before.json, now.json), before, now, now.json)
		}
		m.rows[row.ID] = now
	}
	for id, before := range m.rows {
		if within(before.place) && !seen[id] {
			note(Removed, nil, before, entry{}, before.json)
			delete(m.rows, id)
		}
	}
	m.places[span.Low] = true
	return events
}

func columnsThatDiffer(y *year, a, b string) []string {
	var before, after map[string]any
	if json.Unmarshal([]byte(a), &before) != nil || json.Unmarshal([]byte(b), &after) != nil {
		y.t.Fatal("rows are not JSON")
	}
	var columns []string
	for column, value := range after {
		if before[column] != value {
			columns = append(columns, column)
		}
	}
	return columns
}

// newEvents are the events made since the last call, without those about the
// account.
func (y *year) newEvents() []string {
	var events []string
	err := y.store.View(y.t.Context(), func(tx *db.Tx) error {
		list, last, err := tx.EventsAfter(y.t.Context(), y.lastSeen)
		y.lastSeen = last
		for _, e := range list {
			var data struct {
				Now json.RawMessage `json:"now"`
			}
			if err := json.Unmarshal(e.Data, &data); err != nil {
				return err
			}
			if !strings.HasPrefix(e.Kind, "system.") {
				events = append(events, e.Kind+" "+withoutContent(e.Kind, string(data.Now), y))
			}
		}
		return err
	})
	if err != nil {
		y.t.Fatal(err)
	}
	return events
}

// withoutContent blanks the text of an info where the list does not have it.
func withoutContent(kind, row string, y *year) string {
	if !y.newsDetails || !strings.HasPrefix(kind, "info.") && !strings.HasPrefix(kind, "survey.") {
		return row
	}
	var values map[string]any
	if err := json.Unmarshal([]byte(row), &values); err != nil {
		y.t.Fatal(err)
	}
	values["content"], values["content_html"] = nil, nil
	text, err := json.Marshal(values)
	if err != nil {
		y.t.Fatal(err)
	}
	return string(text)
}

// compareMirror compares every table with the model.
func (y *year) compareMirror() {
	owners := map[string]db.Owner{}
	for _, w := range y.engine.watchers {
		for _, s := range append([]db.Student{w.holder}, w.students...) {
			owners[s.Name] = w.owner(s)
		}
	}
	for key, m := range y.known {
		table, name, _ := strings.Cut(key, " ")
		var got, want []string
		err := y.store.View(y.t.Context(), func(tx *db.Tx) (err error) {
			switch table {
			case "marks":
				got, err = mirrored(y, tx, db.Marks, owners[name])
			case "averages":
				got, err = mirrored(y, tx, db.Averages, owners[name])
			case "homework":
				got, err = mirrored(y, tx, db.Homework, owners[name])
			case "infos":
				got, err = mirrored(y, tx, db.Infos, owners[name])
			}
			return err
		})
		if err != nil {
			y.t.Fatal(err)
		}
		for _, e := range m.rows {
			want = append(want, e.json)
		}
		for i := range got {
			if table == "infos" {
				got[i] = withoutContent("info.", got[i], y)
			}
		}
		sort.Strings(got)
		sort.Strings(want)
		if !slices.Equal(want, got) {
			y.t.Fatalf("%s: %s of %s is not what the school shows (-want +got):\n%s", y.school.Now(), table, name, cmp.Diff(want, got))
		}
	}
}

func mirrored[T any](y *year, tx *db.Tx, table db.Table[T], owner db.Owner) ([]string, error) {
	rows, err := table.Load(y.t.Context(), tx, owner.Student, db.Span{})
	var list []string
	for _, row := range rows {
		list = append(list, string(table.JSON(row.Value)))
	}
	return list, err
}
