package notifiers

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// answering serves one answer to everybody, and returns its address.
func answering(t *testing.T, status int, header http.Header, body string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		for name, values := range header {
			w.Header()[name] = values
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestStatuses(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]string{
		200: "", 201: "", 202: "", 204: "",
		301: "temporary: the webhook sends elsewhere (status 301)",
		307: "temporary: the webhook sends elsewhere (status 307)",
		400: "permanent: the webhook refuses the message (status 400)",
		401: "for a day: the webhook refuses the credentials (status 401)",
		403: "for a day: the webhook refuses the credentials (status 403)",
		404: "for a day: the webhook has nothing at this address (status 404)",
		405: "for a day: the webhook has nothing at this address (status 405)",
		408: "temporary: the webhook is in trouble (status 408)",
		410: "permanent: the webhook has nothing at this address (status 410)",
		413: "permanent: the webhook finds the message too long (status 413)",
		422: "permanent: the webhook refuses the message (status 422)",
		425: "temporary: the webhook is in trouble (status 425)",
		429: "temporary: the webhook has had too many messages (status 429)",
		500: "temporary: the webhook is in trouble (status 500)",
		503: "temporary: the webhook is in trouble (status 503)",
	} {
		n := open(t, "webhook", Webhook{URL: NewSecret(answering(t, status, nil, ""))})
		if got := describe(n.Send(t.Context(), "subject", "text")); got != want {
			t.Errorf("status %d: got %q, want %q", status, got, want)
		}
	}
}

// describe writes an error and its nature.
func describe(err error) string {
	switch {
	case err == nil:
		return ""
	case isPermanent(err):
		return "permanent: " + err.Error()
	case patience(err) == 24*time.Hour:
		return "for a day: " + err.Error()
	case patience(err) != 0:
		return "for another time: " + err.Error()
	}
	return "temporary: " + err.Error()
}

// Only a service for everybody knows for sure that a token is void or an address wrong.
func TestOneRefusalOfAServerAtHomeIsNotTheFinalWord(t *testing.T) {
	t.Parallel()
	for status, misplaced := range map[int]bool{400: false, 401: true, 403: true, 404: true, 405: true, 410: false, 413: false, 500: false} {
		for _, own := range []bool{true, false} {
			p := newPoster("it", nil)
			p.own = own
			_, err := p.postJSON(t.Context(), answering(t, status, nil, ""), nil, nil)
			wantPatience, wantPermanent := own && misplaced, final(status) && !(own && misplaced)
			if (patience(err) == ownPatience) != wantPatience || isPermanent(err) != wantPermanent {
				t.Errorf("status %d, own %t: patience %v, permanent %t", status, own, patience(err), isPermanent(err))
			}
		}
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	date := func(retry string) http.Header {
		return http.Header{"Retry-After": {retry}, "Date": {"Sun, 22 Nov 2026 10:00:00 GMT"}}
	}
	for _, test := range []struct {
		status int
		header http.Header
		body   string
		want   time.Duration
	}{
		{429, http.Header{"Retry-After": {"30"}}, "", 30 * time.Second},
		{503, http.Header{"Retry-After": {"120"}}, "", 2 * time.Minute},
		{503, date("Sun, 22 Nov 2026 10:05:00 GMT"), "", 5 * time.Minute},
		{503, date("Sun, 22 Nov 2026 09:00:00 GMT"), "", 0},
		{503, date("soon"), "", 0},
		{503, http.Header{"Retry-After": {"Sun, 22 Nov 2026 10:05:00 GMT"}, "Date": {"?"}}, "", 0},
		{429, http.Header{"Retry-After": {"-5"}}, "", 0},
		{429, http.Header{"Retry-After": {"99999999999999"}}, "", 24 * time.Hour},
		{429, nil, `{"message":"slow down","retry_after":1.5}`, 1500 * time.Millisecond},
		{429, nil, `{"ok":false,"parameters":{"retry_after":7}}`, 7 * time.Second},
		{429, nil, `{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":2500}`, 2500 * time.Millisecond},
		{429, http.Header{"Retry-After": {"2"}}, `{"retry_after":1.5}`, 2 * time.Second},
		{429, nil, `not JSON`, 0},
		{500, nil, "", 0},
	} {
		n := open(t, "webhook", Webhook{URL: NewSecret(answering(t, test.status, test.header, test.body))})
		if got := wait(n.Send(t.Context(), "subject", "text")); got != test.want {
			t.Errorf("status %d, %v, %q: wait %v, want %v", test.status, test.header, test.body, got, test.want)
		}
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("%s %s with %v", r.Method, r.URL, r.Header)
	}))
	t.Cleanup(elsewhere.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		url := answering(t, status, http.Header{"Location": {elsewhere.URL}}, "")
		for _, n := range []*guard{
			open(t, "webhook", Webhook{URL: NewSecret(url), Token: NewSecret(hookToken)}),
			open(t, "ntfy", Ntfy{Server: url, Topic: NewSecret(topic)}),
			open(t, "discord", Discord{NewSecret(url + "/api/webhooks/1/x")}),
			open(t, "telegram", Telegram{Token: NewSecret(botToken), ChatID: "@ecole", Server: url}),
		} {
			if err := n.Send(t.Context(), "subject", "text"); err == nil || isPermanent(err) {
				t.Errorf("status %d, %v: got %v, want a temporary error", status, n, err)
			}
		}
	}
}

