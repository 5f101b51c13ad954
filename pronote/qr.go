package pronote

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"math/big"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// A QR is what a QR code for PRONOTE's mobile application says: where to log in,
// and a token for one login, under a PIN. It lives for ten minutes.
type QR struct {
	Address string // of the school
	Kind    Kind

	login, token Secret // sealed
}

// maxQR bounds the text of a QR code, in bytes. No code holds more.
const maxQR = 8 << 10

// ParseQR reads the text of a QR code. It returns ErrNotQR for any other text.
func ParseQR(text string) (QR, error) {
	text = strings.Trim(text, "\ufeff \t\r\n")
	if len(text) > maxQR {
		return QR{}, ErrNotQR
	}
	var raw wire.QR
	if err := json.Unmarshal([]byte(text), &raw); err != nil {
		return QR{}, ErrNotQR
	}
	address, err := ParseAddress(string(raw.URL))
	if err != nil || !sealedText(string(raw.Login)) || !sealedText(string(raw.Jeton)) {
		return QR{}, ErrNotQR
	}
	kind, ok := pageKind(string(raw.URL))
	if !ok {
		return QR{}, ErrNotFamily
	}
	return QR{Address: address.String(), Kind: kind, login: NewSecret(string(raw.Login)), token: NewSecret(string(raw.Jeton))}, nil
}

// sealedText reports whether a text looks like hexadecimal of whole blocks.
func sealedText(text string) bool {
	return text != "" && len(text)%32 == 0 && !strings.ContainsFunc(text, func(r rune) bool {
		return !unicode.Is(unicode.ASCII_Hex_Digit, r)
	})
}

// pageKind finds the kind of account in the address of a page. In some codes it
// has two pages; the first one counts.
func pageKind(address string) (Kind, bool) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return "", false
	}
	switch page := strings.ToLower(pageName.FindString(u.Path)); strings.TrimPrefix(page, "mobile.") {
	case "eleve.html":
		return KindStudent, true
	case "parent.html":
		return KindParent, true
	}
	return "", false
}

// Open unseals a QR code with the PIN that was chosen when it was made, into
// credentials for Login at its address. It returns ErrQRPIN when the PIN is
// another one; the school does not learn of that.
func (q QR) Open(pin Secret) (Credentials, error) {
	if !isPIN(pin) {
		return Credentials{}, ErrQRPIN
	}
	cipher := wire.Cipher{}.WithKey([]byte(pin.Reveal()))
	login, err := cipher.DecryptHex(q.login.Reveal())
	if err != nil || !isWord(login) {
		return Credentials{}, ErrQRPIN
	}
	token, err := cipher.DecryptHex(q.token.Reveal())
	if err != nil || !isWord(token) {
		return Credentials{}, ErrQRPIN
	}
	return Credentials{Kind: q.Kind, Username: login, QRToken: NewSecret(token)}, nil
}

// isWord reports whether a text is one that a person or a server would write,
// and not the noise that a wrong key makes.
func isWord(text string) bool {
	return text != "" && utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl)
}

// RandomPIN draws a PIN for a QR code that nobody sees.
func RandomPIN() Secret {
	n, err := rand.Int(rand.Reader, big.NewInt(10_000))
	if err != nil {
		panic(err) // crypto/rand never fails
	}
	return NewSecret(fmt.Sprintf("%04d", n))
}

// QR makes a QR code for the account of the session, under a PIN of four digits
// of the caller's choice. With it another device, or a program that had to log
// in by other means, gets a token. Nobody else needs to see it, so the PIN may
// be a RandomPIN.
func (s *Session) QR(ctx context.Context, pin Secret) (QR, error) {
	if !isPIN(pin) {
		return QR{}, ErrQRPIN
	}
	answer, err := s.Request(ctx, Call{Function: "JetonAppliMobile", Tab: s.homeTab(), Data: map[string]string{"code": pin.Reveal()}})
	if err != nil {
		return QR{}, err
	}
	var raw wire.QR
	if err := json.Unmarshal(answer.Data, &raw); err != nil {
		return QR{}, unreadable("JetonAppliMobile", err)
	}
	if !sealedText(string(raw.Login)) || !sealedText(string(raw.Jeton)) {
		return QR{}, unreadable("JetonAppliMobile", errNoToken)
	}
	q := QR{Address: s.root.String(), Kind: KindStudent, login: NewSecret(string(raw.Login)), token: NewSecret(string(raw.Jeton))}
	if s.parent {
		q.Kind = KindParent
	}
	return q, nil
}
