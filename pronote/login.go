package pronote

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"

	"golang.org/x/net/publicsuffix"

	"github.com/pronote-sync/pronote-sync/hostname"
	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// Credentials say who logs in, and prove it in one of four ways: by the token of
// the Device, through a Portal, by the Password, or by a QR code that was opened.
type Credentials struct {
	Kind     Kind // KindStudent when empty
	Username string
	Password Secret // as typed on PRONOTE's own page
	QRToken  Secret // of a QR code, see QR.Open
	PIN      Secret // of the account; only asked for where the school does not know the device
	Device   Device // as the last login left it; the zero Device is new to the school

	// Portal, at schools whose logins go through one. User name and password are
	// then its business. It is not called while the Device has a token.
	Portal Portal
}

// A Portal carries out the request for the page of a space at schools that send
// logins to a portal (ENT), and the login there. The response is PRONOTE's own.
// The client has the transport, and a jar for the cookies of all hosts on the
// way. The errors reach the caller of Login as they are.
type Portal func(client *http.Client, page *http.Request) (*http.Response, error)

// The functions of a login, in the server's words.
const (
	functionParameters     = "FonctionParametres"
	functionIdentification = "Identification"
	functionAuthentication = "Authentification"
	functionSecondFactor   = "SecurisationCompteDoubleAuth"
	functionUser           = "ParametresUtilisateur"
)

// maxPage bounds the page of a space, in bytes; real ones have some 10,000.
const maxPage = 4 << 20

// Login opens a session. Address is what a person pastes, see ParseAddress. A
// login costs five requests, those to a portal not counted.
//
// A login by QR code or by token gives the next token, and voids its own. That
// is handed to Options.KeepDevice, without which such a login is not tried.
//
// Errors to expect: ErrCredentials, ErrQRCode, ErrToken or ErrPortalLogin, by
// what was refused, and those of the portal; ErrSecondFactor, ErrPIN, ErrProtection, ErrNewPassword, *AccessError,
// *BlockedError, *PortalError, ErrClosed, ErrBusy, ErrNotPRONOTE,
// *VersionError, *HTTPError, and those of the network.
func Login(ctx context.Context, address string, c Credentials, options *Options) (*Session, error) {
	root, err := ParseAddress(address)
	if err != nil {
		return nil, err
	}
	w, err := c.way()
	if err != nil {
		return nil, err
	}
	opts := options.orDefaults()
	if w.mobile && opts.KeepDevice == nil {
		return nil, errors.New("a login that gives a token needs Options.KeepDevice, or the token would be lost")
	}
	if w == wayToken && !c.Device.Unanswered.IsZero() {
		if c.Device, err = recall(ctx, root, c.Device, opts); err != nil {
			return nil, err
		}
	}
	s, guessed, err := login(ctx, root, c, opts, challengeUnknown)
	switch {
	case guessed && w == wayPassword && errors.Is(err, ErrCredentials):
		// The server hides its version, so the form of the challenge was a
		// guess that may have been wrong while the password is right. One more
		// login tells; this is the only case of a second one. A token may be
		// spent after the first.
		s, _, err = login(ctx, root, c, opts, challengeRaw)
	case errors.Is(err, errTokenFirst):
		c.QRToken, c.Username, c.Device = Secret{}, "", s.device
		return Login(ctx, address, c, options)
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

// A way is one of the ways to log in.
type way struct {
	mobile  bool  // it is one of the mobile application's, and gives a token
	refused error // what it means that the secret is refused
}

var (
	wayPassword = way{refused: ErrCredentials}
	wayQR       = way{mobile: true, refused: ErrQRCode}
	wayToken    = way{mobile: true, refused: ErrToken}
	wayPortal   = way{refused: ErrPortalLogin}
)

func (c Credentials) way() (way, error) {
	switch {
	case c.Portal != nil && c.Device.CanLogin():
		return wayToken, nil
	case c.Portal != nil:
		return wayPortal, nil
	case c.Username != "" && !c.Password.IsZero():
		return wayPassword, nil
	case c.Username != "" && !c.QRToken.IsZero():
		return wayQR, nil
	case c.Device.CanLogin():
		return wayToken, nil
	}
	return way{}, errors.New("the user name or the password is missing")
}

// secret is what the way proves the identity by.
func (c Credentials) secret(w way) (username string, secret Secret) {
	switch w {
	case wayPassword:
		return c.Username, c.Password
	case wayQR:
		return c.Username, c.QRToken
	default:
		return c.Device.Username, c.Device.Token
	}
}

// login makes one attempt. Guessed reports that the server refused an answer
// whose form was not certain.
func login(ctx context.Context, root *url.URL, c Credentials, opts Options, form challengeForm) (s *Session, guessed bool, err error) {
	w, err := c.way()
	if err != nil {
		return nil, false, err
	}
	s = newSession(root, opts)
	s.parent, s.way, s.device = c.Kind == KindParent, w, c.Device
	if s.device.UUID == "" {
		s.device.UUID = newUUID()
	}
	defer func() { err = s.blameVersion(err) }()
	if err := s.openPage(ctx, c.Portal); err != nil {
		return s, false, err
	}
	if err := s.parameters(ctx); err != nil {
		return s, false, err
	}
	steps, guessed, err := s.authenticate(ctx, c, cmp.Or(form, s.version.challenge()))
	if err != nil {
		return s, guessed, err
	}
	if err := s.secondFactor(ctx, steps, c.PIN); err != nil {
		return s, false, err
	}
	return s, false, s.user(ctx)
}

func newSession(root *url.URL, opts Options) *Session {
	jar, err := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List})
	if err != nil {
		panic(err) // it never fails
	}
	// Labels and errors in French, which is what this package reads.
	jar.SetCookies(root, []*http.Cookie{{Name: "ielang", Value: "1036"}})
	s := &Session{root: root, opts: opts, number: 1, turn: make(chan struct{}, 1), answers: newAnswers()}
	s.http = &http.Client{Transport: opts.Transport, Jar: jar, CheckRedirect: stayHome}
	s.turn <- struct{}{}
	return s
}

