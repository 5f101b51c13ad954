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
	able     Abilities
	settings func() settings // new and empty
}

// Abilities are what a kind of channel makes of a message beside its title and text.
type Abilities struct {
	Edits   bool // Amends: the earlier message changes where it stands, or disappears
	Answers bool // Amends: the message is shown as the answer to the earlier one, where it does not replace it
	Hides   bool // a hidden part is shown on a tap, instead of left out
	Buttons bool // Actions
	Limit   int  // characters of title and text together that are never cut in a text in French; 0 for any number
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
	id       string // letters, digits, '-' and '_', at most 64
	subject  rich   // one line
	text     rich
	link     string // of a page, or ""
	level    Level
	thread   string
	amends   Receipt
	school   string // one line
	language string // "fr", "en" or ""
	day      string // one line
	actions  []Action
	events   []Event
	at       time.Time // of the attempt
}

// kinds is the table of channels, in alphabetical order.
var kinds = []kind{
	{"apprise", Abilities{}, func() settings { return new(Apprise) }},
	{"bark", Abilities{Edits: true, Limit: 1200}, func() settings { return new(Bark) }},
	{"command", Abilities{Answers: true}, func() settings { return new(Command) }},
	{"discord", Abilities{Edits: true, Hides: true, Limit: 3500}, func() settings { return new(Discord) }},
	{"email", Abilities{Answers: true}, func() settings { return new(Email) }},
	{"freemobile", Abilities{Limit: 950}, func() settings { return new(FreeMobile) }},
	{"googlechat", Abilities{Limit: 20000}, func() settings { return new(GoogleChat) }},
	{"gotify", Abilities{}, func() settings { return new(Gotify) }},
	{"matrix", Abilities{Edits: true, Answers: true, Hides: true, Limit: 10000}, func() settings { return new(Matrix) }},
	{"mattermost", Abilities{Limit: 14000}, func() settings { return new(Mattermost) }},
	{"ntfy", Abilities{Edits: true, Limit: 3000}, func() settings { return new(Ntfy) }},
	{"pushbullet", Abilities{}, func() settings { return new(Pushbullet) }},
	{"pushover", Abilities{Limit: 1000}, func() settings { return new(Pushover) }},
	{"rocketchat", Abilities{Limit: 4500}, func() settings { return new(RocketChat) }},
	{"signal", Abilities{Limit: 1900}, func() settings { return new(Signal) }},
	{"slack", Abilities{Limit: 3300}, func() settings { return new(Slack) }},
	{"teams", Abilities{Limit: 8000}, func() settings { return new(Teams) }},
	{"telegram", Abilities{Edits: true, Answers: true, Hides: true, Buttons: true, Limit: 3500}, func() settings { return new(Telegram) }},
	{"twilio", Abilities{Limit: 1500}, func() settings { return new(Twilio) }},
	{"webhook", Abilities{Answers: true}, func() settings { return new(Webhook) }},
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

// Able tells what channels of a kind can do; nothing if there is no such kind.
func Able(kind string) Abilities {
	k, _ := find(kind)
	return k.able
}

// Limit is Able(kind).Limit: a message of that many characters, title and text together, is delivered whole.
func Limit(kind string) int { return Able(kind).Limit }

// CanHide reports whether channels of that kind can show the hidden part of a text on demand. Others leave it out.
func CanHide(kind string) bool { return Able(kind).Hides }

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
