// Package hostname decides whether two addresses are at the same host, which is
// what keeps passwords, tickets and sessions where they belong.
//
// Unicode's rules for letters are no help there: its lower case of U+0130 is an
// i, and names with that letter can be registered. So a host is ASCII, or it is
// no host at all. A name in other letters has an ASCII form (xn--…), which is
// another name.
package hostname

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// Of is the host of an address in the form in which hosts compare: in lower case,
// with the port unless it is the usual one of the scheme. It is "" for what cannot
// be a host: an empty text, or one with characters that no name or number has. A
// name with a dot at its end differs from the one without.
func Of(u *url.URL) string {
	name, port := u.Hostname(), u.Port()
	switch {
	case strings.HasPrefix(u.Host, "["):
		number, err := netip.ParseAddr(name)
		if err != nil || !number.Is6() || number.Zone() != "" {
			return ""
		}
		name = "[" + number.String() + "]"
	case !isName(name):
		return ""
	}
	if n, err := strconv.ParseUint(port, 10, 16); port != "" && (err != nil || strconv.FormatUint(n, 10) != port) {
		return ""
	}
	if port == "" || u.Scheme == "https" && port == "443" || u.Scheme == "http" && port == "80" {
		return lower(name)
	}
	return lower(name) + ":" + port
}

// Same reports whether two addresses are at one host. A text that is no host is
// not even the same as itself.
func Same(a, b *url.URL) bool {
	host := Of(a)
	return host != "" && host == Of(b)
}

// Within reports whether the host of an address is a domain, in lower case, or
// belongs to it, at any port.
func Within(u *url.URL, domain string) bool {
	host, _, _ := strings.Cut(Of(u), ":")
	return host == domain && domain != "" || strings.HasSuffix(host, "."+domain)
}

func isName(name string) bool {
	for i := range len(name) {
		switch c := name[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '.', c == '_':
		default:
			return false
		}
	}
	return name != "" && len(name) <= 255
}

// lower is of ASCII alone.
func lower(name string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, name)
}
