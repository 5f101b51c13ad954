package main

import (
	"context"
	"sync"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/bot"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

// listen runs the bots of a configuration until ctx is done; the function that it
// returns waits for their end.
func (d *daemonRun) listen(ctx context.Context, c *config.Config) (wait func()) {
	var accounts []string
	for _, account := range c.Accounts {
		accounts = append(accounts, account.Name)
	}
	answers := psync.Answers{Store: d.mirror.store, Accounts: accounts, Wording: wordingOf(c, d.log), Subjects: c.Subjects, Now: d.app.now}
	var running sync.WaitGroup
	for _, b := range bot.New(c.Recipients, answers, d.log) {
		running.Go(func() { b.Run(ctx) })
	}
	return running.Wait
}
