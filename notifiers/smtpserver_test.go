package notifiers

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/md5"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/textproto"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// smtpServer is a mail server on loopback. Change its fields before start.
type smtpServer struct {
	t          *testing.T
	in         inbox
	implicit   bool   // TLS from the start
	plain      bool   // no TLS at all
	certFor    string // the host its certificate names
	mechanisms string // of authentication, none when empty

	// script has replies other than the usual, by command, and by "" for the greeting, "." for the end of a message and
	// "body" for its middle. "drop" ends the connection, "stall" says nothing, "echo" repeats what the client said.
	script map[string]string

	caFile   string
	cert     tls.Certificate
	listener net.Listener
	release  chan struct{}
	stalled  chan struct{} // gets a token when the server falls silent
	mu       sync.Mutex
	commands []string // that came, in order
	method   string   // of the last successful authentication
}

func newSMTP(t *testing.T) *smtpServer {
	return &smtpServer{t: t, certFor: "127.0.0.1", script: map[string]string{}, release: make(chan struct{}), stalled: make(chan struct{}, 1)}
}

// start listens until the test ends, and then insists that no connection is left open.
func (s *smtpServer) start() {
	s.t.Helper()
	s.caFile, s.cert = newAuthority(s.t, s.certFor)
	var err error
	if s.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		s.t.Fatal(err)
	}
	var connections sync.WaitGroup
	connections.Go(func() {
		for {
			conn, err := s.listener.Accept()
			if err != nil {
				return
			}
			connections.Go(func() { s.serve(conn) })
		}
	})
	s.t.Cleanup(func() {
		s.listener.Close()
		close(s.release)
		connections.Wait()
	})
}

func (s *smtpServer) settings() Email {
	e := Email{Host: "127.0.0.1", Port: s.listener.Addr().(*net.TCPAddr).Port, CAFile: s.caFile,
		From: "Léa <lea@example.org>", To: "maman@example.com"}
	switch {
	case s.implicit:
		e.TLS = "implicit"
	case s.plain:
		e.TLS = "none"
	}
	if s.mechanisms != "" {
		e.Username, e.Password = mailUser, NewSecret(mailKey)
	}
	return e
}

func (s *smtpServer) saw(command string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Contains(s.commands, command)
}

// used returns how the client authenticated.
func (s *smtpServer) used() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.method
}

// session is one connection.
type session struct {
	*smtpServer
	conn net.Conn
	text *textproto.Conn
}

func (s *smtpServer) serve(conn net.Conn) {
	defer conn.Close()
	if s.implicit {
		conn = tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{s.cert}})
	}
	c := &session{s, conn, textproto.NewConn(conn)}
	if !c.reply("", "", "220 ready") {
		return
	}
	for {
		line, err := c.text.ReadLine()
		if err != nil {
			return
		}
		verb, arg, _ := strings.Cut(line, " ")
		s.mu.Lock()
		s.commands = append(s.commands, verb)
		s.mu.Unlock()
		if !c.answer(verb, arg, line) {
			return
		}
	}
}

// reply says the usual or what the script wants, and reports whether to go on.
func (c *session) reply(command, line, usual string) bool {
	say, ok := c.script[command]
	if !ok {
		say = usual
	}
	switch say {
	case "drop":
		return false
	case "stall":
		select {
		case c.stalled <- struct{}{}:
		default:
		}
		<-c.release
		return false
	case "echo":
		say = "535 5.7.8 cannot use " + line
	}
	return c.text.PrintfLine("%s", say) == nil
}

func (c *session) answer(verb, arg, line string) bool {
	switch verb {
	case "EHLO":
		return c.reply(verb, line, c.greeting())
	case "STARTTLS":
		if !c.reply(verb, line, "220 go") {
			return false
		}
		c.conn = tls.Server(c.conn, &tls.Config{Certificates: []tls.Certificate{c.cert}})
		c.text = textproto.NewConn(c.conn)
		return true
	case "AUTH":
		if _, ok := c.script[verb]; ok {
			return c.reply(verb, line, "")
		}
		return c.text.PrintfLine("%s", c.authenticate(arg)) == nil
	case "DATA":
		return c.reply(verb, line, "354 go") && c.receive()
	case "QUIT":
		c.reply(verb, line, "221 bye")
		return false
	case "MAIL", "RCPT", "RSET", "NOOP":
		return c.reply(verb, line, "250 ok")
	}
	return c.reply(verb, line, "500 what?")
}

