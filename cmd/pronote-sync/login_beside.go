package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/time/rate"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

// givenUp reports whether a daemon runs that has given an account with a token
// up. It will not touch the token then, and others may.
func (a *app) givenUp(ctx context.Context, c *config.Config, name string) bool {
	list, running := askDaemon(ctx, c)
	return running && accountNamed(c.Accounts, name).ByToken && slices.ContainsFunc(list, func(s psync.AccountStatus) bool {
		return s.Name == name && s.Phase == db.Suspended
	})
}

// loginBeside logs in while that daemon runs, and has it take the account up
// again.
func (a *app) loginBeside(ctx context.Context, cmd *cobra.Command, c *config.Config, name string, flags loginFlags) error {
	account := withDevice(c, nil, accountNamed(c.Accounts, name))
	spacing := rate.NewLimiter(rate.Every(c.Budget.Spacing), 1)
	options := &pronote.Options{
		KeepDevice: account.KeepDevice, Log: a.quietLogger(cmd.ErrOrStderr()),
		Before: func(ctx context.Context, _ string) error { return spacing.Wait(ctx) },
	}
	l := &loginRun{asker: newAsker(ctx, cmd), account: account, flags: flags, portal: c.Logins[name]}
	l.login = func(ctx context.Context, credentials pronote.Credentials) (*pronote.Session, error) {
		credentials.Device.Name = account.Device
		return pronote.Login(ctx, account.URL, credentials, options)
	}
	session, err := l.run(ctx)
	if err != nil {
		return interrupted(ctx, err)
	}
	printAccount(cmd, name, session)
	leave, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	_ = session.Close(leave) // a school that does not answer will notice by itself
	if err := reloadDaemon(leave, c); err != nil {
		return fmt.Errorf("the token is kept, but the daemon does not know yet, reload it: %w", err)
	}
	return nil
}
