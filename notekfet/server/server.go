// Package server speaks the NoteKfet2015 protocol over TLS: connections, sessions,
// rights, and a file for each command. The money is in package ledger.
package server

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
)

// Config is what a server needs. All fields without a remark must be set.
type Config struct {
	Ledger   *ledger.Ledger
	Specials *Specials
	// Certificate is asked for at each handshake, so that it can be replaced.
	Certificate func() (*tls.Certificate, error)
	Log         *slog.Logger
	Limits      Limits
	Login       LoginRules
	Photos      PhotoRules
	// Mail is the command that sends a message from its standard input; none when
	// empty.
	Mail []string
	// Die says whether the command die may stop the server.
	Die bool
	// CutChangedSpecials closes the sessions of a special user whose rights change.
	CutChangedSpecials bool
}

// Limits bound what clients may take. Sizes are in bytes.
type Limits struct {
	Request               int
	Photo                 int // of base64
	Connections           int
	ConnectionsPerAddress int
}

// A Server serves the connections of one listener.
type Server struct {
	Config
	limits  atomic.Pointer[Limits]
	rights  *cache
	guard   *guard
	mailing *mailer
	pause   time.Duration // how long a client may be silent in the middle of a request
	told    sync.Map      // users of whose unknown rights the log has heard

	mu        sync.Mutex
	conns     map[int64]*conn
	addresses map[string]int
	last      int64 // number of the last connection

	stop     chan struct{} // closed when no more requests are taken
	stopOnce sync.Once
	serving  sync.WaitGroup
}

// New makes a server. It does no I/O.
func New(c Config) *Server {
	s := &Server{
		Config: c, guard: newGuard(c.Login), mailing: newMailer(c.Mail), pause: pauseWait,
		conns: map[int64]*conn{}, addresses: map[string]int{}, stop: make(chan struct{}),
	}
	s.rights = newCache(c.Ledger, s.unknownRights)
	s.SetLimits(c.Limits)
	return s
}

// SetLimits replaces the limits, for requests and connections to come.
func (s *Server) SetLimits(l Limits) { s.limits.Store(&l) }

// Grace is how long what has begun may take to finish once a server stops.
const grace = 4 * time.Second

// Serve takes connections until the context ends or a client says die. It then
// lets what has begun finish, closes all connections, and returns nil.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	defer context.AfterFunc(ctx, s.shut)()
	go func() {
		<-s.stop
		_ = l.Close()
	}()
	for pause := time.Duration(0); ; {
		c, err := l.Accept()
		switch {
		case err == nil:
			pause = 0
			s.accept(c)
		case s.stopping():
			s.drain()
			return nil
		case errors.Is(err, net.ErrClosed):
			s.shut()
			s.drain()
			return err
		default: // out of file descriptors, for example
			pause = min(time.Second, 2*pause+5*time.Millisecond)
			s.Log.Warn("connection not accepted", "error", err)
			select {
			case <-time.After(pause):
			case <-s.stop:
			}
		}
	}
}

func (s *Server) shut() { s.stopOnce.Do(func() { close(s.stop) }) }

func (s *Server) stopping() bool {
	select {
	case <-s.stop:
		return true
	default:
		return false
	}
}

// accept serves a connection, or closes it where there are too many.
func (s *Server) accept(raw net.Conn) {
	host, _, err := net.SplitHostPort(raw.RemoteAddr().String())
	if err != nil {
		host = raw.RemoteAddr().String()
	}
	limits := s.limits.Load()
	s.mu.Lock()
	full := len(s.conns) >= limits.Connections || s.addresses[host] >= limits.ConnectionsPerAddress
	if full {
		s.mu.Unlock()
		s.Log.Warn("too many connections", "peer", host)
		_ = raw.Close()
		return
	}
	s.last++
	c := newConn(s, s.last, raw, host)
	s.conns[c.id] = c
	s.addresses[host]++
	s.serving.Add(1)
	s.mu.Unlock()
	go func() {
		defer s.serving.Done()
		defer s.leave(c, host)
		c.serve()
	}()
}

func (s *Server) leave(c *conn, host string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, c.id)
	if s.addresses[host]--; s.addresses[host] == 0 {
		delete(s.addresses, host)
	}
}

// drain ends the connections that wait and waits for the others.
func (s *Server) drain() {
	for _, c := range s.connections() {
		c.wake()
	}
	done := make(chan struct{})
	go func() {
		s.serving.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(grace):
		for _, c := range s.connections() {
			c.abort()
		}
		<-done
	}
}

// connections are those that are open now, by number.
func (s *Server) connections() []*conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]*conn, 0, len(s.conns))
	for _, c := range s.conns {
		list = append(list, c)
	}
	sortConns(list)
	return list
}
