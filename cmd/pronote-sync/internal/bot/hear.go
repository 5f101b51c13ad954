package bot

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pronote-sync/pronote-sync/notifiers"
)

// A Chat is where a bot can write to.
type Chat struct {
	ID    int64
	Topic int    // of a group that has topics; 0 for none
	Who   string // a person's name, or that of a group; anybody can choose it
	Group bool
}

// Errors of a bot that is being set up.
var (
	// ErrToken: Telegram does not know the token.
	ErrToken = errors.New("telegram does not know the token")

	// ErrShared: another program reads what is written to the bot.
	ErrShared = errors.New("another program reads what is written to the bot")
)

// Is makes refusals the errors above.
func (r *refusal) Is(target error) bool {
	switch r.status {
	case http.StatusConflict:
		return target == ErrShared
	case http.StatusUnauthorized, http.StatusNotFound:
		return target == ErrToken
	}
	return false
}

// usualServer is Telegram's.
const usualServer = "https://api.telegram.org"

func apiOf(token notifiers.Secret, server string) api {
	return newAPI(token, strings.TrimRight(cmp.Or(server, usualServer), "/"))
}

// Name asks Telegram for the name of the bot of a token. Server is "" for Telegram's own.
func Name(ctx context.Context, token notifiers.Secret, server string) (string, error) {
	var me struct {
		Username string `json:"username"`
	}
	err := apiOf(token, server).call(ctx, "getMe", struct{}{}, &me)
	return me.Username, err
}

// Hear calls accept with each chat from which a bot hears, until it takes one. Nobody else
// may listen to the bot meanwhile: beside a Bot that runs, use Heard.
func Hear(ctx context.Context, token notifiers.Secret, server string, accept func(Chat) (bool, error)) error {
	a := apiOf(token, server)
	var last int64
	for {
		updates, next, err := a.updates(ctx, last)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, ErrShared), errors.Is(err, ErrToken):
			return err
		case err != nil:
			wait(ctx, 5*time.Second) // the network comes and goes
			continue
		}
		for _, text := range updates {
			var u update
			if json.Unmarshal(text, &u) != nil {
				continue
			}
			if c, ok := u.chat(); ok {
				if taken, err := accept(c); taken || err != nil {
					return err
				}
			}
		}
		last = next
	}
}

// chat is where an update was written.
func (u *update) chat() (Chat, bool) {
	m := cmp.Or(u.Message, u.Post)
	if m == nil {
		return Chat{}, false
	}
	c := Chat{ID: m.Chat.ID, Who: m.Chat.Title, Group: m.Chat.Title != ""}
	if m.InTopic {
		c.Topic = m.Topic
	}
	if !c.Group {
		c.Who = m.Chat.FirstName + " " + m.Chat.LastName
		if m.Chat.Username != "" {
			c.Who += " @" + m.Chat.Username
		}
	}
	c.Who = strings.Join(strings.Fields(c.Who), " ")
	return c, true
}

// fewChats is how many chats a bot remembers.
const fewChats = 8

// ears remember the chats that have written to a bot, the last one last.
type ears struct {
	mu    sync.Mutex
	heard []numbered
	count int
	more  chan struct{} // closed when another is heard
}

type numbered struct {
	Chat
	number int
}

func newEars() *ears { return &ears{more: make(chan struct{})} }

func (e *ears) note(c Chat) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.count++
	e.heard = slices.DeleteFunc(e.heard, func(n numbered) bool { return n.ID == c.ID && n.Topic == c.Topic })
	e.heard = append(e.heard, numbered{c, e.count})
	e.heard = e.heard[max(0, len(e.heard)-fewChats):]
	close(e.more)
	e.more = make(chan struct{})
}

// after is the first chat behind a number, or what to wait for.
func (e *ears) after(number int) (numbered, <-chan struct{}) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, n := range e.heard {
		if n.number > number {
			return n, nil
		}
	}
	return numbered{}, e.more
}

// Is reports whether a bot is that of a token.
func (b *Bot) Is(token notifiers.Secret, server string) bool {
	other := apiOf(token, server)
	return b.api.token.Reveal() == other.token.Reveal() && b.api.server == other.server
}

// Heard waits for a chat that has written to the bot behind the one of a number, 0 for the
// first that is remembered, and returns it with its number.
func (b *Bot) Heard(ctx context.Context, behind int) (Chat, int, error) {
	for {
		n, more := b.ears.after(behind)
		if more == nil {
			return n.Chat, n.number, nil
		}
		select {
		case <-more:
		case <-ctx.Done():
			return Chat{}, 0, ctx.Err()
		}
	}
}
