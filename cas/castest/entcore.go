package castest

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// entcore is Open ENT, or Edifice, with EduConnect or with accounts of its own.
func entcore(p *portal) {
	if p.ProviderID != "" { // known at EduConnect, without a question of the portal's
		p.stage.asked["provider "+p.ProviderID] = asked{consumer: p.Base + "/auth/saml/acs"}
	}
	p.mux.HandleFunc("GET /cas/login", func(w http.ResponseWriter, r *http.Request) {
		v := p.visitor(w, r, "oneSessionId")
		switch {
		case p.stage.Mishap == Forbidden:
			http.Error(w, "INVALID_SERVICE", http.StatusBadRequest)
		case v.loggedIn:
			p.ticket(w, r, r.URL.Query().Get("service"))
		default:
			callback := "/cas/login?service=" + url.QueryEscape(r.URL.Query().Get("service"))
			page := map[bool]string{true: "/auth/saml/wayf", false: "/auth/login"}[p.EduConnect() && p.ProviderID == ""]
			http.Redirect(w, r, page+"?callback="+url.QueryEscape(callback), http.StatusFound)
		}
	})
	p.mux.HandleFunc("/auth/login", p.entcoreLogin)
	p.mux.HandleFunc("GET /auth/saml/wayf", func(w http.ResponseWriter, _ *http.Request) {
		page(w, "Profil", `<a href="/auth/saml/authn/student">Élève</a><a href="/auth/saml/authn/relative">Parent</a><a href="/auth/login">Autre</a>`)
	})
	p.mux.HandleFunc("GET /auth/saml/authn/{provider}", p.entcoreQuestion)
	p.mux.HandleFunc("POST /auth/saml/acs", p.entcoreConsumer)
	p.mux.HandleFunc("POST /auth/saml/selectUser", func(w http.ResponseWriter, r *http.Request) {
		v := p.visitor(w, r, "oneSessionId")
		if r.PostFormValue("key") != v.token || r.PostFormValue("id") != "2" || r.PostFormValue("nameId") != "a\r\nb" && r.PostFormValue("nameId") != "a\nb" {
			http.Error(w, "not as shown", http.StatusForbidden)
			return
		}
		v.loggedIn = true
		http.Redirect(w, r, "/", http.StatusFound)
	})
	p.mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { p.ticket(w, r, "") })
	p.open()
}

// entcoreLogin is the portal's own login, which tells what is wrong to a script.
func (p *portal) entcoreLogin(w http.ResponseWriter, r *http.Request) {
	v := p.visitor(w, r, "oneSessionId")
	show := func(message string) {
		user := map[bool]string{true: "courriel", false: "email"}[p.stage.Mishap == Rebuilt]
		robot := map[bool]string{true: `<iframe src="https://captcha.example/"></iframe>`}[p.stage.Mishap == Captcha]
		page(w, "Connexion", fmt.Sprintf(`<div ng-init="error='%s'"></div><form method="post" action="/auth/login"><input name="%s"><input type="password" name="password"><input type="hidden" name="callBack" value="">%s</form>`+footer, message, user, robot))
	}
	if r.Method != http.MethodPost {
		message := ""
		if r.URL.Query().Has("unknown") {
			message = "Votre compte n\\'est pas reconnu par l\\'ENT."
		}
		show(message)
		return
	}
	callback, err := url.QueryUnescape(r.PostFormValue("callBack")) // decoded once more than the form
	switch {
	case p.EduConnect():
		http.Error(w, "an account of EduConnect has no password here", http.StatusTeapot)
	case strings.HasPrefix(r.UserAgent(), "X-APP=mobile"), strings.Contains(r.UserAgent(), "iPhone"):
		page(w, "Application", "")
	case !p.stage.right(r.PostFormValue("email"), r.PostFormValue("password")):
		show("L\\'identifiant ou le mot de passe est incorrect.")
	case p.stage.Mishap == Locked:
		show("Votre compte est bloqué temporairement.")
	case p.stage.Mishap == TwoLeft:
		show("Identifiant ou mot de passe incorrect, il vous reste 2 tentatives.")
	case p.stage.Mishap == Expired:
		http.Redirect(w, r, "/auth/reset/forceChangePassword?callback=x", http.StatusFound)
	case err != nil || !strings.HasPrefix(callback, "/cas/login?service="):
		http.Error(w, "no callback", http.StatusBadRequest)
	case !p.stage.mishap(w):
		v.loggedIn = true
		http.Redirect(w, r, callback, http.StatusFound)
	}
}

func (p *portal) entcoreQuestion(w http.ResponseWriter, r *http.Request) {
	provider := map[bool]string{true: "relative", false: "student"}[p.stage.Person.Parent]
	callback, v := r.URL.Query().Get("callBack"), p.visitor(w, r, "oneSessionId")
	if p.ProviderID != "" && p.stage.Mishap != StartsHere || r.PathValue("provider") != provider || !strings.HasPrefix(callback, "/cas/login?service=") {
		http.Error(w, "not this way", http.StatusForbidden)
		return
	}
	v.service = callback
	p.askEduConnect(w, r, v, p.Base+"/auth/saml/acs", "Redirect")
	http.SetCookie(w, &http.Cookie{Name: "relaystate", Value: "set", Path: "/"})
}

func (p *portal) entcoreConsumer(w http.ResponseWriter, r *http.Request) {
	v := p.visitor(w, r, "oneSessionId")
	switch {
	case p.stage.Mishap == StartsHere && v.relay == "":
		http.Error(w, `{"error":"invalid_state"}`, http.StatusForbidden)
	case !p.consumed(w, r, v):
	case p.stage.Mishap == Stranger:
		http.Redirect(w, r, "/auth/login?unknown", http.StatusFound)
	case p.stage.Mishap == TwoAccounts:
		v.token = random()
		var forms strings.Builder
		for id, school := range map[string]string{"1": "Collège des Tilleuls", "2": "Lycée du Belvédère"} {
			fmt.Fprintf(&forms, "<form method=post action=/auth/saml/selectUser><h3>%s</h3><input type=hidden name=id value=%s><input type=hidden name=login value=lea.m%s><input type=hidden name=nameId value=\"a\nb\"><input type=hidden name=key value=%s><button>Choisir</button></form>", school, id, id, v.token)
		}
		page(w, "Comptes", forms.String())
	default:
		v.loggedIn = true
		back := v.service
		if back == "" {
			back = "/"
		}
		http.Redirect(w, r, back, http.StatusFound)
	}
}
