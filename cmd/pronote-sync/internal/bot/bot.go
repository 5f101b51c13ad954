// Package bot answers in Telegram what a family asks of the mirror, and obeys the
// buttons below messages. It asks Telegram for what was written, so that no port
// needs to be open, and reads the mirror alone.
package bot

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/time/rate"

	"github.com/pronote-sync/pronote-sync/notifiers"
	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

// A Bot is one of Telegram's, which some recipients share.
type Bot struct {
	api      api
	chats    map[int64]*chat
	ears     *ears
	answers  psync.Answers
	log      *slog.Logger
	language string        // of the recipients
	slowdown time.Duration // the unit of waits after failures

	troubled string // the last failure that was logged; "" while all is well
	strange  bool   // a stranger was logged
}

// A chat is one that is configured.
type chat struct {
	recipient psync.Recipient
	limit     *rate.Limiter
}

// What one chat may ask: a burst, and as much again in some time. The rest gets no
// answer.
const (
	burst = 10
	pace  = 6 * time.Second
)

// New makes a bot for each token that the channels of some recipients have, where
// they want one. In a chat that several recipients share, the first is answered.
func New(recipients []psync.Recipient, answers psync.Answers, log *slog.Logger) (bots []*Bot) {
	byToken := map[string]*Bot{}
	for _, r := range recipients {
		channel, ok := notifiers.BotOf(r.Notifier)
		if !ok {
			continue
		}
		key := channel.Server + " " + channel.Token.Reveal()
		b := byToken[key]
		if b == nil {
			b = &Bot{
				api: newAPI(channel.Token, channel.Server), chats: map[int64]*chat{}, ears: newEars(), answers: answers, log: log,
				language: r.Language, slowdown: time.Second,
			}
			byToken[key], bots = b, append(bots, b)
		}
		if b.chats[channel.Chat] == nil {
			b.chats[channel.Chat] = &chat{r, rate.NewLimiter(rate.Every(pace), burst)}
		}
	}
	return bots
}

// Run answers until ctx is done.
func (b *Bot) Run(ctx context.Context) {
	b.introduce(ctx)
	var last int64
	failures := 0
	for ctx.Err() == nil {
		updates, next, err := b.api.updates(ctx, last)
		if err != nil {
			failures++
			b.complain(ctx, err)
			wait(ctx, b.waitAfter(err, failures))
			continue
		}
		failures, b.troubled = 0, ""
		for _, text := range updates {
			var u update
			if json.Unmarshal(text, &u) == nil {
				if c, ok := u.chat(); ok {
					b.ears.note(c)
				}
				b.handle(ctx, &u)
			}
		}
		if ctx.Err() == nil { // those that were not handled come again
			last = next
		}
	}
}

// introduce tells Telegram what can be asked, which it offers behind a "/".
func (b *Bot) introduce(ctx context.Context) {
	for _, language := range []string{"", "fr", "en"} {
		shown := cmp.Or(language, b.language)
		var commands []command
		for _, n := range psync.TopicNames {
			commands = append(commands, command{n.In(shown), about[shown][n.Topic]})
		}
		params := map[string]any{"commands": commands, "language_code": language}
		if err := b.api.call(ctx, "setMyCommands", params, nil); err != nil {
			b.log.Debug("telegram does not take the commands", "error", err)
			return // it is only a convenience
		}
	}
}

// complain logs a failure once, until all is well again or another comes up.
func (b *Bot) complain(ctx context.Context, err error) {
	text := err.Error()
	switch {
	case errors.Is(err, ErrShared):
		text = "another program reads what is written to the bot: stop it, or set bot = false"
	case errors.Is(err, ErrToken):
		text = "telegram does not know the token: copy it again from @BotFather"
	}
	if ctx.Err() == nil && b.troubled != text {
		b.log.Warn("the telegram bot does not hear what is asked", "error", text)
		b.troubled = text
	}
}

// Waits after failures, in units of a second.
const (
	firstWait   = 1
	longestWait = 300
	refusedWait = 900 // for a token that is not known: a person must act
	sharedWait  = 60  // for another program to be done
	longestWish = 3600
)

