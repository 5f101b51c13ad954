package castest

import (
	"net/http"
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

// keycloak is a CAS that asks a Keycloak on the same host.
func keycloak(p *portal) {
	const realm = "/realms/IDF"
	p.mux.HandleFunc("GET /cas/login", func(w http.ResponseWriter, r *http.Request) {
		v := p.visitor(w, r, "AUTH_SESSION_ID")
		if p.stage.Mishap == Forbidden {
			page(w, "CAS", "<p>Ce service n'est pas autorisé.</p>")
			return
		}
		v.service = r.URL.Query().Get("service")
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
