package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"strings"
	"sync"
	"testing"
	"time"
)

// services are Telegram, ntfy, Discord and a mail server, as far as setting up a channel
// needs them.
type services struct {
	url, mail string

	mu      sync.Mutex
	got     []string          // what was sent, a line each
	written int               // updates so far
	updates []json.RawMessage // that the bot has not heard yet
	busy    bool              // another program reads what is written to the bot
	deaf    bool              // nothing is taken
	polls   int               // programs that wait for updates
}

const servicesToken = "123456:AAbot-Token_x"

func openServices(t testing.TB) *services {
	s := &services{}
	server := httptest.NewServer(s)
	s.url = server.URL
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, s.mail, _ = net.SplitHostPort(listener.Addr().String())
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go s.takeMail(conn)
		}
	}()
	t.Cleanup(func() {
		_ = listener.Close()
		server.CloseClientConnections()
		server.Close()
	})
	return s
}

func (s *services) note(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.got = append(s.got, strings.ReplaceAll(fmt.Sprintf(format, args...), "\n", "⏎"))
}

// ServeHTTP implements http.Handler.
func (s *services) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	method, ours := strings.CutPrefix(r.URL.Path, "/bot"+servicesToken+"/")
	_ = r.ParseMultipartForm(1 << 20) // Telegram's alone
	s.mu.Lock()
	deaf, busy := s.deaf, s.busy
	s.mu.Unlock()
	switch {
	case strings.HasPrefix(r.URL.Path, "/bot") && !ours:
		http.Error(w, `{"ok":false,"error_code":401,"description":"Unauthorized"}`, http.StatusUnauthorized)
	case method == "getMe":
		_, _ = io.WriteString(w, `{"ok":true,"result":{"id":123456,"is_bot":true,"first_name":"Famille","username":"famille_bot"}}`)
	case method == "getUpdates" && busy:
		w.WriteHeader(http.StatusConflict)
		_, _ = io.WriteString(w, `{"ok":false,"error_code":409,"description":"Conflict: terminated by other getUpdates request"}`)
	case method == "getUpdates":
		s.mu.Lock()
		updates := s.updates
		s.updates = nil
		s.mu.Unlock()
		if len(updates) == 0 {
			s.longPoll(w, r)
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"ok": true, "result": updates})
	case deaf && method == "sendMessage":
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, `{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}`)
	case method == "sendMessage":
		s.note("telegram %s: %s", r.FormValue("chat_id"), r.FormValue("text"))
		_, _ = io.WriteString(w, `{"ok":true,"result":{"message_id":1}}`)
	default: // ntfy and Discord
		text, _ := io.ReadAll(r.Body)
		s.note("%s %s", r.URL.Path, text)
		_, _ = io.WriteString(w, `{"id":"1"}`)
	}
}

// number is that of the next update. The lock is held.
func (s *services) number() int {
	s.written++
	return s.written
}

// longPoll waits for updates, which one program alone may do.
func (s *services) longPoll(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.polls++
	alone := s.polls == 1
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.polls--
		s.mu.Unlock()
	}()
	if !alone {
		w.WriteHeader(http.StatusConflict)
		_, _ = io.WriteString(w, `{"ok":false,"error_code":409,"description":"Conflict: terminated by other getUpdates request"}`)
		return
	}
	gone := make(chan struct{})
	go func() {
		untilGone(r)
		close(gone)
	}()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-gone:
			return
		case <-tick.C:
			s.mu.Lock()
			updates := s.updates
			s.updates = nil
			s.mu.Unlock()
			if len(updates) > 0 {
				_ = json.NewEncoder(w).Encode(map[string]any{"ok": true, "result": updates})
				return
			}
		}
	}
}

// takeMail speaks as much SMTP as it takes to get a mail.
func (s *services) takeMail(conn net.Conn) {
	defer conn.Close()
	text := textproto.NewConn(conn)
	_ = text.PrintfLine("220 ready")
	for {
		line, err := text.ReadLine()
		if err != nil {
			return
		}
		switch verb, _, _ := strings.Cut(line, " "); verb {
		case "EHLO":
			_ = text.PrintfLine("250-hello\r\n250 AUTH PLAIN")
		case "AUTH":
			_ = text.PrintfLine("235 welcome")
		case "DATA":
			_ = text.PrintfLine("354 go")
			raw, err := text.ReadDotBytes()
			if err != nil {
				return
			}
			mail, err := textproto.NewReader(bufio.NewReader(bytes.NewReader(raw))).ReadMIMEHeader()
			if err != nil {
				return
			}
			s.note("mail from %s to %s", mail.Get("From"), mail.Get("To"))
			_ = text.PrintfLine("250 queued")
		default:
			_ = text.PrintfLine("250 ok")
		}
	}
}

// ofServices is the command services:
//
//	services open               sets $SERVICES, $MAILPORT and $BOTTOKEN
//	services hear ID NAME       somebody writes to the bot
//	services busy               another program reads what is written to the bot, from now on
//	services deaf | listen      nothing is taken from now on, or again
//	services letters            prints what came
func (s *stage) ofServices(args []string) {
	if args[0] == "open" {
		s.abroad = openServices(s.t)
		s.Setenv("SERVICES", s.abroad.url)
		s.Setenv("MAILPORT", s.abroad.mail)
		s.Setenv("BOTTOKEN", servicesToken)
		return
	}
	a := s.abroad
	a.mu.Lock()
	defer a.mu.Unlock()
	switch args[0] {
	case "hear":
		update := fmt.Sprintf(`{"update_id":%d,"message":{"message_id":1,"date":1,"text":"/start","chat":{"id":%s,"type":"private","first_name":%q}}}`, a.number(), args[1], args[2])
		a.updates = append(a.updates, json.RawMessage(update))
	case "busy":
		a.busy = true
	case "deaf", "listen":
		a.deaf = args[0] == "deaf"
	case "letters":
		for _, line := range a.got {
			_, _ = fmt.Fprintln(s.Stdout(), line)
		}
	default:
		s.Fatalf("services %s?", args[0])
	}
}
