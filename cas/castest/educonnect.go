package castest

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
)

const eduConnectHost = "educonnect.education.gouv.fr"

// Steps are the pages of EduConnect, as they were over the years.
type Steps int

// The variants.
const (
	ProbeThenForm Steps = iota // since 2026: a page that looks at the browser's storage comes first
	FormWithToken              // 2025
	FormAlone                  // before
	ProbeAfter                 // a page that looks at the storage comes first and last
)

// eduConnect is the ministry's identity provider.
type eduConnect struct {
	stage *Stage
	mu    sync.Mutex
	calls map[string]*eduCall // by cookie
	known map[string]bool     // browsers of people who are logged in, by another cookie
}

// An eduCall is one login there, which has numbered steps.
type eduCall struct {
	asked
	step    int
	token   string // of the step, "" when none is asked for
	through bool   // the password was right
}

func newEduConnect(s *Stage) http.Handler {
	e := &eduConnect{stage: s, calls: map[string]*eduCall{}, known: map[string]bool{}}
	mux := http.NewServeMux()
	mux.HandleFunc("/idp/profile/SAML2/{binding}/SSO", e.serve)
	return mux
}

func (e *eduConnect) serve(w http.ResponseWriter, r *http.Request) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.stage.Mishap == Network {
		http.Redirect(w, r, "https://assistance.phm.education.gouv.fr/acces", http.StatusFound)
		return
	}
	if r.URL.Query().Has("execution") {
		e.continued(w, r)
		return
	}
	question, ok := e.question(r)
	if !ok {
		http.Error(w, "nobody asked for that", http.StatusBadRequest)
		return
	}
	if c, err := r.Cookie("shib_idp_session"); err == nil && e.known[c.Value] {
		e.vouch(w, &eduCall{asked: question})
		return
	}
	id := random()
	e.calls[id] = &eduCall{asked: question, step: 1}
	http.SetCookie(w, &http.Cookie{Name: "JSESSIONID", Value: id, Path: "/idp", Secure: true, HttpOnly: true})
	http.Redirect(w, r, r.URL.Path+"?execution=e1s1", http.StatusFound)
}

// question finds out who asks, by one of the three entrances.
func (e *eduConnect) question(r *http.Request) (asked, bool) {
	e.stage.mu.Lock()
	defer e.stage.mu.Unlock()
	binding := r.PathValue("binding")
	switch {
	case binding == "Unsolicited" && r.Method == http.MethodGet:
		q, ok := e.stage.asked["provider "+r.URL.Query().Get("providerId")]
		return q, ok
	case binding == "POST" && r.Method == http.MethodPost, binding == "Redirect" && r.Method == http.MethodGet:
		q, ok := e.stage.asked[r.FormValue("SAMLRequest")]
		delete(e.stage.asked, r.FormValue("SAMLRequest"))
		return q, ok && q.relay == r.FormValue("RelayState")
	}
	return asked{}, false
}

func (e *eduConnect) continued(w http.ResponseWriter, r *http.Request) {
	cookie, err := r.Cookie("JSESSIONID")
	if err != nil || e.calls[cookie.Value] == nil {
		http.Error(w, "no session", http.StatusBadRequest)
		return
	}
	call := e.calls[cookie.Value]
	if r.URL.Query().Get("execution") != fmt.Sprintf("e1s%d", call.step) {
		http.Error(w, "a step that is over", http.StatusBadRequest)
		return
	}
	if r.Method == http.MethodGet {
		e.show(w, call, "")
		return
	}
	if r.PostFormValue("csrf_token") != call.token || !r.PostForm.Has("_eventId_proceed") {
		http.Error(w, "a token that is over", http.StatusBadRequest)
		return
	}
	if e.probing(call) {
		e.probed(w, r, call)
		return
	}
	e.login(w, r, call)
}

// probing reports whether the step of a login looks at the browser's storage.
func (e *eduConnect) probing(call *eduCall) bool {
	steps := e.stage.Steps
	return call.through || call.step == 1 && (steps == ProbeThenForm || steps == ProbeAfter)
}

func (e *eduConnect) probed(w http.ResponseWriter, r *http.Request, call *eduCall) {
	if r.PostForm.Has("j_password") || !r.PostForm.Has("shib_idp_ls_supported") {
		http.Error(w, "not here", http.StatusBadRequest)
		return
	}
	if call.through {
		e.vouch(w, call)
		return
	}
	call.step++
	http.Redirect(w, r, fmt.Sprintf("%s?execution=e1s%d", r.URL.Path, call.step), http.StatusFound)
}

