package pronoteapi

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/pronote-sync/pronote-sync/cas"
	"github.com/pronote-sync/pronote-sync/hostname"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/secret"
)

// A request is who wants to log in where.
type request struct {
	root     *url.URL
	username string
	password secret.Text
	kind     pronote.Kind
	portal   *cas.Portal // nil for none
}

// readLogin reads what a client posts to log in.
func readLogin(body map[string]any) (request, error) {
	text := func(name string) string {
		value, _ := body[name].(string)
		return value
	}
	r := request{username: text("username"), password: secret.New(text("password")), kind: pronote.KindStudent}
	if text("url") == "" || r.username == "" || r.password.IsZero() {
		return r, errMissingLogin
	}
	if kind, given := body["account"]; given && kind != nil {
		switch r.kind = pronote.Kind(text("account")); r.kind {
		case pronote.KindStudent, pronote.KindParent:
		default:
			return r, errUnknownAccount(text("account"))
		}
	}
	if name := text("cas"); name != "" && name != "none" {
		portal, err := findPortal(name)
		if err != nil {
			return r, err
		}
		r.portal = &portal
	}
	var err error
	if r.root, err = pronote.ParseAddress(text("url")); err != nil {
		return r, &apiError{http.StatusBadRequest, 0, "This 'url' is no address of a PRONOTE: copy it from the browser while its login page is shown"}
	}
	return r, nil
}

// findPortal finds a portal by its name. Where it was switched off it is the one
// that its schools use today: clients that offer a list offer that of 2021.
func findPortal(name string) (cas.Portal, error) {
	portal, err := cas.Portals().Find(name)
	var gone *cas.Error
	if errors.As(err, &gone) && gone.Reason == cas.PortalGone && gone.Detail != "" {
		portal, err = cas.Portals().Find(gone.Detail)
	}
	if errors.Is(err, cas.NoPortal) {
		err = errUnknownCAS(name)
	}
	return portal, err
}

func (r request) account() account {
	a := account{host: hostname.Of(r.root), username: r.username, kind: r.kind}
	if r.portal != nil {
		a.portal = r.portal.ID
	}
	return a
}

// longestLogin bounds a login, those to portals included.
const longestLogin = 3 * time.Minute

func (s *Server) login(w http.ResponseWriter, r *http.Request) (any, error) {
	body, err := readBody(w, r)
	if err != nil {
		return nil, err
	}
	asked, err := readLogin(body)
	switch {
	case err != nil:
		return nil, err
	case !s.allowed(asked.root):
		return nil, errHost
	case s.manners.refused(asked.account(), asked.password):
		return nil, errCredentials
	}
	if err := s.manners.mayLogIn(asked.account()); err != nil {
		return nil, err
	}
	gone, err := s.sessions.reserve()
	if err != nil {
		return nil, err
	}
	if gone != nil {
		s.end([]*session{gone})
	}
	placed := false
	defer func() {
		if !placed { // also after a fault of ours
			s.sessions.release()
		}
	}()
	ctx, cancel := context.WithTimeout(r.Context(), longestLogin)
	defer cancel()
	opened, err := s.open(ctx, asked)
	s.manners.loggedIn(asked.account(), asked.password, err)
	if err != nil {
		return nil, err
	}
	placed = true
	token, ok := s.sessions.add(opened)
	if !ok {
		s.end([]*session{opened})
		return nil, errStopping
	}
	return members{{"token", token}}, nil
}

// open logs in.
func (s *Server) open(ctx context.Context, r request) (*session, error) {
	of := r.account()
	opened := &session{kind: r.kind, schema: s.schemas[r.kind], zone: s.opts.Zone, now: s.now, filled: map[string][]any{}}
	opened.heed = func(err error) { s.manners.heed(of.host, err) }
	credentials := pronote.Credentials{Kind: r.kind, Username: r.username, Password: r.password}
	if r.portal != nil {
		login := &cas.Login{Portal: *r.portal, Parent: r.kind == pronote.KindParent, Username: r.username, Password: r.password.Reveal}
		credentials.Portal = login.Fetch
	}
	upstream, err := pronote.Login(ctx, r.root.String(), credentials, &pronote.Options{
		Transport: s.opts.Transport, Before: s.manners.before(of), Log: s.opts.Log,
		Answered: func(call pronote.Call, answer pronote.Answer) {
			switch call.Function { // of a login; the others are not kept
			case "FonctionParametres":
				opened.params = answer.Data
			case "Authentification":
				opened.rules = answer.Data
			case "ParametresUtilisateur":
				opened.user = answer.Data
			}
		},
	})
	if err != nil {
		return nil, err
	}
	opened.upstream = upstream
	user, err := parse(opened.user)
	if err != nil {
		s.end([]*session{opened})
		return nil, err
	}
	opened.hidden = user.at("listeOngletsInvisibles").set()
	return opened, nil
}
