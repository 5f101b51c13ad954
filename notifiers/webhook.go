package notifiers

import (
	"context"
	"errors"
	"net/http"
	"strings"
)

// Webhook are the settings of a webhook: messages go as JSON objects with the members id, title and message, by POST,
// to an address of your own. Any status from 200 to 299 is a success unless a page comes with it, and redirects are not
// followed.
type Webhook struct {
	URL     Secret            `toml:"url"`     // as a whole, for it often holds a token; http is for the home alone
	Token   Secret            `toml:"token"`   // optional, sent as "Authorization: Bearer"
	Headers map[string]Secret `toml:"headers"` // optional, sent as they are
}

type webhook struct {
	Webhook
	poster
}

func (s *Webhook) open() (channel, error) {
	u, err := checkURL("url", s.URL.Reveal())
	if err != nil {
		return nil, err
	}
	risk, err := openly("url", u)
	if err != nil {
		return nil, err
	}
	for name, value := range s.Headers {
		if name == "" || strings.ContainsAny(name, " :\r\n") || strings.ContainsAny(value.Reveal(), "\r\n") {
			return nil, errors.New("headers holds a line that HTTP does not allow: write name = \"value\"")
		}
	}
	to := newPoster("the webhook", nil)
	to.own, to.risk = true, risk
	return &webhook{*s, to}, nil
}

func (w *webhook) send(ctx context.Context, m message) error {
	header := http.Header{"Idempotency-Key": {m.id}}
	if !w.Token.IsZero() {
		header.Set("Authorization", "Bearer "+w.Token.Reveal())
	}
	for name, value := range w.Headers {
		header.Set(name, value.Reveal())
	}
	a, err := w.postJSON(ctx, w.URL.Reveal(), header, struct {
		ID      string `json:"id"`
		Title   string `json:"title"`
		Message string `json:"message"`
	}{m.id, m.subject.plain(), m.text.plain()})
	if err == nil && a.page {
		return w.unconfirmed()
	}
	return err
}
