package notifiers

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// mayHaveArrived is what a caller reads from an error.
func mayHaveArrived(err error) bool {
	var lost interface{ MayHaveArrived() bool }
	return errors.As(err, &lost) && lost.MayHaveArrived()
}

// patient is a context for an attempt, or else one that ends while it waits in vain.
func patient(t *testing.T, is bool) (context.Context, context.CancelFunc) {
	if is {
		return context.WithTimeout(t.Context(), sendTimeout)
	}
	return context.WithTimeout(t.Context(), 100*time.Millisecond)
}

// Nobody could tell a message that was refused from one whose answer was lost, so that the
// second was composed anew, and its repeat was not known for one.
func TestARequestWhoseAnswerIsLostMayHaveArrived(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "http://" + listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	gone := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		panic(http.ErrAbortHandler)
	}))
	t.Cleanup(gone.Close)
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}))
	t.Cleanup(silent.Close)
	for to, want := range map[string]bool{
		nobody: false, gone.URL: true, silent.URL: true,
		answering(t, 302, nil, ""): false, answering(t, 404, nil, ""): false, answering(t, 429, nil, ""): false, answering(t, 503, nil, ""): false,
		answering(t, 500, nil, ""): true, answering(t, 502, nil, ""): true, answering(t, 504, nil, ""): true,
		answering(t, 200, nil, "<html>welcome to our hotel"): false,
	} {
		ctx, cancel := patient(t, to != silent.URL)
		err := open(t, "webhook", Webhook{URL: NewSecret(to)}).Send(ctx, "subject", "text")
		cancel()
		if err == nil || mayHaveArrived(err) != want {
			t.Errorf("%v: it may have arrived: %t, want %t", err, !want, want)
		}
	}
}

func TestAMailWhoseReplyIsLostMayHaveArrived(t *testing.T) {
	t.Parallel()
	for command, want := range map[string]bool{"": false, "MAIL": false, "RCPT": false, "DATA": false, ".": true} {
		s := newSMTP(t)
		s.script[command] = "drop"
		s.start()
		if err := open(t, "email", s.settings()).Send(t.Context(), "subject", "text\n"); err == nil || mayHaveArrived(err) != want {
			t.Errorf("gone at %q: %v: it may have arrived: %t, want %t", command, err, !want, want)
		}
	}
	s := newSMTP(t)
	s.script["."] = "452 4.3.1 full"
	s.start()
	if err := open(t, "email", s.settings()).Send(t.Context(), "subject", "text"); err == nil || mayHaveArrived(err) {
		t.Errorf("refused in the end: %v: it may have arrived", err)
	}
	stalled := newSMTP(t)
	stalled.script["."] = "stall"
	stalled.start()
	if err := sendUntilStalled(t, stalled, "text"); !mayHaveArrived(err) {
		t.Errorf("stalled in the end: %v: it has not arrived", err)
	}
}

func TestACommandThatIsKilledMayHaveTold(t *testing.T) {
	t.Parallel()
	for script, want := range map[string]bool{"exit 1": false, "exit 75": false, "kill -9 $$": true, "sleep 60": true} {
		ctx, cancel := patient(t, script != "sleep 60")
		err := open(t, "command", Command{Command: []string{"sh", "-c", script}}).Send(ctx, "subject", "text")
		cancel()
		if err == nil || mayHaveArrived(err) != want {
			t.Errorf("%s: %v: it may have told: %t, want %t", script, err, !want, want)
		}
	}
}
