package pronote

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// Credentials say who logs in.
type Credentials struct {
	Kind     Kind // KindStudent when empty
	Username string
	Password Secret
}

// The functions of a login, in the server's words.
const (
	functionParameters     = "FonctionParametres"
	functionIdentification = "Identification"
	functionAuthentication = "Authentification"
	functionUser           = "ParametresUtilisateur"
)

// desktopAgent is sent with every request: the server chooses the page by it.
const desktopAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"

// maxPage bounds the page of a space, in bytes; real ones have some 10,000.
const maxPage = 4 << 20

// Login opens a session through PRONOTE's own login page. Address is what a
// person pastes, see ParseAddress. A login costs five requests.
//
// Errors to expect: ErrCredentials, ErrSecondFactor, *AccessError,
// *BlockedError, *PortalError, ErrClosed, ErrBusy, ErrNotPRONOTE,
// *VersionError, *HTTPError, and those of the network.
func Login(ctx context.Context, address string, c Credentials, options *Options) (*Session, error) {
	root, err := ParseAddress(address)
	if err != nil {
		return nil, err
	}
	if c.Username == "" || c.Password.IsZero() {
		return nil, errors.New("the user name or the password is missing")
	}
	s, guessed, err := login(ctx, root, c, options.orDefaults(), challengeUnknown)
	if guessed && errors.Is(err, ErrCredentials) {
		// The server hides its version, so the form of the challenge was a
		// guess that may have been wrong while the password is right. One more
		// login tells; this is the only case of a second one.
		s, _, err = login(ctx, root, c, options.orDefaults(), challengeRaw)
	}
	return s, err
}

// login makes one attempt. Guessed reports that the server refused an answer
// whose form was not certain.
func login(ctx context.Context, root *url.URL, c Credentials, opts Options, form challengeForm) (s *Session, guessed bool, err error) {
	s = newSession(root, opts)
	s.parent = c.Kind == KindParent
	defer func() {
		if err != nil {
			s, err = nil, s.blameVersion(err)
		}
	}()
	if err := s.openPage(ctx); err != nil {
		return s, false, err
	}
	if err := s.parameters(ctx); err != nil {
		return s, false, err
	}
	guessed, err = s.authenticate(ctx, c, cmp.Or(form, s.version.challenge()))
	if err != nil {
		return s, guessed, err
	}
	return s, false, s.user(ctx)
}

func newSession(root *url.URL, opts Options) *Session {
	jar, err := cookiejar.New(nil)
	if err != nil {
		panic(err) // without options it cannot fail
	}
	// Labels and errors in French, which is what this package reads.
	jar.SetCookies(root, []*http.Cookie{{Name: "ielang", Value: "1036"}})
	s := &Session{root: root, opts: opts, number: 1, turn: make(chan struct{}, 1)}
	s.http = &http.Client{Transport: opts.Transport, Jar: jar, CheckRedirect: stayHome}
	s.turn <- struct{}{}
	return s
}

// blameVersion adds to a failure the thought that the server may be too new,
// where that is possible.
func (s *Session) blameVersion(err error) error {
	var server *ServerError
	if s.version.Newer() && (errors.Is(err, ErrUnreadable) || errors.Is(err, ErrCredentials) || errors.As(err, &server)) {
		return &VersionError{Version: s.version, Err: err}
	}
	return err
}

