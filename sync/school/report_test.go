package school

import (
	"errors"
	"slices"
	"strings"
	"testing"

	psync "github.com/pronote-sync/pronote-sync/sync"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// resultOf is what a poll came to for one domain.
func resultOf(t *testing.T, r psync.Result, domain string) psync.DomainResult {
	t.Helper()
	i := slices.IndexFunc(r.Domains, func(d psync.DomainResult) bool { return d.Domain == domain })
	if i < 0 {
		t.Fatalf("%s was not polled", domain)
	}
	return r.Domains[i]
}

func TestAReportIsToldWhenItIsPublished(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		pupil := w.school.Pupil()
		if got := resultOf(t, w.poll(), "reports"); got.Err != nil || got.Unavailable || got.Seen != 0 {
			t.Errorf("before it is published: %+v, want nothing and no error", got)
		}
		id := w.school.Do(world.Add(world.Report{
			Period:        "Trimestre 1",
			Comments:      map[string][]string{pupil: {"Appréciation globale : Bon trimestre."}},
			Appreciations: map[string]map[string]string{pupil: {"MATHEMATIQUES": "Sérieuse."}},
		}))[0].ID
		w.wantTold("it is published", "report.new")
		if rows := w.rows(db.ReportsView); len(rows) != 1 || rows[0]["comments"] != "Appréciation globale : Bon trimestre." {
			t.Errorf("the mirror has %v", rows)
		}
		w.server.Rotate()
		w.wantTold("the same under other identifiers")
		w.school.Do(world.Amend(id, func(r *world.Report) { r.Appreciations[pupil]["FRANCAIS"] = "Lit beaucoup." }))
		w.wantTold("a teacher was late", "report.changed")
		w.school.Do(world.Amend(id, func(r *world.Report) { r.Hidden = true }))
		w.wantTold("it is withdrawn")
		w.wantTold("it is still withdrawn")
		if rows := w.rows(db.ReportsView); len(rows) != 0 {
			t.Errorf("the mirror still has %v", rows)
		}
	})
}

// An answer without subjects and without a reason is no report that was
// withdrawn.
func TestAReportWithoutSubjectsIsUnreadable(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.school.Do(world.Add(world.Report{Period: "Trimestre 1"}))
		w.told()
		for range 2 {
			w.server.Inject(pronotetest.Fault{Kind: "absent", Function: "PageBulletins"})
			if got := resultOf(t, w.poll(), "reports"); !errors.Is(got.Err, pronote.ErrUnreadable) {
				t.Errorf("%+v, want ErrUnreadable", got)
			}
		}
		if rows := w.rows(db.ReportsView); len(rows) != 1 {
			t.Errorf("the mirror has %d reports, want the one of before", len(rows))
		}
	})
}

// A report card of a term that is over, of which PRONOTE answered nothing, was taken
// for one that is not published, for good and without a word.
func TestABlankReportOfATermThatIsOverIsADoubt(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		blank := pronotetest.Fault{Kind: "blank", Function: "PageBulletins"}
		w.at(pronote.DateTime{Date: w.school.Periods()[0].Ends.AddDays(-1), Hour: 18})
		w.server.Inject(blank)
		if got := resultOf(t, w.poll(), "reports"); got.Err != nil || got.Doubt != "" {
			t.Errorf("before the end of the term: %+v, want no doubt", got)
		}
		w.school.Do(world.Add(world.Report{Period: "Trimestre 1"}))
		w.wantTold("it is published", "report.new")

		w.at(pronote.DateTime{Date: w.school.Periods()[0].Ends.AddDays(2), Hour: 18})
		for range 3 {
			w.server.Inject(blank, blank) // of either term that has begun
			if got := resultOf(t, w.poll(), "reports"); got.Err != nil || !strings.Contains(got.Doubt, "Trimestre 1") {
				t.Errorf("after the end of the term: %+v, want a doubt", got)
			}
			if _, err := w.engine.Poll(t.Context(), "famille", "marks"); err != nil {
				t.Fatal(err)
			}
			if got := w.engine.Status()[0].LastError; !strings.HasPrefix(got, "reports: ") || !strings.Contains(got, "Trimestre 1") {
				t.Errorf("the status says %q", got)
			}
			w.at(pronote.DateTime{Date: w.school.Now().Date.AddDays(1), Hour: 18})
		}
		if rows := w.rows(db.ReportsView); len(rows) != 1 {
			t.Errorf("the mirror has %d reports, want the one of before", len(rows))
		}
		w.wantTold("the answer is whole again")
		if got := w.engine.Status()[0].LastError; got != "" {
			t.Errorf("the status still says %q", got)
		}
	})
}
