package school

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
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
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// The long proofs take minutes of two processors: a plain run sees the first days
// of the year of a pupil and of a family.
var whole = flag.Bool("year", false, "let TestSchoolYear live through five whole school years, and TestRunKeepsToThePlan through whole weeks")

// firstDays are those of a plain run.
func firstDays() int {
	if raced {
		return 3
	}
	return 10
}

// TestSchoolYear lives through whole school years: every school day, several
// polls a day, identifiers rotated at each login, faults at random. After each
// poll the mirror must equal what the school showed, and the events must be
// those of the school's real edits: none false, none missed.
//
// The expected events are worked out from the school's own object numbers, which
// no client ever sees. One of the parents has a child in another class.
func TestSchoolYear(t *testing.T) {
	t.Parallel()
	oldNews, err := pronotetest.ProfileOf("2026.1.3")
	if err != nil {
		t.Fatal(err)
	}
	seeds := []uint64{2, 3}
	switch {
	case *whole:
		seeds = []uint64{0, 1, 2, 3, 4}
	case raced:
		seeds = seeds[1:]
	}
	for _, seed := range seeds {
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
				school := world.NewSchool(seed, 2025)
				if seed == 3 {
					school = world.NewFamily(seed, 2025)
				}
				y := &year{testbed: testbedOf(t, school, seed, kind, options), rand: rand.New(rand.NewPCG(seed, 2)), oracle: newOracle(), known: map[string]*model{}, kind: kind, newsDetails: options.Profile.NewsDetails}
				y.live()
			})
		})
	}
}

// A year is a testbed with a model of what the mirror must hold.
type year struct {
	*testbed
	rand        *rand.Rand
	kind        pronote.Kind
	newsDetails bool                 // contents are not in the list of infos
	known       map[string]*model    // by table and student
	timetables  map[string]timetable // by student
	lastSeen    int64                // last event compared
	oracle      *oracle

	polls, faulty, faults, events, falseEvents, missedEvents, doubts, logins, messages, absurd int
}

// A model is what the mirror must hold of one table for one owner: rows by the
// school's own number.
type model struct {
	rows   map[int]entry
	gone   map[int]entry // that were there
	places []db.Span     // looked at
}

type entry struct {
	place string
	json  string // of the row, as the mirror stores it
	parts string // of what it consists of
	due   pronote.Date
	part  int // number of the row that it is part of

	told    bool // that it was new
	absence pronote.Absence
	judged  bool // an evaluation in which a level was given
}

func (y *year) live() {
	last, least := y.school.Starts().AddDays(firstDays()), 2*firstDays()
	if *whole {
		last, least = y.school.Ends(), 100
	}
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
	y.t.Logf("%d polls without and %d with one of %d faults, %d doubts, %d logins: %d events, %d false, %d missed, %d messages, %d absurd",
		y.polls, y.faulty, y.faults, y.doubts, y.logins, y.events, y.falseEvents, y.missedEvents, y.messages, y.absurd)
	if y.falseEvents+y.missedEvents+y.absurd > 0 || y.events < least {
		y.t.Errorf("%d false and %d missed events of %d", y.falseEvents, y.missedEvents, y.events)
	}
}

func openDay(school *world.School, day pronote.Date) bool {
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
	functions := []string{"", "page"}
	for _, d := range yearDomains(y.t) {
		functions = append(functions, d.function)
	}
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
	stored := result.Stored
	if result.Doubted { // as the daemon does: look again soon
		again, _ := y.engine.Poll(y.t.Context(), "famille")
		stored = append(stored, again.Stored...)
		y.doubts++
	}
	y.compareEvents(stored, fmt.Sprintf("after fault %v (%v)", fault, err))
}

func (y *year) pollCleanly() {
	result := y.poll()
	stored := result.Stored
	for range 2 {
		if !result.Doubted {
			break
		}
		y.doubts++
		result = y.poll()
		stored = append(stored, result.Stored...)
	}
	y.polls++
	y.compareEvents(stored, "after a clean poll")
	y.readMessages()
	y.compareMirror()
}

