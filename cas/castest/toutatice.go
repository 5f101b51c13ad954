package castest

import (
	"fmt"
	"net/http"
	"net/url"
)

// toutatice has an identity provider of its own behind EduConnect, whose page asks
// in two requests who has logged in.
func toutatice(p *portal) {
	const consumer = "/idp/profile/SAML2/POST/SSO"
	conversation := random()
	user := random()
	p.mux.HandleFunc("GET /portail/auth/MonEspace", func(w http.ResponseWriter, r *http.Request) {
		if p.stage.Mishap == Forbidden {
			page(w, "Erreur", "<p>Ce service n'est pas autorisé.</p>")
			return
		}
		page(w, "Connexion", `<form action="https://`+hostOf(p.Base)+`/wayf/Ctrl" method="post"><input type="hidden" name="entityID" value="x"><input type="hidden" name="return" value="y"><input type="hidden" name="_saml_idp" value="autre"></form>`)
	})
	p.mux.HandleFunc("POST /wayf/Ctrl", func(w http.ResponseWriter, r *http.Request) {
		if r.PostFormValue("_saml_idp") != "educonnect" || r.PostFormValue("entityID") != "x" || r.PostFormValue("return") != "y" {
			http.Error(w, "whose account?", http.StatusBadRequest)
			return
		}
		p.askEduConnect(w, r, p.visitor(w, r, "IDP_JSESSIONID"), p.Base+consumer, "Redirect")
	})
	p.mux.HandleFunc("POST "+consumer, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !p.consumed(w, r, p.visitor(w, r, "IDP_JSESSIONID")):
		case p.stage.NoLink:
			page(w, "Chargement", "<p>Patientez</p>")
		default:
			page(w, "Chargement", `<a href="/idp/Authn/loader">Continuer</a>`)
		}
	})
	p.mux.HandleFunc("GET /idp/Authn/loader", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/idp/attente?"+url.Values{"conversation": {conversation}, "sessionid": {"s&1"}}.Encode(), http.StatusFound)
	})
	p.mux.HandleFunc("GET /idp/attente", func(w http.ResponseWriter, _ *http.Request) { page(w, "Patientez", "") })
	p.mux.HandleFunc("GET /idp/Authn/RemoteUser", func(w http.ResponseWriter, r *http.Request) {
		query, number, session := r.URL.Query(), conversation, "s&1"
		if p.stage.NoLink { // EduConnect's number, and that of the browser
			number, session = "e1s1", ""
			if c, err := r.Cookie("IDP_JSESSIONID"); err == nil {
				session = c.Value
			}
			if query.Has("uidInSession") {
				number = conversation
			}
		}
		switch {
		case query.Get("conversation") != number || query.Get("sessionid") != session:
			http.Error(w, "who?", http.StatusBadRequest)
		case query.Get("uidInSession") == user:
			p.visitor(w, r, "IDP_JSESSIONID").loggedIn = true
			page(w, "Accueil", "<p>Bonjour</p>"+footer)
		case query.Get("redirectToLoaderRemoteUser") != "0":
			http.Error(w, "who?", http.StatusBadRequest)
		default:
			w.Header().Set("Content-Type", "text/xml")
			answer := fmt.Sprintf("<conversation>%s</conversation><uidInSession>%s</uidInSession>", conversation, user)
			if p.stage.Mishap == Stranger {
				answer = "<erreurFonctionnelle>inconnu</erreurFonctionnelle>"
			}
			_, _ = fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?><reponse>%s</reponse>`, answer) // a client may hang up
		}
	})
	p.mux.HandleFunc("GET /idp/profile/cas/login", func(w http.ResponseWriter, r *http.Request) {
		if p.visitor(w, r, "IDP_JSESSIONID").loggedIn {
			p.ticket(w, r, r.URL.Query().Get("service"))
			return
		}
		page(w, "Connexion", "<p>Choisissez votre profil</p>")
	})
	p.open()
}
