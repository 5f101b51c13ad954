package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/notifiers"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

func (a *app) notifyCommand() *cobra.Command {
	cmd := group(&cobra.Command{
		Use:   "notify",
		Short: "Set up channels, try them, show what was sent, and retry what was refused",
	})
	cmd.AddCommand(
		&cobra.Command{
			Use:   "test [RECIPIENT…]",
			Short: "Send a test message to the recipients, or to those named",
			RunE: func(cmd *cobra.Command, names []string) error {
				c, err := a.load(cmd)
				if err != nil {
					return err
				}
				wanted, err := recipients(c, names)
				if err != nil {
					return err
				}
				if len(wanted) == 0 {
					return configError{say.Errorf("there is nobody to write to in %s: add a [[notify]] table", c.Path)}
				}
				return a.testChannels(cmd, wanted)
			},
		},
		a.notifyLogCommand(),
		a.notifyRetryCommand(),
		a.notifySetupCommand(),
	)
	return cmd
}

var testMessages = map[string][2]string{
	"fr": {"👋 Message d'essai de pronote-sync", "Si vous lisez ceci, les changements de PRONOTE vous parviendront ici."},
	"en": {"👋 Test message of pronote-sync", "If you read this, the changes of PRONOTE will reach you here."},
}

// recipients are those that the command line names, or all.
func recipients(c *config.Config, names []string) ([]psync.Recipient, error) {
	var all []string
	for _, r := range c.Recipients {
		all = append(all, r.Name)
	}
	names, err := named("recipient", c.Path, names, all)
	if err != nil {
		return nil, err
	}
	var wanted []psync.Recipient
	for _, r := range c.Recipients {
		if slices.Contains(names, r.Name) {
			wanted = append(wanted, r)
		}
	}
	return wanted, nil
}

func (a *app) testChannels(cmd *cobra.Command, wanted []psync.Recipient) error {
	var errs []error
	for _, r := range wanted {
		text := testMessages[r.Language]
		ctx, cancel := context.WithTimeout(cmd.Context(), 30*time.Second)
		_, err := r.Notifier.Deliver(ctx, notifiers.Message{Title: text[0], Body: text[1]})
		cancel()
		if err != nil {
			errs = append(errs, channelError{r.Name, err})
			continue
		}
		_, _ = fmt.Fprintln(cmd.OutOrStdout(), a.in("%s: delivered by %s", r.Name, r.Channel)) // nobody reads on
	}
	return errors.Join(errs...)
}