func (c *session) greeting() string {
	lines := []string{"hello", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"}
	if _, secure := c.conn.(*tls.Conn); !secure && !c.plain && c.script["STARTTLS"] != "absent" {
		lines = append(lines, "STARTTLS")
	}
	if c.mechanisms != "" {
		lines = append(lines, "AUTH "+c.mechanisms)
	}
	last := len(lines) - 1
	return "250-" + strings.Join(lines[:last], "\r\n250-") + "\r\n250 " + lines[last]
}

func (c *session) authenticate(arg string) string {
	mechanism, initial, _ := strings.Cut(arg, " ")
	ok := false
	switch mechanism {
	case "PLAIN":
		ok = decode64(initial) == "\x00"+mailUser+"\x00"+mailKey
	case "LOGIN":
		ok = c.challenge("Username:") == mailUser && c.challenge("Password:") == mailKey
	case "CRAM-MD5":
		mac := hmac.New(md5.New, []byte(mailKey))
		mac.Write([]byte("<1@here>"))
		ok = c.challenge("<1@here>") == mailUser+" "+hex.EncodeToString(mac.Sum(nil))
	}
	if !ok {
		return "535 5.7.8 wrong password"
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.method = mechanism
	return "235 welcome"
}

func (c *session) challenge(s string) string {
	_ = c.text.PrintfLine("334 %s", base64.StdEncoding.EncodeToString([]byte(s)))
	line, _ := c.text.ReadLine()
	return decode64(line)
}

func decode64(s string) string {
	b, _ := base64.StdEncoding.DecodeString(s)
	return string(b)
}

// receive reads a message. It is delivered when the reply to its end is 250.
func (c *session) receive() bool {
	if _, ok := c.script["body"]; ok {
		_, _ = c.text.ReadLine()
		return c.reply("body", "", "")
	}
	raw, err := c.text.ReadDotBytes()
	if err != nil {
		return false
	}
	if end, ok := c.script["."]; !ok || strings.HasPrefix(end, "250") {
		c.in.add(readMail(c.t, raw))
	}
	return c.reply(".", "", "250 2.0.0 queued")
}

func readMail(t *testing.T, raw []byte) delivery {
	header, text, page := mailParts(t, raw)
	head, _, _ := strings.Cut(string(raw), "\n\n")
	subject := readSubject(t, header)
	d := delivery{id: strings.TrimPrefix(strings.TrimSuffix(header.Get("Message-ID"), "@example.org>"), "<"), subject: subject,
		text: text, raw: string(raw), head: head, page: page}
	if strings.TrimSpace(d.text) == d.subject {
		d.text = ""
	}
	return d
}

func readSubject(t *testing.T, header mail.Header) string {
	t.Helper()
	subject, err := new(mime.WordDecoder).DecodeHeader(header.Get("Subject"))
	if err != nil {
		t.Errorf("decode the subject: %v", err)
	}
	return subject
}

// mailParts reads a mail whose plain text comes first, and then its page if it has one.
func mailParts(t *testing.T, raw []byte) (header mail.Header, text, page string) {
	t.Helper()
	m, err := mail.ReadMessage(bufio.NewReader(bytes.NewReader(raw)))
	if err != nil {
		t.Errorf("read the mail: %v", err)
		return nil, "", ""
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Errorf("read the content type: %v", err)
	}
	if kind == "text/plain" {
		return m.Header, decoded(t, quotedprintable.NewReader(m.Body)), ""
	}
	var parts []string
	for r := multipart.NewReader(m.Body, params["boundary"]); ; {
		part, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Errorf("read a part: %v", err)
			return m.Header, "", ""
		}
		parts = append(parts, decoded(t, part))
	}
	if kind != "multipart/alternative" || len(parts) != 2 {
		t.Errorf("%s of %d parts, want alternatives: a text and a page", kind, len(parts))
		return m.Header, "", ""
	}
	return m.Header, parts[0], parts[1]
}

func decoded(t *testing.T, r io.Reader) string {
	text, err := io.ReadAll(r)
	if err != nil {
		t.Errorf("read the text: %v", err)
	}
	return strings.ReplaceAll(string(text), "\r\n", "\n")
}

// newAuthority makes an authority and a certificate for one host.
func newAuthority(t *testing.T, host string) (caFile string, cert tls.Certificate) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IsCA: true,
		BasicConstraintsValid: true, DNSNames: []string{host}}
	if ip := net.ParseIP(host); ip != nil {
		template.IPAddresses = []net.IP{ip}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	caFile = filepath.Join(t.TempDir(), fmt.Sprintf("%s.pem", host))
	if err := os.WriteFile(caFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return caFile, tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}
