package notifiers

import (
	"context"
	"fmt"
	"time"
)

// Notifier delivers messages to one recipient on one channel. It is safe for concurrent use.
type Notifier interface {
	// Deliver makes one attempt, which the context bounds in all its phases. The package comment says what errors tell.
	Deliver(ctx context.Context, m Message) (Receipt, error)
}

// kind is what the package must know of one kind of channel.
type kind struct {
	name     string
	hides    bool            // it can hide a part of the text until the reader taps on it
	settings func() settings // new and empty
}

// settings are the keys of one kind.
type settings interface {
	open() (channel, error) // validates and builds, without I/O
}

// channel is one kind of service with its settings.
type channel interface {
	send(ctx context.Context, m message) (Receipt, error)
}

// message is what a channel has to deliver.
type message struct {
	id      string // letters, digits, '-' and '_', at most 64
	subject rich   // one line
	text    rich
	events  []Event
	at      time.Time // of the attempt
}

// kinds is the table of channels, in alphabetical order.
var kinds = []kind{
	{"command", false, func() settings { return new(Command) }},
	{"discord", true, func() settings { return new(Discord) }},
	{"email", false, func() settings { return new(Email) }},
	{"ntfy", false, func() settings { return new(Ntfy) }},
	{"telegram", true, func() settings { return new(Telegram) }},
	{"webhook", false, func() settings { return new(Webhook) }},
}

// New builds a channel of the given kind, without I/O. It calls decode once with a pointer to the kind's settings
// ([Telegram], [Email] and so on) to fill, and returns decode's error as it is. Settings that cannot work give an error
// of one sentence that starts with the kind and names the key. The channel is a service of nikoksr/notify, too.
func New(kind string, decode func(settings any) error) (Notifier, error) {
	k, ok := find(kind)
	if !ok {
		return nil, fmt.Errorf("channel %q is unknown", kind)
	}
	s := k.settings()
	if err := decode(s); err != nil {
		return nil, err
	}
	c, err := s.open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", kind, err)
	}
	return &guard{kind, c, redactor(s)}, nil
}

// Warning is what a channel's settings risk, in one sentence that begins with the key, or "".
func Warning(n Notifier) string {
	if g, ok := n.(*guard); ok {
		if c, ok := g.channel.(interface{ warning() string }); ok {
			return c.warning()
		}
	}
	return ""
}

// Kinds returns the names of all kinds of channels, sorted.
func Kinds() []string {
	var names []string
	for _, k := range kinds {
		names = append(names, k.name)
	}
	return names
}

// CanHide reports whether channels of that kind can show the hidden part of a text on demand. Others leave it out.
func CanHide(kind string) bool {
	k, _ := find(kind)
	return k.hides
}

// SecretKeys returns the keys of that kind's settings that hold a secret, in the order of the struct; none if there is
// no such kind. These are the keys that may also be read from a file or from a command.
func SecretKeys(kind string) []string {
	k, ok := find(kind)
	if !ok {
		return nil
	}
	return secretKeys(k.settings())
}

func find(name string) (kind, bool) {
	for _, k := range kinds {
		if k.name == name {
			return k, true
		}
	}
	return kind{}, false
}
