package kfet

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/notekfet"
	psync "github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// A Session is a connection that is logged in.
type Session struct {
	source *Source
	client *notekfet.Client
	spend  func(context.Context) error
	me     notekfet.Account
}

var _ psync.Session = (*Session)(nil)

// login opens the session with as few rights as looking takes.
func (s *Session) login(ctx context.Context) error {
	if err := s.spend(ctx); err != nil {
		return err
	}
	if err := s.client.Login(ctx, s.source.Username, s.source.Password.Reveal(), nothingElse()); err != nil {
		return err
	}
	return s.identify(ctx)
}

// nothingElse gives up every right but those that looking takes.
func nothingElse() notekfet.Mask {
	given := slices.DeleteFunc(notekfet.AccountRights(), func(right string) bool { return right == "login" || right == "myself" })
	return notekfet.Mask{Rights: given, OverRights: []string{"all"}, Supreme: true}
}

// identify asks who we are, and what we hold.
func (s *Session) identify(ctx context.Context) error {
	if err := s.spend(ctx); err != nil {
		return err
	}
	me, err := s.client.WhoAmI(ctx)
	if err == nil && me.Pseudo == "" {
		err = fmt.Errorf("whoami: %w: nobody is named", notekfet.ErrShape)
	}
	if err == nil {
		s.me = me
	}
	return err
}

// Learned implements psync.Session.
func (s *Session) Learned() (psync.Learned, error) {
	return psync.Learned{School: s.source.Address}, nil
}

// People implements psync.Session: the account is its own.
func (s *Session) People() []db.Student { return []db.Student{{Name: s.me.Pseudo}} }

// Enrol implements psync.Session: there is nothing more that the login has told.
func (s *Session) Enrol(psync.Enrolment) ([]mirror.Snapshot, []db.Event) { return nil, nil }

// Read implements psync.Session.
func (s *Session) Read(ctx context.Context, domain string, w psync.Window) ([]mirror.Snapshot, error) {
	if !slices.Contains(Domains().Names(), domain) {
		return nil, fmt.Errorf("a bar has no %q", domain)
	}
	seen, err := s.look(ctx, w)
	if err != nil {
		return nil, s.ended(err)
	}
	return []mirror.Snapshot{seen}, nil
}

// ended tells a connection that has broken from a refusal, after which it goes on.
func (s *Session) ended(err error) error {
	if psync.As[*notekfet.Error](err) || psync.As[*psync.BudgetError](err) || errors.Is(err, notekfet.ErrShape) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrEnded, err)
}

// Remember implements psync.Session: every look reads all.
func (s *Session) Remember(bool) {}

// Touch implements psync.Session. The protocol has no command that only keeps a
// session; a connection that has ended is replaced at the next look.
func (s *Session) Touch(context.Context) error { return nil }

// Close implements psync.Session: closing the connection is the only way to log out.
func (s *Session) Close(context.Context) error { return s.client.Close() }