// blameVersion adds to a failure, where that is possible, that the server may be
// too new.
func (s *Session) blameVersion(err error) error {
	var server *ServerError
	if s.version.Newer() && (errors.Is(err, ErrUnreadable) || errors.Is(err, s.way.refused) || errors.As(err, &server)) {
		return &VersionError{Version: s.version, Err: err}
	}
	return err
}

// openPage loads the page of the space and reads the session's parameters.
func (s *Session) openPage(ctx context.Context, portal Portal) error {
	page := "eleve.html"
	if s.parent {
		page = "parent.html"
	}
	if s.way.mobile {
		page = "mobile." + page
		s.http.Jar.SetCookies(s.root, []*http.Cookie{{Name: "appliMobile", Value: "1"}})
	}
	// login: PRONOTE's own form rather than the portal. fd: no detour by user
	// agent. bydlg: no page in between that offers the mobile application.
	u := s.root.JoinPath(page)
	if s.way != wayPortal {
		u.RawQuery = "fd=1&login=true&bydlg=A6ABB224-12DD-4E31-AD3E-8A39A1C2C335"
	}
	req, err := http.NewRequest(http.MethodGet, u.String(), nil)
	if err != nil {
		return err
	}
	if err := s.announce(ctx, "page"); err != nil {
		return err
	}
	text, resp, err := s.fetchPage(ctx, req, portal)
	var status *HTTPError
	if errors.As(err, &status) && status.Status == http.StatusNotFound {
		return ErrNotPRONOTE
	}
	if err != nil {
		return err
	}
	final := resp.Request
	if final != nil && !hostname.Same(final.URL, s.root) { // what a Portal brings need not be the school's
		return fmt.Errorf("the portal leads to %s, which is not the school: %w", named(final.URL), ErrPortalLogin)
	}
	if s.page, err = wire.ParsePage(text); err != nil || s.page.Space == 0 {
		return cmp.Or(pageRefusal(text), ErrNotPRONOTE)
	}
	if s.way == wayPortal && (s.page.Name == "" || s.page.Secret == "") {
		return ErrPortalLogin
	}
	if final != nil && pageName.MatchString(final.URL.Path) {
		s.root = rootOf(final.URL) // http may have led to https, or one folder to another
	}
	s.version = pageVersion(s.page, resp.Header)
	s.codec = s.version.codec(s.page)
	return nil
}

