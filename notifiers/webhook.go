package notifiers

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// Webhook are the settings of a webhook: messages go by POST to an address of your own, as the JSON objects that
// docs/events.schema.json describes. With a secret they are signed as standardwebhooks.com says, so that the receiver
// knows who sent them, and when. Any status from 200 to 299 is a success unless a page comes with it, and redirects are not
// followed.
type Webhook struct {
	URL     Secret            `toml:"url"`     // as a whole, for it often holds a token; http is for the home alone
	Token   Secret            `toml:"token"`   // optional, sent as "Authorization: Bearer"
	Headers map[string]Secret `toml:"headers"` // optional, sent as they are
	Secret  Secret            `toml:"secret"`  // optional, signs the messages
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
			return nil, errors.New("headers holds a line that HTTP does not allow")
		}
	}
	to := newPoster("the webhook", nil)
	to.own, to.risk = true, risk
	return &webhook{*s, to}, nil
}

func (w *webhook) send(ctx context.Context, m message) (Receipt, error) {
	body, err := m.json()
	if err != nil {
		return "", err
	}
	header := http.Header{"Idempotency-Key": {m.id}}
	if !w.Token.IsZero() {
		header.Set("Authorization", "Bearer "+w.Token.Reveal())
	}
	for name, value := range w.Headers {
		header.Set(name, value.Reveal())
	}
	if !w.Secret.IsZero() {
		sign(header, w.Secret, m, body)
	}
	a, err := w.postJSON(ctx, w.URL.Reveal(), header, json.RawMessage(body))
	if err == nil && a.page {
		err = w.unconfirmed()
	}
	if err != nil {
		return "", err
	}
	return Receipt(m.id), nil // by which a later message amends it
}

// sign adds the headers of Standard Webhooks.
func sign(header http.Header, secret Secret, m message, body []byte) {
	at := strconv.FormatInt(m.at.Unix(), 10)
	mac := hmac.New(sha256.New, signingKey(secret))
	_, _ = fmt.Fprintf(mac, "%s.%s.%s", m.id, at, body) // a hash accepts every write
	header.Set("Webhook-Id", m.id)
	header.Set("Webhook-Timestamp", at)
	header.Set("Webhook-Signature", "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
}

// signingKey is the key that a secret encodes: the bytes that follow "whsec_" in base64, as the standard has it, or
// those of any other text.
func signingKey(secret Secret) []byte {
	if encoded, ok := strings.CutPrefix(secret.Reveal(), "whsec_"); ok {
		if key, err := base64.StdEncoding.DecodeString(encoded); err == nil {
			return key
		}
	}
	return []byte(secret.Reveal())
}
