package castest

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/pronote-sync/pronote-sync/cas"
)

// A Person has an account with EduConnect, or with a portal that has its own.
type Person struct {
	Username, Password string
	Parent             bool
}

// A Mishap is what goes wrong on a Stage; the zero Mishap is nothing.
type Mishap string

// The mishaps. Those at the form come when the right password has been given.
const (
	Locked      Mishap = "locked"       // the form comes back and says so
	TwoLeft     Mishap = "two left"     // the form comes back: two attempts are left
	Captcha     Mishap = "captcha"      // the form has one
	Terms       Mishap = "terms"        // a page that wants them accepted
	Expired     Mishap = "expired"      // a page that wants a new password
	Birthday    Mishap = "birthday"     // a page that wants a date
	Second      Mishap = "second"       // a page that wants a code
	Telephone   Mishap = "telephone"    // a page of EduConnect that nobody has seen before
	Stranger    Mishap = "stranger"     // EduConnect knows the person, the portal does not
	Forbidden   Mishap = "forbidden"    // the portal does not know the school's PRONOTE
	Crowded     Mishap = "crowded"      // too many visitors
	Closed      Mishap = "closed"       // the portal is under maintenance
	Network     Mishap = "network"      // EduConnect refuses the address of the client
	Rebuilt     Mishap = "rebuilt"      // another form than ever before
	TwoAccounts Mishap = "two accounts" // the portal knows the person at two schools
	StartsHere  Mishap = "starts here"  // the portal does not take logins that began at EduConnect
	NoStart     Mishap = "no start"     // nor do others take those that did not

	// Those of Edifice.
	Blocked     Mishap = "blocked"     // the school has blocked the account
	Profile     Mishap = "profile"     // or all accounts of the kind
	Unavailable Mishap = "unavailable" // for a moment
	Reset       Mishap = "reset"       // what is typed is a code to set a new password
	Activation  Mishap = "activation"  // or to activate the account

	BirthdayByID Mishap = "birthday by id" // a page of EduConnect that wants a date, with the fields of the form
)

// A Stage is one portal, EduConnect where it needs that, and the tickets.
type Stage struct {
	*Net
	Person Person
	Mishap Mishap
	Steps  Steps  // of EduConnect
	School string // the service of the school, for a portal that knows it

	// Differences between portals of one kind, which logins must get along with.
	Outside   string // Edifice: the host of the page that stands for the portal's login
	NoRelay   bool   // the portal tells EduConnect no RelayState
	NoType    bool   // EduConnect does not ask whether one is a pupil or a parent
	NoLink    bool   // Toutatice: no link on the page after EduConnect
	NoChooser bool   // Kosmos: without a selection comes the form

	mu      sync.Mutex
	tickets map[string]string // services, by ticket
	asked   map[string]asked  // what portals ask of EduConnect, by SAMLRequest
	vouched map[string]string // consumers, by SAMLResponse
}

// asked is what a portal asks of EduConnect.
type asked struct{ consumer, relay string }

// Open sets a stage for one portal and one person who may use it. It fails for
// engines that have no fake.
func Open(p cas.Portal, who Person) (*Stage, error) {
	s := &Stage{Net: NewNet(), Person: who, tickets: map[string]string{}, asked: map[string]asked{}, vouched: map[string]string{}}
	build, ok := map[string]func(*portal){
		"kosmos_educonnect": kosmos, "kosmos_form": kosmos,
		"entcore_educonnect": entcore, "entcore_form": entcore,
		"cas_form": casForm, "keycloak_form": keycloak, "oze": oze,
		"redirect_educonnect": redirect, "hubeduconnect": redirect,
		"shib_wayf_educonnect": shibWayf, "toutatice": toutatice,
	}[p.Engine]
	if !ok {
		s.Close()
		return nil, fmt.Errorf("no fake of engine %q", p.Engine)
	}
	if p.EduConnect() {
		s.Serve(eduConnectHost, newEduConnect(s))
	}
	build(&portal{stage: s, Portal: p, mux: http.NewServeMux(), visits: map[string]*visit{}})
	return s, nil
}

// Login is where PRONOTE sends people, without the service.
func Login(p cas.Portal) string {
	switch p.Engine {
	case "cas_form":
		return p.Base + map[bool]string{true: "/connexion/login", false: "/sso/login"}[p.Form != ""]
	case "hubeduconnect":
		return p.Base + "/EduConnect/cas/login"
	case "shib_wayf_educonnect":
		return p.Base + "/access/login"
	case "toutatice":
		return p.Base + "/idp/profile/cas/login"
	case "kosmos_educonnect", "kosmos_form":
		return p.Base + "/login"
	case "keycloak_form":
		if !hasBroker(p) {
			return p.Base + casOfRealm
		}
	}
	return p.Base + "/cas/login"
}

// Validate tells a school whether a ticket is good: once, for one service.
func (s *Stage) Validate(ticket, service string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	issued, ok := s.tickets[ticket]
	delete(s.tickets, ticket)
	return ok && issued == service
}

// right reports whether these are the person's.
func (s *Stage) right(username, password string) bool {
	return username == s.Person.Username && password == s.Person.Password
}

