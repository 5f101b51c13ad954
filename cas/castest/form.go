package castest

import (
	"net/http"
	"strings"

	"github.com/pronote-sync/pronote-sync/cas"
)

// casForm is a CAS with one form. The button has a name, as Apereo's has.
func casForm(p *portal) {
	login := Login(p.Portal)[len(p.Base):]
	p.mux.HandleFunc(login, func(w http.ResponseWriter, r *http.Request) {
		v := p.visitor(w, r, "JSESSIONID")
		if service := r.URL.Query().Get("service"); service != "" {
			v.service = service
		}
		switch {
		case p.stage.Mishap == Forbidden:
			page(w, "Échec", "<h1>Échec</h1><p>Ce service n'est pas autorisé.</p>")
		case v.loggedIn:
			p.ticket(w, r, v.service)
		default:
			hidden := `<input type="hidden" name="_eventId" value="submit"><input type="hidden" name="lt" value="LT-1"><button name="submit" value="">OK</button>`
			p.local(w, r, v, `id="fm1"`, r.URL.RequestURI(), "username", "password", hidden, func() {
				if !r.PostForm.Has("submit") || r.PostFormValue("_eventId") != "submit" || r.PostFormValue("lt") != "LT-1" || r.PostForm.Has("q") {
					http.Error(w, "half a form", http.StatusBadRequest)
					return
				}
				p.ticket(w, r, v.service)
			})
		}
	})
	p.open()
}

// casOfRealm is where Val-d'Oise's Keycloak is a CAS itself.
const casOfRealm = "/realms/CD95/protocol/cas/login"

// hasBroker reports whether there is a CAS in front of the Keycloak.
func hasBroker(p cas.Portal) bool { return p.ID == "monlycee" }

// keycloak is a Keycloak that is a CAS, or has one in front of it on the same
// host. A visitor whom it knows gets a ticket without a form.
func keycloak(p *portal) {
	const realm = "/realms/IDF"
	if !hasBroker(p.Portal) {
		p.keycloakCAS()
		return
	}
	p.mux.HandleFunc("GET /cas/login", func(w http.ResponseWriter, r *http.Request) {
		v := p.visitor(w, r, "AUTH_SESSION_ID")
		if p.stage.Mishap == Forbidden {
			page(w, "CAS", "<p>Ce service n'est pas autorisé.</p>")
			return
		}
		if v.service = r.URL.Query().Get("service"); v.loggedIn {
			p.ticket(w, r, v.service)
			return
		}
		http.Redirect(w, r, realm+"/protocol/openid-connect/auth?client_id=proxy-cas&state="+random(), http.StatusFound)
	})
	p.keycloakForm(realm, func(w http.ResponseWriter, r *http.Request, v *visit) {
		if !r.PostForm.Has("credentialId") {
			http.Error(w, "half a form", http.StatusBadRequest)
			return
		}
		http.Redirect(w, r, "/cas/login/keycloak-idf?code="+random(), http.StatusFound)
	})
	p.mux.HandleFunc("GET /cas/login/keycloak-idf", func(w http.ResponseWriter, r *http.Request) {
		if v := p.visitor(w, r, "AUTH_SESSION_ID"); v.loggedIn {
			p.ticket(w, r, v.service)
		}
	})
	p.open()
}

// keycloakCAS is a realm that speaks CAS.
func (p *portal) keycloakCAS() {
	realm, _, _ := strings.Cut(casOfRealm, "/protocol/")
	p.keycloakForm(realm, func(w http.ResponseWriter, r *http.Request, v *visit) { p.ticket(w, r, v.service) })
	p.mux.HandleFunc("GET "+casOfRealm, func(w http.ResponseWriter, r *http.Request) {
		v := p.visitor(w, r, "AUTH_SESSION_ID")
		v.service = r.URL.Query().Get("service")
		switch {
		case p.stage.Mishap == Forbidden:
			page(w, "CAS", "<p>Ce service n'est pas autorisé.</p>")
		case v.loggedIn:
			p.ticket(w, r, v.service)
		default:
			http.Redirect(w, r, realm+"/protocol/openid-connect/auth?client_id=cas-95", http.StatusFound)
		}
	})
	p.open()
}

// keycloakForm is the login of a Keycloak, whose address has to come back as it
// was given.
func (p *portal) keycloakForm(realm string, then func(http.ResponseWriter, *http.Request, *visit)) {
	action := realm + "/login-actions/authenticate?session_code=a%2Bb&execution=c&client_id=d&tab_id=e"
	show := func(w http.ResponseWriter, r *http.Request) {
		v := p.visitor(w, r, "AUTH_SESSION_ID")
		if r.Method == http.MethodPost && r.URL.RequestURI() != action {
			http.Error(w, "another address", http.StatusBadRequest)
			return
		}
		p.local(w, r, v, `id="kc-form-login"`, p.Base+action, "username", "password", `<input type="hidden" name="credentialId" value="">`,
			func() { then(w, r, v) })
	}
	p.mux.HandleFunc("GET "+realm+"/protocol/openid-connect/auth", show)
	p.mux.HandleFunc("POST "+realm+"/login-actions/authenticate", show)
}
