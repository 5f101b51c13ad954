package cas

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
)

// An engine is what a family of portals has in common: the pages that they
// show, and how a login begins there.
type engine struct {
	eduConnect bool                // the password is EduConnect's
	needs      []string            // keys of the table beside base
	query      func(Portal) string // added to the address that PRONOTE gives; Portal.Query when nil
	readers    []reader            // asked in this order
	expects    string              // the page that leads on, for people

	login   string                     // the path of the portal's own login page, where the following can be
	outside func(Portal, *answer) bool // whether a redirect leads to a login page that is no page of the portal's, but stands for it
}

// A reader knows one kind of page: it says what to answer, or why that cannot
// be. It returns nil for pages of other kinds.
type reader struct {
	name string
	read func(*walk, *page) (*step, error)
}

var engines = map[string]engine{
	"kosmos_educonnect":    kosmosEduConnect,
	"kosmos_form":          kosmosForm,
	"entcore_educonnect":   entcoreEduConnect,
	"entcore_form":         entcoreForm,
	"cas_form":             casForm,
	"keycloak_form":        keycloakForm,
	"oze":                  oze,
	"redirect_educonnect":  redirectEduConnect,
	"hubeduconnect":        hubEduConnect,
	"shib_wayf_educonnect": shibWayfEduConnect,
	"toutatice":            toutatice,
}

// Engines are the names that a row may give as its engine.
func Engines() []string { return slices.Sorted(maps.Keys(engines)) }

func (e engine) addition(p Portal) string {
	if e.query != nil {
		return e.query(p)
	}
	return p.Query
}

// localForm reads the portal's own form of user name and password. An empty
// selector takes the first form with these fields.
func localForm(selector func(Portal) string, user, password string, more url.Values) reader {
	return reader{"login form", func(w *walk, p *page) (*step, error) {
		for _, f := range p.forms {
			if s := selector(w.Portal); f.has(user) && f.has(password) && (s == "" || f.is(s)) {
				return w.credentials(p, f, user, password, f.pressed(more))
			}
		}
		return nil, nil
	}}
}

// pressed adds the name of the form's button to what is sent with it.
func (f form) pressed(more url.Values) url.Values {
	more = maps.Clone(more)
	if more == nil {
		more = url.Values{}
	}
	for _, x := range f.fields {
		if (x.kind == "submit" || x.kind == "button") && len(more[x.name]) == 0 {
			more.Set(x.name, x.value)
			break
		}
	}
	return more
}

// always is a selector that does not depend on the row.
func always(selector string) func(Portal) string { return func(Portal) string { return selector } }

// submit sends a form as it is, with some fields set.
func (f form) submit(set map[string]string) *step {
	fields := f.values()
	for name, value := range set {
		fields.Set(name, value)
	}
	if f.method == http.MethodPost {
		return &step{method: http.MethodPost, url: f.action, fields: fields}
	}
	u := *f.action
	u.RawQuery = fields.Encode()
	return get(&u)
}

// withEduConnect are the readers of a portal in front of EduConnect.
func withEduConnect(own ...reader) []reader {
	return append(own, samlForm, eduConnectProbe, eduConnectLogin)
}

// samlForm passes on what a portal and EduConnect tell each other through the
// browser, in a form that a script would send.
var samlForm = reader{"saml form", func(_ *walk, p *page) (*step, error) {
	for _, name := range []string{"SAMLResponse", "SAMLRequest"} {
		if f, ok := p.form(name); ok && f.method == http.MethodPost {
			return f.submit(nil), nil
		}
	}
	return nil, nil
}}
