package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

func (a *app) calendarCommand() *cobra.Command {
	var student string
	cmd := &cobra.Command{
		Use:   "calendar ACCOUNT",
		Short: "Print the address of a timetable for the calendar of a telephone",
		Long: "calendar logs in, asks PRONOTE where a pupil's timetable is as an iCalendar file, prints that address\n" +
			"and logs out. The address is a secret, and is kept nowhere: not in the mirror, and not in a log.",
		Args: arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.load(cmd)
			if err != nil {
				return err
			}
			if _, err := accountNames(c, args); err != nil {
				return err
			}
			return a.calendar(cmd, c, args[0], student)
		},
	}
	cmd.Flags().StringVar(&student, "student", "", "`name` of the child whose timetable it is")
	return cmd
}

func (a *app) calendar(cmd *cobra.Command, c *config.Config, account, student string) error {
	ctx, cancel := context.WithTimeout(cmd.Context(), 2*time.Minute)
	defer cancel()
	var pupil string
	var address pronote.Secret
	err := a.atOnce(ctx, cmd, c, account, func(engine *psync.Engine) (err error) {
		pupil, address, err = engine.Calendar(ctx, account, student)
		return err
	})
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(cmd.ErrOrStderr(), "this is a secret: whoever has it can read the timetable of %s, until you reset the iCal address in PRONOTE\n", cell(pupil)) // the address matters
	_, err = fmt.Fprintln(cmd.OutOrStdout(), address.Reveal())
	return err
}
