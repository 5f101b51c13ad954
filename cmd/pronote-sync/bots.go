package main

import (
	"context"
	"sync"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/bot"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/notifiers"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

// bots are those of a configuration.
func (d *daemonRun) bots(c *config.Config) []*bot.Bot {
	var accounts []string
	for _, account := range c.Accounts {
		accounts = append(accounts, account.Name)
	}
	answers := psync.Answers{Store: d.mirror.store, Accounts: accounts, Wording: wordingOf(c, d.log), Subjects: c.Subjects, Now: d.app.now}
	return bot.New(c.Recipients, answers, d.log)
}

// listen runs bots until ctx is done; the function that it returns waits for their end.
func listen(ctx context.Context, bots []*bot.Bot) (wait func()) {
	var running sync.WaitGroup
	for _, b := range bots {
		running.Go(func() { b.Run(ctx) })
	}
	return running.Wait
}

// chatQuestion waits for a chat that writes to a bot of the daemon: whoever sets up a
// recipient must not listen to that bot as well, since Telegram tells only one.
var chatQuestion = question[chatAsked, chatHeard]{"chat", func(ctx context.Context, to respondent, q chatAsked) (heard chatHeard, err error) {
	for _, b := range to.bots {
		if b.Is(notifiers.NewSecret(q.Token), q.Server) {
			heard.Known = true
			heard.Chat, heard.Number, err = b.Heard(ctx, q.Behind)
			return heard, err
		}
	}
	return heard, nil
}}

// A chatAsked names a bot, and the last chat that was heard of. It stays on this machine.
type chatAsked struct {
	Token, Server string
	Behind        int
}

// A chatHeard is the next chat. Known is false where the daemon has no such bot.
type chatHeard struct {
	Known  bool
	Chat   bot.Chat
	Number int
}