// compareEvents works out what should have been told of the lists that were
// stored, and compares it with what was.
func (y *year) compareEvents(stored []mirror.Snapshot, when string) {
	var want []string
	for _, s := range stored {
		want = append(want, y.expect(s)...)
	}
	got := y.newEvents()
	y.events += len(want)
	sort.Strings(want)
	sort.Strings(got)
	want, got = slices.CompactFunc(want, sameStory), slices.CompactFunc(got, sameStory)
	if !slices.Equal(want, got) {
		missed, invented := difference(want, got), difference(got, want)
		y.missedEvents += len(missed)
		y.falseEvents += len(invented)
		y.t.Errorf("%s, %s:\nmissed %s\nfalse %s", y.school.Now(), when, strings.Join(missed, "\n       "), strings.Join(invented, "\n      "))
	}
}

// sameStory reports whether two events of one comparison are about the same
// punishment: a detention that is no more is told by the look that confirms it,
// and what else became of the punishment by the look before.
func sameStory(a, b string) bool { return a == b && strings.HasPrefix(a, "punishment.changed ") }

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

// A yearDomain is what TestSchoolYear must know of one kind of data.
type yearDomain struct {
	function string // that the server is asked for it, for faults

	// expect brings the model to the truth for a list that was stored, and
	// returns the events that this must have made. It is nil, false for a
	// snapshot of another domain.
	expect func(y *year, s mirror.Snapshot) (events []string, ours bool)

	// mirrored are the rows of an owner that the mirror has, by table.
	mirrored map[string]func(y *year, tx *db.Tx, owner db.Owner) ([]string, error)
}

// years has what each kind of data adds, in a file of its own.
var years = map[string]yearDomain{}

func inYears(domain string, d yearDomain) bool {
	years[domain] = d
	return true
}

// yearDomains are those of all kinds of data, in the order of a poll.
func yearDomains(t testing.TB) (list []yearDomain) {
	for _, name := range Domains().Names() {
		d, ok := years[name]
		if !ok {
			t.Fatalf("nobody knows what %s do in a year", name)
		}
		list = append(list, d)
	}
	return list
}

// expect is what a list that was stored must have made.
func (y *year) expect(s mirror.Snapshot) []string {
	for _, d := range yearDomains(y.t) {
		if events, ours := d.expect(y, s); ours {
			return events
		}
	}
	y.t.Fatalf("unknown snapshot %T", s)
	return nil
}

func intersects(what []string, columns ...string) bool {
	return slices.ContainsFunc(what, func(c string) bool { return slices.Contains(columns, c) })
}

// withdrawn are the tables of which people are told that a row was.
var withdrawn = []string{"marks", "homework", "evaluations", "absences", "delays", "punishments", "observations", "agenda"}

// follow moves the model of one table to the truth, within a span.
func follow[T any](y *year, table db.Table[T], owner db.Owner, span db.Span, truth []world.Row[T],
	describe func(T) entry, event func(kind mirror.Kind, what []string, before, now entry) string,
) []string {
	key := table.Name + " " + owner.StudentName
	m := y.known[key]
	if m == nil {
		m = &model{rows: map[int]entry{}, gone: map[int]entry{}}
		y.known[key] = m
	}
	within := func(place string) bool { return span == (db.Span{}) || span.Low <= place && place <= span.High }
	covered := func(place string) bool {
		for _, looked := range m.places {
			if looked.Low <= place && place <= looked.High {
				return true
			}
		}
		return false
	}
	var events []string
	note := func(kind mirror.Kind, what []string, before, now entry, shown string) {
		if name := event(kind, what, before, now); name != "" && (kind != mirror.Added || covered(now.place)) {
			events = append(events, name+" "+shown)
		}
	}
	seen, said := map[int]bool{}, map[string]int{}
	for _, row := range truth {
		if within(describe(row.Value).place) {
			said[string(table.JSON(row.Value))]++
		}
	}
	for _, row := range truth {
		now := describe(row.Value)
		if !within(now.place) {
			continue
		}
		now.json = string(table.JSON(row.Value))
		seen[row.ID] = true
		before, had := m.rows[row.ID]
		if was, back := m.gone[row.ID]; !had && back { // news to those who were told that it went
			if before, had = was, true; was.json == now.json && was.parts == now.parts && said[now.json] == 1 && slices.Contains(withdrawn, table.Name) {
				note(mirror.Added, nil, entry{}, now, now.json)
			}
		}
		delete(m.gone, row.ID)
		switch {
		case !had:
			note(mirror.Added, nil, before, now, now.json)
			now.told = covered(now.place)
		case before.json != now.json || before.parts != now.parts:
			note(mirror.Changed, columnsThatDiffer(y, before.json, now.json), before, now, now.json)
		}
		now.told = now.told || before.told
		m.rows[row.ID] = now
	}
	for id, before := range m.rows {
		if within(before.place) && !seen[id] {
			if said[before.json] == 0 {
				note(mirror.Removed, nil, before, entry{}, before.json)
			}
			m.gone[id] = before
			delete(m.rows, id)
		}
	}
	if !slices.Contains(m.places, span) {
		m.places = append(m.places, span)
	}
	return events
}

