package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/bot"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/setup"
	"github.com/pronote-sync/pronote-sync/notifiers"
)

// greetBot checks a token with Telegram.
func (w *walk) greetBot() error {
	_, err := w.botName()
	return err
}

// botName asks Telegram for the name of the bot.
func (w *walk) botName() (string, error) {
	ctx, cancel := context.WithTimeout(w.ctx, 30*time.Second)
	defer cancel()
	name, err := bot.Name(ctx, notifiers.NewSecret(w.draft.Text("token")), w.draft.Text("server"))
	if err != nil {
		return "", ofTelegram(err)
	}
	return name, nil
}

// findChat waits for somebody to write to the bot. Anybody can, so the person confirms who it is.
func (w *walk) findChat() (bool, error) {
	name, err := w.botName()
	if err != nil {
		return false, err
	}
	w.say("\n" + fmt.Sprintf(w.in(setup.BotIs), name, name))
	w.showCode("https://t.me/" + name)
	w.say(w.in(setup.Waiting))
	ctx, cancel := context.WithTimeout(w.ctx, patient)
	defer cancel()
	err = w.hear(ctx, func(c bot.Chat) (bool, error) {
		who := oneLine(errors.New(c.Who))
		if c.Group {
			who = fmt.Sprintf(w.in(setup.Group), who)
		}
		answer, err := w.ask(fmt.Sprintf(w.in(setup.IsIt), who))
		if err != nil || !setup.Yes(answer) {
			return false, err
		}
		if c.Topic > 0 {
			err = w.draft.Set("thread_id", strconv.Itoa(c.Topic))
		}
		return true, errors.Join(err, w.draft.Set("chat_id", strconv.FormatInt(c.ID, 10)))
	})
	if w.ctx.Err() != nil {
		return false, errInterrupted
	}
	if err != nil {
		w.complain(err) // the number can still be typed
		return false, nil
	}
	return true, nil
}

// patient is how long somebody may take to write to a bot.
const patient = 10 * time.Minute

// hear calls accept with each chat that writes to the bot, until it takes one or ctx is
// done. Where a daemon listens to the bot, it is asked what it hears.
func (w *walk) hear(ctx context.Context, accept func(bot.Chat) (bool, error)) (err error) {
	defer func() {
		if errors.Is(ctx.Err(), context.DeadlineExceeded) && err != nil {
			err = say.Errorf("nobody has written to the bot: check its name, and type the number of the chat, or stop with Ctrl-C and begin again")
		}
	}()
	token, server := w.draft.Text("token"), w.draft.Text("server")
	for asked := (chatAsked{Token: token, Server: server}); ; {
		heard, err := chatHeard{}, error(nil)
		if conn, failed := dialDaemon(ctx, w.config); failed == nil {
			_ = conn.Close() // nothing was said
			heard, err = chatQuestion.post(ctx, w.config, asked)
		}
		if err != nil {
			return err
		}
		if !heard.Known {
			break
		}
		if taken, err := accept(heard.Chat); taken || err != nil {
			return err
		}
		asked.Behind = heard.Number
	}
	err = bot.Hear(ctx, notifiers.NewSecret(token), server, accept)
	if errors.Is(err, bot.ErrShared) || errors.Is(err, bot.ErrToken) {
		return ofTelegram(err)
	}
	return err
}

// ofTelegram says what is wrong with a bot.
func ofTelegram(err error) error {
	switch {
	case errors.Is(err, bot.ErrToken):
		return say.Errorf("Telegram does not know this token: copy it again from @BotFather")
	case errors.Is(err, bot.ErrShared):
		return say.Errorf("another program reads what is written to this bot: stop it, or type the number of the chat")
	}
	if u, ok := errors.AsType[*bot.Unreached](err); ok {
		return say.Errorf("Telegram cannot be reached, check the network: %w", u.Err)
	}
	return say.Errorf("Telegram does not answer as it should, try again")
}
