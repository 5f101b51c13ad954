package notifiers

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"
)

// TestMain also plays the programs that command channels run.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "program" {
		os.Exit(program(os.Args[2], os.Args[3:]))
	}
	os.Setenv("GORACE", "atexit_sleep_ms=0") // else each program takes a second to end under the race detector
	os.Exit(m.Run())
}

// program is what a test runs as "os.Args[0] program name args…".
func program(name string, args []string) int {
	switch name {
	case "keep": // the message, as a file in a folder
		return keep(args[0])
	case "exit": // with a status, after some words
		fmt.Fprintln(os.Stderr, "first line")
		fmt.Fprintln(os.Stderr, "second line")
		status, _ := strconv.Atoi(args[0])
		return status
	case "shout":
		for range 1 << 14 {
			fmt.Fprintln(os.Stderr, "0123456789012345678901234567890123456789012345678901234567890123456789")
		}
		return 1
	case "stall":
		time.Sleep(time.Hour)
	case "call": // and hold the line
		conn, err := net.Dial("tcp", args[0])
		if err != nil {
			return 1
		}
		_, _ = io.Copy(io.Discard, conn)
	case "parent": // of a child that calls, and stay
		_ = exec.Command(os.Args[0], "program", "call", args[0]).Run()
	case "orphan": // leave a child that calls, with our pipes, and go
		child := exec.Command(os.Args[0], "program", "call", args[0])
		child.Stderr = os.Stderr
		if child.Start() != nil {
			return 1
		}
	}
	return 0
}

func keep(folder string) int {
	input, err := io.ReadAll(os.Stdin)
	file, err2 := os.CreateTemp(folder, "message")
	if errors.Join(err, err2) != nil {
		return 1
	}
	got := map[string]string{"input": string(input), "subject": os.Getenv("PRONOTE_SUBJECT"), "id": os.Getenv("PRONOTE_ID"),
		"secret": os.Getenv("PRONOTE_SYNC_TEST"), "file": os.Getenv("PRONOTE_EVENTS")}
	if got["file"] != "" {
		document, err := os.ReadFile(got["file"])
		if info, err2 := os.Stat(got["file"]); errors.Join(err, err2) != nil || info.Mode().Perm()&0o077 != 0 {
			return 1
		}
		got["document"] = string(document)
	}
	if errors.Join(json.NewEncoder(file).Encode(got), file.Close()) != nil {
		return 1
	}
	return 0
}

// open builds a channel of a kind with the given settings.
func open[S any](t *testing.T, kind string, s S) *guard {
	t.Helper()
	n, err := New(kind, func(settings any) error {
		*settings.(*S) = s
		return nil
	})
	if err != nil {
		t.Fatalf("New(%q): %v", kind, err)
	}
	return n.(*guard)
}

// isPermanent asks an error as a caller would, without this package's types.
func isPermanent(err error) bool {
	p, ok := errors.AsType[interface {
		error
		Permanent() bool
	}](err)
	return ok && p.Permanent()
}

// patience asks an error how long it has to last before it is final, likewise.
func patience(err error) time.Duration {
	p, ok := errors.AsType[interface {
		error
		Patience() time.Duration
	}](err)
	if !ok {
		return 0
	}
	return p.Patience()
}

// wait asks an error for the time to wait, likewise.
func wait(err error) time.Duration {
	r, ok := errors.AsType[interface {
		error
		RetryAfter() time.Duration
	}](err)
	if !ok {
		return 0
	}
	return r.RetryAfter()
}
