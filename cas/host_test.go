package cas

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/idna"
)

// lookalikes are the characters that lower case, upper case or the rules for
// international names turn into ASCII.
func lookalikes(t *testing.T) []rune {
	t.Helper()
	var list []rune
	for r := rune(unicode.MaxASCII + 1); r <= unicode.MaxRune; r++ {
		if !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Cf) || unicode.In(r, unicode.Han, unicode.Hangul, unicode.Tangut) {
			continue
		}
		ascii, err := idna.Lookup.ToASCII("a" + string(r) + "a.fr")
		if unicode.ToLower(r) <= unicode.MaxASCII || unicode.ToUpper(r) <= unicode.MaxASCII || err == nil && !strings.Contains(ascii, "xn--") {
			list = append(list, r)
		}
	}
	if len(list) < 100 {
		t.Fatalf("there are only %d", len(list))
	}
	return list
}

// TestPasswordGoesToNoLookalike offers forms, redirects and landings at hosts in
// which one letter is replaced by each character that anything takes for one.
func TestPasswordGoesToNoLookalike(t *testing.T) {
	t.Parallel()
	const portal, school = "www.atrikus-sud.fr", "0061234k.index-education.net"
	characters := lookalikes(t)
	for _, host := range []string{portal, school} {
		for i := range len(host) {
			for _, r := range characters {
				u := &url.URL{Scheme: "https", Host: host[:i] + string(r) + host[i+1:], Path: "/pronote/"}
				w := &walk{
					Login:  &Login{Portal: Portal{Engine: "cas_form", Base: "https://" + portal}, Password: func() string { t.Error("it was asked for"); return "" }},
					engine: casForm, school: &url.URL{Scheme: "https", Host: school, Path: "/pronote/eleve.html"}, hosts: map[string]bool{portal: true, school: true},
				}
				here := &page{url: &url.URL{Scheme: "https", Host: portal}}
				if _, err := w.credentials(here, form{action: u, method: http.MethodPost}, "", "", nil); !errors.Is(err, Unsafe) {
					t.Fatalf("%U: a form that posts to %q: %v", r, u.Host, err)
				}
				if err := w.permit(u); !errors.Is(err, Unsafe) || w.inSchool(u) || w.atSchool(u) {
					t.Fatalf("%U: %q may be asked: %v", r, u.Host, err)
				}
				if found := (Table{{ID: "p", Hosts: []string{portal, school}}}).At(u.Host); len(found) > 0 {
					t.Fatalf("%U: %q is known", r, u.Host)
				}
			}
		}
	}
}

// TestNoHostIsNoBase gives no password to a page without a host where the row
// has no host either.
func TestNoHostIsNoBase(t *testing.T) {
	t.Parallel()
	w := &walk{Login: &Login{Portal: Portal{Base: "https://atrİum-sud.fr"}}, hosts: map[string]bool{}, school: &url.URL{}}
	u := &url.URL{Scheme: "https", Host: "atrİum-sud.fr"}
	if w.trusted(u) || w.permit(u) == nil {
		t.Error("it may have the password")
	}
	if key, _ := (Portal{ID: "a", Engine: "cas_form", Base: "https://atrİum-sud.fr"}).Check(); key != "base" {
		t.Error("such a row is good")
	}
}
