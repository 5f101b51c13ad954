package notekfet

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/pronote-sync/pronote-sync/notekfet/internal/wire"
)

// Options are how a client connects. Nil is the same as the zero value, which
// verifies the server with the authorities of the system.
type Options struct {
	// RootCAs are the authorities that may have signed the server's certificate,
	// those of the system when nil.
	RootCAs *x509.CertPool
	// Fingerprint, like "sha256:…" in hexadecimal digits, is that of the only
	// certificate that the server may show. No authority is asked then.
	Fingerprint string
	// ServerName is what the certificate must be for, the host of the address when
	// empty.
	ServerName string
	// Client is the name to greet with, "manual" when empty.
	Client string
	// OnMessage is called with messages that nobody asked for, in the goroutine of
	// the command that was waiting. It must not call the client.
	OnMessage func(Pushed)
}

// Pushed is a message of another client, or to everyone.
type Pushed struct {
	Code Code // Broadcast or Message
	Text string
}

// A Client is a connection. Its methods may be called by many goroutines, which
// wait for each other: the protocol has one request in flight.
type Client struct {
	conn *tls.Conn
	r    *bufio.Reader
	on   func(Pushed)

	turn   chan struct{} // who holds it may use the connection
	mu     sync.Mutex
	broken error // why nothing can be asked any more
}

// ErrOutcomeUnknown is wrapped by the error of a command that moves money and was
// sent, but not answered, or answered with DatabaseFailed or Crashed: a server may
// have done some of it by then.
var ErrOutcomeUnknown = errors.New("the server may or may not have done it: read the history before asking again")

// ErrClosed means that the connection was closed before.
var ErrClosed = errors.New("the connection to the server is closed: connect again")

// ErrCertificate: the server shows another certificate than the one whose fingerprint
// was given.
var ErrCertificate = errors.New("the server's certificate has another fingerprint than the one that was given")

// Limits of what a client takes from a server.
const (
	mostAnswer = 64 << 20
	dialWait   = 30 * time.Second
)

// Dial connects to a server at host:port, verifies its certificate, and greets.
func Dial(ctx context.Context, addr string, o *Options) (*Client, error) {
	if o == nil {
		o = &Options{}
	}
	config, err := o.tls(addr)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, dialWait)
	defer cancel()
	conn, err := (&tls.Dialer{Config: config}).DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("the server %s cannot be reached: %w", addr, err)
	}
	c := &Client{conn: conn.(*tls.Conn), r: bufio.NewReader(conn), on: o.OnMessage, turn: make(chan struct{}, 1)}
	name := o.Client
	if name == "" {
		name = "manual"
	}
	if _, err := c.ask(ctx, "hello", name, false); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

func (o *Options) tls(addr string) (*tls.Config, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("%q is not a host and a port: write one like note.example.org:4242", addr)
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: o.RootCAs, ServerName: o.ServerName}
	if config.ServerName == "" {
		config.ServerName = host
	}
	if o.Fingerprint == "" {
		return config, nil
	}
	want, err := parseFingerprint(o.Fingerprint)
	if err != nil {
		return nil, err
	}
	// The certificate is compared as a whole, which is stricter than asking who
	// signed it.
	config.InsecureSkipVerify = true
	config.VerifyConnection = func(state tls.ConnectionState) error {
		got := sha256.Sum256(state.PeerCertificates[0].Raw)
		if subtle.ConstantTimeCompare(got[:], want) != 1 {
			return ErrCertificate
		}
		return nil
	}
	return config, nil
}

// CheckFingerprint says what is wrong with a fingerprint of Options.
func CheckFingerprint(text string) error {
	_, err := parseFingerprint(text)
	return err
}

func parseFingerprint(text string) ([]byte, error) {
	digits, _ := strings.CutPrefix(text, "sha256:")
	sum, err := hex.DecodeString(strings.ReplaceAll(digits, ":", ""))
	if err != nil || len(sum) != sha256.Size {
		return nil, errors.New("the fingerprint is not sha256: and 64 hexadecimal digits: compute it with openssl x509 -fingerprint -sha256")
	}
	return sum, nil
}

// Close ends the session. The protocol has no other way to.
func (c *Client) Close() error {
	c.fail(ErrClosed)
	return c.conn.Close()
}

// fail notes why the connection can be used no more, and returns the first reason.
func (c *Client) fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.broken == nil {
		c.broken = err
	}
}

func (c *Client) failed() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.broken
}

// An answer is a success: its code, its sentence, and its payload.
type answer struct {
	Code Code
	Text string
	Msg  json.RawMessage
}

