package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/sync/school"
)

func (a *app) calendarCommand() *cobra.Command {
	var student string
	cmd := &cobra.Command{
		Use:   "calendar ACCOUNT",
		Short: "Print the address of a timetable for the calendar of a telephone",
		Long:  "calendar asks PRONOTE where a pupil's timetable is as an iCalendar file, and prints that address. The address is a secret, and is kept nowhere: not in the mirror, and not in a log.",
		Args:  arguments(1, 1),
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

// calendarQuestion asks for the address of a timetable.
var calendarQuestion = question[calendarAsked, calendarFound]{"calendar", func(ctx context.Context, to respondent, q calendarAsked) (calendarFound, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	pupil, address, err := school.Calendar(ctx, to.engine, q.Account, q.Student)
	if err != nil {
		return calendarFound{}, atSchool(q.Account, err)
	}
	return calendarFound{pupil, address.Reveal()}, nil
}}

type calendarAsked struct{ Account, Student string }

type calendarFound struct{ Pupil, Address string }

func (a *app) calendar(cmd *cobra.Command, c *config.Config, account, student string) error {
	found, err := calendarQuestion.put(cmd, a, c, calendarAsked{account, student})
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintln(cmd.ErrOrStderr(), a.in("this is a secret: whoever has it can read the timetable of %s, until you reset the iCal address in PRONOTE", cell(found.Pupil))) // the address matters
	_, err = fmt.Fprintln(cmd.OutOrStdout(), found.Address)
	return err
}
