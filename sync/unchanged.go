package sync

import (
	"maps"
	"slices"
	"time"
)

// An answer that is, byte for byte, that of the previous poll in the same session
// is left alone: the mirror has it. The session is told so after a poll that left
// nothing open. After any other poll it forgets all that it knows, so that
// whatever was doubted, not stored or not read to the end is read again.

// remember lets the next polls leave alone what they find as this one did, if the
// poll and the mirror are whole.
func (p *poll) remember(whole bool) {
	if p.session != nil {
		p.session.Remember(whole && !p.record.MirroredAt.IsZero())
	}
}

// refresh sees to it that all is read now and then, however long a session lasts.
func (w *watcher) refresh() {
	if now := w.engine.Now(); !within(rereadAfter, w.freshAt, now) {
		w.session.Remember(false)
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
