package castest

import (
	"cmp"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// entcore is Open ENT, or Edifice, with EduConnect or with accounts of its own,
// as its source has it (AuthController, SamlController of edificeio/entcore).
func entcore(p *portal) {
	// EduConnect knows the platform, without a question of the platform's.
	provider := cmp.Or(p.ProviderID, p.Base+"/auth/saml/metadata/idp.xml")
	p.stage.asked["provider "+provider] = asked{consumer: p.Base + "/auth/saml/acs"}
	p.mux.HandleFunc("GET /cas/login", p.entcoreCAS)
	p.mux.HandleFunc("GET /auth/login", func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Query().Has("unknown"):
			p.entcoreShell(w, "Votre compte n'est pas reconnu par l'ENT.")
		case p.stage.Outside != "":
			http.Error(w, "the login is elsewhere", http.StatusNotFound)
		default:
			p.entcoreShell(w, "")
		}
	})
	p.mux.HandleFunc("POST /auth/login", p.entcoreLogin)
	p.mux.HandleFunc("GET /auth/saml/wayf", func(w http.ResponseWriter, _ *http.Request) {
		page(w, "Profil", `<ul><li><a href="/auth/saml/authn/student"><i18n>wayf.student</i18n></a></li><li><a href="/auth/saml/authn/relative"><i18n>wayf.relative</i18n></a></li><li><a href="/auth/login"><i18n>wayf.other</i18n></a></li></ul>`)
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
	p.mux.HandleFunc("GET /auth/reset/{code}", func(w http.ResponseWriter, r *http.Request) {
		page(w, "Réinitialisation", fmt.Sprintf(`<div ng-controller="ResetController" ng-init='user.login = "%s"'></div>`, html.EscapeString(r.URL.Query().Get("login"))))
	})
	p.mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { p.ticket(w, r, "") })
	p.open()
}

// entcoreCAS sends who is not logged in to the login, wherever that is.
func (p *portal) entcoreCAS(w http.ResponseWriter, r *http.Request) {
	service := r.URL.Query().Get("service")
	callback := "/cas/login?service=" + url.QueryEscape(service)
	switch v := p.visitor(w, r, "oneSessionId"); {
	case p.stage.Mishap == Forbidden:
		http.Error(w, "INVALID_SERVICE", http.StatusBadRequest)
	case v.loggedIn:
		p.ticket(w, r, service)
	case p.stage.Outside != "":
		v.service = callback
		http.Redirect(w, r, "https://"+p.stage.Outside+"/connexion?callback="+url.QueryEscape(p.Base+callback), http.StatusFound)
	default:
		v.service = callback // in a signed cookie
		page := map[bool]string{true: "/auth/saml/wayf", false: "/auth/login"}[p.EduConnect() && p.ProviderID == ""]
		http.Redirect(w, r, page+"?callback="+url.QueryEscape(callback), http.StatusFound)
	}
}

// entcoreShell is the page of the login. A script loads the form into it, which
// is why it has none, and shows the message.
func (p *portal) entcoreShell(w http.ResponseWriter, message string) {
	extra := ""
	switch p.stage.Mishap {
	case Rebuilt:
		extra = `<form method="post"><input name="courriel"><input type="password" name="password"></form>`
	case Captcha:
		extra = `<iframe src="https://captcha.example/"></iframe>`
	}
	page(w, "Authentification", fmt.Sprintf(`<script type="text/javascript" src="/auth/public/js/auth.js"></script>
<div ng-controller="LoginController" ng-init='error = "%s"; callBack = "";'><default-styles><div ng-include="template.containers.main"></div>%s</default-styles></div>`, html.EscapeString(message), extra))
}

// sentences are those with which Edifice refuses people whom it knows.
var sentences = map[Mishap]string{
	Locked:      "Votre compte est bloqué temporairement.",
	TwoLeft:     "Identifiant ou mot de passe incorrect, il vous reste 2 tentatives.",
	Blocked:     "Votre établissement a bloqué votre accès à l'ENT.",
	Profile:     "L'accès à l'ENT est temporairement bloqué pour votre profil.",
	Unavailable: "L'ENT est momentanément indisponible.",
}

// entcoreLogin takes what a script sends.
func (p *portal) entcoreLogin(w http.ResponseWriter, r *http.Request) {
	v := p.visitor(w, r, "oneSessionId")
	back, err := url.QueryUnescape(cmp.Or(r.PostFormValue("callBack"), url.QueryEscape(cmp.Or(v.service, "/")))) // decoded once more than the form
	user, password := r.PostFormValue("email"), r.PostFormValue("password")
	switch message := sentences[p.stage.Mishap]; {
	case p.EduConnect():
		http.Error(w, "an account of EduConnect has no password here", http.StatusTeapot)
	case strings.HasPrefix(r.UserAgent(), "X-APP=mobile"), strings.Contains(r.UserAgent(), "iPhone"):
		page(w, "Application", "")
	case !p.stage.right(user, password):
		p.entcoreShell(w, "L'identifiant ou le mot de passe est incorrect.")
	case message != "":
		p.entcoreShell(w, message)
	case p.stage.Mishap == Reset: // what was typed is a code to set a new password
		http.Redirect(w, r, "/auth/reset/"+url.PathEscape(password)+"?login="+url.QueryEscape(user), http.StatusFound)
	case p.stage.Mishap == Activation: // or to activate the account
		page(w, "Activation", fmt.Sprintf(`<div ng-controller="ActivationController" ng-init='user.login = "%s"; user.activationCode = "%s"'></div>`, html.EscapeString(user), html.EscapeString(password)))
	case p.stage.Mishap == Expired:
		http.Redirect(w, r, "/auth/reset/forceChangePassword?callback=x", http.StatusFound)
	case err != nil || !strings.HasPrefix(back, "/"):
		http.Error(w, "no callback", http.StatusBadRequest)
	case !p.stage.mishap(w):
		v.loggedIn = true
		http.Redirect(w, r, back, http.StatusFound)
	}
}

func (p *portal) entcoreQuestion(w http.ResponseWriter, r *http.Request) {
	provider := map[bool]string{true: "relative", false: "student"}[p.stage.Person.Parent]
	callback, v := r.URL.Query().Get("callBack"), p.visitor(w, r, "oneSessionId")
	if p.ProviderID != "" && p.stage.Mishap != StartsHere || p.stage.Mishap == NoStart || r.PathValue("provider") != provider || !strings.HasPrefix(callback, "/cas/login?service=") {
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
	case slices.Contains([]Mishap{Blocked, Profile, Unavailable}, p.stage.Mishap):
		p.entcoreShell(w, sentences[p.stage.Mishap])
	case p.stage.Mishap == Stranger:
		http.Redirect(w, r, "/auth/login?unknown", http.StatusFound)
	case p.stage.Mishap == TwoAccounts:
		v.token = random()
		var forms strings.Builder
		for id, school := range map[string]string{"1": "Collège des Tilleuls", "2": "Lycée du Belvédère"} {
			fmt.Fprintf(&forms, "<form method=post action=/auth/saml/selectUser><h3>%s</h3><input type=hidden name=id value=%s><input type=hidden name=login value=lea.m%s><input type=hidden name=nameId value=\"a\nb\"><input type=hidden name=key value=%s><button><i18n>connect.federated.user</i18n></button></form>", school, id, id, v.token)
		}
		page(w, "Comptes", forms.String())
	default:
		v.loggedIn = true
		back := v.service
		if p.ProviderID != "" || back == "" {
			back = "/"
		}
		http.Redirect(w, r, back, http.StatusFound)
	}
}
