package hostname_test

import (
	"net/url"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/idna"

	"github.com/pronote-sync/pronote-sync/hostname"
)

const portal = "www.atrium-sud.fr"

// TestLookalikes puts every character of Unicode, as it is and escaped, into a
// host: none beyond ASCII makes a host, whatever folds to a letter of it or looks
// like one. Those that lower case, or the rules for international names, turn
// into ASCII are put in every place of it, as are those of ASCII.
func TestLookalikes(t *testing.T) {
	t.Parallel()
	folding, mapped := 0, 0
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if r <= unicode.MaxASCII {
			everywhere(t, r)
			continue
		}
		host := "www." + string(r) + ".fr"
		if hostname.Of(&url.URL{Scheme: "https", Host: host}) != "" {
			t.Fatalf("%U: %q is a host", r, host)
		}
		if !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Cf) || unicode.In(r, unicode.Han, unicode.Hangul, unicode.Tangut) {
			continue
		}
		ascii, err := idna.Lookup.ToASCII(host)
		folds := unicode.ToLower(r) <= unicode.MaxASCII || unicode.ToUpper(r) <= unicode.MaxASCII
		maps := err == nil && !strings.Contains(ascii, "xn--") // a browser would go to a host of ASCII
		if folds {
			folding++
		}
		if maps {
			mapped++
		}
		if folds || maps {
			everywhere(t, r)
		}
		if u, err := url.Parse("https://www." + url.PathEscape(string(r)) + ".fr/"); err != nil || hostname.Of(u) != "" {
			t.Fatalf("%U: its escaped form is a host: %v, %v", r, u, err)
		}
	}
	if folding < 3 || mapped < 100 {
		t.Errorf("the test proves nothing: %d characters fold, %d are mapped", folding, mapped)
	}
}

// everywhere puts a character in every place of a host, and between them.
func everywhere(t *testing.T, r rune) {
	t.Helper()
	home := &url.URL{Scheme: "https", Host: portal}
	for i := range len(portal) {
		letter := rune(portal[i])
		for _, host := range []string{portal[:i] + string(r) + portal[i+1:], portal[:i] + string(r) + portal[i:]} {
			same := len(host) == len(portal) && (r == letter || r == unicode.ToUpper(letter))
			if hostname.Same(home, &url.URL{Scheme: "https", Host: host}) != same {
				t.Fatalf("%U: whether %q is %s: %t", r, host, portal, !same)
			}
		}
	}
}

func TestOf(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://www.Atrium-Sud.FR/x":          portal,
		"https://www.atrium-sud.fr:443/":       portal,
		"http://www.atrium-sud.fr:80/":         portal,
		"https://www.atrium-sud.fr:/":          portal,
		"https://a:b@www.atrium-sud.fr/":       portal, // whoever asks looks at the user as well
		"http://www.atrium-sud.fr:443/":        portal + ":443",
		"https://www.atrium-sud.fr:8443":       portal + ":8443",
		"https://www.atrium-sud.fr./":          portal + ".",
		"https://www.atrium-sud.fr:0443/":      "",
		"https://www.atrium-sud.fr:70000/":     "",
		"https://www.atr%C4%B0um-sud.fr/":      "",
		"https://www.atrİum-sud.fr/":           "",
		"https://ｗｗｗ.atrium-sud.fr/":           "",
		"https://www。atrium-sud.fr/":           "",
		"https://www.atrium\u00adsud.fr/":      "",
		"https://www.atrium-sud.fr,evil.test/": "",
		"https://xn--atrum-sud-qmb.fr/":        "xn--atrum-sud-qmb.fr",
		"https://[::1]:443/":                   "[::1]",
		"https://[0:0::1]/":                    "[::1]",
		"https://[fe80::1%25eth0]/":            "",
		"https://127.0.0.1:8080/":              "127.0.0.1:8080",
		"https:www.atrium-sud.fr":              "",
		"javascript:alert(1)":                  "",
		"/login":                               "",
		"https:///login":                       "",
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Errorf("%s: %v", address, err)
			continue
		}
		if got := hostname.Of(u); got != want {
			t.Errorf("%s: got %q, want %q", address, got, want)
		}
	}
	nowhere := &url.URL{Scheme: "https", Host: "atrİum-sud.fr"}
	if hostname.Same(nowhere, nowhere) || hostname.Same(&url.URL{}, &url.URL{}) {
		t.Error("what is no host is a host")
	}
}

func TestWithin(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{
		"index-education.net": true, "0061234X.INDEX-education.net": true, "a.index-education.net:8443": true,
		"aindex-education.net": false, "index-education.net.evil.test": false, "a.index-educatıon.net": false, "": false, "net": false,
	} {
		if got := hostname.Within(&url.URL{Scheme: "https", Host: host}, "index-education.net"); got != want {
			t.Errorf("%s: got %t", host, got)
		}
	}
	if hostname.Within(&url.URL{}, "") || hostname.Within(&url.URL{Host: "a.b"}, "") {
		t.Error("no domain has hosts")
	}
}
