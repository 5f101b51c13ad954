// Package pgtest gives tests a PostgreSQL of their own: a cluster in a temporary
// folder, reached by a socket in it. Tests are skipped where there is none.
package pgtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver
)

// A Cluster is a PostgreSQL that runs.
type Cluster struct {
	folder string
	bin    string
	as     *syscall.SysProcAttr
	names  atomic.Int64
}

// ErrNone means that there is no PostgreSQL on the machine.
var ErrNone = errors.New("there is no PostgreSQL: install postgresql")

// Start makes a cluster and starts it, with settings like "fsync=off".
func Start(settings ...string) (*Cluster, error) {
	bins, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil || len(bins) == 0 {
		return nil, ErrNone
	}
	slices.Sort(bins)
	c := &Cluster{bin: bins[len(bins)-1]}
	if c.folder, err = os.MkdirTemp("", "pg"); err != nil {
		return nil, err
	}
	if os.Getuid() == 0 { // PostgreSQL refuses to run as root
		owner, err := user.Lookup("postgres")
		if err != nil {
			return nil, ErrNone
		}
		uid, _ := strconv.Atoi(owner.Uid)
		gid, _ := strconv.Atoi(owner.Gid)
		if err := os.Chown(c.folder, uid, gid); err != nil {
			return nil, err
		}
		c.as = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	}
	if err := c.run("initdb", "-D", c.data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale", "C", "--no-sync"); err != nil {
		return nil, errors.Join(err, c.Stop())
	}
	config := "listen_addresses = ''\nunix_socket_directories = '" + c.folder + "'\nmax_connections = 300\n"
	for _, s := range settings {
		config += s + "\n"
	}
	if err := appendTo(filepath.Join(c.data(), "postgresql.conf"), config); err != nil {
		return nil, errors.Join(err, c.Stop())
	}
	if err := c.Begin(); err != nil {
		return nil, errors.Join(err, c.Stop())
	}
	return c, nil
}

func appendTo(path, text string) error {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	return errors.Join(err, file.Close())
}

func (c *Cluster) data() string { return filepath.Join(c.folder, "data") }

func (c *Cluster) run(name string, args ...string) error {
	cmd := exec.Command(filepath.Join(c.bin, name), args...)
	cmd.Dir = c.folder
	cmd.SysProcAttr = c.as
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, out)
	}
	return nil
}

// Begin starts the server of the cluster.
func (c *Cluster) Begin() error {
	return c.run("pg_ctl", "-D", c.data(), "-w", "-l", filepath.Join(c.folder, "log"), "start")
}

// End stops it; mode is one of smart, fast and immediate.
func (c *Cluster) End(mode string) error {
	return c.run("pg_ctl", "-D", c.data(), "-w", "-m", mode, "stop")
}

// Stop ends the server and removes the cluster.
func (c *Cluster) Stop() error {
	if _, err := os.Stat(filepath.Join(c.data(), "postmaster.pid")); err == nil {
		if err := c.End("immediate"); err != nil {
			return err
		}
	}
	return os.RemoveAll(c.folder)
}

// Address is that of a database of the cluster.
func (c *Cluster) Address(name string) string {
	return "postgres:///" + name + "?user=postgres&host=" + url.QueryEscape(c.folder)
}

// Create makes a database, a copy of another unless from is empty, and returns its
// address.
func (c *Cluster) Create(ctx context.Context, from string) (string, error) {
	admin, err := sql.Open("pgx", c.Address("postgres"))
	if err != nil {
		return "", err
	}
	defer admin.Close()
	name := fmt.Sprintf("t%d", c.names.Add(1))
	statement := "CREATE DATABASE " + name
	if from != "" {
		statement += " TEMPLATE " + from
	}
	_, err = admin.ExecContext(ctx, statement)
	return c.Address(name), err
}

var (
	shared sync.Once
	common *Cluster
	failed error
)

// Shared is one cluster for all tests of a process, which forgets what it knows
// when the machine does. Main must end it.
func Shared(t testing.TB) *Cluster {
	t.Helper()
	shared.Do(func() { common, failed = Start("fsync = off", "full_page_writes = off") })
	if errors.Is(failed, ErrNone) {
		t.Skip(failed)
	}
	if failed != nil {
		t.Fatal(failed)
	}
	return common
}

// Main runs the tests of a package and ends the shared cluster.
func Main(m *testing.M) {
	code := m.Run()
	if common != nil {
		if err := common.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = max(code, 1)
		}
	}
	os.Exit(code)
}
