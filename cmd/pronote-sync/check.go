package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
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
			a.writerTo(cmd.OutOrStdout()).tell("%s: no mistakes; accounts: %d, recipients: %d", c.Path, len(c.Accounts), len(c.Recipients))
			if !online {
				return nil
			}
			return interrupted(cmd.Context(), errors.Join(a.checkAccounts(cmd, c), a.testChannels(cmd, c.Recipients)))
		},
	}
	cmd.Flags().BoolVar(&online, "online", false, "log in to each account and send a test message to each recipient")
	return cmd
}

// checkQuestion logs in to each account that has no session. A person who asks for
// it has acted, so a suspended account is tried too.
var checkQuestion = question[[]string, map[string]psync.Welcome]{"check", func(ctx context.Context, to respondent, accounts []string) (map[string]psync.Welcome, error) {
	let, errs := map[string]psync.Welcome{}, []error(nil)
	for _, name := range accounts {
		limited, cancel := context.WithTimeout(ctx, time.Minute)
		welcome, err := to.engine.TryLogin(limited, name)
		cancel()
		if err != nil {
			errs = append(errs, atSchool(name, err))
			continue
		}
		let[name] = welcome
	}
	return let, errors.Join(errs...)
}}

func (a *app) checkAccounts(cmd *cobra.Command, c *config.Config) error {
	accounts, err := accountNames(c, nil)
	if err != nil {
		return err
	}
	let, err := checkQuestion.put(cmd, a, c, accounts)
	for _, name := range accounts {
		if welcome, ok := let[name]; ok {
			a.printAccount(cmd, name, welcome)
		}
	}
	return err
}

func (a *app) printAccount(cmd *cobra.Command, name string, welcome psync.Welcome) {
	out := cmd.OutOrStdout()
	school := welcome.School
	if welcome.Version != "" {
		school += ", PRONOTE " + welcome.Version
	}
	_, _ = fmt.Fprintln(out, a.in("%s: logged in to %s", name, school)) // nobody reads on
	for _, s := range welcome.Pupils {
		pupil := s.Name
		if s.Class != "" {
			pupil += ", " + s.Class
		}
		_, _ = fmt.Fprintf(out, "  %s\n", pupil)
	}
}
