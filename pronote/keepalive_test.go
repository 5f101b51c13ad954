package pronote_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

func TestKeepAliveInTheBackground(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := newServer(pronotetest.Options{})
		r := relayTo(server)
		session := mustLogin(t, r)
		var failures []error
		stop := session.KeepAlive(0, func(err error) { failures = append(failures, err) })
		time.Sleep(11 * time.Minute)
		synctest.Wait()
		if n := r.count("Navigation"); n != 5 || len(failures) > 0 {
			t.Errorf("%d beats in eleven minutes, want 5; failures %v", n, failures)
		}
		stop()
		stop() // once more does no harm
		time.Sleep(time.Hour)
		if n := r.count("Navigation"); n != 5 {
			t.Errorf("%d beats after the stop", n-5)
		}

		stop = session.KeepAlive(time.Minute, func(err error) { failures = append(failures, err) })
		server.Rotate()
		time.Sleep(time.Hour)
		synctest.Wait()
		if len(failures) != 1 || !errors.Is(failures[0], pronote.ErrSessionExpired) || r.count("Navigation") != 6 {
			t.Errorf("failures %v after %d beats, want one at the first", failures, r.count("Navigation")-5)
		}
		stop()

		session = mustLogin(t, r)
		r.instead = failWith(dialError())
		stop = session.KeepAlive(time.Minute, nil) // nobody wants to know
		time.Sleep(3*time.Minute + time.Second)
		synctest.Wait()
		stop()
		if n := r.count("Navigation") - 6; n != 3 {
			t.Errorf("%d beats without a network, want 3", n)
		}
	})
}

// A program that gives up at the first failure would have waited for itself.
func TestKeepAliveIsStoppedByWhoIsToldOfAFailure(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := relayTo(newServer(pronotetest.Options{}))
		session := mustLogin(t, r)
		r.instead = failWith(dialError())
		stop, told := make(chan func(), 1), 0
		stop <- session.KeepAlive(time.Minute, func(error) { told++; (<-stop)() })
		time.Sleep(time.Hour)
		synctest.Wait()
		if n := r.count("Navigation"); told != 1 || n != 1 {
			t.Errorf("told %d times in %d beats, want once", told, n)
		}
	})
}

// A call that waits for a beat that never comes back waits no longer.
func TestKeepAliveIsStoppedInTheMiddleOfABeat(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := newServer(pronotetest.Options{})
		r := relayTo(server)
		session := mustLogin(t, r)
		server.Inject(pronotetest.Fault{Kind: "stall", Function: "Navigation"})
		stop := session.KeepAlive(0, func(err error) { t.Errorf("told of %v, though it was stopped", err) })
		time.Sleep(2*time.Minute + time.Second)
		before := time.Now()
		stop()
		if waited := time.Since(before); waited > 0 {
			t.Errorf("waited %s", waited)
		}
		if _, err := session.Infos(t.Context(), session.Students()[0]); err != nil {
			t.Errorf("a request after that: %v", err)
		}
	})
}
