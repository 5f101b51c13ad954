// Package kfet is the NoteKfet source of package sync: it looks at one account of a
// student bar as its owner may, and says what is told of the differences. It never
// moves money: a session gives up every right but login and myself.
package kfet

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"sync"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/secret"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

// An Account is how to log in to a bar, and what to tell of it.
type Account struct {
	Label      string // what people call the bar
	Address    string // host:port
	Username   string
	Password   secret.Text
	Options    notekfet.Options // how the server is verified
	BalanceLow notekfet.Cents   // a balance that falls below it is told

	Log *slog.Logger
}

// Note is the kind of an account of a bar, in the view account.
const Note psync.Kind = "note"

// A Source mirrors one account of a bar.
type Source struct {
	Account
	noHistory sync.Once // the log is told once
}

var _ psync.Source = (*Source)(nil)

// New is the source of an account. It makes no request.
func New(a Account) *Source { return &Source{Account: a} }

// Name implements psync.Source.
func (s *Source) Name() string { return "notekfet" }

// Title implements psync.Source.
func (s *Source) Title() string { return s.Label }

// Domains implements psync.Source.
func (s *Source) Domains() psync.Domains { return Domains() }

// Open implements psync.Source: it greets, logs in and asks who it is, which are three
// requests.
func (s *Source) Open(ctx context.Context, spend psync.Spend) (psync.Session, error) {
	if err := spend.Login(ctx); err != nil {
		return nil, err
	}
	if err := spend.Request(ctx); err != nil {
		return nil, err
	}
	options := s.Options
	client, err := notekfet.Dial(ctx, s.Address, &options)
	if psync.As[*tls.CertificateVerificationError](err) {
		err = fmt.Errorf("%w: %w", errUntrusted, err)
	}
	if err != nil {
		return nil, err
	}
	session := &Session{source: s, client: client, spend: spend.Request}
	if err := session.login(ctx); err != nil {
		_ = client.Close() // it is of no use
		return nil, err
	}
	return session, nil
}

// Resume implements psync.Source.
func (s *Source) Resume(session psync.Session) psync.Session {
	next := *session.(*Session) // the engine hands over what a Source of this kind has opened
	next.source = s
	return &next
}

// Off implements psync.Source: a bar is open when students are.
func (s *Source) Off(string) (func(civil.Date) bool, error) {
	return func(civil.Date) bool { return false }, nil
}

// Newer implements psync.Source: the protocol has no versions.
func (s *Source) Newer(string) bool { return false }

// Judge implements psync.Source.
func (s *Source) Judge(err error) psync.Verdict { return Judge(err) }
