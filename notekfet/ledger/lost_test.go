package ledger

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/notekfet/pgtest"
)

// A wire stands between a ledger and PostgreSQL, and can be cut.
type wire struct {
	net.Listener
	socket string
	armed  atomic.Bool // the next answer to a COMMIT does not come through
	away   atomic.Bool // and nothing does afterwards
	after  atomic.Bool // armed has happened

	mu   sync.Mutex
	open []net.Conn
}

// cut ends all connections, or only one.
func (w *wire) cut(one net.Conn) {
	_ = one.Close()
	if !w.away.Load() {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, conn := range w.open {
		_ = conn.Close()
	}
}

// lead puts a wire before a database and returns the address at its end.
func lead(t *testing.T, database string) (*wire, string) {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	w := &wire{Listener: listener, socket: u.Query().Get("host") + "/.s.PGSQL.5432"}
	go w.serve()
	return w, "postgres://postgres@" + listener.Addr().String() + u.Path + "?sslmode=disable"
}

func (w *wire) serve() {
	for {
		here, err := w.Accept()
		if err != nil {
			return
		}
		there, err := net.Dial("unix", w.socket)
		if err != nil || w.after.Load() && w.away.Load() {
			_ = here.Close()
			continue
		}
		w.mu.Lock()
		w.open = append(w.open, here)
		w.mu.Unlock()
		go func() {
			_, _ = io.Copy(there, here)
			_ = there.Close()
		}()
		go func() {
			defer here.Close()
			defer there.Close()
			for buf := make([]byte, 64<<10); ; {
				n, err := there.Read(buf)
				if err != nil {
					return
				}
				if bytes.Contains(buf[:n], []byte("COMMIT\x00")) && w.armed.CompareAndSwap(true, false) {
					w.after.Store(true)
					w.cut(here)
					return
				}
				if _, err := here.Write(buf[:n]); err != nil {
					return
				}
			}
		}()
	}
}

// lossy is a ledger behind a wire.
func lossy(t *testing.T) (*Ledger, *wire) {
	t.Helper()
	address, err := pgtest.Shared(t).Create(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	w, behind := lead(t, address)
	l := openTest(t, behind)
	l.outcomeWait = 200 * time.Millisecond
	err = l.Seed(&Dataset{Accounts: []SeedAccount{
		{ID: 1, Pseudo: "léa", Balance: 1500, Years: []int{2019}}, {ID: 2, Pseudo: "tom", Years: []int{2019}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return l, w
}

func give(l *Ledger) error {
	return l.Update(func(tx *Tx) error {
		_, err := tx.Give([]int64{2}, 100, "x", anybody(1))
		return err
	})
}

func balance(t *testing.T, l *Ledger) (cents int64) {
	t.Helper()
	err := l.View(t.Context(), func(tx *Tx) error {
		a, err := tx.Account(2)
		if err == nil {
			cents = int64(a.Balance)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return cents
}

// TestACommitWhoseAnswerIsLostIsNotCalledUndone cuts the connection between a commit
// and the word that it is done.
func TestACommitWhoseAnswerIsLostIsNotCalledUndone(t *testing.T) {
	t.Parallel()
	l, w := lossy(t)
	w.armed.Store(true)
	if err := give(l); err != nil {
		t.Errorf("it was done, and the error is %v", err)
	}
	if !w.after.Load() {
		t.Fatal("the connection was not cut")
	}
	if err := give(l); err != nil {
		t.Errorf("the next one: %v", err)
	}
	if got := balance(t, l); got != 200 {
		t.Errorf("%d cents, want 200", got)
	}
}

// TestAnUnknownOutcomeIsCalledSo has the database stay away as well.
func TestAnUnknownOutcomeIsCalledSo(t *testing.T) {
	t.Parallel()
	l, w := lossy(t)
	w.away.Store(true)
	w.armed.Store(true)
	if err := give(l); !errors.Is(err, ErrUnknown) {
		t.Errorf("the error is %v", err)
	}
	if err := give(l); err == nil || errors.Is(err, ErrUnknown) {
		t.Errorf("the next one: %v", err) // it never began
	}
	w.away.Store(false)
	if err := give(l); err != nil {
		t.Error(err)
	}
	if got := balance(t, l); got != 200 {
		t.Errorf("%d cents, want 200", got)
	}
}
