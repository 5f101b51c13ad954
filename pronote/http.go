package pronote

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
	"time"

	"github.com/pronote-sync/pronote-sync/hostname"
)

// This file is the way to the server: redirects, limits, and what a broken
// connection means.

// DesktopAgent is the browser that most requests claim to come from: the server
// chooses the page by it.
const DesktopAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"

// mobileAgent is that of logins for a token, which the server gives to telephones
// alone since 2026.2.4.
const mobileAgent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 PRONOTE Mobile APP Version/2.0.11"

func (s *Session) agent() string {
	if s.way.mobile {
		return mobileAgent
	}
	return DesktopAgent
}

// introduce gives a request the headers that every client of PRONOTE has.
func (s *Session) introduce(req *http.Request) {
	req.Header.Set("User-Agent", s.agent())
	req.Header.Set("Accept", "*/*")
}

// stayHome refuses redirects that leave the school or its encryption: what
// follows would carry the session elsewhere.
func stayHome(req *http.Request, via []*http.Request) error {
	from := via[len(via)-1].URL
	switch {
	case !hostname.Same(req.URL, from):
		return &PortalError{Host: named(req.URL)}
	case req.URL.Scheme != "https" && req.URL.Scheme != from.Scheme:
		return errors.New("the server redirects to an unencrypted page, which is refused")
	case len(via) > 5:
		return errors.New("the server redirects in circles")
	}
	return nil
}

// named is a host for people. One that is refused may look like another.
func named(u *url.URL) string { return cmp.Or(hostname.Of(u), strconv.QuoteToASCII(u.Host)) }

// fetchPage asks for a page, through a portal if there is one, which has its own
// limits of time and its own errors.
func (s *Session) fetchPage(ctx context.Context, req *http.Request, portal Portal) ([]byte, *http.Response, error) {
	if s.way != wayPortal {
		return s.fetch(ctx, req, maxPage)
	}
	s.introduce(req)
	resp, err := portal(s.http, req.WithContext(ctx))
	if err != nil {
		return nil, nil, err
	}
	return s.readBody(ctx, resp, maxPage)
}

// fetch performs one HTTP request and reads its body, up to a limit in bytes.
// The body of the response it returns is closed.
func (s *Session) fetch(ctx context.Context, req *http.Request, limit int64) ([]byte, *http.Response, error) {
	limited, cancel := context.WithTimeout(ctx, s.opts.Timeout)
	defer cancel()
	s.introduce(req)
	resp, err := s.http.Do(req.WithContext(limited))
	if err != nil {
		return nil, nil, s.unreachable(ctx, req.URL.Host, err)
	}
	return s.readBody(ctx, resp, limit)
}

// readBody reads a response, up to a limit in bytes.
func (s *Session) readBody(ctx context.Context, resp *http.Response, limit int64) ([]byte, *http.Response, error) {
	defer func() { _ = resp.Body.Close() }() // read to the end or given up: nothing left to lose
	if at := serverTime(resp.Header); !at.IsZero() && hostname.Same(resp.Request.URL, s.root) {
		s.opts.ServerTime(at)
	}
	text, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if err != nil {
		return nil, nil, s.unreachable(ctx, resp.Request.URL.Host, err)
	}
	if int64(len(text)) > limit {
		return nil, nil, fmt.Errorf("%w: it is larger than %d MiB", ErrUnreadable, limit>>20)
	}
	if resp.StatusCode == http.StatusOK {
		return text, resp, nil
	}
	wait := retryAfter(resp.Header)
	refused := pageRefusal(text)
	var blocked *BlockedError
	switch {
	case errors.As(refused, &blocked):
		blocked.Wait = wait
		return nil, nil, blocked
	case refused != nil:
		return nil, nil, refused
	default:
		return nil, nil, &HTTPError{Status: resp.StatusCode, Wait: wait}
	}
}

// serverTime is what the server's clock shows by the header Date, and by Age, where a
// cache has kept the answer for a while; the zero time where there is none.
func serverTime(h http.Header) time.Time {
	at, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	age, err := strconv.Atoi(h.Get("Age"))
	if err != nil || age < 0 {
		age = 0
	}
	return at.Add(time.Duration(min(age, 24*60*60)) * time.Second).UTC()
}

// retryAfter reads the header of that name; only the form in seconds is worth
// trusting, clocks being what they are.
func retryAfter(h http.Header) time.Duration {
	const most = 24 * 60 * 60
	seconds, err := strconv.Atoi(h.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return time.Duration(min(seconds, most)) * time.Second
}

// unreachable says what is wrong with the way to a host. It names only the host of
// the address: paths and queries are nobody's business.
func (s *Session) unreachable(ctx context.Context, host string, err error) error {
	for wrapped := (*url.Error)(nil); errors.As(err, &wrapped); {
		err = wrapped.Err
	}
	var portal *PortalError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &portal):
		return portal
	case ctx.Err() != nil: // the caller's own doing
		return fmt.Errorf("%s: %w", host, err)
	case proxyFailure(err) != nil:
		return fmt.Errorf("%w to %s: %w", ErrProxy, host, proxyFailure(err))
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%s did not answer within %s: %w", host, s.opts.Timeout, err)
	case errors.As(err, &certificate):
		return fmt.Errorf("%s cannot prove who it is: %w", host, err)
	case errors.Is(err, http.ErrSchemeMismatch):
		return fmt.Errorf("%s does not speak https", host)
	case unsent(err):
		return fmt.Errorf("%s cannot be reached: %w", host, err)
	case passing(err):
		return fmt.Errorf("%s broke the connection: %w", host, err)
	case strings.Contains(err.Error(), "://"): // of net/http, with the address in full
		return fmt.Errorf("%s leads to an address that cannot be followed", host)
	default:
		return fmt.Errorf("%s: %w", host, err)
	}
}

// unsent reports whether the server certainly never saw the request: no
// connection came about.
func unsent(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial" || proxyFailure(err) != nil
}

// passing reports whether a repetition after a pause may help: the connection
// broke, or a proxy answered in the server's place.
func passing(err error) bool {
	var status *HTTPError
	if errors.As(err, &status) {
		return slices.Contains([]int{http.StatusBadGateway, http.StatusGatewayTimeout}, status.Status)
	}
	var wrapped interface{ Timeout() bool }
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) ||
		errors.As(err, &wrapped) && wrapped.Timeout() && !errors.Is(err, context.DeadlineExceeded)
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
