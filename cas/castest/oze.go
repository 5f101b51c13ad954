package castest

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// oze is a portal whose interface, on another host, tells where PRONOTE is.
func oze(p *portal) {
	const realm = "/auth/realms/OZE"
	function := map[bool]string{true: "TUT", false: "ELV"}[p.stage.Person.Parent]
	if !strings.HasSuffix(p.stage.Person.Username, p.Suffix) {
		p.stage.Person.Username += p.Suffix
	}
	p.mux.HandleFunc("GET /cas/login", func(w http.ResponseWriter, _ *http.Request) {
		page(w, "Connexion", "<p>Choisissez</p>")
	})
	p.mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		if p.visitor(w, r, "AUTH_SESSION_ID").loggedIn {
			page(w, "Accueil", "<div id=app></div>"+footer)
			return
		}
		if p.stage.Mishap == Forbidden {
			page(w, "Erreur", "<p>Ce service n'est pas autorisé.</p>")
			return
		}
		http.Redirect(w, r, realm+"/protocol/openid-connect/auth?client_id=oze", http.StatusFound)
	})
	p.keycloakForm(realm, func(w http.ResponseWriter, r *http.Request, _ *visit) { http.Redirect(w, r, "/", http.StatusFound) })
	p.mux.HandleFunc("GET /cas/proxySSO/{id}", func(w http.ResponseWriter, r *http.Request) {
		if !p.visitor(w, r, "AUTH_SESSION_ID").loggedIn || r.PathValue("id") != "42" ||
			r.URL.RawQuery != (url.Values{"uai": {"0921234X"}, "projet": {"p"}, "fonction": {function}}).Encode() {
			http.Error(w, "who?", http.StatusForbidden)
			return
		}
		p.ticket(w, r, p.stage.School)
	})
	api := http.NewServeMux()
	api.HandleFunc("GET /v1/users/me", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, `{"currentProfil":{"codeProfil":"TEST","uai":"0921234X"}}`) // a client may hang up
	})
	api.HandleFunc("GET /v1/ozapps", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("ctx_profil") != "TEST" || r.URL.Query().Get("ctx_etab") != "0921234X" {
			http.Error(w, "who?", http.StatusForbidden)
			return
		}
		_, _ = fmt.Fprint(w, `[{"code":"autre","externalRoute":"/x"}]`)
	})
	api.HandleFunc("GET /v1/config/Pronote", func(w http.ResponseWriter, r *http.Request) {
		if p.stage.Mishap == Stranger {
			_, _ = fmt.Fprint(w, `{}`)
			return
		}
		_, _ = fmt.Fprint(w, `{"autorisationId":"42","projet":"p"}`)
	})
	p.stage.Serve(hostOf(p.API), api)
	p.open()
}
