package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
)

func TestTimetableShowsWhatTakesPlace(t *testing.T) {
	t.Parallel()
	lesson := func(student string, day, from, to int, l pronote.Lesson) db.Item[pronote.Lesson] {
		l.Starts = pronote.DateTime{Date: pronote.Date{Year: 2025, Month: time.November, Day: day}, Hour: from}
		if to != 0 {
			l.Ends = pronote.DateTime{Date: l.Starts.Date, Hour: to, Minute: 30}
			l.Teachers, l.Rooms = []string{"Mme A", "M. C"}, []string{"B1"}
		}
		return db.Item[pronote.Lesson]{Account: "famille", Student: student, Value: l}
	}
	var out strings.Builder
	w := writer{Writer: &out, language: "en", today: pronote.Date{Year: 2025, Month: time.November, Day: 17}}
	err := w.timetable([]db.Item[pronote.Lesson]{
		lesson("Noé", 17, 8, 9, pronote.Lesson{Subject: "MATHS"}),
		lesson("Léa", 17, 8, 9, pronote.Lesson{Subject: "MATHS", Cancelled: true, Replaced: true}),
		lesson("Léa", 17, 8, 9, pronote.Lesson{Subject: "LATIN", Status: "Remplacement", Test: true, TestKind: "Devoir sur table"}),
		lesson("Léa", 17, 10, 11, pronote.Lesson{Subject: "SPORT", Cancelled: true, Status: "Prof. absent"}),
		lesson("Léa", 18, 17, 0, pronote.Lesson{Title: "Retenue\x1b[2J", Detention: true}),
	}, true)
	const want = `Léa · Mon 17 Nov
08:00-09:30  LATIN        Mme A, M. C  B1  test, Remplacement, Devoir sur table
10:00-11:30  SPORT        Mme A, M. C  B1  cancelled, Prof. absent

Léa · Tue 18 Nov
17:00-       Retenue [2J                   detention

Noé · Mon 17 Nov
08:00-09:30  MATHS        Mme A, M. C  B1
`
	if diff := cmp.Diff(want, out.String()); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}
