package cas

import (
	"net/url"
	"strings"
)

// Open ENT, now Edifice, has its login at /auth/login and its CAS at /cas/login,
// which sends people there with a callback.
var entcoreForm = engine{
	expects: "the form of /auth/login with email and password",
	readers: []reader{entcoreOwnAccount, entcoreLogin},
}

// entcoreOwnAccount leaves the page that asks whose account one has.
var entcoreOwnAccount = reader{"entcore choice of login", func(w *walk, p *page) (*step, error) {
	if w.posted || p.url.Path != "/auth/saml/wayf" {
		return nil, nil
	}
	return get(&url.URL{Scheme: "https", Host: p.url.Host, Path: "/auth/login", RawQuery: "callback=" + w.callback(p)}), nil
}}

var entcoreLogin = reader{"login form", func(w *walk, p *page) (*step, error) {
	f, ok := p.form("email", "password")
	if !ok {
		return nil, nil
	}
	// The server decodes the value once more after that of the form.
	return w.credentials(p, f, "email", "password", url.Values{"callBack": {w.callback(p)}})
}}

// callback is where to go after the login, encoded once. The page has it in its
// address; otherwise it is the CAS.
func (w *walk) callback(p *page) string {
	for part := range strings.SplitSeq(p.url.RawQuery, "&") {
		if name, value, _ := strings.Cut(part, "="); strings.EqualFold(name, "callback") && value != "" {
			return value
		}
	}
	return url.QueryEscape("/cas/login?service=" + w.service)
}
