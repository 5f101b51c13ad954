package notifiers

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
)

// Ntfy are the settings of a topic at ntfy.sh or at a server of your own. Anybody who knows the topic reads the
// messages, so it is a secret. A message sent twice under one id replaces itself on the screen, from version 2.16 of
// the server.
type Ntfy struct {
	Server   string   `toml:"server"`   // https://ntfy.sh when empty
	Topic    Secret   `toml:"topic"`    // 1 to 64 letters, digits, '-' and '_'
	Token    Secret   `toml:"token"`    // for a protected topic: either a token
	Username string   `toml:"username"` // or a user
	Password Secret   `toml:"password"` // and the password
	Priority int      `toml:"priority"` // 1 (silent) to 5 (insistent) of what is not quiet, urgent or an alarm; 3 when 0
	Tags     []string `toml:"tags"`     // words and emoji names
	Click    string   `toml:"click"`    // address to open on a tap of a message that has none of its own
}

// ntfyLimit is the length, in bytes, past which a message becomes an attachment. We count bytes of JSON, because the
// server also refuses requests of twice that length.
const ntfyLimit = 4096

type ntfy struct {
	Ntfy
	poster
}

func (s *Ntfy) open() (channel, error) {
	s.Server = strings.TrimRight(cmp.Or(s.Server, "https://ntfy.sh"), "/")
	u, err := checkURL("server", s.Server)
	switch {
	case err != nil:
		return nil, err
	case u.User != nil || u.Path != "" || u.RawQuery != "":
		return nil, errors.New("server is more than https:// and a host")
	case s.Topic.IsZero():
		return nil, errors.New("topic is missing")
	case !isPlain(s.Topic.Reveal(), 64):
		return nil, errors.New("topic has a character that ntfy does not allow")
	case !s.Token.IsZero() && s.Username != "":
		return nil, errors.New("token and username exclude each other")
	case (s.Username == "") != s.Password.IsZero():
		return nil, errors.New("username and password go together")
	case s.Priority < 0 || s.Priority > 5:
		return nil, errors.New("priority is out of range")
	}
	to := newPoster("ntfy", adviseNtfy)
	to.own = u.Hostname() != "ntfy.sh"
	if to.risk, err = openly("server", u); err != nil {
		return nil, err
	}
	return &ntfy{*s, to}, nil
}

func adviseNtfy(a answer) *failure {
	switch a.status {
	case 401, 403:
		return temporary("ntfy refuses to publish on this topic").because("topic")
	case 404, 405:
		return temporary("this server does not speak ntfy").because("not_ntfy")
	case 400, 429:
		if a.Error != "" {
			return temporary("ntfy does not take the message: %s", a.Error).because("refused")
		}
	}
	return nil
}

func (n *ntfy) send(ctx context.Context, m message) (Receipt, error) {
	title, text := m.subject.plain(), m.text.fit(ntfyLimit, jsonSize).plain()
	if text == "" { // ntfy would write "triggered"
		title, text = "", title
	}
	sequence := m.id
	if isPlainID(string(m.amends)) {
		sequence = string(m.amends)
	}
	a, err := n.postJSON(ctx, n.Server+"/", n.credentials(), struct {
		Topic    string   `json:"topic"`
		Title    string   `json:"title,omitempty"`
		Message  string   `json:"message"`
		Priority int      `json:"priority,omitempty"`
		Tags     []string `json:"tags,omitempty"`
		Click    string   `json:"click,omitempty"`
		Sequence string   `json:"sequence_id"`
	}{n.Topic.Reveal(), title, text, n.urgency(m.level), n.Tags, cmp.Or(m.link, n.Click), sequence})
	if err == nil && a.ID == "" {
		err = n.unconfirmed()
	}
	if err != nil {
		return "", err
	}
	return Receipt(sequence), nil // a later message under it takes the place of this one
}

// urgency is a level as ntfy's priority.
func (n *ntfy) urgency(l Level) int {
	switch {
	case l >= Alarm:
		return 5
	case l == Urgent:
		return 4
	case l <= Quiet:
		return 2
	}
	return n.Priority
}

func (n *ntfy) credentials() http.Header {
	header := http.Header{}
	switch {
	case !n.Token.IsZero():
		header.Set("Authorization", "Bearer "+n.Token.Reveal())
	case n.Username != "":
		pair := n.Username + ":" + n.Password.Reveal()
		header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(pair)))
	}
	return header
}

// jsonSize is the length in bytes of a text without its hidden parts, as JSON.
func jsonSize(t rich) int {
	encoded, _ := encode(t.plain()) // a string always can be
	return len(encoded)
}
