package main

import (
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

func (a *app) askCommand() *cobra.Command {
	var as string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "ask QUESTION [DAY]",
		Short: "Answer a question from the mirror, as the Telegram bot does",
		Long: "ask answers in the words of the messages: notes, devoirs, edt, absences, menu, semaine or pourquoi, or " +
			"in English marks, homework, timetable, absences, menu, week or why. It asks no school. " +
			"A DAY is one like 2025-11-20, demain or jeudi.",
		Args: arguments(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.loadToRead(cmd)
			if err != nil {
				return err
			}
			who, err := a.asking(cmd, c, as)
			if err != nil {
				return err
			}
			topic, day, err := a.question(cmd, who, args)
			if err != nil {
				return err
			}
			if topic.Topic == psync.AskWhy && who.Name == "" {
				return mistaken(cmd, "say whose messages are meant: --as RECIPIENT")
			}
			accounts, err := accountNames(c, nil)
			if err != nil {
				return err
			}
			store, err := openFilled(cmd.Context(), c, db.OpenReadOnly)
			if err != nil {
				return err
			}
			answers := psync.Answers{Store: store, Accounts: accounts, Wording: wordingOf(c, a.logger(cmd.ErrOrStderr())), Subjects: c.Subjects, Now: a.now}
			reply, err := answers.Answer(cmd.Context(), who, topic.Topic, day)
			if err = errors.Join(err, store.Close()); err != nil {
				return err
			}
			return printReply(cmd.OutOrStdout(), topic, day, reply.Uncovered(), asJSON)
		},
	}
	cmd.Flags().StringVar(&as, "as", "", "as this `recipient` would be answered: about the same children, in the same words (default: about all, in full)")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// asking is the recipient of a name; without one, somebody who may know all. A single
// recipient's name stands for whoever asks why.
func (a *app) asking(cmd *cobra.Command, c *config.Config, name string) (psync.Recipient, error) {
	if name == "" {
		who := psync.Recipient{Reveal: psync.RevealFull, Language: c.Language, Location: c.Location}
		if len(c.Recipients) == 1 {
			who.Name = c.Recipients[0].Name
		}
		return who, nil
	}
	found, err := recipients(c, []string{name})
	if err != nil {
		return psync.Recipient{}, err
	}
	return found[0], nil
}

// question reads the arguments of the command.
func (a *app) question(cmd *cobra.Command, who psync.Recipient, args []string) (psync.TopicName, pronote.Date, error) {
	topic, ok := psync.TopicOf(args[0])
	if !ok {
		var names []string
		for _, n := range psync.TopicNames {
			names = append(names, n.In(a.language))
		}
		return topic, pronote.Date{}, mistaken(cmd, "there is no question %q: ask %s", args[0], say.Choice(names))
	}
	if len(args) == 1 {
		return topic, pronote.Date{}, nil
	}
	if !topic.HasDay {
		return topic, pronote.Date{}, mistaken(cmd, "there is no use for %q", args[1])
	}
	day, ok := psync.DayOf(args[1], pronote.DateOf(a.now().In(who.Location)))
	if !ok {
		return topic, day, mistaken(cmd, notADay, args[0], args[1])
	}
	return topic, day, nil
}

// printReply writes an answer for people, or for a program that passes it on.
func printReply(out io.Writer, topic psync.TopicName, day pronote.Date, r psync.Reply, asJSON bool) error {
	if asJSON {
		return printJSON(out, map[string]string{"question": topic.English, "day": day.String(), "title": r.Title, "text": r.Text})
	}
	_, err := fmt.Fprintln(out, printable(strings.TrimSpace(r.Title+"\n\n"+r.Text)))
	return err
}

// printable is a text without what a terminal would obey.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return -1
		}
		return r
	}, text)
}
