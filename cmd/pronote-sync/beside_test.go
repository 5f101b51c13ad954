package main

import (
	"net/http"
	"syscall"
	"testing"
	"time"
)

// Messages that notify retry made due waited for the next poll, all night if need
// be.
func TestNotifyRetryBesideTheDaemonIsOnItsWayAtOnce(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.configure("[schedule]\nhours = \"00:00-00:00\"\n[budget]\nspacing = \"0s\"\n" + h.settings("pronotevs", "maman")[len(hasty):])
	h.mail.status.Store(http.StatusBadRequest)
	p := h.start("run")
	p.says("message given up", 1)
	h.mail.status.Store(0)
	if code, retry := h.run("notify", "retry", "maman"); code != exitOK {
		t.Fatalf("notify retry exits with %d: %s", code, retry.stderr.String())
	}
	asked := time.Now()
	await(t, "maman is told", func() bool { return h.mail.has("maman", "Suivi de PRONOTE en place") })
	if took := time.Since(asked); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
	p.leaves(syscall.SIGTERM)
}
