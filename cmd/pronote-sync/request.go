package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/sync/school"
)

func (a *app) requestCommand() *cobra.Command {
	var tab int
	var student, data string
	cmd := &cobra.Command{
		Use:   "request ACCOUNT FUNCTION",
		Short: "Call a function of PRONOTE's protocol and print its answer",
		Long: "request calls one function by PRONOTE's own name for it, and prints the data of the answer as " +
			"JSON. It is for looking at what the mirror does not hold. Functions whose names " +
			"start with Saisie change something at the school.",
		Example: `  pronote-sync request lea PageMenus --tab 10 --data '{"date":{"_T":7,"V":"17/11/2025"}}'`,
		Args:    arguments(2, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !json.Valid([]byte(data)) {
				return mistaken(cmd, "--data is not JSON")
			}
			c, err := a.load(cmd)
			if err != nil {
				return err
			}
			if _, err := accountNames(c, args[:1]); err != nil {
				return err
			}
			asked := requestAsked{args[0], student, args[1], pronote.Tab(tab), json.RawMessage(data)}
			answer, err := requestQuestion.put(cmd, a, c, asked)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), string(answer))
			return err
		},
	}
	countVar(cmd, &tab, "tab", int(pronote.TabHome), "`number` of the tab that the call comes from")
	cmd.Flags().StringVar(&student, "student", "", "`name` of the child that the call is about")
	cmd.Flags().StringVar(&data, "data", "{}", "`JSON` to send")
	return cmd
}

// requestQuestion makes a low-level call.
var requestQuestion = question[requestAsked, json.RawMessage]{"request", func(ctx context.Context, to respondent, q requestAsked) (json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	answer, err := school.Request(ctx, to.engine, q.Account, q.Student, pronote.Call{Function: q.Function, Tab: q.Tab, Data: q.Data})
	if err != nil {
		return nil, atSchool(q.Account, err)
	}
	return answer.Data, nil
}}

type requestAsked struct {
	Account, Student, Function string
	Tab                        pronote.Tab
	Data                       json.RawMessage
}
