// Package school is the PRONOTE source of package sync: it logs in to a school, reads
// what a pupil's pages show as snapshots of the mirror, and says what is told of the
// differences.
//
// A domain of data is one file here, named after it, and one line in the list of
// domains.
package school

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

// An Account is how to log in to a school, and how much of it to read.
type Account struct {
	URL         string // of PRONOTE, as pronote.ParseAddress gives it
	Credentials pronote.Credentials
	ByToken     bool    // logs in by the token of its device, and not by Credentials
	Device      string  // what this machine is called among the account's devices
	Opening     Opening // which notices may be opened
	Spans       Spans   // UsualSpans when zero

	// What the last login left, and how to keep what the next one leaves: on the
	// disk, when it returns. Nil where nothing is kept.
	LoadDevice func() (pronote.Device, error)
	KeepDevice func(pronote.Device) error

	Transport  http.RoundTripper // nil is the usual one
	ServerTime func(time.Time)   // called with what the school's clock shows; may be nil
	Log        *slog.Logger
}

// A Source mirrors one account of PRONOTE. One goroutine at a time uses it, and the
// sessions that it opens.
type Source struct {
	Account
	household *household // of the last session; nil before the first
}

var (
	_ psync.Source  = (*Source)(nil)
	_ psync.Greeter = (*Source)(nil)
)

// New is the source of an account. It makes no request.
func New(a Account) *Source {
	if a.Spans == (Spans{}) {
		a.Spans = UsualSpans
	}
	return &Source{Account: a}
}

// Name implements psync.Source: it is the word of the view account.
func (s *Source) Name() string { return "pronote" }

// Title implements psync.Source.
func (s *Source) Title() string { return "PRONOTE" }

// Domains implements psync.Source.
func (s *Source) Domains() psync.Domains { return Domains() }

// Open implements psync.Source: it logs in with what the configuration says and the
// last login left.
func (s *Source) Open(ctx context.Context, spend psync.Spend) (psync.Session, error) {
	c, err := s.credentials()
	if err != nil {
		return nil, err
	}
	return s.open(ctx, c, spend)
}

// Greet implements psync.Greeter: it is one request, and no login.
func (s *Source) Greet(ctx context.Context) error {
	_, err := pronote.Greet(ctx, s.URL, &pronote.Options{Transport: s.Transport, ServerTime: s.ServerTime, Log: s.Log})
	return err
}

// Resume implements psync.Source.
func (s *Source) Resume(session psync.Session) psync.Session {
	was := session.(*Session) // the engine hands over what a Source of this kind has opened
	s.household = was.household
	return &Session{Session: was.Session, source: s, people: was.people, household: was.household}
}

// Off implements psync.Source: weekends and holidays have no lessons.
func (s *Source) Off(calendar string) (off func(civil.Date) bool, err error) {
	var school pronote.School
	if calendar != "" {
		if err := json.Unmarshal([]byte(calendar), &school); err != nil {
			return nil, fmt.Errorf("calendar: %w", err)
		}
	}
	return func(day civil.Date) bool { return school.Year != "" && !school.Open(day) }, nil
}

// Newer implements psync.Source.
func (s *Source) Newer(version string) bool { return Newer(version) }

// Newer reports whether a version of PRONOTE is one that this program does not know.
func Newer(version string) bool {
	v, ok := pronote.ParseVersion(version)
	return ok && v.Newer()
}

// Judge implements psync.Source.
func (s *Source) Judge(err error) psync.Verdict { return Judge(err) }
