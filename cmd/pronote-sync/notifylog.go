package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/db"
)

func (a *app) notifyLogCommand() *cobra.Command {
	var filter db.Filter
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "log [RECIPIENT]",
		Short: "Show what was sent, with its text",
		Args:  arguments(0, 1),
		RunE: func(cmd *cobra.Command, names []string) error {
			c, err := a.loadToRead(cmd)
			if err != nil {
				return err
			}
			if len(names) > 0 {
				filter.Recipient = names[0]
			}
			if err := isRecipient(c, filter.Recipient); err != nil {
				return err
			}
			store, err := openFilled(cmd.Context(), c, db.OpenReadOnly)
			if err != nil {
				return err
			}
			var letters []db.Record
			err = store.View(cmd.Context(), func(tx *db.Tx) (err error) {
				letters, err = tx.List(cmd.Context(), db.LettersView, filter)
				return err
			})
			if err = errors.Join(err, store.Close()); err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), letters)
			}
			return printLetters(cmd.OutOrStdout(), letters)
		},
	}
	cmd.Flags().IntVar(&filter.Limit, "limit", 20, "at most so many messages; 0 for all")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// printLetters writes messages as they were sent, with a line before each that says
// when, to whom, and what is amiss.
func printLetters(out io.Writer, letters []db.Record) error {
	if len(letters) == 0 {
		_, err := fmt.Fprintln(out, "there is nothing to list")
		return err
	}
	var text strings.Builder
	for i, l := range letters {
		if i > 0 {
			_, _ = fmt.Fprintln(&text) // a builder takes everything
		}
		_, _ = fmt.Fprintln(&text, harmless(letterHead(l)))
		for line := range strings.Lines(fmt.Sprintf("%v\n%v", l["title"], l["text"])) {
			_, _ = fmt.Fprintln(&text, strings.TrimRight("  "+harmless(line), " "))
		}
	}
	_, err := io.WriteString(out, text.String())
	return err
}

// letterHead says when a message was sent, and to whom; of one that was not, how it
// fares.
func letterHead(l db.Record) string {
	at, state := l["sent_at"], ""
	if at == nil {
		at, state = l["composed_at"], fmt.Sprintf("  %v", l["state"])
	}
	head := fmt.Sprintf("%v  %v (%v)%s", at, l["recipient"], l["channel"], state)
	if l["last_error"] != nil {
		head += fmt.Sprintf(": %v", l["last_error"])
	}
	return head
}

// harmless is a line without what a terminal would obey.
func harmless(line string) string { return cut(line, len(line)+1) }
