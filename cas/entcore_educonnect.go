package cas

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"

	"github.com/pronote-sync/pronote-sync/hostname"
)

// entcoreEduConnect is the same platform with EduConnect's accounts. Some
// portals let the login begin here, others only at EduConnect.
var entcoreEduConnect = engine{
	eduConnect: true, expects: "the page /auth/login, or " + eduConnectForm, login: entcorePath, outside: entcoreOutside,
	readers: withEduConnect(entcoreToEduConnect, entcoreAccount, entcoreConsumer, entcoreOtherStart, entcoreNoStart),
}

// entcoreToEduConnect leaves the portal's own login, and the page that asks
// whose account one has, for EduConnect.
var entcoreToEduConnect = reader{"entcore login", func(w *walk, p *page) (*step, error) {
	if hostname.Of(p.url) == eduConnectHost || p.url.Path != entcorePath && p.url.Path != "/auth/saml/wayf" {
		return nil, nil
	}
	if w.posted { // EduConnect knows the person, the portal does not
		return nil, w.entcoreRefusal(p)
	}
	if w.Portal.ProviderID != "" {
		return startAtEduConnect(w.Portal.ProviderID)
	}
	return w.entcoreStart(p), nil
}}

// entcoreConsumer is the page of the platform that takes what EduConnect says,
// where it shows its login instead, with a message.
var entcoreConsumer = reader{"entcore consumer", func(w *walk, p *page) (*step, error) {
	if p.url.Path != "/auth/saml/acs" || p.status != http.StatusOK || !p.has(entcoreShell) {
		return nil, nil
	}
	return nil, w.entcoreRefusal(p)
}}

// entcoreRefusal is why the platform does not let somebody in whom EduConnect
// knows. The password is not wrong.
func (w *walk) entcoreRefusal(p *page) error {
	reason := find(refusals, p.plain)
	if reason == WrongPassword {
		reason = ""
	}
	return &Error{Reason: cmp.Or(reason, w.said, UnknownThere), Host: p.url.Host}
}

// startAtEduConnect begins there, for a portal that EduConnect knows by a name.
func startAtEduConnect(provider string) (*step, error) {
	start, err := url.Parse(eduConnectStart + "?providerId=" + url.QueryEscape(provider))
	return get(start), err
}

// buttonKey is what the button of each account says before a script translates it.
const buttonKey = "connect.federated.user"

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

// entcoreNoStart begins at EduConnect where the portal refuses to, and the table
// does not know by what name EduConnect knows it: once, with the usual one.
var entcoreNoStart = reader{"entcore refusal to start", func(w *walk, p *page) (*step, error) {
	if p.status != http.StatusForbidden || !strings.HasPrefix(p.url.Path, "/auth/saml/authn/") || w.Portal.ProviderID != "" || w.posted || w.begun {
		return nil, nil
	}
	w.begun = true
	return startAtEduConnect(w.Portal.Base + "/auth/saml/metadata/idp.xml")
}}

// entcoreAccount chooses one of several accounts, such as those at two schools.
var entcoreAccount = reader{"entcore choice of account", func(w *walk, p *page) (*step, error) {
	var choices, fitting []form
	var labels []string
	for _, f := range p.forms {
		if !strings.HasSuffix(f.action.Path, "/auth/saml/selectUser") {
			continue
		}
		label := strings.TrimSpace(strings.ReplaceAll(p.says(p.elements[f.element]), buttonKey, ""))
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
