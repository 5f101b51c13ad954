package cas

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/pronote-sync/pronote-sync/hostname"
)

// entcoreEduConnect is the same platform with EduConnect's accounts. Some
// portals let the login begin here, others only at EduConnect.
var entcoreEduConnect = engine{
	eduConnect: true, expects: "/auth/login, or " + eduConnectForm,
	readers: withEduConnect(entcoreToEduConnect, entcoreAccount, entcoreOtherStart),
}

// entcoreToEduConnect leaves the portal's own login, and the page that asks
// whose account one has, for EduConnect.
var entcoreToEduConnect = reader{"entcore login", func(w *walk, p *page) (*step, error) {
	if hostname.Of(p.url) == eduConnectHost || p.url.Path != "/auth/login" && p.url.Path != "/auth/saml/wayf" {
		return nil, nil
	}
	if w.posted { // EduConnect knows the person, the portal does not
		reason := find(refusals, p.plain)
		if reason == "" || reason == WrongPassword {
			reason = UnknownThere
		}
		return nil, &Error{Reason: reason, Host: p.url.Host}
	}
	if w.Portal.ProviderID != "" {
		start, err := url.Parse(eduConnectStart + "?providerId=" + url.QueryEscape(w.Portal.ProviderID))
		return get(start), err
	}
	return w.entcoreStart(p), nil
}}

// entcoreStart begins at the portal, which asks EduConnect.
func (w *walk) entcoreStart(p *page) *step {
	provider := "student"
	if w.Parent {
		provider = "relative"
	}
	return get(&url.URL{
		Scheme: "https", Host: p.url.Host, Path: "/auth/saml/authn/" + provider, RawQuery: "callBack=" + w.callback(p),
	})
}

// entcoreOtherStart begins once more, at the portal, where that does not take
// logins which began at EduConnect. EduConnect knows the person by now.
var entcoreOtherStart = reader{"entcore refusal of the start", func(w *walk, p *page) (*step, error) {
	if p.status != http.StatusForbidden || p.url.Path != "/auth/saml/acs" || w.Portal.ProviderID == "" || w.restarted {
		return nil, nil
	}
	w.restarted = true
	return w.entcoreStart(p), nil
}}

// entcoreAccount chooses one of several accounts, such as those at two schools.
var entcoreAccount = reader{"entcore choice of account", func(w *walk, p *page) (*step, error) {
	var choices, fitting []form
	var labels []string
	for _, f := range p.forms {
		if !strings.HasSuffix(f.action.Path, "/auth/saml/selectUser") {
			continue
		}
		label := p.says(p.elements[f.element])
		choices, labels = append(choices, f), append(labels, shorten(label, 80))
		wanted := fold(w.Account)
		if wanted != "" && (strings.Contains(fold(label), wanted) || fold(f.values().Get("login")) == wanted) {
			fitting = append(fitting, f)
		}
	}
	switch {
	case len(choices) == 0:
		return nil, nil
	case len(fitting) == 1:
		return fitting[0].submit(nil), nil
	case len(choices) == 1 && w.Account == "":
		return choices[0].submit(nil), nil
	}
	return nil, &Error{Reason: AccountChoice, Host: p.url.Host, Detail: strings.Join(labels, "; ")}
}}
