package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

func (a *app) checkCommand() *cobra.Command {
	var online bool
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Check the configuration; with --online, log in and try the channels too",
		Args:  arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.load(cmd)
			if err != nil {
				return err
			}
			_, _ = fmt.Fprintf(cmd.OutOrStdout(), "%s: %s, %s, no mistakes\n", c.Path, counted(len(c.Accounts), "account"), counted(len(c.Recipients), "recipient"))
			if !online {
				return nil
			}
			return errors.Join(a.checkAccounts(cmd, c), testChannels(cmd, c.Recipients))
		},
	}
	cmd.Flags().BoolVar(&online, "online", false, "log in to each account and send a test message to each recipient")
	return cmd
}

// checkAccounts logs in to each account and says what it finds. A person who
// asks for it has acted, so a suspended account is tried too.
func (a *app) checkAccounts(cmd *cobra.Command, c *config.Config) (err error) {
	m, err := openMirror(cmd.Context(), c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.Close()) }()
	settings, err := engineConfig(c, m.store, a.quietLogger(cmd.ErrOrStderr()))
	if err != nil {
		return err
	}
	engine, err := psync.New(cmd.Context(), settings)
	if err != nil {
		return err
	}
	var errs []error
	for _, account := range c.Accounts {
		ctx, cancel := context.WithTimeout(cmd.Context(), time.Minute)
		session, err := engine.TryLogin(ctx, account.Name)
		cancel()
		if err != nil {
			errs = append(errs, atSchool(account.Name, err))
			continue
		}
		printAccount(cmd, account.Name, session)
	}
	leave, cancel := context.WithTimeout(cmd.Context(), 2*time.Second)
	defer cancel()
	return errors.Join(append(errs, engine.Close(leave))...)
}

func printAccount(cmd *cobra.Command, name string, session *pronote.Session) {
	out := cmd.OutOrStdout()
	_, _ = fmt.Fprintf(out, "%s: logged in to %s, PRONOTE %s\n", name, session.School().Name, session.Version())
	for _, s := range session.Students() {
		_, _ = fmt.Fprintf(out, "  %s, %s\n", s.Name, s.Class)
	}
}
