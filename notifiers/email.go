package notifiers

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/mail"
	"regexp"
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
	_, subject := cutSign(m.subject.plain())
	msg := gomail.NewMsg()
	msg.FromMailAddress(e.from)
	msg.ToMailAddress(e.to)
	msg.Subject(subject)
	msg.SetDate()
	msg.SetMessageIDWithValue(m.id + e.domain())
	e.setThread(msg, m)
	if m.level >= Urgent {
		msg.SetImportance(gomail.ImportanceHigh)
	}
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader(gomail.HeaderUserAgent, userAgent)
	msg.SetBodyString(gomail.TypeTextPlain, m.letter())
	if page := m.page(); page != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, page)
	}
	return msg
}

// domain is that of the sender, with its @.
func (e *email) domain() string { return e.from.Address[strings.LastIndexByte(e.from.Address, '@'):] }

var messageID = regexp.MustCompile(`^<[!-;=?-~]+@[!-;=?-~]+>$`)

// setThread puts a message below the one that it amends, and below the beginning of its thread, which no message is:
// whichever comes first, readers show them together.
func (e *email) setThread(msg *gomail.Msg, m message) {
	var above []string
	if m.thread != "" {
		above = append(above, "<thread-"+identity(m.thread)+e.domain()+">")
	}
	if len(m.amends) <= maxReceipt && messageID.MatchString(string(m.amends)) {
		above = append(above, string(m.amends))
	}
	if len(above) > 0 {
		msg.SetGenHeader(gomail.HeaderReferences, strings.Join(above, " "))
		msg.SetGenHeader(gomail.HeaderInReplyTo, above[len(above)-1])
	}
}

// letter is the plain text of a mail.
func (m message) letter() string {
	text := cmp.Or(strings.TrimSpace(m.text.plain()), m.subject.plain())
	var foot []string
	for _, line := range []string{m.day, m.school} {
		if line != "" {
			foot = append(foot, line)
		}
	}
	if m.link != "" {
		colon := "\u00A0: "
		if m.language == "en" {
			colon = ": "
		}
		foot = append(foot, pageName+colon+m.link)
	}
	if len(foot) > 0 {
		text += "\n\n—\n" + strings.Join(foot, "\n")
	}
	return text + "\n"
}
