package cas

import (
	"net/url"

	"github.com/andybalholm/cascadia"

	"github.com/pronote-sync/pronote-sync/hostname"
)

// Toutatice has an identity provider of its own between EduConnect and the portal,
// which learns from two more requests who has logged in.
var toutatice = engine{
	eduConnect: true, needs: []string{"start"}, expects: "a form with _saml_idp, or " + eduConnectForm,
	readers: append([]reader{toutaticeExecution, toutaticeDiscovery}, withEduConnect(toutaticeUser, toutaticeLink)...),
}

const toutaticeRemoteUser = "/idp/Authn/RemoteUser"

var authnLink = cascadia.MustCompile(`a[href*="Authn"]`)

// toutaticeExecution remembers how EduConnect numbered the conversation, and
// leaves the page to others.
var toutaticeExecution = reader{"", func(w *walk, p *page) (*step, error) {
	if hostname.Of(p.url) == eduConnectHost && w.execution == "" {
		w.execution = p.url.Query().Get("execution")
	}
	return nil, nil
}}

var toutaticeDiscovery = reader{"toutatice discovery", func(_ *walk, p *page) (*step, error) {
	f, ok := p.form("entityID", "return", "_saml_idp")
	if !ok {
		return nil, nil
	}
	return f.submit(map[string]string{"_saml_idp": "educonnect"}), nil
}}

// toutaticeUser reads who the portal thinks came, and tells it back.
var toutaticeUser = reader{"toutatice user", func(_ *walk, p *page) (*step, error) {
	if p.url.Path != toutaticeRemoteUser || !p.url.Query().Has("redirectToLoaderRemoteUser") {
		return nil, nil
	}
	// It is XML of a few elements, whose tags read like those of HTML, and without
	// the entities that make XML dangerous.
	said := map[string]string{}
	for e := range p.all() {
		if said[e.tag.Data] == "" {
			said[e.tag.Data] = p.says(e)
		}
	}
	switch {
	case said["erreurfonctionnelle"] != "":
		return nil, &Error{Reason: UnknownThere, Host: p.url.Host}
	case said["erreurtechnique"] != "":
		return nil, &Error{Reason: Maintenance, Host: p.url.Host}
	case said["conversation"] == "", said["uidinsession"] == "":
		return nil, &Error{Reason: PortalChanged, Host: p.url.Host, Detail: "expected conversation and uidInSession"}
	}
	return get(remoteUser(p.url, url.Values{
		"conversation": {said["conversation"]}, "uidInSession": {said["uidinsession"]}, "sessionid": {p.url.Query().Get("sessionid")},
	})), nil
}}

// toutaticeLink asks who came. The page after EduConnect has a link that leads
// to the numbers of the conversation; without one, they are EduConnect's and
// those of a cookie.
var toutaticeLink = reader{"toutatice link", func(w *walk, p *page) (*step, error) {
	if !w.posted || w.resumed || p.url.Path == toutaticeRemoteUser || hostname.Of(p.url) != hostOf(w.Portal.Base) {
		return nil, nil
	}
	numbers := p.url.Query()
	if !numbers.Has("conversation") || !numbers.Has("sessionid") {
		if link, ok := p.find(authnLink); ok {
			to, err := p.url.Parse(link.attr("href"))
			if err == nil {
				return get(to), nil
			}
		}
		numbers = url.Values{"conversation": {w.execution}, "sessionid": {""}}
		for _, cookie := range w.jar.Cookies(p.url) {
			if cookie.Name == "IDP_JSESSIONID" {
				numbers.Set("sessionid", cookie.Value)
			}
		}
	}
	return get(remoteUser(p.url, url.Values{
		"conversation": {numbers.Get("conversation")}, "redirectToLoaderRemoteUser": {"0"}, "sessionid": {numbers.Get("sessionid")},
	})), nil
}}

func remoteUser(at *url.URL, query url.Values) *url.URL {
	return &url.URL{Scheme: "https", Host: at.Host, Path: toutaticeRemoteUser, RawQuery: query.Encode()}
}
