package notifiers

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
)

// A service is a channel that takes a message in one request. It is what an entry of the table of services makes: its
// settings, a struct, are checked by open, and the rest is said here, as the service documents it. Requests and their
// failures are the poster's.
type service struct {
	poster
	limit    int                           // of what size gives; none when 0
	size     func(message, string) int     // of a message with that text; the units of the text when nil
	text     func(message) string          // the text as it goes, in the service's own markup
	apart    bool                          // the title has a place of its own, and the text may not be empty
	request  func(message, string) request // of a message with that text
	confirms func(answer) bool             // a success is the service's own; when nil, it must have a receipt
	receipt  string                        // where in a success the message's id stands, such as "data.id"
	byID     bool                          // messages go by our own ids
	edits    func(message) bool            // this message changes the one that it amends, and goes by the same name; nil for none
	words    string                        // where in a refusal the reason stands, likewise, or wholeAnswer
	refusals []refusal                     // what a status does not say, or not well
}

// A refusal is how a service says why. The first that fits counts.
type refusal struct {
	status int
	word   string // somewhere in the answer
	reason string // for failure.because
}

// wholeAnswer is a path to all that a service says, where that is no JSON.
const wholeAnswer = "*"

// ready returns the service as a channel.
func (s *service) ready() channel {
	s.advise = s.judge
	if s.size == nil {
		s.size = func(_ message, text string) int { return units(text) }
	}
	return s
}

func (s *service) send(ctx context.Context, m message) (Receipt, error) {
	if s.apart && len(m.text) == 0 {
		m.subject, m.text = nil, m.subject
	}
	if s.limit > 0 {
		m.text = m.text.fit(s.limit, func(t rich) int {
			m.text = t
			return s.size(m, s.text(m))
		})
	}
	a, err := s.ask(ctx, s.request(m, s.text(m)))
	if err != nil {
		return "", err
	}
	receipt := a.at(s.receipt)
	if s.confirms == nil && receipt == "" || s.confirms != nil && !s.confirms(a) {
		return "", s.denied(a)
	}
	switch {
	case s.edits != nil && s.edits(m):
		return m.amends, nil
	case s.byID:
		return Receipt(m.id), nil
	}
	return Receipt(receipt), nil
}

// judge says why a message was refused: what the status means, in the service's words where it gives some.
func (s *service) judge(a answer) *failure {
	f := s.usual(a)
	if said := a.at(s.words); said != "" && !a.page {
		f.text += ": " + said
	}
	if r := s.refused(a); r != "" {
		f.reason = r
	}
	return f
}

// refused is the reason that an answer gives, or "".
func (s *service) refused(a answer) string {
	for _, r := range s.refusals {
		if r.status == a.status && bytes.Contains(a.body, []byte(r.word)) {
			return r.reason
		}
	}
	return ""
}

// denied is why a success is none.
func (s *service) denied(a answer) error {
	reason := s.refused(a)
	if reason == "" {
		return s.unconfirmed()
	}
	f := temporary("%s does not pass the message on (status %d)", s.name, a.status).because(reason)
	if s.own {
		f.patience = ownPatience
	}
	return f
}

// at returns the text, number or truth that stands at a path like "errors.0" of a JSON answer, as a string; "" if there
// is none.
func (a answer) at(path string) string {
	var v any
	d := json.NewDecoder(bytes.NewReader(a.body))
	d.UseNumber()
	if path == wholeAnswer {
		return string(bytes.TrimSpace(a.body))
	}
	if path == "" || d.Decode(&v) != nil {
		return ""
	}
	for step := range strings.SplitSeq(path, ".") {
		switch in := v.(type) {
		case map[string]any:
			v = in[step]
		case []any:
			v = nil
			if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(in) {
				v = in[i]
			}
		default:
			return ""
		}
	}
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

// encodedSize is the length in bytes of a value as JSON.
func encodedSize(v any) int {
	encoded, _ := encode(v) // of texts and numbers
	return len(encoded)
}

// says is a service's yes of one word, as the whole answer.
func says(word string) func(answer) bool {
	return func(a answer) bool { return string(bytes.TrimSpace(a.body)) == word }
}

// anything is the yes of a service that may answer what it likes, but for a page of somebody else.
func anything(a answer) bool { return !a.page }

// plainText is the text of a service that has a place for the title and no markup.
func plainText(m message) string { return m.text.plain() }

// together makes one text of title and text in the markup of write, with the title as head has it, and the word
// PRONOTE as link has it.
func together(head func(title string) string, write func(rich) string, link func(address string) string) func(message) string {
	return func(m message) string {
		var title string
		if len(m.subject) > 0 {
			title = head(write(m.subject))
		}
		return joined("\n\n", title, m.withLink().render(func(s span) string {
			if s.link {
				return link(m.link)
			}
			return write(rich{s})
		}))
	}
}

// withLink is the text with a word that links to the page, if there is one.
func (m message) withLink() rich {
	if m.link == "" {
		return m.text
	}
	return m.text.linked()
}

// joined are the parts that are not empty, with something between.
func joined(between string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), between)
}

// around is a head or a link with something before and after.
func around(before, after string) func(string) string {
	return func(s string) string { return before + s + after }
}

// escaped writes a text with some of its characters written otherwise, and leaves out what is hidden.
func escaped(by *strings.Replacer) func(rich) string {
	return func(t rich) string { return by.Replace(t.plain()) }
}

// home makes the poster of a server that people run themselves. It cuts the address to what requests begin with.
func home(name string, server *string) (poster, error) {
	*server = strings.TrimRight(*server, "/")
	u, err := checkURL("server", *server)
	if err != nil {
		return poster{}, err
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return poster{}, errors.New("server is more than an address")
	}
	to := newPoster(name, nil)
	to.own = true
	to.risk, err = openly("server", u)
	return to, err
}

// hook makes the poster of a webhook, whose address as a whole is a secret. Without those parts in its path it is, as
// fact says, another.
func hook(name, fact string, address Secret, own bool, parts ...string) (poster, error) {
	u, err := checkURL("url", address.Reveal())
	if err != nil {
		return poster{}, err
	}
	for _, part := range parts {
		if !strings.Contains(u.Path, part) {
			return poster{}, errors.New("url " + fact)
		}
	}
	to := newPoster(name, nil)
	to.own = own
	if to.risk, err = openly("url", u); err != nil {
		return poster{}, err
	}
	return to, nil
}

// needed checks that a key has a value which fits into a header, a path and a form. Pairs are keys and values.
func needed(pairs ...string) error {
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			return errors.New(pairs[i] + " is needed")
		}
		if strings.ContainsFunc(pairs[i+1], func(r rune) bool { return r <= ' ' || r > '~' }) {
			return errors.New(pairs[i] + " has a character that cannot be in it")
		}
	}
	return nil
}

// by picks what a level is called.
func by[T any](l Level, quiet, normal, urgent, alarm T) T {
	switch {
	case l < Normal:
		return quiet
	case l == Normal:
		return normal
	case l == Urgent:
		return urgent
	}
	return alarm
}