// parameters agrees on the vector and reads the school's calendar.
func (s *Session) parameters(ctx context.Context) error {
	iv := make([]byte, 16)
	_, _ = rand.Read(iv) // crypto/rand never fails
	uuid, err := s.uuid(iv)
	if err != nil {
		return err
	}
	s.cipher = s.cipher.WithIV(iv)
	raw, err := s.call(ctx, functionParameters, map[string]any{"Uuid": uuid, "identifiantNav": orNull(s.device.Browser)})
	if err != nil {
		return err
	}
	school, version, browser, err := decodeParameters(raw)
	if err != nil {
		return err
	}
	s.school, s.newBrowser = school, cmp.Or(browser, s.device.Browser)
	s.learnVersion(version, raw)
	return nil
}

// orNull is the form in which the server wants to be told nothing.
func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func (s *Session) uuid(iv []byte) (string, error) {
	switch {
	case s.page.Modulus != "":
		return wire.SealedUUID(iv, s.page.Modulus, s.page.Exponent)
	case s.page.HTTP:
		return wire.SealedUUID(iv, wire.PublicModulus, wire.PublicExponent)
	default:
		return wire.PlainUUID(iv), nil
	}
}

// learnVersion completes what the page said of the version with what the answer
// says. It states three parts; the fourth, the build, is only found in the links
// that the server makes to its maker's site.
func (s *Session) learnVersion(stated string, raw []byte) {
	if !s.version.IsZero() && s.version.Build >= 0 {
		return
	}
	if v, ok := ParseVersion(stated); ok {
		s.version = v
	}
	for _, link := range versionLink.FindAllSubmatch(raw, -1) {
		v, _ := ParseVersion(string(link[1]))
		if release := (Version{v.Year, v.Minor, v.Patch, -1}); s.version.IsZero() || s.version == release {
			s.version = v
			return
		}
	}
}

// versionLink is where a link names the version of the server.
var versionLink = regexp.MustCompile(`version=(\d{4}(?:\.\d{1,6}){3})`)

// user reads who logged in and what the account may see.
func (s *Session) user(ctx context.Context) error {
	raw, err := s.call(ctx, functionUser, struct{}{})
	if err != nil {
		return err
	}
	who, err := decodeUser(raw, &s.school, s.parent)
	s.name, s.students, s.tabs = who.name, who.students, who.tabs
	for i := range s.school.Sites {
		s.school.Sites[i].Logo = s.lasting(s.school.Sites[i].Logo)
	}
	return err
}

// lasting is the whole address of what the server puts below the site for
// anybody, "" for nothing.
func (s *Session) lasting(reference string) string {
	if u, err := below(s.root, reference); err == nil && reference != "" {
		return lastingURL(u.String())
	}
	return ""
}

// call makes one of the login's calls, which carry no signature.
func (s *Session) call(ctx context.Context, function string, data any) (json.RawMessage, error) {
	answer, err := s.Request(ctx, Call{Function: function, Data: data})
	if err != nil {
		return nil, err
	}
	if answer.Data == nil {
		return nil, unreadable(function, errors.New("no data"))
	}
	return answer.Data, nil
}
