package main

import (
	"database/sql"
	"os/exec"
	"path/filepath"
	"strings"
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
	if code, _, err := c.ask(oneCent); code != 0 || err != nil {
		t.Fatal(code, err)
	}
	if err := cluster.End("fast"); err != nil {
		t.Fatal(err)
	}
	if code, _, err := c.ask(oneCent); code != 555 || err != nil {
		t.Errorf("code %d without a database: %v", code, err)
	}
	if err := cluster.Begin(); err != nil {
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
