package notifiers

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

const (
	userAgent = "pronote-sync"
	maxAnswer = 64 << 10       // bytes of an answer that are read
	maxWait   = 24 * time.Hour // of what a service may ask for: more is a mistake, and would lose the message

	// ownPatience is how long a server at home may refuse: it is moved, updated and set up anew by the person who would
	// have to act.
	ownPatience = 24 * time.Hour
)

// poster makes the requests of one channel, and failures of what is not a success.
type poster struct {
	name   string // who answers, as errors call it
	own    bool   // the server is a person's own, not that of a service for everybody
	risk   string // of the address, for a warning
	client *http.Client
	advise func(answer) *failure // what this channel knows better to say of a refusal, or nil; may be nil
}

// newPoster makes a poster that follows no redirect, since the second request would be a GET without the message, and
// that keeps no connection, since messages are rare and a connection the other side has forgotten loses one.
func newPoster(name string, advise func(answer) *failure) poster {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DisableKeepAlives = true
	transport.OnProxyConnectResponse = onProxyAnswer
	return poster{name: name, advise: advise, client: &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// answer is what services say in JSON, each in its own words.
type answer struct {
	status int
	body   []byte
	page   bool // somebody's HTML page, and no word of a service

	OK           bool    `json:"ok"`             // Telegram: it is done
	ID           string  `json:"id"`             // ntfy, Discord: the message exists
	Result       result  `json:"result"`         // Telegram: the message
	Description  string  `json:"description"`    // Telegram: why not
	Error        string  `json:"error"`          // ntfy: why not
	Message      string  `json:"message"`        // Discord: why not
	Code         int     `json:"code"`           // Discord: why not, as a number
	RetryAfter   float64 `json:"retry_after"`    // Discord: seconds
	RetryAfterMS float64 `json:"retry_after_ms"` // Matrix: milliseconds
	Parameters   struct {
		RetryAfter float64 `json:"retry_after"`        // Telegram: seconds
		MigratedTo int64   `json:"migrate_to_chat_id"` // Telegram: the new number of the group
	} `json:"parameters"`
}

type result struct {
	ID int `json:"message_id"`
}

// postJSON posts body, and returns the answer of a success.
func (p poster) postJSON(ctx context.Context, to string, header http.Header, body any) (answer, error) {
	return p.ask(ctx, request{url: to, header: header, body: body})
}

// sendJSON is postJSON by another method.
func (p poster) sendJSON(ctx context.Context, method, to string, header http.Header, body any) (answer, error) {
	return p.ask(ctx, request{method: method, url: to, header: header, body: body})
}

// request is what a channel sends by HTTP.
type request struct {
	method string // POST when empty
	url    string
	header http.Header
	body   any // url.Values make a form, all else JSON
}

// ask makes a request, and returns the answer of a success.
func (p poster) ask(ctx context.Context, r request) (answer, error) {
	var body []byte
	var err error
	kind := "application/json"
	if form, ok := r.body.(url.Values); ok {
		body, kind = []byte(form.Encode()), "application/x-www-form-urlencoded"
	} else if body, err = encode(r.body); err != nil {
		return answer{}, err
	}
	req, err := http.NewRequestWithContext(ctx, cmp.Or(r.method, http.MethodPost), r.url, bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	if r.header != nil {
		req.Header = r.header
	}
	req.Header.Set("Content-Type", kind)
	return p.do(req)
}

func (p poster) warning() string { return p.risk }

// do makes a request. All its errors are of type *failure.
func (p poster) do(req *http.Request) (answer, error) {
	if req.Context().Value(knocking{}) != nil {
		return answer{}, p.knock(req)
	}
	req.Header.Set("User-Agent", userAgent)
	var connected atomic.Bool
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected.Store(true) }}
	resp, err := p.client.Do(req.WithContext(httptrace.WithClientTrace(req.Context(), trace)))
	if err != nil {
		f := p.unreachable(req.URL.Host, err)
		f.uncertain = connected.Load()
		return answer{}, f
	}
	defer resp.Body.Close()
	a := answer{status: resp.StatusCode}
	// Only the status binds everyone: a body that is cut short or not JSON says nothing.
	a.body, _ = io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	_ = json.Unmarshal(a.body, &a)
	a.page = isPage(a.body)
	if resp.StatusCode/100 == 2 {
		return a, nil
	}
	f := p.usual(a)
	if p.advise != nil {
		f = cmp.Or(p.advise(a), f)
	}
	f.wait, f.uncertain = retryAfter(resp.Header, a), undecided(a.status)
	switch {
	case p.own && (misplaced(a.status) || unknown(f.reason)):
		f.patience = ownPatience
	case final(a.status):
		f.permanent = true
	}
	return a, f
}

var pageStart = regexp.MustCompile(`(?i)^[\s\x{FEFF}]*<(?:[^<]*<)*?(?:!doctype html|html|head|body|meta|script)\b`)

// isPage reports whether a body is an HTML page. The header says nothing: some programs send their short answers under
// the type of a page.
func isPage(body []byte) bool { return pageStart.Match(body[:min(len(body), 1<<10)]) }

// unconfirmed is the failure of a success which does not look like the service's own, as when a hotel's network answers
// every request with its welcome page.
func (p poster) unconfirmed() error {
	return temporary("%s did not confirm the message", p.name).because("unconfirmed")
}

// final reports whether a status is the final word on a message.
func final(status int) bool {
	switch status {
	case 400, 401, 403, 404, 410, 413, 422:
		return true
	}
	return false
}

// misplaced reports whether a status says less about a message than about where it was sent: a server that is being set
// up, or moved, or restarted behind its proxy answers so.
func misplaced(status int) bool {
	switch status {
	case 401, 403, 404, 405:
		return true
	}
	return false
}

// undecided reports whether a status leaves open whether the message was taken: a program that failed may have passed it
// on before, and a gateway does not know what became of it.
func undecided(status int) bool { return status/100 == 5 && status != http.StatusServiceUnavailable }

// unknown reports whether a reason says that the server does not know us, which some say with other statuses, too.
func unknown(reason string) bool {
	switch reason {
	case "credentials", "hook", "room", "signal_number":
		return true
	}
	return false
}

// usual says what a status means.
func (p poster) usual(a answer) *failure {
	var what, reason string
	switch {
	case a.status/100 == 3:
		what, reason = "sends elsewhere", "elsewhere"
	case a.status == 401 || a.status == 403:
		what, reason = "refuses the credentials", "credentials"
	case a.status == 404 || a.status == 405 || a.status == 410:
		what, reason = "has nothing at this address", "address"
	case a.status == 407:
		return temporary("the proxy on the way to %s wants credentials (status 407)", p.name).because("proxy_credentials")
	case a.status == 413:
		what, reason = "finds the message too long", "too_long"
	case final(a.status):
		what, reason = "refuses the message", "refused"
	case a.status == 429:
		what, reason = "has had too many messages", "too_many"
	default:
		what, reason = "is in trouble", "trouble"
	}
	return temporary("%s %s (status %d)", p.name, what, a.status).because(reason)
}

// retryAfter returns the wait that an answer asks for, or zero. A date counts from the server's own, for neither clock
// need be right.
func retryAfter(h http.Header, a answer) time.Duration {
	seconds := max(a.RetryAfter, a.RetryAfterMS/1000, a.Parameters.RetryAfter, 0)
	if n, err := strconv.Atoi(h.Get("Retry-After")); err == nil {
		seconds = max(seconds, float64(n))
	} else if until, err := http.ParseTime(h.Get("Retry-After")); err == nil {
		if now, err := http.ParseTime(h.Get("Date")); err == nil {
			seconds = max(seconds, until.Sub(now).Seconds())
		}
	}
	return time.Duration(min(seconds, maxWait.Seconds()) * float64(time.Second))
}

// encode is json.Marshal that leaves <, > and & as they are: some limits count the bytes.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// checkURL parses the http or https address of a key. Its errors do not repeat the address.
func checkURL(key, address string) (*url.URL, error) {
	u, err := url.Parse(address)
	switch {
	case address == "":
		return nil, errors.New(key + " is missing")
	case err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http":
		return nil, errors.New(key + " is not the address of a service")
	}
	return u, nil
}

// loopback reports whether a host is this machine.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
