package cas

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/pronote-sync/pronote-sync/hostname"
)

// This file makes the requests: where they may go, what they may bring, and
// which cookies they may set.

// Bounds of an answer's header. The addresses of real ones have some 4,000 bytes,
// and set some ten cookies.
const (
	maxCookies = 50
	maxHeader  = 32 << 10 // bytes of an address, or of all cookies
)

// An answer is one response, with its redirect read and not followed.
type answer struct {
	url      *url.URL
	status   int
	header   http.Header
	body     []byte
	location *url.URL // nil when it is no redirect
}

// send makes a request and follows the redirects.
func (w *walk) send(ctx context.Context, s *step) (*page, error) {
	for range maxRedirects {
		a, err := w.exchange(ctx, s)
		if err != nil {
			return nil, err
		}
		if a.location == nil {
			if w.atSchool(a.url) {
				return &page{url: a.url, status: a.status, header: a.header, body: a.body}, nil
			}
			p, err := readPage(a.url, a.status, a.header, a.body)
			if p != nil {
				p.replies = s.method
			}
			return p, err
		}
		if p := w.instead(a); p != nil {
			return p, nil
		}
		again := a.status == http.StatusTemporaryRedirect || a.status == http.StatusPermanentRedirect
		if again && s.method == http.MethodPost {
			return nil, &Error{Reason: Unsafe, Host: a.url.Host, Detail: "it wants a form sent again to " + named(a.location)}
		}
		s = get(a.location)
	}
	return nil, w.circles(s.url)
}

// instead is a page made up for one that is not asked for, because the address of
// the redirect says everything; nil for other addresses.
func (w *walk) instead(a *answer) *page {
	stands := func(host, path string) *page {
		return &page{url: &url.URL{Scheme: "https", Host: host, Path: path}, status: http.StatusOK, header: http.Header{}}
	}
	switch prefix, demanded := place(a.location); {
	case w.engine.outside != nil && w.engine.outside(w.Portal, a):
		return stands(hostOf(w.Portal.Base), w.engine.login)
	case w.posted && demanded != "" && hostname.Same(a.location, a.url):
		return stands(hostname.Of(a.url), prefix) // what follows may be the password
	}
	return nil
}

// exchange makes one request, if it is one that may be made.
func (w *walk) exchange(ctx context.Context, s *step) (*answer, error) {
	if err := w.permit(s.url); err != nil {
		return nil, err
	}
	if w.requests++; w.requests > maxRequests {
		return nil, w.circles(s.url)
	}
	ctx, cancel := context.WithTimeout(ctx, maxRequest)
	defer cancel()
	req, err := w.request(ctx, s)
	if err != nil {
		return nil, err
	}
	resp, err := w.transport.RoundTrip(req)
	if err != nil {
		return nil, unreachable(s.url, err)
	}
	defer func() { _ = resp.Body.Close() }() // read to the end or given up: nothing left to lose
	cookies := w.harmless(s.url, resp.Cookies())
	if size := len(strings.Join(resp.Header.Values("Set-Cookie"), "")); len(cookies) > maxCookies || size > maxHeader {
		return nil, &Error{Reason: TooMuch, Host: s.url.Host, Detail: fmt.Sprintf("%d cookies of %d kB", len(cookies), size>>10)}
	}
	w.jar.SetCookies(s.url, cookies)
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	if err != nil {
		return nil, unreachable(s.url, err)
	}
	if len(body) > maxBody {
		return nil, &Error{Reason: TooMuch, Host: s.url.Host, Detail: fmt.Sprintf("a page of more than %d MiB", maxBody>>20)}
	}
	a := &answer{url: s.url, status: resp.StatusCode, header: resp.Header, body: body}
	if a.location, err = location(s.url, resp); err != nil {
		return nil, err
	}
	w.trace.exchange(s, a, cookies)
	return a, nil
}

func (w *walk) request(ctx context.Context, s *step) (*http.Request, error) {
	var body io.Reader
	if s.method == http.MethodPost {
		body = strings.NewReader(s.fields.Encode())
	}
	req, err := http.NewRequestWithContext(ctx, s.method, s.url.String(), body)
	if err != nil {
		return nil, unreachable(s.url, errors.New("its address cannot be read")) // the error has it in full
	}
	req.Header.Set("User-Agent", w.agent)
	req.Header.Set("Accept", "text/html,application/xhtml+xml,*/*")
	req.Header.Set("Accept-Language", "fr-FR,fr") // the messages that are known are French
	if body != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, cookie := range w.jar.Cookies(s.url) {
		req.AddCookie(cookie)
	}
	return req, nil
}

