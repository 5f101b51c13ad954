package cas

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/pronote-sync/pronote-sync/hostname"
)

// A Detection is what a school tells of its logins to anybody.
type Detection struct {
	School  string   // its name; "" when it does not say
	Direct  bool     // PRONOTE's own login page can be had
	Host    string   // where logins are sent; "" when they are not
	Portals []Portal // those of the table that have the host, the likeliest first
}

// mobileID is what PRONOTE's mobile application calls itself.
const mobileID = "0D264427-EEFC-4810-A9E9-346942A862A4"

// Detect finds out how a page of PRONOTE lets people in, in four requests or a few
// more. It logs in nowhere. Where portals share a host, the one of the school's
// department comes first, and those with accounts of another kind last.
func (t Table) Detect(client *http.Client, page *http.Request) (Detection, error) {
	ctx, cancel := context.WithTimeout(page.Context(), maxLogin)
	defer cancel()
	jar, err := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List})
	if err != nil {
		return Detection{}, err
	}
	w := (&Login{}).walk(&http.Client{Transport: client.Transport, Jar: jar}, page)
	var d Detection
	last, err := t.follow(ctx, w, &d)
	if err != nil {
		return Detection{}, err
	}
	if d.Host == "" && strings.Contains(strings.ToLower(string(last.body)), "hubeduconnect") {
		d.Portals = t.At("hubeduconnect.index-education.net") // a button beside PRONOTE's own form
	}
	d.Portals = t.likeliest(d.Portals, w.school.Host)
	own := *w.school
	own.RawQuery = "login=true"
	if a, err := w.exchange(ctx, get(&own)); err == nil && a.location == nil {
		d.Direct = startCall.Match(a.body)
	}
	d.School = w.nameOfSchool(ctx)
	return d, nil
}

// follow goes where PRONOTE sends logins, until a host is known, and no further
// than the first page. Some portals have a dispatcher in front.
func (t Table) follow(ctx context.Context, w *walk, d *Detection) (*answer, error) {
	at := w.school
	for range maxRedirects {
		a, err := w.exchange(ctx, get(at))
		if err != nil && d.Host != "" {
			return &answer{}, nil // the school has told where it sends logins, which is what was asked
		}
		if err != nil || a.location == nil {
			return a, err
		}
		at = a.location
		if w.inSchool(at) {
			continue
		}
		host := hostname.Of(at)
		if host == "" {
			return nil, &Error{Reason: Unsafe, Detail: "the host " + named(at) + ", which is no host"}
		}
		if d.Host == "" {
			d.Host = host
		}
		if d.Portals = t.At(host); len(d.Portals) > 0 {
			d.Host = host
			return a, nil
		}
		w.hosts[host] = true
	}
	return nil, w.circles(at)
}

// likeliest puts the portals of a school's department first. The department is
// in the number of the school, and that in its host.
func (t Table) likeliest(found []Portal, school string) []Portal {
	found = slices.Clone(found)
	rank := func(p Portal) int {
		switch {
		case p.Beside != "":
			return 2
		case slices.ContainsFunc(p.Departments, func(d string) bool {
			return strings.HasPrefix(school, "0"+d) || strings.HasPrefix(school, d) && len(d) == 3
		}):
			return 0
		}
		return 1
	}
	slices.SortStableFunc(found, func(a, b Portal) int { return rank(a) - rank(b) })
	return found
}

// nameOfSchool asks as the mobile application does.
func (w *walk) nameOfSchool(ctx context.Context) string {
	u := *w.school
	u.Path = u.Path[:strings.LastIndex(u.Path, "/")+1] + "infoMobileApp.json"
	u.RawQuery = url.Values{"id": {mobileID}}.Encode()
	a, err := w.exchange(ctx, get(&u))
	if err != nil || a.location != nil {
		return ""
	}
	var info struct {
		NomEtab string `json:"nomEtab"`
	}
	if json.Unmarshal(a.body, &info) != nil {
		return ""
	}
	return shorten(strings.Join(strings.Fields(info.NomEtab), " "), 100)
}
