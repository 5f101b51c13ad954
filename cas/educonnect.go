package cas

import (
	"net/url"
	"strings"

	"github.com/pronote-sync/pronote-sync/hostname"
)

// EduConnect is the ministry's identity provider, which most portals send
// pupils and parents to. Its login is a probe of the browser's storage, in most
// cases, and then a form.
const (
	eduConnectHost  = "educonnect.education.gouv.fr"
	eduConnectHelp  = "assistance.phm.education.gouv.fr" // where refused networks are sent
	eduConnectStart = "https://" + eduConnectHost + "/idp/profile/SAML2/Unsolicited/SSO"
	eduConnectForm  = "EduConnect's form with j_username and j_password"
)

// eduConnectProbe says that this browser stores nothing. It may come before the
// login and after it.
var eduConnectProbe = reader{"educonnect probe", func(_ *walk, p *page) (*step, error) {
	if hostname.Of(p.url) != eduConnectHost {
		return nil, nil
	}
	for _, f := range p.forms {
		if f.probes() && !f.has("j_password") {
			return f.submit(map[string]string{"_eventId_proceed": ""}), nil
		}
	}
	return nil, nil
}}

func (f form) probes() bool {
	for _, x := range f.fields {
		if strings.HasPrefix(x.name, "shib_idp_ls_") {
			return true
		}
	}
	return false
}

var eduConnectLogin = reader{"educonnect login", func(w *walk, p *page) (*step, error) {
	f, ok := p.form("j_username", "j_password")
	if !ok {
		return nil, nil
	}
	profile := "eleve"
	if w.Parent {
		profile = "responsable" // set by the button that a person presses first
	}
	return w.credentials(p, f, "j_username", "j_password", url.Values{"typeUser": {profile}, "_eventId_proceed": {""}})
}}