func (e *eduConnect) login(w http.ResponseWriter, r *http.Request, call *eduCall) {
	profile := map[bool]string{true: "responsable", false: "eleve"}[e.stage.Person.Parent]
	call.step++
	switch {
	case !e.stage.right(r.PostFormValue("j_username"), r.PostFormValue("j_password")), r.PostFormValue("typeUser") != profile && !e.stage.NoType:
		e.show(w, call, "Identifiant ou mot de passe incorrect.")
	case e.stage.Mishap == Locked:
		e.show(w, call, "Votre compte est verrouillé après plusieurs tentatives.")
	case e.stage.Mishap == TwoLeft:
		e.show(w, call, "Identifiant ou mot de passe incorrect. Il vous reste 2 tentatives.")
	case e.stage.mishap(w):
	case e.stage.Steps == ProbeAfter:
		call.through = true
		http.Redirect(w, r, fmt.Sprintf("%s?execution=e1s%d", r.URL.Path, call.step), http.StatusFound)
	default:
		e.vouch(w, call)
	}
}

// vouch hands the browser what it takes to the portal.
func (e *eduConnect) vouch(w http.ResponseWriter, call *eduCall) {
	response, browser := random(), random()
	e.known[browser] = true
	http.SetCookie(w, &http.Cookie{Name: "shib_idp_session", Value: browser, Path: "/idp", Secure: true, HttpOnly: true})
	e.stage.mu.Lock()
	e.stage.vouched[response] = call.consumer
	e.stage.mu.Unlock()
	fields := map[string]string{"SAMLResponse": response}
	if call.relay != "" {
		fields["RelayState"] = call.relay
	}
	passOn(w, call.consumer, fields)
}

// show writes the page of a step.
func (e *eduConnect) show(w http.ResponseWriter, call *eduCall, message string) {
	token := ""
	if call.token = ""; e.stage.Steps != FormAlone {
		call.token = "_" + random()
		token = fmt.Sprintf(`<input type="hidden" name="csrf_token" value="%s">`, call.token)
	}
	action := fmt.Sprintf("?execution=e1s%d", call.step)
	if e.probing(call) {
		page(w, "EduConnect", fmt.Sprintf(`<form name="form1" action="%s" method="post">%s
<input type="hidden" name="shib_idp_ls_exception.shib_idp_session_ss" value=""/><input type="hidden" name="shib_idp_ls_success.shib_idp_session_ss" value="false"/>
<input type="hidden" name="shib_idp_ls_value.shib_idp_session_ss" value=""/><input type="hidden" name="shib_idp_ls_supported" value=""/>
<input type="hidden" name="_eventId_proceed" value=""/></form>`, action, token))
		return
	}
	user, robot, kind := "j_username", "", `<input type=hidden name=typeUser value="">`
	if e.stage.NoType {
		kind = ""
	}
	switch e.stage.Mishap {
	case Rebuilt:
		user = "courriel"
	case Captcha:
		robot = `<div class="h-captcha"></div>`
	}
	page(w, "EduConnect", fmt.Sprintf(`<form id="fc" action="https://fc.example/authorize" method="post"><input type="hidden" name="state" value="1"><button>FranceConnect</button></form>
<button id="bouton_eleve">Élève</button><button id="bouton_responsable">Représentant légal</button><p>%s</p>
<FORM id=validerAuth ACTION='%s' METHOD=POST>%s%s<input id="username" name="%s"><input id="password" name="j_password" type="password">%s
<button type="submit" id="bouton_valider" name="_eventId_proceed">Se connecter</button></FORM>`, message, action, token, kind, user, robot))
}

// askEduConnect sends a visitor of a portal to EduConnect.
func (p *portal) askEduConnect(w http.ResponseWriter, r *http.Request, v *visit, consumer, binding string) {
	request := random() + "+/="
	if v.relay = "ss:mem:" + random() + `"&<é`; p.stage.NoRelay {
		v.relay = ""
	}
	p.stage.mu.Lock()
	p.stage.asked[request] = asked{consumer, v.relay}
	p.stage.mu.Unlock()
	address := "https://" + eduConnectHost + "/idp/profile/SAML2/" + binding + "/SSO"
	if binding == "POST" {
		fields := map[string]string{"SAMLRequest": request}
		if v.relay != "" {
			fields["RelayState"] = v.relay
		}
		passOn(w, address, fields)
		return
	}
	query := url.Values{"SAMLRequest": {request}}
	if v.relay != "" {
		query.Set("RelayState", v.relay)
	}
	http.Redirect(w, r, address+"?"+query.Encode(), http.StatusFound)
}

// consumed reports whether what a visitor brings from EduConnect is for this
// portal, and unused.
func (p *portal) consumed(w http.ResponseWriter, r *http.Request, v *visit) bool {
	p.stage.mu.Lock()
	consumer, ok := p.stage.vouched[r.PostFormValue("SAMLResponse")]
	delete(p.stage.vouched, r.PostFormValue("SAMLResponse"))
	p.stage.mu.Unlock()
	if r.Method != http.MethodPost || !ok || r.PostFormValue("RelayState") != v.relay ||
		!strings.HasSuffix(consumer, r.URL.Path) || hostOf(consumer) != hostOf(p.Base) {
		http.Error(w, `{"error":"invalid_state"}`, http.StatusForbidden)
		return false
	}
	return true
}