// followParts moves the model of a table of parts to the truth, within a span.
func followParts[T, P any](y *year, whole db.Table[T], owner db.Owner, span db.Span, truth []world.Row[T],
	place func(T) string, table db.Table[db.Part[P]], of func(T) []P,
) {
	key := table.Name + " " + owner.StudentName
	m := y.known[key]
	if m == nil {
		m = &model{rows: map[int]entry{}}
		y.known[key] = m
	}
	within := func(place string) bool { return span == (db.Span{}) || span.Low <= place && place <= span.High }
	maps.DeleteFunc(m.rows, func(_ int, e entry) bool { return within(e.place) })
	for _, row := range truth {
		if !within(place(row.Value)) {
			continue
		}
		for i, part := range of(row.Value) {
			text := partOf(whole.JSON(row.Value), table.JSON(db.Part[P]{Value: part}))
			m.rows[1000*row.ID+i] = entry{place: place(row.Value), json: text}
		}
	}
}

func partOf(whole, part json.RawMessage) string { return string(whole) + " has " + string(part) }

// mirroredParts reads a table of parts as JSON, beside what they are part of.
func mirroredParts[T, P any](whole db.Table[T], table db.Table[db.Part[P]]) func(y *year, tx *db.Tx, owner db.Owner) ([]string, error) {
	return func(y *year, tx *db.Tx, owner db.Owner) (list []string, err error) {
		wholes, err := whole.Load(y.t.Context(), tx, owner.Student, db.Span{})
		if err != nil {
			return nil, err
		}
		names := map[int64]json.RawMessage{}
		for _, row := range wholes {
			names[row.ID] = whole.JSON(row.Value)
		}
		rows, err := table.Load(y.t.Context(), tx, owner.Student, db.Span{})
		for _, row := range rows {
			list = append(list, partOf(names[row.Value.Of], table.JSON(row.Value)))
		}
		return list, err
	}
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
				y.read(e)
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

// compareMirror compares every table with the model.
func (y *year) compareMirror() {
	owners := y.owners()
	for key, m := range y.known {
		table, name, _ := strings.Cut(key, " ")
		if table == "lessons" && y.school.Now().Hour < 20 {
			continue // a thousand rows: once a day will do
		}
		var got, want []string
		err := y.store.View(y.t.Context(), func(tx *db.Tx) (err error) {
			for _, d := range yearDomains(y.t) {
				if read := d.mirrored[table]; read != nil {
					got, err = read(y, tx, owners[name].Owner)
				}
			}
			return err
		})
		if err != nil {
			y.t.Fatal(err)
		}
		for _, e := range m.rows {
			want = append(want, e.json)
		}
		sort.Strings(got)
		sort.Strings(want)
		if !slices.Equal(want, got) {
			y.t.Fatalf("%s: %s of %s is not what the school shows (-want +got):\n%s", y.school.Now(), table, name, cmp.Diff(want, got))
		}
	}
}

// mirrored reads a table as JSON.
func mirrored[T any](table db.Table[T]) func(y *year, tx *db.Tx, owner db.Owner) ([]string, error) {
	return func(y *year, tx *db.Tx, owner db.Owner) (list []string, err error) {
		rows, err := table.Load(y.t.Context(), tx, owner.Student, db.Span{})
		for _, row := range rows {
			list = append(list, string(table.JSON(row.Value)))
		}
		return list, err
	}
}
