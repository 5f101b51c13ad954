package castest

import (
	"fmt"
	"net/http"
	"slices"
)

// kosmos is Kosmos, with EduConnect or with accounts of its own.
func kosmos(p *portal) {
	consumer := p.Base + "/saml/SAMLAssertionConsumer"
	p.mux.HandleFunc("/login", func(w http.ResponseWriter, r *http.Request) {
		query, v := r.URL.Query(), p.visitor(w, r, "JSESSIONID")
		http.SetCookie(w, &http.Cookie{Name: "SERVERID", Value: "n1", Path: "/"})
		if service := query.Get("service"); service != "" {
			v.service = service
		}
		switch {
		case p.stage.Mishap == Forbidden:
			page(w, "CAS", "<p>Application Not Allowed to use CAS</p>")
		case v.loggedIn:
			p.ticket(w, r, v.service)
		case !slices.Contains(p.offered(), query.Get("selection")):
			p.chooser(w)
		case p.EduConnect():
			http.Redirect(w, r, "/delegate/redirect/EDU", http.StatusFound)
		default:
			hidden := fmt.Sprintf(`<input type="hidden" name="selection" value="%s"><input type="hidden" name="_eventId" value="submit"><input type="hidden" name="geolocation"><input type="submit" name="submit" value="Confirm">`, query.Get("selection"))
			p.local(w, r, v, `class="cas__login-form"`, r.URL.RequestURI(), "username", "password", hidden, func() {
				if r.PostFormValue("submit") != "Confirm" || r.PostFormValue("_eventId") != "submit" || r.PostFormValue("selection") != query.Get("selection") {
					http.Error(w, "half a form", http.StatusBadRequest)
					return
				}
				p.ticket(w, r, v.service)
			})
		}
	})
	p.mux.HandleFunc("/delegate/redirect/EDU", func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		if _, err := r.Cookie("SERVERID"); err != nil {
			http.Error(w, "which server?", http.StatusBadRequest)
			return
		}
		p.askEduConnect(w, r, p.visitor(w, r, "JSESSIONID"), consumer, "POST")
	})
	p.mux.HandleFunc("/saml/SAMLAssertionConsumer", func(w http.ResponseWriter, r *http.Request) {
		v := p.visitor(w, r, "JSESSIONID")
		switch {
		case !p.consumed(w, r, v):
		case p.stage.Mishap == Stranger:
			p.chooser(w)
		default:
			v.loggedIn = true
			p.ticket(w, r, v.service)
		}
	})
	p.open()
}

// offered are the selections of the portal: the last of the row, so that the
// ones before it prove to be no obstacle.
func (p *portal) offered() []string {
	if len(p.Selections) == 0 {
		return []string{""}
	}
	if p.stage.NoChooser {
		return []string{""}
	}
	return p.Selections[len(p.Selections)-1:]
}

func (p *portal) chooser(w http.ResponseWriter) {
	page(w, "Choix", fmt.Sprintf(`<form method="get"><input type="radio" id="idp-X" name="selection" value="X_personnel"><label class="form__label" for="idp-X">Personnel</label>
<input type="radio" id="idp-E" name="selection" value="%s"><label class="form__label" for="idp-E">Élève ou parent</label><button id="button-submit">Valider</button></form>`, p.offered()[0]))
}
