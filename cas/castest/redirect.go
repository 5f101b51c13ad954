package castest

import (
	"net/http"
	"net/url"
	"strings"
)

// redirect is a portal that leads to EduConnect without a page of its own: its
// CAS, or the address of the row where logins begin elsewhere.
func redirect(p *portal) {
	const consumer = "/saml/acs"
	login := Login(p.Portal)[len(p.Base):]
	p.mux.HandleFunc("GET "+login, func(w http.ResponseWriter, r *http.Request) {
		v := p.visitor(w, r, "JSESSIONID")
		v.service = r.URL.Query().Get("service")
		switch {
		case p.stage.Mishap == Forbidden:
			page(w, "Erreur", `<label id="zone_msgDetail">L&#x27;URL de service n&#x27;est pas une URL de confiance</label>`)
		case v.loggedIn:
			p.ticket(w, r, v.service)
		case p.Query != "" && !strings.Contains(r.URL.RawQuery, p.Query), p.Start != "" && !strings.Contains(p.Start, "{service}"):
			page(w, "Choix", "<p>Qui êtes-vous ?</p>") // the way in is another one
		default:
			p.askEduConnect(w, r, v, p.Base+consumer, "POST")
		}
	})
	if start, err := url.Parse(p.Start); err == nil && p.Start != "" && start.Path != login {
		p.mux.HandleFunc("GET "+start.Path, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.RawQuery != start.RawQuery || p.stage.Mishap == Forbidden {
				page(w, "Erreur", "<p>Ce service n'est pas autorisé.</p>")
				return
			}
			binding := "Redirect"
			if strings.HasPrefix(start.Path, "/saml/discovery") {
				binding = "POST" // La Réunion's, by a form that a script sends
			}
			p.askEduConnect(w, r, p.visitor(w, r, "JSESSIONID"), p.Base+consumer, binding)
		})
	}
	p.mux.HandleFunc(consumer, func(w http.ResponseWriter, r *http.Request) {
		v := p.visitor(w, r, "JSESSIONID")
		switch {
		case !p.consumed(w, r, v):
		case p.stage.Mishap == Stranger:
			page(w, "Accueil", "<p>Aucun profil</p>")
		default:
			v.loggedIn = true
			service := v.service
			if p.Start != "" && !strings.Contains(p.Start, "{service}") {
				service = ""
			}
			p.ticket(w, r, service)
		}
	})
	p.open()
}

// shibWayf asks in a discovery page where one's account is.
func shibWayf(p *portal) {
	const consumer = "/Shibboleth.sso/SAML2/POST"
	p.mux.HandleFunc("GET /access/login", func(w http.ResponseWriter, r *http.Request) {
		v := p.visitor(w, r, "_shibsession")
		if v.service = r.URL.Query().Get("service"); v.loggedIn {
			p.ticket(w, r, v.service)
			return
		}
		http.Redirect(w, r, "/discovery/WAYF?"+url.Values{
			"entityID": {p.Base + "/shibboleth"}, "return": {p.Base + "/Shibboleth.sso/Login"}, "returnIDParam": {"entityID"},
		}.Encode(), http.StatusFound)
	})
	p.mux.HandleFunc("GET /discovery/WAYF", func(w http.ResponseWriter, r *http.Request) {
		switch query := r.URL.Query(); {
		case p.stage.Mishap == Forbidden:
			page(w, "Erreur", "<p>Ce service n'est pas autorisé.</p>")
		case query.Get("action") == "":
			page(w, "Sélection", `<form action="/discovery/WAYF" method="get"><input type="hidden" name="entityID" value="`+query.Get("entityID")+`">
<select name="origin"><option value="urn:autre">Autre</option><option value="https://educonnect.education.gouv.fr/idp">EduConnect</option></select><input type="submit" value="OK"></form>`)
		case query.Get("action") != "selection", query.Get("origin") != "https://"+eduConnectHost+"/idp", query.Get("entityID") != p.Base+"/shibboleth":
			http.Error(w, "what?", http.StatusInternalServerError)
		default:
			p.askEduConnect(w, r, p.visitor(w, r, "_shibsession"), p.Base+consumer, "Redirect")
		}
	})
	p.mux.HandleFunc(consumer, func(w http.ResponseWriter, r *http.Request) {
		v := p.visitor(w, r, "_shibsession")
		switch {
		case !p.consumed(w, r, v):
		case p.stage.Mishap == Stranger:
			page(w, "Accueil", "<p>Aucun profil</p>")
		default:
			v.loggedIn = true
			http.Redirect(w, r, "/access/login?service="+url.QueryEscape(v.service), http.StatusFound)
		}
	})
	p.open()
}