// A hotel's network answers 200 to everything until somebody has clicked.
func TestPortalPageIsNoDelivery(t *testing.T) {
	t.Parallel()
	url := answering(t, 200, nil, "<html>Welcome!</html>")
	for _, n := range []*guard{
		open(t, "ntfy", Ntfy{Server: url, Topic: NewSecret(topic)}),
		open(t, "discord", Discord{NewSecret(url + "/api/webhooks/1/x")}),
		open(t, "telegram", Telegram{Token: NewSecret(botToken), ChatID: "@ecole", Server: url}),
		open(t, "webhook", Webhook{URL: NewSecret(url)}),
	} {
		if err := n.Send(t.Context(), "subject", "text"); err == nil || isPermanent(err) || !strings.Contains(err.Error(), "did not confirm") {
			t.Errorf("%v: got %v, want a temporary error", n, err)
		}
	}
}

// Programs at home answer what they like, some of it under the type of a page.
func TestAWebhookMayAnswerAnythingButAPage(t *testing.T) {
	t.Parallel()
	for body, page := range map[string]bool{
		"": false, "ok": false, `{"html":"<html>"}`: false, "<p>ok</p>": false, "<b>done</b>": false, "1 < 2 <html>": false,
		"<ok/>": false, `<?xml version="1.0"?><response>taken</response>`: false,
		"<html>Welcome!</html>": true, "\ufeff\r\n <!DOCTYPE html><html lang=fr>": true, "<!-- hotel --><HTML>": true,
		`<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN">`: true,
		`<script>location="http://portal.example/"</script>`:                             true, `<meta http-equiv="refresh" content="0">`: true,
	} {
		url := answering(t, 200, http.Header{"Content-Type": {"text/html; charset=utf-8"}}, body)
		err := open(t, "webhook", Webhook{URL: NewSecret(url)}).Send(t.Context(), "subject", "text")
		if (err != nil) != page || isPermanent(err) {
			t.Errorf("%q: %v", body, err)
		}
	}
}

func TestUnreachable(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(nil)
	url := server.URL
	server.Close()
	for _, n := range []*guard{
		open(t, "webhook", Webhook{URL: NewSecret(url + hookPath + "?k=" + discordKey)}),
		open(t, "ntfy", Ntfy{Server: url, Topic: NewSecret(topic)}),
		open(t, "discord", Discord{NewSecret(url + "/api/webhooks/1/" + discordKey)}),
		open(t, "telegram", Telegram{Token: NewSecret(botToken), ChatID: "@ecole", Server: url}),
	} {
		err := n.Send(t.Context(), "subject", "text")
		if err == nil || isPermanent(err) || !strings.Contains(err.Error(), "cannot be reached at 127.0.0.1:") {
			t.Errorf("%v: got %v, want a temporary error with the host", n, err)
			continue
		}
		if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v: %v is blamed on the context", n, err)
		}
		for _, secret := range []string{hookPath, discordKey, botToken, "bot1234", "://"} {
			if strings.Contains(err.Error(), secret) {
				t.Errorf("%v: %q is in %v", n, secret, err)
			}
		}
	}
}

// A success whose body never ends has arrived: a second attempt would tell the reader twice.
func TestHugeAnswer(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for {
			if _, err := io.WriteString(w, strings.Repeat("x", 1<<16)); err != nil {
				return
			}
		}
	}))
	t.Cleanup(server.Close)
	if err := open(t, "webhook", Webhook{URL: NewSecret(server.URL)}).Send(t.Context(), "subject", "text"); err != nil {
		t.Error(err)
	}
}

// The vector is that of the standard's own documentation.
func TestSignatureOfStandardWebhooks(t *testing.T) {
	t.Parallel()
	header := http.Header{}
	sign(header, NewSecret(hookSecret), message{id: "msg_p5jXN8AQM9LWM0D4loKWxJek", at: time.Unix(1614265330, 0)}, []byte(`{"test": 2432232314}`))
	if got, want := header.Get("Webhook-Signature"), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Errorf("signature %q, want %q", got, want)
	}
	sign(header, NewSecret("a word of mine"), message{id: "x", at: time.Unix(0, 0)}, nil)
	if got := header.Get("Webhook-Signature"); !strings.HasPrefix(got, "v1,") || len(got) != 47 {
		t.Errorf("signature %q", got)
	}
}
