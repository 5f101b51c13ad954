package cas

import (
	"bytes"
	_ "embed" // the table of portals
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/andybalholm/cascadia"
	"github.com/pelletier/go-toml/v2"

	"github.com/pronote-sync/pronote-sync/hostname"
)

// A State is what is known of a portal.
type State string

// The states. Only a portal that is Gone is refused.
const (
	Working State = "working" // nothing speaks against the row
	Moved   State = "moved"   // as Working, since it changed its way in or its host
	Unknown State = "unknown" // hearsay
	Gone    State = "gone"    // switched off
)

// A Portal is one way into PRONOTE through a school portal. The file
// portals.toml describes the keys.
type Portal struct {
	ID          string
	Name        string
	Region      string
	Departments []string // "01" to "976"; none for portals without a place
	State       State
	AsOf        string `toml:"as_of"` // year, or year and month, of the newest evidence
	Successor   string // id
	Like        string // id
	Beside      string // id
	Hosts       []string

	Engine     string
	Base       string
	Selections []string
	ProviderID string `toml:"provider_id"`
	Query      string
	Start      string
	Form       string
	API        string
	Suffix     string
}

// EduConnect reports whether the portal takes the ministry's accounts rather
// than its own.
func (p Portal) EduConnect() bool { return engines[p.Engine].eduConnect }

// Check says what is wrong with a row, by the name of the key; both are empty
// for a good one. Successor, Like and Beside are the business of a Table.
func (p Portal) Check() (key, problem string) {
	switch {
	case p.ID == "":
		return "id", "id is missing: write a short name for the portal"
	case p.State == Gone || p.Like != "":
		return "", ""
	}
	engine, known := engines[p.Engine]
	if !known {
		return "engine", fmt.Sprintf("engine %q is unknown: choose %s", p.Engine, strings.Join(Engines(), ", "))
	}
	for _, a := range []struct{ key, address string }{{"base", p.Base}, {"start", p.Start}, {"api", p.API}} {
		if a.address == "" && (a.key == "base" || slices.Contains(engine.needs, a.key)) {
			return a.key, fmt.Sprintf("%s is missing: the engine %s needs it", a.key, p.Engine)
		}
		u, err := url.Parse(a.address)
		if a.address != "" && (err != nil || u.Scheme != "https" || hostname.Of(u) == "" || u.User != nil) {
			return a.key, fmt.Sprintf("%s %q is no address that starts with https://", a.key, a.address)
		}
		if a.address != "" && a.key != "start" && u.Path+u.RawQuery+u.Fragment != "" {
			return a.key, fmt.Sprintf("%s %q is more than a host: leave out what follows it", a.key, a.address)
		}
	}
	if _, err := cascadia.ParseGroup(p.Form); p.Form != "" && err != nil {
		return "form", fmt.Sprintf("form %q is no CSS selector, such as form#login", p.Form)
	}
	for _, host := range p.Hosts {
		if u, err := url.Parse("https://" + host); err != nil || hostname.Of(u) != host {
			return "hosts", fmt.Sprintf("host %q is none: write it in lower case, without https:// and without a path", host)
		}
	}
	return "", ""
}

// hostOf is the host of an address of the table, as hosts compare.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return hostname.Of(u)
}

// A Table is a set of portals to choose from.
type Table []Portal

//go:embed portals.toml
var portals []byte

var builtin = sync.OnceValues(func() (Table, error) {
	var file struct{ Portal []Portal }
	err := toml.NewDecoder(bytes.NewReader(portals)).DisallowUnknownFields().Decode(&file)
	return file.Portal, err
})

// Portals is the table that comes with the program, by region.
func Portals() Table {
	table, err := builtin()
	if err != nil {
		panic(err) // a test reads the same file
	}
	return slices.Clone(table)
}

// With adds portals to a table; those with a known id replace it.
func (t Table) With(more ...Portal) Table {
	t = slices.Clone(t)
	for _, p := range more {
		if i := slices.IndexFunc(t, func(known Portal) bool { return known.ID == p.ID }); i >= 0 {
			t[i] = p
		} else {
			t = append(t, p)
		}
	}
	return t
}

// Find is the portal of an id, complete with what it shares with another.
// Its error is an *Error with the reason NoPortal or PortalGone.
func (t Table) Find(id string) (Portal, error) {
	p, ok := t.row(id)
	if !ok {
		return Portal{}, &Error{Reason: NoPortal, Portal: id, Detail: t.near(id)}
	}
	if p.State == Gone {
		return Portal{}, &Error{Reason: PortalGone, Portal: id, Detail: p.Successor}
	}
	if same, ok := t.row(p.Like); ok {
		same.ID, same.Name, same.Region, same.Departments = p.ID, p.Name, p.Region, p.Departments
		same.State, same.AsOf, same.Like = p.State, p.AsOf, p.Like
		p = same
	}
	return p, nil
}

func (t Table) row(id string) (Portal, bool) {
	if i := slices.IndexFunc(t, func(p Portal) bool { return p.ID == id }); i >= 0 && id != "" {
		return t[i], true
	}
	return Portal{}, false
}

// near lists ids that share a part with a wrong one.
func (t Table) near(id string) string {
	var ids []string
	for _, p := range t {
		if part := strings.TrimPrefix(strings.ToLower(id), "ac-"); len(part) > 2 && strings.Contains(p.ID, part) {
			ids = append(ids, p.ID)
		}
	}
	return strings.Join(ids[:min(len(ids), 5)], ", ")
}

// At are the portals that have a host, the preferred one first: a row comes before
// those that are like it or beside it. Rows that are gone are among them.
func (t Table) At(host string) []Portal {
	host = hostname.Of(&url.URL{Scheme: "https", Host: host})
	var found []Portal
	for _, p := range t {
		if slices.Contains(p.Hosts, host) {
			found = append(found, p)
		}
	}
	slices.SortStableFunc(found, func(a, b Portal) int { return strings.Compare(a.Beside, b.Beside) })
	return found
}
