package db

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pronote-sync/pronote-sync/pronote"
)

func TestListSchoolLife(t *testing.T) {
	t.Parallel()
	newStore(t).try(t, func(tx *Tx) {
		ctx, o := t.Context(), tx.owner(t, "lea", "MARTIN Léa")
		_, err := Absences.Add(ctx, tx, o, "a", pronote.Absence{StartsAt: at(0), EndsAt: at(3600), Hours: pronote.Num(1)}, at(0))
		must(t, err)
		_, err = Delays.Add(ctx, tx, o, "d", pronote.Delay{StartsAt: at(7200), Minutes: 12}, at(0))
		must(t, err)
		served, err := Punishments.Add(ctx, tx, o, "p", pronote.Punishment{Kind: "detention", GivenOn: at(0).Date}, at(0))
		must(t, err)
		_, err = Punishments.Add(ctx, tx, o, "q", pronote.Punishment{Kind: "homework", GivenOn: at(0).AddDays(-1)}, at(0))
		must(t, err)
		for i, d := range []pronote.Detention{{HeldOn: at(0).AddDays(9)}, {HeldOn: at(0).AddDays(2), StartsAt: at(2*86400 + 5*3600)}} {
			_, err := Detentions.Add(ctx, tx, o, fmt.Sprint(i), Part[pronote.Detention]{Of: served, Value: d}, at(0))
			must(t, err)
		}
		show := func(v View, columns ...string) (lines []string) {
			records, err := tx.List(ctx, v, Filter{Account: "lea"})
			must(t, err)
			for _, r := range records {
				line := ""
				for _, c := range columns {
					line += fmt.Sprint(r[c]) + "|"
				}
				lines = append(lines, line)
			}
			return lines
		}
		want := []string{"delay|2025-11-17 10:00:00|<nil>|12|<nil>|", "absence|2025-11-17 08:00:00|2025-11-17 09:00:00|<nil>|1|"}
		if diff := cmp.Diff(want, show(AbsencesView, "kind", "starts_at", "ends_at", "minutes", "hours")); diff != "" {
			t.Errorf("absences (-want +got):\n%s", diff)
		}
		want = []string{"detention|2025-11-19 13:00:00, 2025-11-26|", "homework|<nil>|"}
		if diff := cmp.Diff(want, show(PunishmentsView, "kind", "detentions")); diff != "" {
			t.Errorf("punishments (-want +got):\n%s", diff)
		}
	})
}
