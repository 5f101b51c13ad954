package server

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"flag"
	"io"
	"net"
	"runtime"
	"slices"
	"strings"
	"sync"
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

// inUse is the memory of the process, without what is garbage.
func inUse() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}

// TestIdleConnectionsTakeLittleMemory holds what a logged-in connection costs, both
// ends of it, to what one end may. It runs alone: it weighs the whole process.
func TestIdleConnectionsTakeLittleMemory(t *testing.T) {
	b := open(t, nil)
	b.as(t, "bob")
	before := inUse()
	const many = 30
	for range many {
		b.as(t, "bob")
	}
	if each := (inUse() - before) / many; each > 64<<10 {
		t.Errorf("%d bytes a connection", each)
	}
}

var enemies = flag.Int("enemies", 20, "how many clients of each kind TestHostileClientsHoldNobodyUp has")

// zeros are as many as one likes.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '0'
	}
	return len(p), nil
}

// TestHostileClientsHoldNobodyUp has strangers who never finish a handshake, a hello
// or a request, who send what is far too long, one byte at a time, or noise, while a
// member is served: at most twice as slowly, in no more memory than they may take.
// It runs alone: it takes times and weighs the whole process.
func TestHostileClientsHoldNobodyUp(t *testing.T) {
	b := open(t, func(c *Config) { c.Limits.Connections, c.Limits.ConnectionsPerAddress = 20_000, 20_000 })
	carl := b.as(t, "carl")
	served := func() time.Duration { // the worst but one of a hundred
		var took []time.Duration
		for begun := time.Now(); len(took) < 100 || time.Since(begun) < time.Second; {
			start := time.Now()
			carl.want(0, `["quick_search", ["b"]]`)
			took = append(took, time.Since(start))
		}
		slices.Sort(took)
		return took[len(took)*99/100-1]
	}
	before, weight := served(), inUse()
	ctx, cancel := context.WithCancel(t.Context())
	var all, inside sync.WaitGroup // inside: a handshake is work that whoever makes it may ask for
	attack := func(stranger func(raw net.Conn, conn *tls.Conn), knocks bool) {
		for range *enemies {
			raw, err := net.Dial("tcp", b.addr)
			if err != nil {
				t.Fatal(err)
			}
			inside.Add(1)
			all.Go(func() {
				defer raw.Close()
				defer context.AfterFunc(ctx, func() { _ = raw.Close() })()
				conn := tls.Client(raw, &tls.Config{RootCAs: b.pool, ServerName: "127.0.0.1"})
				if knocks {
					_ = conn.HandshakeContext(ctx)
				}
				inside.Done()
				stranger(raw, conn)
				<-ctx.Done()
			})
		}
	}
	const greeting = `["hello", "manual"]`
	attack(func(net.Conn, *tls.Conn) {}, false)                                                    // no handshake
	attack(func(raw net.Conn, _ *tls.Conn) { _, _ = raw.Write([]byte{22, 3, 1, 2, 0, 1}) }, false) // half of one
	attack(func(_ net.Conn, conn *tls.Conn) { _, _ = io.WriteString(conn, greeting+`["man", "`) }, true)
	attack(func(_ net.Conn, conn *tls.Conn) { // a byte at a time
		for ticker := time.NewTicker(50 * time.Millisecond); ; {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				if _, err := conn.Write([]byte("[")); err != nil {
					return
				}
			}
		}
	}, true)
	attack(func(_ net.Conn, conn *tls.Conn) { // 10 MB, of which the server reads 64 KiB
		if _, err := io.WriteString(conn, greeting+`["man", "`); err == nil {
			_, _ = io.CopyN(conn, zeros{}, 10<<20)
		}
	}, true)
	attack(func(_ net.Conn, conn *tls.Conn) { _, _ = io.CopyN(conn, rand.Reader, 10<<20) }, true) // noise
	inside.Wait()
	during := served()
	grown := inUse() - weight
	cancel()
	all.Wait()
	if limit := 2*before + 500*time.Millisecond; during > limit { // half a second is the machine's
		t.Errorf("p99 was %v, is %v", before, during)
	}
	if each := grown / int64(6**enemies); each > 96<<10 {
		t.Errorf("%d bytes for each stranger, both ends", each)
	}
	t.Logf("p99 was %v, is %v; %d bytes for each stranger", before, during, grown/int64(6**enemies))
	carl.want(0, `["help"]`)
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
