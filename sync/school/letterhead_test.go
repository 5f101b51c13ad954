package school

import (
	"strings"
	"testing"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

// A mail once said 2025-11-20 where people say Jeudi 20 novembre 2025, and not in which
// language it was.
func TestAMessageSaysItsDayAndItsSchoolInFull(t *testing.T) {
	t.Parallel()
	w := newTestbed(t, 1, pronote.KindStudent, pronotetest.Options{})
	w.poll()
	w.deliver()
	w.inbox.take()
	w.tell(tellings()["mark.new"])
	w.deliver()
	told := w.inbox.take()
	if len(told) != 1 {
		t.Fatalf("%d messages", len(told))
	}
	m := told[0]
	year := strings.Count(m.Day, "\u00a020")
	if m.Language != "fr" || m.School == "" || year != 1 || strings.Contains(m.Day, "-") || m.Thread == "" || !strings.HasPrefix(m.Link, "http") {
		t.Errorf("%+v", m)
	}
}
