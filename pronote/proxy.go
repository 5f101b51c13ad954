package pronote

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync"
)

// usualTransport is that of net/http, except that it does not hide what a proxy
// answers.
var usualTransport = sync.OnceValue(func() http.RoundTripper {
	transport, ok := http.DefaultTransport.(*http.Transport)
	if !ok { // a program has put its own there
		return http.DefaultTransport
	}
	transport = transport.Clone()
	transport.OnProxyConnectResponse = onProxyAnswer
	return transport
})

// A proxyRefusal is the status of a proxy that does not open the way.
type proxyRefusal int

func (p proxyRefusal) Error() string { return fmt.Sprintf("it answers with status %d", int(p)) }

func onProxyAnswer(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	return proxyRefusal(resp.StatusCode)
}

// proxyFailure is what went wrong between here and a proxy, nil if nothing did.
func proxyFailure(err error) error {
	var refusal proxyRefusal
	var op *net.OpError
	switch {
	case errors.As(err, &refusal):
		return refusal
	case errors.As(err, &op) && op.Op == "proxyconnect":
		return op.Err
	}
	return nil
}
