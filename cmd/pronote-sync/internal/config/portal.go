package config

import (
	"errors"
	"net/url"

	"github.com/pronote-sync/pronote-sync/cas"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/hostname"
	"github.com/pronote-sync/pronote-sync/pronote"
)

// portals are the rows of the file, whose keys are those of the program's table.
func (t *table) portals() []cas.Portal {
	var own []cas.Portal
	for _, t := range t.tables("portal") {
		p := cas.Portal{
			ID: t.text("id", ""), Name: t.text("name", ""), Region: t.text("region", ""), Departments: t.texts("departments"),
			State: choice(t, "state", cas.Unknown, cas.Working, cas.Moved, cas.Unknown, cas.Gone), AsOf: t.text("as_of", ""),
			Successor: t.text("successor", ""), Like: t.text("like", ""), Beside: t.text("beside", ""), Hosts: t.texts("hosts"),
			Engine: t.text("engine", ""), Base: t.text("base", ""), Selections: t.texts("selections"), ProviderID: t.text("provider_id", ""),
			Query: t.text("query", ""), Start: t.text("start", ""), Form: t.text("form", ""), API: t.text("api", ""), Suffix: t.text("suffix", ""),
		}
		if key, problem := p.Check(); problem != "" {
			t.problem(key, "%v", errors.New(problem))
		}
		own = append(own, p)
	}
	return own
}

// notFound says why there is no portal of a name.
func notFound(err error) error {
	var e *cas.Error
	switch {
	case !errors.As(err, &e):
		return err
	case e.Reason == cas.PortalGone:
		return say.Errorf("portal %s has been switched off, its schools now use %s: pronote-sync portals lists them", e.Portal, e.Detail)
	case e.Detail != "":
		return say.Errorf("there is no portal %q, did you mean %s", e.Portal, e.Detail)
	}
	return say.Errorf("there is no portal %q: pronote-sync portals lists them", e.Portal)
}

// portalLogin is how an account logs in through a portal, nil when it does not.
func (t *table) portalLogin(a *Account, own []cas.Portal) *cas.Login {
	id, which := t.text("cas", ""), t.text("cas_account", "")
	switch {
	case id == "" && which != "":
		t.problem("cas_account", "cas_account has no use without cas: take it away")
		return nil
	case id == "":
		return nil
	}
	portal, err := cas.Portals().With(own...).Find(id)
	if err != nil {
		t.problem("cas", "%v", notFound(err))
		return nil
	}
	switch root, err := url.Parse(a.URL); {
	case err != nil || root.Scheme == "https":
	case hostname.Within(root, "index-education.net"):
		t.problem("url", "url: what the portal gives must not travel unencrypted: write https:// in place of http://")
	default:
		t.warn("url", "what the portal gives travels unencrypted to a school without https, and can be read on the way: ask the school for it")
	}
	login := &cas.Login{Portal: portal, Parent: a.Credentials.Kind == pronote.KindParent, Account: which}
	if !a.ByToken { // else a person types the password once
		login.Username, login.Password = a.Credentials.Username, a.Credentials.Password.Reveal
		a.Credentials.Portal = login.Fetch
	}
	return login
}
