package school

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// asked lists what was asked for since a request, with what says for which days.
func (w *testbed) asked(since int) (list []string) {
	w.t.Helper()
	for _, r := range w.server.Requests()[since:] {
		var data struct {
			Domaine struct{ V string }
			Date    struct{ V string }
			Periode struct{ L string }

			DateDebut, DateFin struct{ V string }
		}
		if err := json.Unmarshal(r.Data, &data); err != nil {
			w.t.Fatalf("%s: %s", r.Function, r.Data)
		}
		day := func(text string) string { d, _, _ := strings.Cut(text, " "); return d }
		switch r.Function {
		case "PageEmploiDuTemps":
			list = append(list, "lessons "+day(data.DateDebut.V)+" "+day(data.DateFin.V))
		case "PageCahierDeTexte":
			list = append(list, map[int]string{88: "homework ", 89: "contents "}[r.Tab]+data.Domaine.V)
		case "PageMenus":
			list = append(list, "menus "+day(data.Date.V))
		case "DernieresNotes":
			list = append(list, "marks "+data.Periode.L)
		}
	}
	slices.Sort(list)
	return list
}

func TestSpansSayHowMuchIsRead(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.account.Spans = Spans{Homework: 3, Lessons: 1, Contents: 4, Menus: 3, Agenda: 1, Past: 7, Rest: 10}
		w.restart()
		everyDay := []string{"contents [12..15]", "homework [12..44]", "lessons 08/12/2025 14/12/2025", "marks Trimestre 2", "menus 08/12/2025", "menus 15/12/2025", "menus 22/12/2025"}
		rest := []string{"contents [1..15]", "homework [1..44]", "lessons 01/09/2025 07/12/2025", "lessons 08/12/2025 14/12/2025", "lessons 15/12/2025 03/07/2026", "marks Hors période", "marks Trimestre 1"}
		for _, tt := range []struct {
			day  int // of December
			want []string
		}{
			{8, append(slices.Clone(everyDay[3:]), rest...)}, // a new process knows not what the one before has read
			{12, everyDay},
			{14, everyDay},
			{16, []string{"contents [13..16]", "homework [1..44]", "lessons 15/12/2025 21/12/2025", "marks Hors période", "marks Trimestre 1", "marks Trimestre 2", "menus 15/12/2025", "menus 22/12/2025", "menus 29/12/2025"}},
			{18, []string{"contents [1..16]", "homework [13..44]", "lessons 01/09/2025 14/12/2025", "lessons 15/12/2025 21/12/2025", "lessons 22/12/2025 03/07/2026", "marks Trimestre 2", "menus 15/12/2025", "menus 22/12/2025", "menus 29/12/2025"}},
		} {
			w.at(pronote.DateTime{Date: pronote.Date{Year: 2025, Month: time.December, Day: tt.day}, Hour: 17})
			before := len(w.server.Requests())
			w.poll()
			slices.Sort(tt.want)
			if diff := cmp.Diff(tt.want, w.asked(before)); diff != "" {
				t.Errorf("%d December (-want +got):\n%s", tt.day, diff)
			}
		}
	})
}
