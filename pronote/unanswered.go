package pronote

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"

	"github.com/pronote-sync/pronote-sync/hostname"
	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// A token is void from the moment at which the server answers the login that
// uses it, and the next one is in that very answer. A program that dies before
// it has read the answer would lose the account. But the server answers a
// request that is sent again as it did the first time, for as long as the
// session lives: what that takes is kept before the request is sent.
type unanswered struct {
	Root     string
	Space    int
	Session  int
	Key      []byte // of the session, as agreed so far
	IV       []byte
	Encrypt  bool
	Compress bool
	Function string
	Number   string
	Body     []byte
}

// keepUnanswered keeps a message that may be answered with a token, before it is
// sent.
func (s *Session) keepUnanswered(m *message) error {
	if s.way != wayToken || m.function != functionAuthentication && m.function != functionSecondFactor {
		return nil
	}
	key, iv := s.cipher.Raw()
	text, err := json.Marshal(unanswered{
		Root: s.root.String(), Space: s.page.Space, Session: s.page.Session, Key: key, IV: iv,
		Encrypt: s.codec.Encrypt, Compress: s.codec.Compress, Function: m.function, Number: m.number, Body: m.repeated,
	})
	if err != nil {
		return err
	}
	s.device.Unanswered = NewSecret(string(text))
	return s.keep()
}

// recall asks again for the answer that an earlier login could not read, and keeps
// the token that is in it. Where the server says that it has forgotten that login,
// the device is returned as it was before it; any other failure is ErrUnanswered,
// and the next login asks again.
func recall(ctx context.Context, root *url.URL, d Device, opts Options) (Device, error) {
	var u unanswered
	err := json.Unmarshal([]byte(d.Unanswered.Reveal()), &u)
	at, addressErr := ParseAddress(u.Root)
	if err != nil || addressErr != nil || !hostname.Same(at, root) {
		d.Unanswered = Secret{}
		return d, nil // of another version of this program, or of another school
	}
	s := newSession(at, opts)
	s.way, s.device, s.newBrowser = wayToken, d, d.Browser
	s.page.Space, s.page.Session = u.Space, u.Session
	s.codec = wire.Codec{Encrypt: u.Encrypt, Compress: u.Compress}
	s.cipher = s.cipher.WithKey(u.Key).WithIV(u.IV)
	token, err := s.recallToken(ctx, &message{function: u.Function, number: u.Number, body: u.Body, repeated: u.Body})
	switch {
	case token != "":
		err = s.takeToken(token)
		return s.device, err
	case err == nil, forgotten(err):
		d.Unanswered = Secret{}
		return d, nil
	default:
		return d, fmt.Errorf("%w: %w", ErrUnanswered, err)
	}
}

// forgotten reports whether the server itself says that it does not know the
// earlier login: there is no use in asking once more. Any other answer, or none,
// may pass. A wrong order number is such a thing: the server says so too while it
// is still at work on the request that was cut off.
func forgotten(err error) bool {
	const wrongNumber = 14
	var refused *ServerError
	if errors.As(err, &refused) && refused.Code == wrongNumber {
		return false
	}
	return errors.Is(err, ErrSessionExpired)
}

func (s *Session) recallToken(ctx context.Context, m *message) (string, error) {
	body, err := s.insist(ctx, m)
	if err != nil {
		return "", err
	}
	answer, err := s.read(m.function, body)
	if err != nil {
		return "", err
	}
	var auth wire.Authentification // in the second factor's answer the token has the same name
	if err := json.Unmarshal(answer.Data, &auth); err != nil {
		return "", unreadable(m.function, err)
	}
	if m.function == functionAuthentication && auth.Cle == "" && auth.Jeton == "" && !auth.Acces.Known {
		return "", unreadable(m.function, errNoReason)
	}
	return string(auth.Jeton), nil
}
