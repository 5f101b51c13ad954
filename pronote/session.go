package pronote

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// Options adjust a session. The nil pointer and the zero value are fine.
type Options struct {
	// Transport carries the requests; when nil, one like http.DefaultTransport.
	Transport http.RoundTripper

	// Before is called before every HTTP request, those of a login and those
	// that are sent again included, with the name of the function or "page"; a
	// redirect of the page is part of it. It may wait, to keep a distance
	// between requests; its error is returned in place of the request.
	Before func(ctx context.Context, request string) error

	// KeepDevice is called when what the next login needs has changed, before
	// anything else is done with the session: it must write the Device to the
	// disk and wait until it is there, since the school has voided the one before.
	// Its error ends the login. Logins by QR code and by token need it.
	KeepDevice func(Device) error

	// Answered is called with each answer that could be read, as PRONOTE wrote it: the
	// lists in its own order, colours and all that no method returns. It comes before the
	// method that asked returns, and has the login's answers too; FonctionParametres and
	// ParametresUtilisateur among them cannot be asked for again. It must not call the
	// session.
	Answered func(Call, Answer)

	// ServerTime is called with what the clock of the server shows, by the header Date of
	// each answer. It must not call the session.
	ServerTime func(time.Time)

	// Log receives the names of requests at debug level, never their contents.
	// Nil discards.
	Log *slog.Logger

	// Timeout bounds each HTTP request; 30 seconds when zero.
	Timeout time.Duration

	// Repeat is the pause before a request whose answer was lost is sent again,
	// which happens twice; 3 seconds, as in PRONOTE's own client, when zero.
	Repeat time.Duration
}

func (o *Options) orDefaults() Options {
	var out Options
	if o != nil {
		out = *o
	}
	if out.Transport == nil {
		out.Transport = usualTransport()
	}
	if out.Before == nil {
		out.Before = func(context.Context, string) error { return nil }
	}
	if out.Answered == nil {
		out.Answered = func(Call, Answer) {}
	}
	if out.ServerTime == nil {
		out.ServerTime = func(time.Time) {}
	}
	if out.Log == nil {
		out.Log = slog.New(slog.DiscardHandler)
	}
	if out.Timeout == 0 {
		out.Timeout = 30 * time.Second
	}
	if out.Repeat == 0 {
		out.Repeat = 3 * time.Second
	}
	return out
}

// A Session is one login to a school. Its methods may be called by several
// goroutines: PRONOTE numbers requests and allows one in flight, so they queue.
//
// A session ends when it was idle too long, or when the server decides so;
// methods then return ErrSessionExpired, for ever.
type Session struct {
	root *url.URL
	http *http.Client
	opts Options

	version Version
	page    wire.Page
	codec   wire.Codec

	way        way
	device     Device
	newBrowser string // of the device, as the school calls it now

	turn    chan struct{} // holds one token: the right to use the next three
	cipher  wire.Cipher
	number  int      // order number of the next request
	pending *message // the last request, while its fate is unknown
	ended   atomic.Bool

	school   School
	name     string // of who logged in
	students []Student
	tabs     map[Tab]bool
	parent   bool

	answers *answers
}

// Version is the server's version; zero when it hides it.
func (s *Session) Version() Version { return s.version }

// Newer reports whether the server is newer than Newest, and is spoken to on
// the chance that nothing changed.
func (s *Session) Newer() bool { return s.version.Newer() }

// School is what the server says about itself.
func (s *Session) School() School { return s.school }

// Students are the pupil who logged in, or the parent's children.
func (s *Session) Students() []Student { return s.students }

// Close logs out, which frees a place at the server. The session ends whatever
// the outcome; an error only says that the server may not know.
func (s *Session) Close(ctx context.Context) error {
	_, err := s.Request(ctx, Call{Function: "SaisieDeconnexion", Tab: s.homeTab(), Data: struct{}{}})
	s.ended.Store(true)
	return err
}

// Device is what the next login needs, as it was last kept.
func (s *Session) Device() Device { return s.device }

// homeTab is the tab of requests that concern none: the home page, or another
// where the school hides that one, since a tab that the account does not have
// ends the session.
func (s *Session) homeTab() Tab {
	for _, tab := range []Tab{TabHome, TabInfos, TabHomework, TabMarks} {
		if s.tabs[tab] {
			return tab
		}
	}
	return TabHome
}
