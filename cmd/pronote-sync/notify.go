package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
)

func (a *app) notifyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "notify",
		Short: "Try channels, and retry what they refused",
		Args:  noArguments,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		&cobra.Command{
			Use:   "test [RECIPIENT…]",
			Short: "Send a test message to the recipients, or to those named",
			RunE: func(cmd *cobra.Command, names []string) error {
				c, err := a.load(cmd)
				if err != nil {
					return err
				}
				return testChannels(cmd, c, names)
			},
		},
		&cobra.Command{
			Use:   "retry [RECIPIENT]",
			Short: "Make messages that were given up wait for delivery again",
			Args:  cobra.MaximumNArgs(1),
			RunE: func(cmd *cobra.Command, names []string) error {
				c, err := a.load(cmd)
				if err != nil {
					return err
				}
				return retryDeliveries(cmd, c, names)
			},
		})
	return cmd
}

var testMessages = map[string][2]string{
	"fr": {"👋 Message d'essai de pronote-sync", "Si vous lisez ceci, les changements de PRONOTE vous parviendront ici."},
	"en": {"👋 Test message of pronote-sync", "If you read this, the changes of PRONOTE will reach you here."},
}

func testChannels(cmd *cobra.Command, c *config.Config, names []string) error {
	var errs []error
	tried := 0
	for _, r := range c.Recipients {
		if !contains(names, r.Name) {
			continue
		}
		tried++
		text := testMessages[r.Language]
		ctx, cancel := context.WithTimeout(cmd.Context(), 30*time.Second)
		err := r.Notifier.Send(ctx, text[0], text[1])
		cancel()
		if err != nil {
			errs = append(errs, channelError{fmt.Errorf("%s: %w", r.Name, err)})
			continue
		}
		_, _ = fmt.Fprintf(cmd.OutOrStdout(), "%s: delivered by %s\n", r.Name, r.Channel)
	}
	if tried == 0 {
		return usageError{fmt.Errorf("no such recipient in %s: add a [[notify]] table", c.Path)}
	}
	return errors.Join(errs...)
}

// contains reports whether a name is wanted; no names stand for all.
func contains(names []string, name string) bool {
	for _, n := range names {
		if n == name {
			return true
		}
	}
	return len(names) == 0
}

// retryDeliveries works beside a running daemon: the database arbitrates.
func retryDeliveries(cmd *cobra.Command, c *config.Config, names []string) error {
	store, err := db.Open(cmd.Context(), c.Database)
	if err != nil {
		return err
	}
	recipient := ""
	if len(names) == 1 {
		recipient = names[0]
	}
	var n int64
	err = store.Update(cmd.Context(), func(tx *db.Tx) (err error) {
		now := time.Now()
		n, err = tx.Retry(cmd.Context(), recipient, now, pronote.DateTimeOf(now.In(c.Location)))
		return err
	})
	if err = errors.Join(err, store.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d messages wait for delivery again\n", n)
	return err
}
