package notifiers

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// openly judges an address whose requests carry a secret and what a family is told. Without encryption it has to be
// within the home, and then the warning says what that means; it is empty where nobody can listen.
func openly(key string, u *url.URL) (warning string, err error) {
	switch host := u.Hostname(); {
	case u.Scheme == "https" || loopback(host):
		return "", nil
	case atHome(host):
		return key + " sends messages and secrets without encryption (http)", nil
	}
	return "", errors.New(key + " may not be http for a server elsewhere")
}

// private are addresses of networks at home, besides those that package netip knows: what carriers and overlays hand out.
var private = netip.MustParsePrefix("100.64.0.0/10")

// atHome reports whether a host is on a network of one's own: by its address, or by a name that no public server has.
func atHome(host string) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		ip = ip.Unmap()
		return ip.IsPrivate() || ip.IsLinkLocalUnicast() || private.Contains(ip)
	}
	name := strings.ToLower(strings.TrimSuffix(host, "."))
	if !strings.Contains(name, ".") {
		return true
	}
	for _, suffix := range []string{".local", ".lan", ".home", ".internal", ".localdomain", ".home.arpa", ".localhost"} {
		if strings.HasSuffix(name, suffix) {
			return true
		}
	}
	return false
}

// A proxyRefusal is the answer of a proxy that does not open the way.
type proxyRefusal int

func (p proxyRefusal) Error() string { return fmt.Sprintf("status %d", int(p)) }

func onProxyAnswer(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	return proxyRefusal(resp.StatusCode)
}

// unreachable says why a request got no answer.
func (p poster) unreachable(host string, err error) *failure {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err // without the URL, which may be a secret
	}
	if refusal, ok := errors.AsType[proxyRefusal](err); ok {
		return temporary("the proxy does not let messages through to %s at %s: %v", p.name, host, refusal).because("proxy")
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "proxyconnect" {
		return temporary("the proxy cannot be reached on the way to %s at %s: %v", p.name, host, op.Err).because("proxy")
	}
	if strings.HasPrefix(err.Error(), "invalid proxy") {
		return temporary("the proxy in HTTPS_PROXY is not an address, on the way to %s at %s", p.name, host).because("proxy_address") // it may hold a password
	}
	return temporary("%s cannot be reached at %s: %v", p.name, host, err).because("unreachable")
}
