package sync

import (
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// An answer that is, byte for byte, the one of the poll before in the same
// session is left alone: the mirror has it. Of that the session is told after a
// poll that left nothing open. After any other it forgets all that it knows, so
// that what was doubted, not stored, or not read to the end is looked at again.

// remember lets the next polls leave alone what they find as this one did, if the
// poll and the mirror are whole.
func (p *poll) remember(whole bool) {
	switch {
	case p.session == nil:
	case whole && !p.record.MirroredAt.IsZero():
		p.session.Remember()
	default:
		p.session.Forget()
	}
}

// refresh sees to it that all is read now and then, however long a session lasts.
func (w *watcher) refresh() {
	if now := w.engine.Now(); !within(rereadAfter, w.freshAt, now) {
		w.session.Forget()
		w.freshAt = now
	}
}

// lookAnew sees to it that the next look at some domains reads all of them, as the
// first of a run does: what is known may have files that are not.
func (w *watcher) lookAnew(domains []string) {
	w.freshAt = time.Time{}
	maps.DeleteFunc(w.readAt, func(at place, _ time.Time) bool { return slices.Contains(domains, at.domain) })
	clear(w.unkept)
}

// readEach reads the parts of a domain, a request for each, up to the first that
// fails. One that is as before, or of which read returns nothing, is no snapshot.
func readEach[T any](parts []T, read func(T) (mirror.Snapshot, error)) (snapshots []mirror.Snapshot, err error) {
	for _, part := range parts {
		s, err := read(part)
		switch {
		case errors.Is(err, pronote.ErrUnchanged):
		case err != nil:
			return snapshots, err
		case s != nil:
			snapshots = append(snapshots, s)
		}
	}
	return snapshots, nil
}
