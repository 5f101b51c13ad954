package server

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/notekfet/internal/wire"
)

// How long a connection may take for something.
const (
	helloWait   = 10 * time.Second // from the first byte of TLS to the end of hello
	loginWait   = 60 * time.Second
	idleWait    = time.Hour
	pauseWait   = 5 * time.Second  // in the middle of a request
	requestWait = 60 * time.Second // for a whole request, however it trickles
	writeWait   = 30 * time.Second
)

// mostMalformed is how many malformed requests in a row a connection may send.
const mostMalformed = 20

// A conn is one connection. Its goroutine reads requests and answers them in
// order; others may only push frames to it and look at who is there.
type conn struct {
	s      *Server
	id     int64 // what the protocol calls idServer
	raw    net.Conn
	tls    *tls.Conn
	host   string // address of the peer
	port   int
	opened time.Time
	begun  time.Time // when the first byte of the current request came

	scanner   *wire.Scanner
	malformed int
	closing   bool

	mu     sync.Mutex
	client string // what hello said, "" before
	origin string // the address that a proxy forwarded, or else host
	who    *identity

	pusher
	writing   sync.Mutex
	logged    atomic.Bool
	expecting atomic.Bool // raw bytes behind a request
}

func newConn(s *Server, id int64, raw net.Conn, host string) *conn {
	c := &conn{s: s, id: id, raw: raw, host: host, origin: host, opened: time.Now()}
	if _, port, err := net.SplitHostPort(raw.RemoteAddr().String()); err == nil {
		c.port, _ = strconv.Atoi(port)
	}
	c.tls = tls.Server(raw, &tls.Config{
		MinVersion:     tls.VersionTLS12,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return s.Certificate() },
		// Known clients read an answer with one call, which returns one record.
		DynamicRecordSizingDisabled: true,
		SessionTicketsDisabled:      true,
	})
	c.scanner = wire.NewScanner((*timedReader)(c), c.limit)
	return c
}

func sortConns(list []*conn) {
	slices.SortFunc(list, func(a, b *conn) int { return cmp.Compare(a.id, b.id) })
}

// serve is the life of a connection.
func (c *conn) serve() {
	defer c.finish()
	_ = c.raw.SetDeadline(c.opened.Add(helloWait))
	if err := c.tls.HandshakeContext(context.Background()); err != nil {
		return
	}
	_ = c.raw.SetDeadline(time.Time{})
	for !c.closing && !(c.s.stopping() && !c.scanner.Pending()) {
		text, err := c.scanner.Next()
		c.begun = time.Time{}
		switch {
		case err == nil:
			c.answer(text)
		case errors.Is(err, wire.ErrMalformed):
			c.refuseMalformed()
		case errors.Is(err, wire.ErrTooLong):
			c.refuseLong()
			return
		case isTimeout(err) && c.scanner.Pending() && !c.s.stopping() && c.greetedInTime():
			c.scanner.Drop()
			c.refuseMalformed()
		case errors.Is(err, io.EOF) && c.scanner.Pending():
			c.refuseMalformed()
			return
		default:
			return
		}
	}
}

// greetedInTime is false for who takes too long to say hello, however busy.
func (c *conn) greetedInTime() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.client != "" || time.Since(c.opened) < helloWait
}

// finish closes the connection; what the client still sends is read for a moment,
// for otherwise the system might throw the last answer away.
func (c *conn) finish() {
	if c.closing {
		_ = c.raw.SetDeadline(time.Now().Add(time.Second))
		if c.tls.CloseWrite() == nil {
			_, _ = io.CopyN(io.Discard, c.raw, 1<<20)
		}
	}
	_ = c.raw.SetDeadline(time.Now().Add(time.Second))
	_ = c.tls.Close()
}

// wake ends a read that waits.
func (c *conn) wake() { _ = c.raw.SetReadDeadline(time.Unix(1, 0)) }

// abort ends everything at once.
func (c *conn) abort() { _ = c.raw.Close() }

func isTimeout(err error) bool {
	timeout, ok := errors.AsType[net.Error](err)
	return ok && timeout.Timeout()
}

