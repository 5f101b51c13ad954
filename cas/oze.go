package cas

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strings"

	"github.com/pronote-sync/pronote-sync/hostname"
)

// oze is a portal behind a Keycloak, whose interface tells where its PRONOTE is.
var oze = engine{
	needs: []string{"start", "api"}, expects: "the form kc-form-login",
	readers: []reader{ozeLogin, ozeMe, ozeApps, ozeConfig, ozeHome},
}

var ozeLogin = reader{"login form", func(w *walk, p *page) (*step, error) {
	for _, f := range p.forms {
		if !f.is("form#kc-form-login") || !f.hasAll([]string{"username", "password"}) {
			continue
		}
		next, err := w.credentials(p, f, "username", "password", nil)
		if err == nil && !strings.HasSuffix(w.Username, w.Portal.Suffix) {
			next.fields.Set("username", w.Username+w.Portal.Suffix)
		}
		return next, err
	}
	return nil, nil
}}

// ozeHome is any page of the portal after the login: it is asked who came.
var ozeHome = reader{"oze home", func(w *walk, p *page) (*step, error) {
	switch {
	case !w.posted || w.resumed || hostname.Of(p.url) != hostOf(w.Portal.Base) || demand(p) != "" || find(refusals, p.plain) != "":
		return nil, nil
	case bytes.Contains(p.body, []byte("auth_form")):
		return nil, &Error{Reason: WrongPassword, Host: p.url.Host}
	}
	return ozeAsk(w, "/v1/users/me", nil)
}}

var ozeMe = reader{"oze person", func(w *walk, p *page) (*step, error) {
	if !ozeAnswers(w, p, "/v1/users/me") {
		return nil, nil
	}
	var me struct {
		CurrentProfil struct{ CodeProfil, UAI string }
	}
	if json.Unmarshal(p.body, &me) != nil || me.CurrentProfil.UAI == "" {
		return nil, &Error{Reason: PortalChanged, Host: p.url.Host, Detail: "expected currentProfil with uai"}
	}
	return ozeAsk(w, "/v1/ozapps", url.Values{"ctx_profil": {me.CurrentProfil.CodeProfil}, "ctx_etab": {me.CurrentProfil.UAI}})
}}

var ozeApps = reader{"oze applications", func(w *walk, p *page) (*step, error) {
	if !ozeAnswers(w, p, "/v1/ozapps") {
		return nil, nil
	}
	var apps []struct{ Code, ExternalRoute string }
	if json.Unmarshal(p.body, &apps) != nil {
		return nil, &Error{Reason: PortalChanged, Host: p.url.Host, Detail: "expected a list of applications"}
	}
	for _, app := range apps {
		if app.Code != "pronote" || app.ExternalRoute == "" {
			continue
		}
		base, err := url.Parse(w.Portal.Base)
		if err != nil {
			return nil, err
		}
		if to, err := base.Parse(app.ExternalRoute); err == nil {
			return get(to), nil // refused if it leads elsewhere
		}
	}
	return ozeAsk(w, "/v1/config/Pronote", p.url.Query())
}}

var ozeConfig = reader{"oze configuration", func(w *walk, p *page) (*step, error) {
	if !ozeAnswers(w, p, "/v1/config/Pronote") {
		return nil, nil
	}
	var config struct{ AutorisationID, Projet string }
	if json.Unmarshal(p.body, &config) != nil || config.AutorisationID == "" {
		return nil, &Error{Reason: UnknownThere, Host: p.url.Host}
	}
	function := "ELV"
	if w.Parent {
		function = "TUT"
	}
	to, err := url.Parse(w.Portal.Base + "/cas/proxySSO/" + url.PathEscape(config.AutorisationID))
	if err != nil {
		return nil, err
	}
	to.RawQuery = url.Values{"uai": {p.url.Query().Get("ctx_etab")}, "projet": {config.Projet}, "fonction": {function}}.Encode()
	return get(to), nil
}}

func ozeAnswers(w *walk, p *page, path string) bool {
	return hostname.Of(p.url) == hostOf(w.Portal.API) && p.url.Path == path
}

func ozeAsk(w *walk, path string, query url.Values) (*step, error) {
	to, err := url.Parse(w.Portal.API)
	if err != nil {
		return nil, err
	}
	to.Path, to.RawQuery = path, query.Encode()
	return get(to), nil
}
