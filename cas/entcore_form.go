package cas

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/andybalholm/cascadia"

	"github.com/pronote-sync/pronote-sync/hostname"
)

// Open ENT, now Edifice, has its login at /auth/login and its CAS at /cas/login,
// which sends people there with a callback (AuthController of edificeio/entcore).
var entcoreForm = engine{
	expects: "the page /auth/login", login: entcorePath, outside: entcoreOutside,
	readers: []reader{entcoreOwnAccount, entcoreLogin},
}

const entcorePath = "/auth/login"

// entcoreShell is that page: a script loads the form into it, and tells what was
// wrong.
var entcoreShell = cascadia.MustCompile(`[ng-controller="LoginController"]`)

// entcoreOutside is a redirect to a page elsewhere with which regions replace
// /auth/login. The callback to the platform's CAS gives it away. The other host is
// asked for nothing and gets nothing.
func entcoreOutside(p Portal, a *answer) bool {
	base, from := hostOf(p.Base), hostname.Of(a.url)
	own := func(u *url.URL) bool { return hostname.Of(u) == base || hostname.Of(u) == from }
	if base == "" || from != base && !slices.Contains(p.Hosts, from) || a.url.Path != "/cas/login" || own(a.location) {
		return false
	}
	back, err := url.Parse(a.location.Query().Get("callback"))
	return err == nil && back.Scheme == "https" && own(back) && back.Path == "/cas/login"
}

// entcoreOwnAccount leaves the page that asks whose account one has.
var entcoreOwnAccount = reader{"entcore choice of login", func(w *walk, p *page) (*step, error) {
	if w.posted || p.url.Path != "/auth/saml/wayf" {
		return nil, nil
	}
	return get(&url.URL{Scheme: "https", Host: p.url.Host, Path: entcorePath, RawQuery: "callback=" + w.callback(p)}), nil
}}

// entcoreLogin sends what the form would, which is not in the page.
var entcoreLogin = reader{"login form", func(w *walk, p *page) (*step, error) {
	_, known := p.form("email", "password")
	switch {
	case p.url.Path != entcorePath, p.status != http.StatusOK, p.has(passwordInput) && !known:
		return nil, nil
	case w.posted && p.replies != http.MethodPost: // it took the password, and sent on
		reason := cmp.Or(find(refusals, p.plain), w.said, UnknownThere)
		return nil, &Error{Reason: reason, Host: p.url.Host}
	}
	f := form{action: &url.URL{Scheme: "https", Host: p.url.Host, Path: entcorePath}, method: http.MethodPost}
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