// location is where a redirect leads, nil when the response is none.
func location(at *url.URL, resp *http.Response) (*url.URL, error) {
	redirects := []int{http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect}
	if !slices.Contains(redirects, resp.StatusCode) {
		return nil, nil
	}
	text := resp.Header.Get("Location")
	if len(text) > maxHeader {
		return nil, &Error{Reason: TooMuch, Host: at.Host, Detail: fmt.Sprintf("an address of %d kB", len(text)>>10)}
	}
	to, err := at.Parse(text)
	if err != nil || text == "" {
		return nil, &Error{Reason: PortalChanged, Host: at.Host, Detail: "a redirect whose address cannot be read"}
	}
	to.Fragment = ""
	return to, nil
}

// permit refuses places that are neither the portal's nor the school's.
func (w *walk) permit(u *url.URL) error {
	host := hostname.Of(u)
	switch {
	case host == eduConnectHelp:
		return &Error{Reason: NetworkRefused}
	case u.User != nil:
		return &Error{Reason: Unsafe, Detail: "an address with a name in it"}
	case w.inSchool(u) && (u.Scheme == "https" || u.Scheme == w.school.Scheme):
		return nil
	case u.Scheme != "https":
		return &Error{Reason: Unsafe, Detail: "an unencrypted page of " + named(u)}
	case !w.hosts[host]:
		return &Error{Reason: Unsafe, Detail: "the host " + named(u) + ", which is not this portal's"}
	}
	return nil
}

// named is a host for people. One that is refused may look like another.
func named(u *url.URL) string { return cmp.Or(hostname.Of(u), strconv.QuoteToASCII(u.Host)) }

// inSchool reports whether an address is on the school's host.
func (w *walk) inSchool(u *url.URL) bool { return hostname.Same(u, w.school) }

// atSchool reports whether an address is in the school's PRONOTE, which may
// share its host with a portal.
func (w *walk) atSchool(u *url.URL) bool {
	folder := strings.ToLower(w.school.Path[:strings.LastIndex(w.school.Path, "/")+1])
	return w.inSchool(u) && strings.HasPrefix(strings.ToLower(u.Path)+"/", folder)
}

// harmless keeps cookies to the host that sets them where they would reach the
// school or EduConnect, which their shared parent domains would allow.
func (w *walk) harmless(from *url.URL, cookies []*http.Cookie) []*http.Cookie {
	for _, c := range cookies {
		domain := hostname.Of(&url.URL{Host: strings.TrimPrefix(c.Domain, ".")})
		for _, home := range []*url.URL{w.school, {Scheme: "https", Host: eduConnectHost}} {
			if !hostname.Same(from, home) && hostname.Within(home, domain) {
				c.Domain = ""
			}
		}
	}
	return cookies
}

// A failure is one of the network, in our words: a library that cannot read an
// answer quotes it, and it may hold the password.
type failure struct {
	text string
	err  error // nil where it has no meaning to a caller
}

func (f *failure) Error() string { return f.text }
func (f *failure) Unwrap() error { return f.err }

// unreachable names the host alone, and what kept it from answering.
func unreachable(u *url.URL, err error) error {
	for wrapped := (*url.Error)(nil); errors.As(err, &wrapped); {
		err = wrapped.Err
	}
	var dial *net.OpError
	var certificate *tls.CertificateVerificationError
	var text string
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		text = " did not answer in time"
	case errors.Is(err, context.Canceled):
		text = ": " + context.Canceled.Error()
	case errors.As(err, &certificate):
		text = " cannot prove who it is, check the clock of this machine and the network"
	case errors.As(err, &dial) && dial.Op == "dial":
		text = " cannot be reached: " + dial.Error() // of the system, about the host
	case errors.As(err, &dial), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET):
		text = " broke the connection"
	default:
		text, err = " gave an answer that is none of the web", nil
	}
	return &failure{named(u) + text, err}
}
