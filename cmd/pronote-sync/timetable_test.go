package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pronote-sync/pronote-sync/db"
)

func TestTimetableShowsWhatTakesPlace(t *testing.T) {
	t.Parallel()
	lesson := func(student, starts, ends, subject string, more db.Record) db.Record {
		l := db.Record{"account": "famille", "student": student, "starts_at": starts, "ends_at": ends, "subject": subject, "teachers": "Mme A", "rooms": "B1", "status": ""}
		for column, value := range more {
			l[column] = value
		}
		return l
	}
	var out strings.Builder
	err := printTimetable(&out, []db.Record{
		lesson("Noé", "2025-11-17 08:00:00", "2025-11-17 09:00:00", "MATHS", nil),
		lesson("Léa", "2025-11-17 08:00:00", "2025-11-17 09:00:00", "MATHS", db.Record{"cancelled": int64(1), "replaced": int64(1)}),
		lesson("Léa", "2025-11-17 08:00:00", "2025-11-17 09:30:00", "LATIN", db.Record{"status": "Remplacement", "test": int64(1), "test_kind": "Devoir sur table"}),
		lesson("Léa", "2025-11-17 10:00:00", "2025-11-17 11:00:00", "SPORT", db.Record{"cancelled": int64(1), "status": "Prof. absent"}),
		{"account": "famille", "student": "Léa", "starts_at": "2025-11-18 17:00:00", "ends_at": nil, "subject": "", "title": "Retenue", "detention": int64(1)},
	})
	const want = `Léa · Monday 2025-11-17
08:00-09:30  LATIN  Mme A  B1  test, Remplacement, Devoir sur table
10:00-11:00  SPORT  Mme A  B1  cancelled, Prof. absent

Léa · Tuesday 2025-11-18
17:00-  Retenue      detention

Noé · Monday 2025-11-17
08:00-09:00  MATHS  Mme A  B1  
`
	if diff := cmp.Diff(want, out.String()); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}
