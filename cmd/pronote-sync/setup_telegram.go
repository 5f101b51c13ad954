package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/setup"
)

// A chat is where a bot can write to.
type chat struct {
	id    int64
	topic int    // of a group that has topics; 0 for none
	who   string // a person's name, or that of a group
	group bool
}

// greetBot checks a token with Telegram.
func (w *walk) greetBot() error {
	ctx, cancel := context.WithTimeout(w.ctx, 30*time.Second)
	defer cancel()
	_, err := botName(ctx, w.draft.Text("token"), w.draft.Text("server"))
	return err
}

// findChat waits for somebody to write to the bot. Anybody can, so the person confirms who it is.
func (w *walk) findChat() (bool, error) {
	token, server := w.draft.Text("token"), w.draft.Text("server")
	name, err := botName(w.ctx, token, server)
	if err != nil {
		return false, err
	}
	w.say("\n" + fmt.Sprintf(w.in(setup.BotIs), name, name))
	w.showCode("https://t.me/" + name)
	w.say(w.in(setup.Waiting))
	err = chatsOf(w.ctx, token, server, func(c chat) (bool, error) {
		who := c.who
		if c.group {
			who = fmt.Sprintf(w.in(setup.Group), who)
		}
		answer, err := w.ask(fmt.Sprintf(w.in(setup.IsIt), who))
		if err != nil || !setup.Yes(answer) {
			return false, err
		}
		if c.topic > 0 {
			err = w.draft.Set("thread_id", strconv.Itoa(c.topic))
		}
		return true, errors.Join(err, w.draft.Set("chat_id", strconv.FormatInt(c.id, 10)))
	})
	if err != nil && w.ctx.Err() == nil {
		w.complain(err) // the number can still be typed
		return false, nil
	}
	return err == nil, err
}

// botName asks Telegram for the name of a bot.
func botName(ctx context.Context, token, server string) (string, error) {
	b, err := bot.New(token, telegramOptions(server, nil)...)
	if err != nil {
		return "", ofTelegram(err)
	}
	me, err := b.GetMe(ctx)
	if err != nil {
		return "", ofTelegram(err)
	}
	return me.Username, nil
}

// chatsOf calls accept with each chat from which the bot hears, until it takes one.
func chatsOf(ctx context.Context, token, server string, accept func(chat) (bool, error)) error {
	ctx, cancel := context.WithCancel(ctx)
	chats, problems := make(chan chat), make(chan error, 1)
	options := telegramOptions(server, func(err error) {
		if errors.Is(err, bot.ErrorConflict) || errors.Is(err, bot.ErrorUnauthorized) {
			select {
			case problems <- ofTelegram(err):
			default:
			}
		}
	})
	options = append(options, bot.WithNotAsyncHandlers(), bot.WithDefaultHandler(func(ctx context.Context, _ *bot.Bot, update *models.Update) {
		if c, ok := chatOf(update); ok {
			select {
			case chats <- c:
			case <-ctx.Done():
			}
		}
	}))
	b, err := bot.New(token, options...)
	if err != nil {
		cancel()
		return ofTelegram(err)
	}
	done := make(chan struct{})
	go func() {
		b.Start(ctx)
		close(done)
	}()
	defer func() {
		cancel()
		<-done
	}()
	for {
		select {
		case c := <-chats:
			if taken, err := accept(c); taken || err != nil {
				return err
			}
		case err := <-problems:
			return err
		case <-ctx.Done():
			return errInterrupted
		}
	}
}

// telegramOptions are those of a bot that writes no log of its own.
func telegramOptions(server string, failed func(error)) []bot.Option {
	if failed == nil {
		failed = func(error) {}
	}
	options := []bot.Option{bot.WithSkipGetMe(), bot.WithErrorsHandler(failed)}
	if server != "" {
		options = append(options, bot.WithServerURL(strings.TrimRight(server, "/")))
	}
	return options
}

// chatOf is where an update came from.
func chatOf(u *models.Update) (chat, bool) {
	switch {
	case u.Message != nil:
		c := chatFrom(u.Message.Chat)
		if u.Message.IsTopicMessage {
			c.topic = u.Message.MessageThreadID
		}
		return c, true
	case u.ChannelPost != nil:
		return chatFrom(u.ChannelPost.Chat), true
	}
	return chat{}, false
}

func chatFrom(c models.Chat) chat {
	who := strings.TrimSpace(c.FirstName + " " + c.LastName)
	if c.Username != "" {
		who = strings.TrimSpace(who + " @" + c.Username)
	}
	if c.Title != "" {
		return chat{id: c.ID, who: oneLine(errors.New(c.Title)), group: true}
	}
	return chat{id: c.ID, who: oneLine(errors.New(who))}
}

// ofTelegram says what is wrong without the address, which holds the token.
func ofTelegram(err error) error {
	switch {
	case errors.Is(err, bot.ErrorUnauthorized) || errors.Is(err, bot.ErrorNotFound):
		return say.Errorf("Telegram does not know this token: copy it again from @BotFather")
	case errors.Is(err, bot.ErrorConflict):
		return say.Errorf("another program reads what is written to this bot: stop it, or type the number of the chat")
	}
	if u, ok := errors.AsType[*url.Error](err); ok {
		return say.Errorf("Telegram cannot be reached, check the network: %w", u.Err)
	}
	return say.Errorf("Telegram does not answer as it should, try again")
}
