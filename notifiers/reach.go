package notifiers

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"os/exec"
	"path/filepath"
)

// Reach goes the way of a message and stops before there is one: it asks the service's
// host for nothing, logs in to a mail server, or looks for the program. Nil means that
// somebody is there, not that the keys are good. Its errors are like those of Deliver.
func Reach(ctx context.Context, n Notifier) error {
	g, ok := n.(*guard)
	if !ok {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	var err error
	if own, ok := g.channel.(interface{ reach(context.Context) error }); ok {
		err = own.reach(ctx)
	} else {
		_, err = g.channel.send(context.WithValue(ctx, knocking{}, true), compose(Message{Title: "-", Body: "-"}))
	}
	if err == nil || errors.Is(err, errReached) {
		return nil
	}
	return g.flatten(err, ctx.Err())
}

// knocking is the key of a context in which a poster sends no message.
type knocking struct{}

// errReached: the host of a service has answered.
var errReached = temporary("the service can be reached")

// knock asks the host of a request for nothing: neither path, nor header, nor body is
// sent, since these hold secrets and messages.
func (p poster) knock(req *http.Request) *failure {
	at := url.URL{Scheme: req.URL.Scheme, Host: req.URL.Host, Path: "/"}
	knock, err := http.NewRequestWithContext(req.Context(), http.MethodHead, at.String(), nil)
	if err != nil {
		return p.unreachable(req.URL.Host, err)
	}
	knock.Header.Set("User-Agent", userAgent)
	resp, err := p.client.Do(knock)
	if err != nil {
		return p.unreachable(req.URL.Host, err)
	}
	_ = resp.Body.Close() // a HEAD has none
	return errReached
}

func (e *email) reach(ctx context.Context) error {
	config, err := e.tlsConfig()
	if err != nil {
		return err
	}
	conn, err := e.dial(ctx, config)
	if err != nil {
		return e.explain(ctx, err)
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	client, err := e.client(conn, config)
	if err != nil {
		return err
	}
	if err := client.DialWithContext(ctx); err != nil {
		return e.explain(ctx, err)
	}
	_ = client.Close() // a server that does not say goodbye was there
	return nil
}

func (c *command) reach(context.Context) error {
	if _, err := exec.LookPath(c.Command.Command[0]); err != nil {
		return temporary("command %s cannot be run: %v", filepath.Base(c.Command.Command[0]), errors.Unwrap(err)).because("command_start")
	}
	return nil
}
