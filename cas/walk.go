package cas

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/pronote-sync/pronote-sync/hostname"
)

// Bounds of a login; a real one takes some 15 requests in as many seconds.
const (
	maxRequests  = 40
	maxRedirects = 20
	maxMet       = 3 // times that a page may be met again
	maxRequest   = 15 * time.Second
	maxLogin     = time.Minute
)

// A walk is one login on its way through the pages of a portal.
type walk struct {
	*Login
	engine    engine
	transport http.RoundTripper
	jar       http.CookieJar
	agent     string
	trace     *recorder

	school  *url.URL        // the page that was asked for
	hosts   map[string]bool // that may be asked anything
	service string          // the address of PRONOTE, in PRONOTE's own spelling

	execution string // of EduConnect, for toutatice
	posted    bool   // the password has been sent: never again
	demanded  Reason // what the page of the login wanted, beside user name and password
	said      Reason // what the page said that came after the login
	begun     bool   // at EduConnect, the portal having refused to
	restarted bool   // EduConnect was asked again, after the login
	resumed   bool   // PRONOTE was asked again, after the login
	requests  int
	met       map[string]int // how often a reader knew a page of a host
}

// A step is the next request.
type step struct {
	method string
	url    *url.URL
	fields url.Values // of POST
}

func get(u *url.URL) *step { return &step{method: http.MethodGet, url: u} }

// run walks until it is back at the school.
func (w *walk) run(ctx context.Context) (*page, error) {
	p, err := w.enter(ctx)
	for err == nil && !w.atSchool(p.url) {
		var next *step
		if next, err = w.next(p); err == nil {
			p, err = w.send(ctx, next)
		}
	}
	if err == nil && w.posted && p.status == http.StatusOK && !startCall.Match(p.body) {
		return nil, &Error{Reason: NotTaken} // trying again would only send the password again
	}
	return p, err
}

// enter asks for PRONOTE's page and goes where it sends logins, or where the
// portal wants them to begin.
func (w *walk) enter(ctx context.Context) (*page, error) {
	w.service = url.QueryEscape(w.school.String())
	at := w.school
	for range maxRedirects {
		a, err := w.exchange(ctx, get(at))
		switch {
		case err != nil:
			return nil, err
		case a.location == nil:
			return w.undelegated(ctx, a)
		case !w.inSchool(a.location):
			return w.leave(ctx, a.location)
		}
		at = a.location
	}
	return nil, w.circles(at)
}

// startCall is in every page that opens a session.
var startCall = regexp.MustCompile(`\bStart\s*\(`)

// undelegated is when PRONOTE answers by itself. There may still be a portal
// beside its own login page, if that portal can be told where to return to.
func (w *walk) undelegated(ctx context.Context, a *answer) (*page, error) {
	switch {
	case !startCall.Match(a.body): // closed, banned: PRONOTE's own matter
		return &page{url: a.url, status: a.status, header: a.header, body: a.body}, nil
	case w.Portal.Start == "":
		return nil, &Error{Reason: NotDelegated}
	}
	return w.begin(ctx)
}

// leave goes from PRONOTE to the portal.
func (w *walk) leave(ctx context.Context, to *url.URL) (*page, error) {
	if !w.hosts[hostname.Of(to)] {
		detail := "it sends logins to " + named(to)
		if known := Portals().At(hostname.Of(to)); len(known) > 0 {
			detail += ", which is the portal " + known[0].ID
		}
		return nil, &Error{Reason: Elsewhere, Detail: detail}
	}
	for part := range strings.SplitSeq(to.RawQuery, "&") {
		if service, ok := strings.CutPrefix(part, "service="); ok {
			w.service = service // as PRONOTE spells it: portals compare it with a pattern
		}
	}
	if w.Portal.Start != "" && !strings.Contains(w.Portal.Start, "{service}") {
		return w.begin(ctx)
	}
	if query := w.engine.addition(w.Portal); query != "" {
		more := *to
		more.RawQuery = strings.Trim(more.RawQuery+"&"+query, "&")
		to = &more
	}
	return w.send(ctx, get(to))
}