// openPage loads the page of the space and reads the session's parameters.
func (s *Session) openPage(ctx context.Context) error {
	page := "eleve.html"
	if s.parent {
		page = "parent.html"
	}
	// login: PRONOTE's own form rather than the portal. fd: no detour by user
	// agent. bydlg: no page in between that offers the mobile application.
	u := s.root.JoinPath(page)
	u.RawQuery = "fd=1&login=true&bydlg=A6ABB224-12DD-4E31-AD3E-8A39A1C2C335"
	req, err := http.NewRequest(http.MethodGet, u.String(), nil)
	if err != nil {
		return err
	}
	if err := s.announce(ctx, "page"); err != nil {
		return err
	}
	text, resp, err := s.fetch(ctx, req, maxPage)
	var status *HTTPError
	if errors.As(err, &status) && status.Status == http.StatusNotFound {
		return ErrNotPRONOTE
	}
	if err != nil {
		return err
	}
	if s.page, err = wire.ParsePage(text); err != nil || s.page.Space == 0 {
		return cmp.Or(pageRefusal(text), ErrNotPRONOTE)
	}
	if final := resp.Request; final != nil && pageName.MatchString(final.URL.Path) {
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
	raw, err := s.call(ctx, functionParameters, map[string]any{"Uuid": uuid, "identifiantNav": nil})
	if err != nil {
		return err
	}
	school, version, err := decodeParameters(raw)
	if err != nil {
		return err
	}
	s.school = school
	s.learnVersion(version, raw)
	return nil
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

// authenticate proves that the password is known and takes over the session's
// key.
func (s *Session) authenticate(ctx context.Context, c Credentials, form challengeForm) (guessed bool, err error) {
	username, password := strings.TrimSpace(c.Username), strings.TrimSpace(c.Password.Reveal())
	raw, err := s.call(ctx, functionIdentification, map[string]any{
		"genreConnexion": 0, "genreEspace": s.page.Space, "identifiant": username, "pourENT": false,
		"enConnexionAuto": false, "demandeConnexionAuto": false, "enConnexionAppliMobile": false,
		"demandeConnexionAppliMobile": false, "demandeConnexionAppliMobileJeton": false,
		"uuidAppliMobile": "", "loginTokenSAV": "",
	})
	if err != nil {
		return false, err
	}
	var id wire.Identification
	if err := json.Unmarshal(raw, &id); err != nil {
		return false, unreadable(functionIdentification, err)
	}
	if id.Challenge == "" {
		return false, unreadable(functionIdentification, errors.New("no challenge"))
	}
	if id.ModeCompLog == 1 {
		username = strings.ToLower(username)
	}
	if id.ModeCompMdp == 1 {
		password = strings.ToLower(password)
	}
	key := s.cipher.WithKey(wire.LoginKey(username, string(id.Alea), password))
	answer, guessed, err := solve(key, id.Challenge, form)
	if err != nil {
		return false, err
	}
	raw, err = s.call(ctx, functionAuthentication, map[string]any{"connexion": 0, "challenge": answer, "espace": s.page.Space})
	if err != nil {
		return false, err
	}
	var auth wire.Authentification
	if err := json.Unmarshal(raw, &auth); err != nil {
		return false, unreadable(functionAuthentication, err)
	}
	if auth.Cle == "" {
		return guessed, accessError(auth)
	}
	sessionKey, err := wire.OpenSessionKey(key, string(auth.Cle))
	if err != nil {
		return false, unreadable(functionAuthentication, err)
	}
	s.cipher = s.cipher.WithKey(sessionKey)
	if len(auth.ActionsDoubleAuth) > 0 {
		return false, ErrSecondFactor
	}
	return false, nil
}

// solve answers a challenge. Guessed reports that the wrapped form was taken
// only because the challenge happened to decrypt.
func solve(key wire.Cipher, challenge string, form challengeForm) (answer string, guessed bool, err error) {
	if form == challengeRaw {
		return wire.AnswerRaw(key, challenge), false, nil
	}
	answer, err = wire.AnswerWrapped(key, challenge)
	switch {
	case err == nil:
		return answer, form == challengeUnknown, nil
	case form == challengeUnknown, !errors.Is(err, wire.ErrWrongKey): // no password makes that a wrapped one
		return wire.AnswerRaw(key, challenge), false, nil
	default:
		// Only the right password decrypts it: no need to ask the server, which
		// counts refusals.
		return "", false, ErrCredentials
	}
}

func accessError(auth wire.Authentification) error {
	if !auth.Acces.Known || auth.Acces.Value == 1 {
		return ErrCredentials
	}
	m := auth.AccesMessage.Value
	return &AccessError{Code: int(auth.Acces.Value), Message: line(textOf(string(m.Titre) + "\n" + string(m.Message)))}
}

// user reads who logged in and what the account may see.
func (s *Session) user(ctx context.Context) error {
	raw, err := s.call(ctx, functionUser, struct{}{})
	if err != nil {
		return err
	}
	s.students, s.tabs, err = decodeUser(raw, s.school, s.parent)
	return err
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
