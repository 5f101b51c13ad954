package server

import (
	"crypto/tls"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestMalformedTwentyTimesInARowCloses(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	c := b.hello(t)
	for range 19 {
		c.want(2, `[1]`)
	}
	c.want(0, `["help"]`)
	for range 20 {
		c.want(2, `[1]`)
	}
	if _, err := c.read(); err == nil {
		t.Error("the connection is still open")
	}
}

// TestAReaderWhoNeverReadsHoldsNobodyUp fills the connection of one client and has
// others go on.
func TestAReaderWhoNeverReadsHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	deaf := b.as(t, "bob")
	vincent := b.as(t, "vincent")
	message := `["client_broadcast", "` + strings.Repeat("x", 60_000) + `"]`
	for range 200 {
		start := time.Now()
		vincent.want(0, message)
		if took := time.Since(start); took > 10*time.Second {
			t.Fatalf("a broadcast took %v", took)
		}
	}
	if who := vincent.want(0, `["who"]`).Msg.([]any); len(who) > 2 {
		t.Errorf("%d connections", len(who))
	}
	_ = deaf
}

func TestConnectionsAreBounded(t *testing.T) {
	t.Parallel()
	b := open(t, func(c *Config) { c.Limits.ConnectionsPerAddress = 3 })
	held := []*customer{b.hello(t), b.hello(t), b.hello(t)}
	conn, err := net.Dial("tcp", b.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	if n, err := conn.Read(make([]byte, 1)); n > 0 || err == nil {
		t.Error("a fourth connection is served")
	}
	held[0].want(0, `["help"]`)
}

// TestIdleConnectionsTakeLittleMemory holds what a logged-in connection costs.
func TestIdleConnectionsTakeLittleMemory(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	b.as(t, "bob")
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	const many = 50
	for range many {
		b.as(t, "bob")
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	t.Logf("%d bytes a connection, both ends", (int64(after.HeapAlloc)+int64(after.StackInuse)-int64(before.HeapAlloc)-int64(before.StackInuse))/many)
}

// TestGarbageIsRefused throws at the server what is no protocol at all.
func TestGarbageIsRefused(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	for _, garbage := range []string{`["hello", "manual"]`, "GET / HTTP/1.0\r\n\r\n", strings.Repeat("\x00", 100), "\x16\x03\x01\xff\xff"} {
		conn, err := net.Dial("tcp", b.addr)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(conn, garbage); err != nil {
			t.Fatal(err)
		}
		_ = conn.(*net.TCPConn).CloseWrite()
		_ = conn.SetReadDeadline(time.Now().Add(20 * time.Second))
		said, _ := io.ReadAll(conn)
		if strings.Contains(string(said), "retcode") {
			t.Errorf("%q is answered with %q", garbage, said)
		}
		_ = conn.Close()
	}
	b.hello(t).want(0, `["help"]`)
}

// TestTheKnownClientReadsEachAnswerAtOnce reads as it does: the line byte by byte,
// and the body with one call.
func TestTheKnownClientReadsEachAnswerAtOnce(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	conn, err := tls.Dial("tcp", b.addr, &tls.Config{RootCAs: b.pool})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, request := range []string{`["hello", "manual"]`, loginOf("alice"), `["help"]`, `["man", "update_compte"]`, `["historique_transactions", [2, 0, 500]]`} {
		if _, err := io.WriteString(conn, request); err != nil {
			t.Fatal(err)
		}
		size := 0
		for one := make([]byte, 1); ; {
			if _, err := conn.Read(one); err != nil {
				t.Fatal(err)
			}
			if one[0] == '\n' {
				break
			}
			size = 10*size + int(one[0]-'0')
		}
		body := make([]byte, size)
		if n, err := conn.Read(body); n != size || err != nil {
			t.Errorf("%s: one call reads %d of %d bytes: %v", request, n, size, err)
		}
	}
}
