package notifiers

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"github.com/nikoksr/notify"
)

const (
	sendTimeout = time.Minute // of one attempt, when the caller's context allows as much
	maxSubject  = 200         // UTF-16 units: longer than any subject, shorter than any limit of a service
	maxError    = 300         // bytes of an error text
	maxLink     = 2000        // bytes: browsers and services take as much
	maxData     = 64          // bytes of an action, at Telegram
	maxReceipt  = 255         // bytes: of no service known are ids longer
)

// guard is what New returns: a channel, with all that channels have in common around it.
type guard struct {
	kind    string
	channel channel
	redact  func(string) string
}

// String returns the kind of the channel.
func (g *guard) String() string { return g.kind }

var _ notify.Notifier = (*guard)(nil)

// Send is Deliver under a new random id.
func (g *guard) Send(ctx context.Context, subject, message string) error {
	_, err := g.Deliver(ctx, Message{Title: subject, Body: message})
	return err
}

// Deliver implements Notifier.
func (g *guard) Deliver(ctx context.Context, m Message) (Receipt, error) {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	if err := ctx.Err(); err != nil {
		return "", g.flatten(temporary("%s was not tried: %v", g.kind, err), err)
	}
	receipt, err := g.channel.send(ctx, compose(m))
	if err != nil {
		return "", g.flatten(err, ctx.Err())
	}
	if len(receipt) > maxReceipt {
		receipt = "" // it has arrived all the same
	}
	return receipt, nil
}

// flatten makes an error that holds nothing but its text without secrets, what the caller branches on, and the end of
// the context if that is what stopped the attempt.
func (g *guard) flatten(err, ended error) error {
	text := strings.Join(strings.Fields(g.redact(err.Error())), " ")
	if len(text) > maxError {
		text = strings.ToValidUTF8(text[:maxError], "") + "…"
	}
	flat := &failure{text: text}
	if f, ok := errors.AsType[*failure](err); ok {
		flat.reason, flat.permanent, flat.uncertain, flat.patience, flat.wait = f.reason, f.permanent, f.uncertain, f.patience, f.wait
	}
	if !flat.permanent {
		flat.ended = ended
	}
	return flat
}

// isPlain reports whether a text is 1 to most letters, digits, "-" and "_". A regular
// expression of so many takes a while to compile, at each start of a program.
func isPlain(text string, most int) bool {
	for _, c := range []byte(text) {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_') {
			return false
		}
	}
	return text != "" && len(text) <= most
}

func isPlainID(text string) bool { return isPlain(text, 64) }

// identity makes an id that fits into any header, address or path.
func identity(id string) string {
	if id == "" {
		return rand.Text()
	}
	if isPlainID(id) {
		return id
	}
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:])
}
