package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/table"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

// mostDays bounds how far back a simulation goes: a school year and its holidays.
const mostDays = 366

func (a *app) simulateCommand() *cobra.Command {
	var days int
	var who string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "simulate",
		Short: "Show what the rules of the configuration would have sent lately",
		Long: "simulate routes and words again what the mirror noticed in the last days, by the rules of the configuration, and " +
			"prints which messages they would have made. It sends nothing, writes nothing and asks no school. With --config it " +
			"tries a configuration that is not in force yet.",
		Args: arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if days < 1 || days > mostDays {
				return mistaken(cmd, "option %s must be from 1 to %d", "--days", mostDays)
			}
			c, err := a.loadToRead(cmd)
			if err != nil {
				return err
			}
			var names []string
			if who != "" {
				names = []string{who}
			}
			wanted, err := recipients(c, names)
			if err != nil {
				return err
			}
			if len(wanted) == 0 {
				return configError{say.Errorf("there is nobody to write to in %s: add a [[notify]] table", c.Path)}
			}
			past, err := a.simulate(cmd, c, wanted, days)
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), past)
			}
			return past.print(a.writerTo(cmd.OutOrStdout()))
		},
	}
	cmd.Flags().IntVar(&days, "days", 30, "how many `days` back to begin")
	cmd.Flags().StringVar(&who, "for", "", "only for this `recipient`")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// simulate works on a copy of the mirror that is thrown away.
func (a *app) simulate(cmd *cobra.Command, c *config.Config, wanted []psync.Recipient, days int) (past simulated, err error) {
	ctx := cmd.Context()
	dir, err := dryFolder()
	if err != nil {
		return past, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	store, err := openFilled(ctx, c, db.OpenReadOnly)
	if err != nil {
		return past, err
	}
	scratch := filepath.Join(dir, "mirror.db")
	if err := errors.Join(store.CopyTo(ctx, scratch), store.Close()); err != nil {
		return past, err
	}
	if store, err = db.Open(ctx, scratch); err != nil {
		return past, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	log := a.quietLogger(cmd.ErrOrStderr())
	now := a.now().In(c.Location)
	s := psync.Simulation{
		Store: store, Recipients: wanted, Wording: wordingOf(c, log), Log: log, To: now,
		From: time.Date(now.Year(), now.Month(), now.Day()-days, 0, 0, 0, 0, c.Location),
	}
	for _, account := range c.Accounts {
		s.Accounts = append(s.Accounts, psync.Account{Name: account.Name, URL: account.URL, Location: account.Location})
	}
	if err := s.Run(ctx); err != nil {
		return past, err
	}
	past.From, past.To = s.From.Format(time.DateOnly), now.Format(time.DateOnly)
	return past, past.read(ctx, store, wanted)
}

// A simulated stretch of time is what simulate prints.
type simulated struct {
	From       string        `json:"from"` // days
	To         string        `json:"to"`
	Recipients []toldOnPaper `json:"recipients"`
}

// What would have been sent to a recipient.
type toldOnPaper struct {
	Recipient string      `json:"recipient"`
	AtOnce    int         `json:"at_once"`
	Digests   int         `json:"digests"`
	Kinds     []db.Tally  `json:"kinds"`
	Messages  []db.Record `json:"messages"` // oldest first
}

func (s *simulated) read(ctx context.Context, store *db.Store, wanted []psync.Recipient) error {
	since, err := pronote.ParseDate(s.From)
	if err != nil {
		return err
	}
	return store.View(ctx, func(tx *db.Tx) error {
		all, err := tx.Tallies(ctx, pronote.DateTime{Date: since})
		if err != nil {
			return err
		}
		for _, r := range wanted {
			told := toldOnPaper{Recipient: r.Name, Kinds: []db.Tally{}}
			if told.Messages, err = tx.List(ctx, db.LettersView, db.Filter{Recipient: r.Name, Since: s.From}); err != nil {
				return err
			}
			slices.Reverse(told.Messages)
			for _, m := range told.Messages {
				if m["kind"] == db.News {
					told.AtOnce++
				} else {
					told.Digests++
				}
			}
			for _, t := range all {
				if t.Recipient == r.Name {
					told.Kinds = append(told.Kinds, t)
				}
			}
			s.Recipients = append(s.Recipients, told)
		}
		return nil
	})
}

func (s simulated) print(w writer) error {
	for i, r := range s.Recipients {
		if i > 0 {
			_, _ = fmt.Fprintln(w) // an error shows below
		}
		w.tell("%s, %s to %s: %d messages at once, %d digests", r.Recipient, w.when(s.From), w.when(s.To), r.AtOnce, r.Digests)
		if len(r.Kinds)+len(r.Messages) > 0 {
			_, _ = fmt.Fprintln(w)
		}
		kinds := table.Table{Columns: []table.Column{
			w.head("Event"), w.head("At once").Figures(), w.head("Digest").Figures(), w.head("Merged").Figures(), w.head("Silent").Figures(), w.head("Waiting").Figures(),
		}}
		for _, k := range r.Kinds {
			row := []string{k.Kind}
			for _, n := range []int{k.Now, k.Digest, k.Merged, k.Silent, k.Waiting} {
				row = append(row, fmt.Sprint(n))
			}
			kinds.Rows = append(kinds.Rows, row)
		}
		messages := table.Table{Columns: []table.Column{w.head("When"), w.head("As").Ranked(1), w.head("Title").AtLeast(20)}}
		for _, m := range r.Messages {
			messages.Rows = append(messages.Rows, []string{w.when(m["composed_at"]), say.Text(w.language, w.plain(m["kind"])), w.plain(m["title"])})
		}
		if err := w.tables(kinds, messages); err != nil {
			return err
		}
	}
	return nil
}
