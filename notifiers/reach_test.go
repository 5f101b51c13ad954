package notifiers

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// A channel that is looked at gets neither a message nor a key.
func TestReachSendsNothing(t *testing.T) {
	t.Parallel()
	var got []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = append(got, r.Method+" "+r.URL.String())
		if r.ContentLength > 0 || r.Header.Get("Authorization") != "" || r.Header.Get("Canary") != "" {
			t.Errorf("it got %v", r)
		}
		w.WriteHeader(http.StatusForbidden) // somebody is there
	}))
	t.Cleanup(server.Close)
	for kind, settings := range map[string]func(any){
		"webhook": func(s any) {
			*s.(*Webhook) = Webhook{URL: NewSecret(server.URL + "/canary"), Headers: map[string]Secret{"Canary": NewSecret("canary")}}
		},
		"ntfy": func(s any) {
			*s.(*Ntfy) = Ntfy{Server: server.URL, Topic: NewSecret("canary"), Token: NewSecret("tk_canary")}
		},
		"gotify": func(s any) { *s.(*Gotify) = Gotify{Server: server.URL, Token: NewSecret("canary")} },
	} {
		got = nil
		n, err := New(kind, func(s any) error { settings(s); return nil })
		if err != nil {
			t.Fatal(kind, err)
		}
		if err := Reach(t.Context(), n); err != nil || len(got) != 1 || got[0] != "HEAD /" {
			t.Errorf("%s: %v, after %q", kind, err, got)
		}
	}
}

func TestReachNobody(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().(*net.TCPAddr)
	_ = listener.Close()
	for kind, settings := range map[string]func(any){
		"webhook": func(s any) { *s.(*Webhook) = Webhook{URL: NewSecret("http://" + address.String() + "/canary")} },
		"command": func(s any) { *s.(*Command) = Command{Command: []string{"/nowhere/at-all"}} },
		"email": func(s any) {
			*s.(*Email) = Email{Host: "127.0.0.1", Port: address.Port, TLS: "none", From: "a@example.org", To: "b@example.org"}
		},
	} {
		n, err := New(kind, func(s any) error { settings(s); return nil })
		if err != nil {
			t.Fatal(kind, err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		err = Reach(ctx, n)
		cancel()
		why, ok := err.(interface{ Reason() string })
		if !ok || why.Reason() == "" || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", kind, err)
		}
	}
}