// waitAfter is how long to wait after a failure, the last of some in a row.
func (b *Bot) waitAfter(err error, failures int) time.Duration {
	units := min(firstWait<<min(failures-1, 10), longestWait)
	if r, ok := errors.AsType[*refusal](err); ok {
		switch r.status {
		case http.StatusConflict:
			units = sharedWait
		case http.StatusUnauthorized, http.StatusNotFound:
			units = refusedWait
		case http.StatusTooManyRequests:
			units = max(units, min(int(r.wait/time.Second), longestWish))
		}
	}
	return time.Duration(units) * b.slowdown
}

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// handle answers one update, if it comes from a chat that is configured.
func (b *Bot) handle(ctx context.Context, u *update) {
	switch {
	case u.Pressed != nil:
		b.press(ctx, u.Pressed)
	case u.Message != nil:
		b.hear(ctx, u.Message)
	}
}

// chatOf is the chat of a number if it is configured and may still ask. Others get
// silence: an answer would tell them that somebody is there.
func (b *Bot) chatOf(id int64) *chat {
	c := b.chats[id]
	if c == nil && !b.strange {
		b.strange = true
		b.log.Warn("somebody wrote to the telegram bot from a chat that is not configured, and gets no answer", "chat_id", id)
	}
	if c == nil || !c.limit.Allow() {
		return nil
	}
	return c
}

const (
	tooOld       = 15 * time.Minute // a question that waited longer is not answered: who asked has looked elsewhere
	longestAsked = 100              // bytes of what is read
)

// hear answers a question.
func (b *Bot) hear(ctx context.Context, m *message) {
	if m.Text == "" || b.answers.Now().Sub(time.Unix(m.Date, 0)) > tooOld {
		return
	}
	if m.Chat.Type != "private" && !strings.HasPrefix(m.Text, "/") {
		return // people speak to each other
	}
	c := b.chatOf(m.Chat.ID)
	if c == nil {
		return
	}
	b.say(ctx, c, b.answer(ctx, c.recipient, m.Text))
}

// answer is the reply to what was written.
func (b *Bot) answer(ctx context.Context, to psync.Recipient, text string) psync.Reply {
	words := wordsIn(to.Language)
	if len(text) > longestAsked {
		text = text[:longestAsked]
		for !utf8.ValidString(text) {
			text = text[:len(text)-1]
		}
	}
	asked := strings.Fields(strings.TrimPrefix(text, "/"))
	if len(asked) == 0 {
		return help(to.Language)
	}
	name, _, _ := strings.Cut(asked[0], "@") // "/notes@name_bot" in a group
	topic, ok := psync.TopicOf(name)
	if !ok {
		return help(to.Language)
	}
	var day pronote.Date
	if len(asked) > 1 && topic.HasDay {
		if day, ok = psync.DayOf(asked[1], pronote.DateOf(b.answers.Now().In(to.Location))); !ok {
			return psync.Reply{Title: words.noDay, Text: words.aDay(topic.In(to.Language))}
		}
	}
	reply, err := b.answers.Answer(ctx, to, topic.Topic, day)
	if err != nil {
		if ctx.Err() == nil {
			b.log.Error("a question was not answered", "recipient", to.Name, "question", topic.English, "error", err)
		}
		return psync.Reply{Title: words.failed}
	}
	return reply
}

// say sends a reply on the recipient's own channel, which knows how to.
func (b *Bot) say(ctx context.Context, c *chat, r psync.Reply) {
	for _, part := range r.Split(notifiers.Limit("telegram")) {
		message := notifiers.Message{Title: part.Title, Body: part.Text, Language: c.recipient.Language}
		if _, err := c.recipient.Notifier.Deliver(ctx, message); err != nil {
			if ctx.Err() == nil {
				b.log.Warn("an answer was not delivered", "recipient", c.recipient.Name, "error", err)
			}
			return
		}
	}
}

// press obeys a button, and says so where it was pressed.
func (b *Bot) press(ctx context.Context, q *pressed) {
	c := b.chatOf(q.Message.Chat.ID)
	if c == nil {
		return
	}
	words := wordsIn(c.recipient.Language)
	text := words.stale
	done, err := b.answers.Press(ctx, c.recipient, q.Data)
	switch {
	case err != nil && ctx.Err() != nil:
		return // it comes again
	case err != nil:
		b.log.Error("a button was not obeyed", "recipient", c.recipient.Name, "error", err)
		text = words.failed
	case done != "":
		text = words.done[done]
	}
	if err := b.api.call(ctx, "answerCallbackQuery", map[string]any{"callback_query_id": q.ID, "text": text}, nil); err != nil {
		b.log.Debug("telegram does not take the answer to a button", "error", err) // it waits for a few seconds only
	}
}
