package notifiers

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

func runs(t *testing.T, args ...string) *guard {
	t.Helper()
	return open(t, "command", Command{append([]string{os.Args[0], "program"}, args...)})
}

func TestCommandStatuses(t *testing.T) {
	t.Parallel()
	for status, permanent := range map[int]bool{1: false, 2: false, 63: false, 64: true, 69: true, 75: false, 78: true, 79: false, 126: false, 127: false} {
		err := runs(t, "exit", strconv.Itoa(status)).Send(t.Context(), "subject", strings.Repeat("never read", 1e5))
		want := "command " + filepath.Base(os.Args[0]) + " fails (exit status " + strconv.Itoa(status) + "): first line"
		if err == nil || isPermanent(err) != permanent || err.Error() != want {
			t.Errorf("status %d: got %q, permanent %t, want %q, %t", status, err, isPermanent(err), want, permanent)
		}
	}
}

func TestCommandMayIgnoreItsInput(t *testing.T) {
	t.Parallel()
	if err := runs(t, "exit", "0").Send(t.Context(), "subject", strings.Repeat("never read", 1e5)); err != nil {
		t.Error(err)
	}
}

func TestCommandMayShout(t *testing.T) {
	t.Parallel()
	err := runs(t, "shout").Send(t.Context(), "subject", "text")
	if err == nil || strings.Count(err.Error(), "0123456789") != 7 {
		t.Errorf("got %v, want one line of the output", err)
	}
}

func TestCommandAbsent(t *testing.T) {
	t.Parallel()
	n := open(t, "command", Command{[]string{filepath.Join(t.TempDir(), "absent")}})
	if err := n.Send(t.Context(), "subject", "text"); err == nil || isPermanent(err) || !strings.HasPrefix(err.Error(), "command absent does not start") {
		t.Errorf("got %v, want a temporary error", err)
	}
}

func TestCommandDoesNotSeeOurSecrets(t *testing.T) {
	t.Setenv("PRONOTE_SYNC_TEST", "secret")
	n, received := startCommand(t, works)
	if err := n.Send(t.Context(), "subject", "text"); err != nil {
		t.Fatal(err)
	}
	received() // which looks for it
}

func TestCommandIsKilledWithItsChildren(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("there are no process groups")
	}
	line, address := listen(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- runs(t, "parent", address).Send(ctx, "subject", "text") }()
	child := <-line
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	if _, err := child.Read(make([]byte, 1)); err == nil { // returns when the child is dead
		t.Error("the child speaks")
	}
}

func TestCommandMayLeaveAChild(t *testing.T) {
	t.Parallel()
	line, address := listen(t)
	if err := runs(t, "orphan", address).Send(t.Context(), "subject", "text"); err != nil {
		t.Error(err)
	}
	(<-line).Close() // ends the child
}

// listen waits for one call.
func listen(t *testing.T) (<-chan net.Conn, string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	line := make(chan net.Conn, 1)
	go func() {
		if conn, err := listener.Accept(); err == nil {
			line <- conn
		}
	}()
	return line, listener.Addr().String()
}
