package main

import (
	"context"
	"database/sql"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/notekfet/pgtest"
)

const oneCent = `["transferts", [[2], [3], 1, "x"]]`

// TestALockedDatabaseIsToldInTime locks the ledger as another program might: who
// asks is told so within ten seconds, nothing is done, and it recovers.
func TestALockedDatabaseIsToldInTime(t *testing.T) {
	t.Parallel()
	folder := prepare(t, "")
	p := start(t, folder)
	defer p.kill()
	c, err := p.dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(folder, "notekfet.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.ExecContext(t.Context(), `BEGIN IMMEDIATE`); err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	code, _, err := c.ask(oneCent)
	if code != 555 || err != nil || time.Since(begun) > 10*time.Second {
		t.Errorf("code %d after %v: %v", code, time.Since(begun), err)
	}
	if _, err := conn.ExecContext(t.Context(), `ROLLBACK`); err != nil {
		t.Fatal(err)
	}
	if code, _, err := c.ask(oneCent); code != 0 || err != nil {
		t.Errorf("code %d afterwards: %v", code, err)
	}
	if err := p.stop(t); err != nil {
		t.Error(err)
	}
	audit(t, folder)
}

// TestAFullDiskLosesNothing runs the server on a disk of its own.
func TestAFullDiskLosesNothing(t *testing.T) {
	t.Parallel()
	folder := prepare(t, "")
	disk := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", disk).CombinedOutput(); err != nil {
		t.Skipf("a disk cannot be mounted: %s", out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", disk).CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	})
	if out, err := exec.Command("sh", "-c", "cp -p "+folder+"/* "+disk).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	p := start(t, disk)
	defer p.kill()
	c, err := p.dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("sh", "-c", "cat /dev/zero > "+disk+"/fill; true").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	long, code := `["transferts", [[2], [3], 1, "`+strings.Repeat("x", 20_000)+`"]]`, 0
	for range 100 { // the journal has some room already
		if code, _, err = c.ask(long); err != nil {
			t.Fatal(err)
		} else if code != 0 {
			break
		}
	}
	if code != 555 {
		t.Errorf("code %d on a full disk", code)
	}
	if err := exec.Command("rm", disk+"/fill").Run(); err != nil {
		t.Fatal(err)
	}
	if code, _, err := c.ask(oneCent); code != 0 || err != nil {
		t.Errorf("code %d afterwards: %v", code, err)
	}
	if err := p.stop(t); err != nil {
		t.Error(err)
	}
	audit(t, disk)
}

// TestPostgresRestartsUnderLoad has the server find its database again by itself.
func TestPostgresRestartsUnderLoad(t *testing.T) {
	t.Parallel()
	cluster, err := pgtest.Start()
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() {
		if err := cluster.Stop(); err != nil {
			t.Error(err)
		}
	})
	address, err := cluster.Create(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	folder := prepare(t, address)
	p := start(t, folder)
	defer p.kill()
	c, err := p.dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	load := newLoad(t, p, 10)
	load.until(50)
	if err := cluster.End("fast"); err != nil {
		t.Fatal(err)
	}
	if code, _, err := c.ask(oneCent); code != 555 || err != nil {
		t.Errorf("code %d without a database: %v", code, err)
	}
	if err := cluster.Begin(); err != nil {
		t.Fatal(err)
	}
	load.until(50)
	load.stop()
	if code, _, err := c.ask(oneCent); code != 0 || err != nil {
		t.Errorf("code %d afterwards: %v", code, err)
	}
	if err := p.stop(t); err != nil {
		t.Error(err)
	}
	audit(t, folder)
	compare(t, "pgx", address, "load %", load.asked, load.done)
	t.Logf("%d done, %d refused", len(load.done), load.refused)
	if load.refused == 0 {
		t.Error("nobody noticed")
	}
}

// A load is clients who transfer a cent each, again and again, and what became of it.
type load struct {
	t     *testing.T
	ctx   context.Context
	end   context.CancelFunc
	all   sync.WaitGroup
	beats chan struct{} // one for each transfer that is done

	mu      sync.Mutex
	asked   map[string]int // rows there may be, by their description
	done    map[string]int // rows there must be
	refused int
}

func newLoad(t *testing.T, p *process, clients int) *load {
	t.Helper()
	l := &load{t: t, beats: make(chan struct{}, 1000), asked: map[string]int{}, done: map[string]int{}}
	l.ctx, l.end = context.WithCancel(t.Context())
	t.Cleanup(l.end)
	for i := range clients {
		c, err := p.dial(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		l.all.Go(func() {
			defer c.conn.Close()
			for n := 0; l.ctx.Err() == nil; n++ {
				l.one(c, fmt.Sprintf("load w%d n%d", i, n))
			}
		})
	}
	return l
}

// one transfers a cent. Who is told that nothing was done believes it.
func (l *load) one(c *peer, name string) {
	code, msg, err := c.ask(fmt.Sprintf(`["transferts", [[2], [3], 1, %q]]`, name))
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case code == 0 && err == nil && strings.HasPrefix(string(msg), "[[0,"):
		l.asked[name], l.done[name] = 1, 1
		select {
		case l.beats <- struct{}{}:
		default:
		}
	case code == 555:
		l.refused++
		if strings.Contains(c.said, "on ne sait pas") {
			l.asked[name] = 1
		}
	default:
		l.t.Errorf("%s: code %d %s %v", name, code, msg, err)
		l.end()
	}
}

// until waits for some more transfers.
func (l *load) until(many int) {
	l.t.Helper()
	for len(l.beats) > 0 {
		<-l.beats
	}
	for range many {
		select {
		case <-l.beats:
		case <-l.ctx.Done():
			return
		case <-time.After(60 * time.Second):
			l.t.Fatal("nothing is done any more")
		}
	}
}

func (l *load) stop() {
	l.end()
	l.all.Wait()
}

// TestTermEndsWithZeroInTime stops a server that has an open connection.
func TestTermEndsWithZeroInTime(t *testing.T) {
	t.Parallel()
	folder := prepare(t, "")
	p := start(t, folder)
	c, err := p.dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer c.conn.Close()
	begun := time.Now()
	if err := p.stop(t); err != nil || time.Since(begun) > 5*time.Second {
		t.Errorf("%v after %v", err, time.Since(begun))
	}
}