// begin starts where the table says.
func (w *walk) begin(ctx context.Context) (*page, error) {
	start, err := url.Parse(strings.ReplaceAll(w.Portal.Start, "{service}", w.service))
	if err != nil {
		return nil, err
	}
	return w.send(ctx, get(start))
}

// next decides what to answer to a page of the portal.
func (w *walk) next(p *page) (*step, error) {
	for _, r := range w.engine.readers {
		next, err := r.read(w, p)
		if err != nil {
			return nil, err
		}
		if next == nil {
			continue
		}
		w.trace.knew(r.name)
		place := r.name + " " + hostname.Of(p.url)
		if w.met[place]++; w.met[place] > maxMet {
			return nil, w.circles(p.url)
		}
		return next, nil
	}
	return w.stray(p)
}

// stray is for a page that no reader knows: a message, the portal's home page,
// or a change of the portal.
func (w *walk) stray(p *page) (*step, error) {
	reason := message(p)
	switch {
	case w.posted && !w.resumed && hostname.Of(p.url) != eduConnectHost && p.status < http.StatusInternalServerError:
		// Most often it is the portal's home page: logged in, but not on the way back.
		// PRONOTE knows that one. The page's words may be news.
		w.trace.knew("")
		w.resumed, w.said = true, reason
		return get(w.school), nil
	case reason != "":
		return nil, &Error{Reason: reason, Host: p.url.Host}
	case hostname.Of(p.url) == eduConnectHost && w.posted:
		return nil, w.changed(p, "the way back from EduConnect, a browser may show what it asks first,")
	case w.posted:
		return nil, &Error{Reason: cmp.Or(w.said, UnknownThere), Host: p.url.Host}
	}
	return nil, w.changed(p, w.engine.expects)
}

// changed says what was expected and what came, in names of fields.
func (w *walk) changed(p *page, expected string) error {
	detail := fmt.Sprintf("expected %s, got status %d", expected, p.status)
	if len(p.forms) == 0 {
		detail += " without a form"
	}
	for i, f := range p.forms[:min(len(p.forms), 3)] {
		detail += fmt.Sprintf(", form %d with the fields %s", i+1, f.names())
	}
	return &Error{Reason: PortalChanged, Host: p.url.Host, Detail: detail}
}

func (w *walk) circles(at *url.URL) error {
	return &Error{Reason: PortalChanged, Host: at.Host, Detail: "it leads in circles"}
}

// credentials fills in a form, once, if it is the portal's own.
func (w *walk) credentials(p *page, f form, user, password string, more url.Values) (*step, error) {
	switch {
	case w.resumed, w.restarted:
		return nil, &Error{Reason: cmp.Or(w.said, UnknownThere), Host: p.url.Host} // the password was right before
	case w.posted:
		return nil, w.refused(p)
	case !w.trusted(p.url), !w.trusted(f.action):
		return nil, &Error{Reason: Unsafe, Host: p.url.Host, Detail: "a form that would send the password to " + named(f.action)}
	case f.method != http.MethodPost:
		return nil, &Error{Reason: Unsafe, Host: p.url.Host, Detail: "a form that would write the password into an address"}
	case p.has(captcha):
		return nil, &Error{Reason: Captcha, Host: p.url.Host}
	}
	w.posted, w.demanded = true, demand(p)
	fields := f.values()
	for name, values := range more {
		fields[name] = values
	}
	fields.Set(user, w.Username)
	fields.Set(password, w.password())
	return &step{method: http.MethodPost, url: f.action, fields: fields}, nil
}

// trusted reports whether an address may have the password.
func (w *walk) trusted(u *url.URL) bool {
	host := hostname.Of(u)
	return host != "" && host == w.passwordHost() && u.Scheme == "https" && u.User == nil
}

// passwordHost is the only host that gets the password.
func (w *walk) passwordHost() string {
	if w.engine.eduConnect {
		return eduConnectHost
	}
	return hostOf(w.Portal.Base)
}
