package sync

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/db"
)

func TestASirenTellsOfACauseOnce(t *testing.T) {
	t.Parallel()
	s := newSiren(ofDatabase)
	full := fmt.Errorf("store marks: %w", db.ErrFull)
	now := time.Unix(1_763_000_000, 0)
	heard := func() (cause string) {
		select {
		case cause = <-s.heard:
		default:
		}
		return cause
	}
	for i, step := range []struct {
		err   error
		after time.Duration
		stop  bool
		want  string
	}{
		{err: nil}, {err: errors.New("no route to host")}, {err: db.ErrBusy},
		{err: full, want: "full"}, {err: full, after: time.Minute}, {stop: true, err: full, after: time.Hour},
		{err: db.ErrCorrupt, want: "damaged"}, {err: full, after: 25 * time.Hour, want: "full"},
	} {
		if step.stop {
			s.stop()
		}
		now = now.Add(step.after)
		s.hear(step.err, now)
		if got := heard(); got != step.want {
			t.Errorf("step %d: %q, want %q", i, got, step.want)
		}
	}
	if s.stop(); s.lasts("full") {
		t.Error("it lasts after it has stopped")
	}
}
