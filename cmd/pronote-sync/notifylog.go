package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/db"
)

func (a *app) notifyLogCommand() *cobra.Command {
	var filter db.Filter
	var format format
	cmd := &cobra.Command{
		Use:   "log [RECIPIENT]",
		Short: "Show what was sent, with its text",
		Args:  arguments(0, 1),
		RunE: func(cmd *cobra.Command, names []string) error {
			if err := format.check(cmd); err != nil {
				return err
			}
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
			var columns []string
			err = store.View(cmd.Context(), func(tx *db.Tx) (err error) {
				if columns, err = tx.Columns(cmd.Context(), db.LettersView); err != nil {
					return err
				}
				letters, err = tx.List(cmd.Context(), db.LettersView, filter)
				return err
			})
			if err = errors.Join(err, store.Close()); err != nil {
				return err
			}
			switch {
			case format.json:
				return printJSON(cmd.OutOrStdout(), letters)
			case format.csv:
				return printCSV(cmd.OutOrStdout(), columns, letters)
			}
			return a.writerTo(cmd.OutOrStdout()).letters(letters)
		},
	}
	countVar(cmd, &filter.Limit, "limit", 20, "at most `N` messages; 0 for all")
	format.flags(cmd)
	return cmd
}

// letters writes messages as they were sent, with a line before each that says when, to
// whom, and what is amiss.
func (w writer) letters(letters []db.Record) error {
	if len(letters) == 0 {
		w.tell("There are no messages.")
		return nil
	}
	var text strings.Builder
	for i, l := range letters {
		if i > 0 {
			_, _ = fmt.Fprintln(&text) // a builder takes everything
		}
		_, _ = fmt.Fprintln(&text, harmless(w.letterHead(l)))
		for line := range strings.Lines(fmt.Sprintf("%v\n%v", l["title"], l["text"])) {
			_, _ = fmt.Fprintln(&text, strings.TrimRight("  "+harmless(line), " "))
		}
	}
	_, err := io.WriteString(w, text.String())
	return err
}

// letterHead says when a message was sent, and to whom; of one that was not, how it
// fares.
func (w writer) letterHead(l db.Record) string {
	at, state := l["sent_at"], ""
	if at == nil {
		at, state = l["composed_at"], "  "+say.Text(w.language, w.plain(l["state"]))
	}
	head := fmt.Sprintf("%s  %v (%v)%s", w.when(at), l["recipient"], l["channel"], state)
	if l["last_error"] != nil {
		head += say.Text(w.language, ":") + fmt.Sprintf(" %v", l["last_error"])
	}
	return head
}

// harmless is a line without what a terminal would obey.
func harmless(line string) string { return printable(strings.TrimRight(line, "\n")) }