// A timedReader is a conn whose reads have a deadline: short in the middle of a
// request, that of the session's state between two.
type timedReader conn

func (r *timedReader) Read(p []byte) (int, error) {
	c := (*conn)(r)
	_ = c.raw.SetReadDeadline(c.deadline())
	if c.s.stopping() { // it may have begun between the two
		c.wake()
	}
	n, err := c.tls.Read(p)
	if n > 0 && c.begun.IsZero() {
		c.begun = time.Now()
	}
	return n, err
}

// minTime is the earlier of two instants where both count.
func minTime(a, b time.Time, both bool) time.Time {
	if both && b.Before(a) {
		return b
	}
	return a
}

func (c *conn) deadline() time.Time {
	now := time.Now()
	c.mu.Lock()
	client, who := c.client, c.who
	c.mu.Unlock()
	switch {
	case client == "":
		return minTime(c.opened.Add(helloWait), now.Add(c.s.pause), c.scanner.Pending())
	case c.scanner.Pending(), c.expecting.Load():
		if whole := c.begun.Add(requestWait); !c.begun.IsZero() && whole.Before(now.Add(c.s.pause)) {
			return whole
		}
		return now.Add(c.s.pause)
	case who == nil:
		return now.Add(loginWait)
	}
	return now.Add(idleWait)
}

// limit is how long a request may be that starts like this: a photo of somebody
// logged in may be as large as a photo may be.
func (c *conn) limit(start []byte) int {
	limits := c.s.limits.Load()
	if c.logged.Load() && isInlinePhoto(start) {
		return max(limits.Request, limits.Photo+photoRoom)
	}
	return limits.Request
}

func (c *conn) refuseMalformed() {
	c.malformed++
	c.send(notekfet.Malformed, "paquet mal formé", nil)
	if c.malformed >= mostMalformed {
		c.closing = true
	}
}

// refuseLong answers and closes: where the next request begins is not known.
func (c *conn) refuseLong() {
	c.closing = true
	if c.logged.Load() && c.scanner.Starts(isInlinePhoto) {
		c.send(notekfet.PhotoTooBig, "photo trop grosse", nil)
		return
	}
	c.send(notekfet.TooLong, "requête trop longue", nil)
}

// send writes an answer, in one write.
func (c *conn) send(code notekfet.Code, errmsg string, msg any) {
	frame, err := wire.AppendFrame(nil, int(code), errmsg, msg)
	if err != nil {
		c.s.Log.Error("answer not encoded", "error", err)
		c.closing = true
		return
	}
	if err := c.write(frame); err != nil {
		c.abort()
		c.closing = true
	}
}

func (c *conn) write(frame []byte) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	if err := c.raw.SetWriteDeadline(time.Now().Add(writeWait)); err != nil {
		return err
	}
	_, err := c.tls.Write(frame)
	return err
}

// A pusher holds the frames that a client has not asked for until they are
// written. Who pushes never waits.
type pusher struct {
	pushing sync.Mutex
	waiting [][]byte
	size    int
	busy    bool
}

// What may wait for a client that does not read.
const (
	mostPushed     = 256
	mostPushedSize = 1 << 20
)

// push has a frame written, or ends a connection that reads too slowly. It
// reports whether the client can be reached.
func (c *conn) push(frame []byte) bool {
	c.pushing.Lock()
	defer c.pushing.Unlock()
	if len(c.waiting) >= mostPushed || c.size+len(frame) > mostPushedSize {
		c.abort()
		return false
	}
	c.waiting = append(c.waiting, frame)
	c.size += len(frame)
	if !c.busy {
		c.busy = true
		go c.flush()
	}
	return true
}

func (c *conn) flush() {
	for {
		c.pushing.Lock()
		frames := c.waiting
		c.waiting, c.size = nil, 0
		c.busy = len(frames) > 0
		c.pushing.Unlock()
		if len(frames) == 0 {
			return
		}
		for _, frame := range frames {
			if c.write(frame) != nil {
				c.abort()
				return
			}
		}
	}
}
