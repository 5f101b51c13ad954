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

// stayHome refuses redirects that leave the school or its encryption: what
// follows would carry the session elsewhere.
func stayHome(req *http.Request, via []*http.Request) error {
	from := via[0].URL
	if req.URL.Host != from.Host {
		return &PortalError{Host: req.URL.Host}
	}
	if from.Scheme == "https" && req.URL.Scheme != "https" {
		return errors.New("the server redirects to an unencrypted page: refused")
	}
	if len(via) > 5 {
		return errors.New("the server redirects in circles")
	}
	return nil
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
	if err := s.opts.Before(ctx, "page"); err != nil {
		return err
	}
	s.opts.Log.Debug("pronote request", "request", "page")
	text, header, err := s.fetch(ctx, req, maxPage)
	if err != nil {
		return err
	}
	s.page, err = wire.ParsePage(text)
	if err != nil {
		if refusal := s.readPage(text, err); !errors.Is(refusal, ErrUnreadable) {
			return refusal
		}
		return ErrNotPRONOTE
	}
	if v, ok := serverVersion(header.Get("Server")); ok {
		s.version = v
	} else if v, ok := ParseVersion(s.page.Version); ok {
		s.version = v
	} else if s.page.Modulus != "" {
		s.version = Version{2022, 0, 0, -1} // the last ones to print their key in the page
	}
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
	var p wire.Parametres
	if err := json.Unmarshal(raw, &p); err != nil {
		return unreadable(functionParameters, err)
	}
	s.learnVersion(string(p.General.VersionPN), raw)
	s.school = schoolOf(p.General)
	if s.school.firstMonday.IsZero() {
		return unreadable(functionParameters, errors.New("no first Monday"))
	}
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

// learnVersion completes what the page said of the version: behind a proxy the
// build is only found in the links of the answer.
func (s *Session) learnVersion(stated string, raw []byte) {
	if s.version.Build >= 0 && !s.version.IsZero() {
		return
	}
	if v, ok := ParseVersion(stated); ok {
		s.version = v
	}
	if _, link, ok := strings.Cut(string(raw), "version="+s.version.String()+"."); ok {
		if v, ok := ParseVersion(s.version.String() + "." + link[:min(4, len(link))]); ok {
			s.version = v
		}
	}
}

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
	case form == challengeUnknown:
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
	return &AccessError{Code: int(auth.Acces.Value), Message: strings.TrimSpace(string(m.Titre) + " " + string(m.Message))}
}

// user reads who logged in and what the account may see.
func (s *Session) user(ctx context.Context) error {
	raw, err := s.call(ctx, functionUser, struct{}{})
	if err != nil {
		return err
	}
	var u wire.Utilisateur
	if err := json.Unmarshal(raw, &u); err != nil {
		return unreadable(functionUser, err)
	}
	if !u.Ressource.Present || !u.ListeOnglets.Present {
		return unreadable(functionUser, fmt.Errorf("no person or no tabs"))
	}
	s.tabs = map[Tab]bool{}
	for _, tab := range wire.Flatten(u.ListeOnglets.Items) {
		s.tabs[Tab(tab)] = true
	}
	people := []wire.Ressource{u.Ressource.Value}
	if s.parent {
		people = u.Ressource.Value.ListeRessources.Items
	}
	for _, person := range people {
		s.students = append(s.students, s.studentOf(person))
	}
	if len(s.students) == 0 {
		return fmt.Errorf("%w: no child belongs to this parent account", ErrUnreadable)
	}
	return nil
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
