package notifiers

import (
	"cmp"
	"context"
	"errors"
	"html"
	"net"
	"net/mail"
	"strings"

	gomail "github.com/wneessen/go-mail"
)

// Email are the settings of a mailbox to write to, through the mail server of a provider.
//
// The password is only ever sent inside TLS, or to this machine itself.
type Email struct {
	Host     string `toml:"host"`     // of the provider's outgoing server
	Port     int    `toml:"port"`     // when 0: 587 for starttls, 465 for implicit, 25 for none
	TLS      string `toml:"tls"`      // "starttls" (when empty), "implicit", or, if host is this machine, "none"
	Username string `toml:"username"` // with password, or neither
	Password Secret `toml:"password"` // many providers want one made for the program
	From     string `toml:"from"`     // "a@example.org" or "Name <a@example.org>"
	To       string `toml:"to"`       // one address; a second reader is a second channel
	CAFile   string `toml:"ca_file"`  // PEM file of a private authority, trusted besides the system's
}

type email struct {
	Email
	from, to *mail.Address
}

func (s *Email) open() (channel, error) {
	if s.Host == "" || strings.ContainsAny(s.Host, "/: ") && net.ParseIP(s.Host) == nil {
		return nil, errors.New("host is missing or not the name of a server")
	}
	if (s.Username == "") != s.Password.IsZero() {
		return nil, errors.New("username and password go together")
	}
	if err := s.checkTLS(); err != nil {
		return nil, err
	}
	from, err := address("from", s.From)
	if err != nil {
		return nil, err
	}
	to, err := address("to", s.To)
	if err != nil {
		return nil, err
	}
	return &email{*s, from, to}, nil
}

// checkTLS also fills in the defaults.
func (s *Email) checkTLS() error {
	s.TLS = cmp.Or(s.TLS, "starttls")
	port, ok := map[string]int{"starttls": 587, "implicit": 465, "none": 25}[s.TLS]
	if !ok {
		return errors.New("tls is unknown")
	}
	if s.TLS == "none" && !loopback(s.Host) {
		return errors.New(`tls may not be "none" for a server elsewhere`)
	}
	s.Port = cmp.Or(s.Port, port)
	if s.Port < 1 || s.Port > 65535 {
		return errors.New("port is out of range")
	}
	return nil
}

// address parses the address of a key. Others than ASCII would need mail servers that few have.
func address(key, s string) (*mail.Address, error) {
	a, err := mail.ParseAddress(s)
	if err != nil {
		return nil, errors.New(key + " is not one e-mail address")
	}
	for _, r := range a.Address {
		if r <= ' ' || r > '~' {
			return nil, errors.New(key + " has characters that mail servers do not take")
		}
	}
	return a, nil
}

func (e *email) send(ctx context.Context, m message) (Receipt, error) {
	msg := e.compose(m)
	return Receipt(msg.GetMessageID()), e.submit(ctx, msg)
}

func (e *email) compose(m message) *gomail.Msg {
	subject, text := m.subject.plain(), m.text.plain()
	if text == "" {
		text = subject
	}
	msg := gomail.NewMsg()
	msg.FromMailAddress(e.from)
	msg.ToMailAddress(e.to)
	msg.Subject(subject)
	msg.SetDate()
	msg.SetMessageIDWithValue(m.id + e.from.Address[strings.LastIndexByte(e.from.Address, '@'):])
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader(gomail.HeaderUserAgent, userAgent)
	msg.SetBodyString(gomail.TypeTextPlain, text)
	msg.AddAlternativeString(gomail.TypeTextHTML, page(text))
	return msg
}

// page writes a text as HTML that a telephone shows in its own size and colours.
func page(text string) string {
	return `<!DOCTYPE html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"></head>` +
		`<body style="font-family:sans-serif;line-height:1.5">` +
		strings.ReplaceAll(html.EscapeString(text), "\n", "<br>\n") + "</body></html>"
}
