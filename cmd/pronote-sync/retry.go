package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
)

func (a *app) notifyRetryCommand() *cobra.Command {
	var heir string
	cmd := &cobra.Command{
		Use:   "retry [RECIPIENT…]",
		Short: "Queue messages again that were given up",
		Long: "retry queues messages again that were given up. Those of a name that is no longer configured go to whoever has its " +
			"channel now.",
		RunE: func(cmd *cobra.Command, names []string) error {
			c, err := a.load(cmd)
			if err != nil {
				return err
			}
			return a.retryDeliveries(cmd, c, names, heir)
		},
	}
	cmd.Flags().StringVar(&heir, "to", "", "`recipient` for the messages of names that are no longer configured")
	return cmd
}

// A retried recipient has messages queued again, for itself or for the one who has
// its channel now.
type retried struct {
	name, heir string
	events     int64
}

// retryDeliveries works beside a running daemon, which then looks at once: the
// database arbitrates.
func (a *app) retryDeliveries(cmd *cobra.Command, c *config.Config, names []string, heir string) error {
	store, err := openFilled(cmd.Context(), c, db.OpenExisting)
	if err != nil {
		return err
	}
	var list []retried
	err = store.Update(cmd.Context(), func(tx *db.Tx) (err error) {
		if list, err = whoRetries(cmd.Context(), tx, c, names, heir); err != nil {
			return err
		}
		for i, r := range list {
			if list[i].events, err = retry(cmd.Context(), tx, c, r, a.now()); err != nil {
				return err
			}
		}
		return nil
	})
	if err = errors.Join(err, store.Close()); err != nil {
		return err
	}
	wakeDaemon(cmd.Context(), c)
	for _, r := range list {
		if r.heir != r.name {
			_, _ = fmt.Fprintln(cmd.OutOrStdout(), a.in("%s: events queued again for %s: %d", r.name, r.heir, r.events)) // nobody reads on
			continue
		}
		_, _ = fmt.Fprintln(cmd.OutOrStdout(), a.in("%s: events queued again: %d", r.name, r.events))
	}
	return nil
}

func retry(ctx context.Context, tx *db.Tx, c *config.Config, r retried, now time.Time) (int64, error) {
	at := pronote.DateTimeOf(now.In(c.Location))
	if r.heir == r.name {
		return tx.Retry(ctx, r.name, now, at)
	}
	return tx.Forward(ctx, r.name, db.Address{Recipient: r.heir, Channel: channelOf(c, r.heir), Due: now, DueAt: at})
}

// whoRetries are the recipients that are named, or all that are configured. A name
// that only the database knows belongs to somebody who was renamed.
func whoRetries(ctx context.Context, tx *db.Tx, c *config.Config, names []string, heir string) (list []retried, err error) {
	var configured []string
	for _, r := range c.Recipients {
		configured = append(configured, r.Name)
	}
	if len(names) == 0 {
		names = configured
	}
	if heir != "" {
		if _, err := named("recipient", c.Path, []string{heir}, configured); err != nil {
			return nil, err
		}
	}
	counts, err := tx.DeliveryCounts(ctx)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		of := slices.IndexFunc(counts, func(d db.DeliveryCount) bool { return d.Recipient == name && d.Pending+d.Failed > 0 })
		r := retried{name: name, heir: name}
		switch {
		case slices.Contains(configured, name):
		case of < 0:
			_, err := named("recipient", c.Path, []string{name}, configured)
			return nil, err
		case heir != "":
			r.heir = heir
		default:
			if r.heir, err = heirOf(c, counts[of]); err != nil {
				return nil, err
			}
		}
		list = append(list, r)
	}
	return list, nil
}

// heirOf is the one recipient who has the channel of a name that is gone.
func heirOf(c *config.Config, left db.DeliveryCount) (string, error) {
	var heirs []string
	for _, r := range c.Recipients {
		if r.Channel == left.Channel {
			heirs = append(heirs, r.Name)
		}
	}
	switch len(heirs) {
	case 1:
		return heirs[0], nil
	case 0:
		return "", usageError{say.Errorf("%s had %s, which nobody in %s has now: say with --to who gets the messages", left.Recipient, left.Channel, c.Path)}
	}
	return "", usageError{say.Errorf("%s had %s, like %s in %s: say with --to who gets the messages", left.Recipient, left.Channel, strings.Join(heirs, ", "), c.Path)}
}

func channelOf(c *config.Config, name string) string {
	for _, r := range c.Recipients {
		if r.Name == name {
			return r.Channel
		}
	}
	return ""
}
