package school

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

// askedFor counts the requests of a function.
func (w *testbed) askedFor(function string) (n int) {
	for _, r := range w.server.Requests() {
		if r.Function == function {
			n++
		}
	}
	return n
}

// Domains that the plan leaves out were asked for at each start and at each reload.
func TestWhatIsNeverPolledIsNotPolledAtAStart(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := newTestbed(t, 1, pronote.KindStudent, pronotetest.Options{})
		delete(w.config.Plan.Domains, marks.Name)
		w.school.AdvanceTo(november)
		w.at(november)
		w.restart()
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- w.engine.Run(ctx) }()
		synctest.Wait()
		stop()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		w.poll()
		w.deliver()
		if n := w.askedFor("DernieresNotes"); n > 0 {
			t.Errorf("marks are asked for %d times", n)
		}
		if n := w.askedFor("PageCahierDeTexte"); n == 0 {
			t.Error("homework is not asked for")
		}
		if got := w.inbox.take(); len(got) != 1 || gist(got[0]) != "system.mirrored" {
			t.Errorf("the first mirror of all that is planned sent %v", got)
		}
		if _, err := w.engine.Poll(t.Context(), "famille", marks.Name); err != nil || w.askedFor("DernieresNotes") == 0 {
			t.Errorf("marks are not asked for by name: %v", err)
		}
	})
}

func TestAnUnknownDomainIsRefusedBeforeALogin(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := newTestbed(t, 1, pronote.KindStudent, pronotetest.Options{})
		_, err := w.engine.Poll(t.Context(), "famille", "marks", "grades")
		if err == nil || !strings.Contains(err.Error(), `"grades"`) {
			t.Errorf("a poll of grades ends with %v", err)
		}
		if n := len(w.server.Requests()); n > 0 {
			t.Errorf("%d requests were made", n)
		}
	})
}