// ask sends a command and waits for its answer. A nil parameter is none.
func (c *Client) ask(ctx context.Context, command string, parameter any, money bool) (answer, error) {
	request := []any{command}
	if parameter != nil {
		request = append(request, parameter)
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(request); err != nil {
		return answer{}, err
	}
	return c.exchange(ctx, wire.ASCII(bytes.TrimSuffix(text.Bytes(), []byte("\n"))), money)
}

// exchange writes a request, in one write, and reads frames up to the answer.
func (c *Client) exchange(ctx context.Context, request []byte, money bool) (answer, error) {
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	case <-ctx.Done():
		return answer{}, ctx.Err() // nothing was sent
	}
	if err := c.failed(); err != nil {
		return answer{}, err
	}
	if err := ctx.Err(); err != nil {
		return answer{}, err
	}
	stop := context.AfterFunc(ctx, func() { _ = c.conn.SetDeadline(time.Unix(1, 0)) })
	frame, err := c.roundTrip(request)
	if !stop() && err == nil {
		// The answer came as the context ended: it counts, but the deadline has spoilt
		// the connection.
		c.fail(ErrClosed)
		_ = c.conn.Close()
	}
	if err != nil {
		c.fail(ErrClosed)
		_ = c.conn.Close()
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		if money {
			return answer{}, fmt.Errorf("%w: %w", ErrOutcomeUnknown, err)
		}
		return answer{}, err
	}
	if code := Code(frame.Code); !code.Success() {
		refusal := &Error{Code: code, Text: frame.Errmsg}
		if money && (code == DatabaseFailed || code == Crashed) {
			return answer{}, fmt.Errorf("%w: %w", ErrOutcomeUnknown, refusal)
		}
		return answer{}, refusal
	}
	return answer{Code(frame.Code), frame.Errmsg, frame.Msg}, nil
}

func (c *Client) roundTrip(request []byte) (wire.Frame, error) {
	if _, err := c.conn.Write(request); err != nil {
		return wire.Frame{}, err
	}
	for {
		frame, err := wire.ReadFrame(c.r, mostAnswer)
		if err != nil {
			return wire.Frame{}, err
		}
		code := Code(frame.Code)
		if code != Broadcast && code != Message {
			return frame, nil
		}
		var text string
		if json.Unmarshal(frame.Msg, &text) == nil && c.on != nil {
			c.on(Pushed{code, text})
		}
	}
}

// ErrShape is wrapped by the error about a payload that is not what the command
// answers with.
var ErrShape = errors.New("the server's answer is not of the expected shape")

// read sends a command that moves no money and decodes its payload.
func read[T any](ctx context.Context, c *Client, command string, parameter any) (T, error) {
	var v T
	a, err := c.ask(ctx, command, parameter, false)
	if err != nil {
		return v, err
	}
	return v, a.decode(command, &v)
}

func (a answer) decode(command string, into any) error {
	if err := json.Unmarshal(a.Msg, into); err != nil {
		return fmt.Errorf("%s: %w: %w", command, ErrShape, err)
	}
	return nil
}

// do sends a command whose payload says nothing.
func (c *Client) do(ctx context.Context, command string, parameter any) error {
	_, err := c.ask(ctx, command, parameter, false)
	return err
}

// An Entry is what became of one element of a list of transactions.
type Entry struct {
	Code  Code
	About json.RawMessage // an account, or a pair of them
	Text  string
}

// UnmarshalJSON reads [code, about, text], and lists that are longer.
func (e *Entry) UnmarshalJSON(text []byte) error {
	var list []json.RawMessage
	if err := json.Unmarshal(text, &list); err != nil {
		return err
	}
	if len(list) < 2 {
		return errors.New("an entry has a code and somebody it is about")
	}
	e.About = list[1]
	if len(list) > 2 {
		_ = json.Unmarshal(list[2], &e.Text) // only the code is sure
	}
	return json.Unmarshal(list[0], &e.Code)
}

// entries sends a list of transactions.
func (c *Client) entries(ctx context.Context, command string, parameter any) ([]Entry, error) {
	a, err := c.ask(ctx, command, parameter, true)
	if err != nil {
		return nil, err
	}
	var list []Entry
	return list, a.decode(command, &list)
}

// An Outcome is what became of one transaction: OK or Forced, and its number.
type Outcome struct {
	Code Code
	ID   int64
	Text string
}

// money sends one transaction.
func (c *Client) money(ctx context.Context, command string, parameter any) (Outcome, error) {
	a, err := c.ask(ctx, command, parameter, true)
	if err != nil {
		return Outcome{}, err
	}
	o := Outcome{Code: a.Code, Text: a.Text}
	_ = json.Unmarshal(a.Msg, &o.ID) // null where there is no number
	return o, nil
}
