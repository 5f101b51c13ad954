package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

func (a *app) explainCommand() *cobra.Command {
	filter := db.OutcomeFilter{Last: 10}
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "explain [UID]",
		Short: "Say why something was told, or was not, and when",
		Long: "explain says what became of the last events for each recipient, newest first, or of all that are about the row " +
			"of a UID, which stands in every view and in the JSON of every list. It asks no school.",
		Args: arguments(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if filter.Last < 1 {
				return mistaken(cmd, "option %s must be at least 1", "--last")
			}
			if len(args) > 0 {
				filter.UID = args[0]
				if !cmd.Flags().Changed("last") {
					filter.Last = 0
				}
			}
			c, err := a.loadToRead(cmd)
			if err != nil {
				return err
			}
			if err := isRecipient(c, filter.Recipient); err != nil {
				return err
			}
			outcomes, err := outcomesOf(cmd.Context(), c, filter)
			switch {
			case err != nil:
				return err
			case len(outcomes) == 0 && filter.UID != "":
				return mistaken(cmd, "no event is about %q: copy the uid of a row from pronote-sync changes --json", filter.UID)
			case asJSON:
				return printJSON(cmd.OutOrStdout(), explained(outcomes, a.language))
			}
			return printOutcomes(cmd.OutOrStdout(), outcomes, a.language)
		},
	}
	cmd.Flags().IntVar(&filter.Last, "last", filter.Last, "the last `N` events; all with a UID, if absent")
	cmd.Flags().StringVar(&filter.Recipient, "for", "", "only for this `recipient`")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// isRecipient refuses a name that the configuration does not have; "" is all.
func isRecipient(c *config.Config, name string) error {
	if name == "" {
		return nil
	}
	_, err := recipients(c, []string{name})
	return err
}

func outcomesOf(ctx context.Context, c *config.Config, f db.OutcomeFilter) (list []db.Outcome, err error) {
	store, err := openFilled(ctx, c, db.OpenReadOnly)
	if err != nil {
		return nil, err
	}
	err = store.View(ctx, func(tx *db.Tx) (err error) {
		list, err = tx.Outcomes(ctx, f)
		return err
	})
	return list, errors.Join(err, store.Close())
}

// An explanation is an outcome as programs get it.
type explanation struct {
	At        string `json:"at"`
	Account   string `json:"account"`
	Student   string `json:"student"`
	UID       string `json:"uid"`
	Event     string `json:"event"`
	Summary   string `json:"summary"`
	Recipient string `json:"recipient"`
	Channel   string `json:"channel"`
	State     string `json:"state"`
	Way       string `json:"way"`
	Reason    string `json:"reason"`
	Why       string `json:"why"` // the reason as a sentence
	DueAt     string `json:"due_at"`
	SentAt    string `json:"sent_at"`
	Title     string `json:"title"`
	LastError string `json:"last_error"`
}

func explained(outcomes []db.Outcome, language string) []explanation {
	list := []explanation{}
	for _, o := range outcomes {
		list = append(list, explanation{
			o.At.String(), o.Account, o.Student, o.UID, o.Kind, o.Summary, o.Recipient, o.Channel, o.State, o.Way, o.Reason, psync.Why(o.Reason, language),
			o.DueAt.String(), o.SentAt.String(), o.Title, o.LastError,
		})
	}
	return list
}

// fates say what became of an event, by its state; %s is when.
var fates = map[string]map[string]string{
	"fr": {
		db.Sent: "envoyé le %s", db.Pending: "en attente jusqu’au %s", db.Merged: "dit dans un autre message le %s",
		db.Silent: "pas de message", db.Expired: "pas de message", db.Failed: "pas arrivé",
		db.Digest: ", dans le résumé", "": "personne n’est configuré pour le recevoir",
	},
	"en": {
		db.Sent: "sent at %s", db.Pending: "waits until %s", db.Merged: "told in another message at %s",
		db.Silent: "no message", db.Expired: "no message", db.Failed: "did not arrive",
		db.Digest: ", in the digest", "": "nobody is configured to be told",
	},
}

// printOutcomes writes a line for each event, and below it one for each recipient.
func printOutcomes(out io.Writer, outcomes []db.Outcome, language string) error {
	if len(outcomes) == 0 {
		_, err := fmt.Fprintln(out, say.To(language, "%s.", say.Word("There is nothing to list")))
		return err
	}
	var text strings.Builder
	head := ""
	for _, o := range outcomes {
		about := []string{minute(o.At)}
		for _, part := range []string{o.Student, o.Kind, cut(o.Summary, 2*widestCell), o.UID} {
			if part != "" {
				about = append(about, part)
			}
		}
		if h := cut(strings.Join(about, " · "), 4*widestCell); h != head {
			head = h
			_, _ = fmt.Fprintln(&text, h) // a builder takes everything
		}
		_, _ = fmt.Fprintln(&text, "  "+cut(fateOf(o, language), 4*widestCell))
	}
	_, err := io.WriteString(out, text.String())
	return err
}

// fateOf says what became of an event for a recipient, and why.
func fateOf(o db.Outcome, language string) string {
	words := fates[language]
	if o.Recipient == "" {
		return words[""]
	}
	fate := words[o.State]
	switch {
	case !strings.Contains(fate, "%s"):
	case o.State == db.Pending:
		fate = fmt.Sprintf(fate, minute(o.DueAt))
	default:
		fate = fmt.Sprintf(fate, minute(o.SentAt))
	}
	if o.Way == db.Digest && (o.State == db.Sent || o.State == db.Pending) {
		fate += words[db.Digest]
	}
	colon := ": "
	if language == "fr" {
		colon = " : "
	}
	why := psync.Why(o.Reason, language)
	if o.State == db.Failed && o.LastError != "" {
		why = o.LastError
	}
	return o.Recipient + colon + fate + colon + why
}

// minute is an instant without its seconds, "?" where it is not known.
func minute(t pronote.DateTime) string {
	if t.IsZero() {
		return "?"
	}
	return t.Date.String() + " " + clock(t)
}