func random() string {
	b := make([]byte, 12)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

// footer is on the pages of portals without meaning anything.
const footer = `<p>Une maintenance est prévue dimanche. Choisissez un nouveau mot de passe chaque année.</p>
<a href="/cgu">Conditions générales d'utilisation</a><a href="/activer">Activer votre compte</a><a href="/aide">Compte bloqué ?</a>`

// A portal is the fake of one row of the table.
type portal struct {
	cas.Portal
	stage  *Stage
	mux    *http.ServeMux
	mu     sync.Mutex
	visits map[string]*visit
}

// A visit is what a portal remembers of a browser.
type visit struct {
	service  string // where to go with a ticket
	relay    string // of the question to EduConnect
	token    string // of the form last shown
	loggedIn bool
}

// open gives the portal its host.
func (p *portal) open() {
	p.stage.Serve(hostOf(p.Base), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.stage.Mishap == Closed {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		if r.Method == http.MethodPost && r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
			http.Error(w, "what is that?", http.StatusBadRequest)
			return
		}
		p.mux.ServeHTTP(w, r)
	}))
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// visitor recognises a browser by a cookie, or gives it one.
func (p *portal) visitor(w http.ResponseWriter, r *http.Request, cookie string) *visit {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c, err := r.Cookie(cookie); err == nil && p.visits[c.Value] != nil {
		return p.visits[c.Value]
	}
	id := random()
	p.visits[id] = &visit{}
	http.SetCookie(w, &http.Cookie{Name: cookie, Value: id, Path: "/", Secure: true, HttpOnly: true})
	return p.visits[id]
}

// ticket sends somebody who is logged in back to the service.
func (p *portal) ticket(w http.ResponseWriter, r *http.Request, service string) {
	if service == "" {
		page(w, "Accueil", "<p>Bonjour</p>"+footer)
		return
	}
	ticket := "ST-" + random()
	p.stage.mu.Lock()
	p.stage.tickets[ticket] = service
	p.stage.mu.Unlock()
	separator := "?"
	if strings.Contains(service, "?") {
		separator = "&"
	}
	http.Redirect(w, r, service+separator+"ticket="+ticket, http.StatusFound)
}

// local is a form of the portal's own: it is shown on GET and read on POST,
// where then answers the right password. Hidden fields come back once.
func (p *portal) local(w http.ResponseWriter, r *http.Request, v *visit, form, action, user, password, hidden string, then func()) {
	if r.Method != http.MethodPost {
		p.show(w, v, form, action, user, password, hidden, "")
		return
	}
	token := v.token
	v.token = ""
	switch {
	case token == "" || r.PostFormValue("execution") != token:
		http.Error(w, "a form that was not shown", http.StatusBadRequest)
	case !p.stage.right(r.PostFormValue(user), r.PostFormValue(password)):
		p.show(w, v, form, action, user, password, hidden, "Identifiant ou mot de passe incorrect.")
	case p.stage.Mishap == Locked:
		p.show(w, v, form, action, user, password, hidden, "Votre compte est verrouillé.")
	case p.stage.Mishap == TwoLeft:
		p.show(w, v, form, action, user, password, hidden, "Identifiant ou mot de passe incorrect, il vous reste 2 tentatives.")
	case !p.stage.mishap(w):
		v.loggedIn = true
		then()
	}
}

func (p *portal) show(w http.ResponseWriter, v *visit, form, action, user, password, hidden, message string) {
	v.token = random()
	if p.stage.Mishap == Rebuilt {
		user = "courriel"
	}
	robot := ""
	if p.stage.Mishap == Captcha {
		robot = `<div class="g-recaptcha" data-sitekey="x"></div>`
	}
	page(w, "Connexion", fmt.Sprintf(`<form action="/recherche"><input name="q"><input type="submit" name="go" value="Chercher"></form>
<p class="message">%s</p>
<form %s method="post" action="%s"><input type="hidden" name="execution" value="%s">%s
<input type="text" name="%s"><input type="password" name="%s">%s</form>`+footer,
		html.EscapeString(message), form, html.EscapeString(action), v.token, hidden, user, password, robot))
}

// mishap shows the page of a mishap that comes after the right password.
func (s *Stage) mishap(w http.ResponseWriter) bool {
	body, ok := map[Mishap]string{
		Terms:        `<form method="post" action="/cgu"><input type="checkbox" name="accepteCGU">J'accepte<button>Continuer</button></form>`,
		Expired:      `<form method="post" action="/mdp"><input type="password" name="nouveau"><input type="password" name="confirmation"></form>`,
		Birthday:     `<form id="theForm" method="post"><input name="jour"><input name="mois"><input name="annee"><input type="hidden" id="password-input" name="date"></form>`,
		BirthdayByID: `<form id="theForm" method="post"><input id="jour"><input id="mois"><input id="annee"><input type="hidden" name="j_username"><input type="hidden" id="password-input" name="j_password"></form>`,
		Second:       `<p>Saisissez le code de vérification reçu.</p><form method="post"><input name="code"></form>`,
		Telephone:    `<form method="post"><input name="telephone"></form>`,
		Crowded:      `<p>Vous êtes très nombreux à vous connecter.</p>`,
	}[s.Mishap]
	if ok {
		page(w, "Avant de continuer", body)
	}
	return ok
}

func page(w http.ResponseWriter, title, body string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = fmt.Fprintf(w, "<!DOCTYPE html><html lang=fr><head><title>%s</title></head><body>%s</body></html>", title, body) // a client may hang up
}

// passOn is a page whose form a script would send.
func passOn(w http.ResponseWriter, action string, fields map[string]string) {
	var inputs strings.Builder
	for name, value := range fields {
		fmt.Fprintf(&inputs, `<input type="hidden" name="%s" value="%s"/>`, name, html.EscapeString(value))
	}
	page(w, "…", fmt.Sprintf(`<form action="%s" method="post">%s<noscript><input type="submit" value="Continuer"/></noscript></form>`,
		strings.ReplaceAll(html.EscapeString(action), ":", "&#x3a;"), inputs.String()))
}
