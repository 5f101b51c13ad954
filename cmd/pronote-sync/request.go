package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

func (a *app) requestCommand() *cobra.Command {
	var tab int
	var student, data string
	cmd := &cobra.Command{
		Use:   "request ACCOUNT FUNCTION",
		Short: "Call a function of PRONOTE's protocol and print its answer",
		Long: "request logs in, calls one function by PRONOTE's own name for it, prints the data of the answer\n" +
			"as JSON and logs out. It is for looking at what the mirror does not hold. Functions whose names\n" +
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
			call := pronote.Call{Function: args[1], Tab: pronote.Tab(tab), Data: json.RawMessage(data)}
			return a.request(cmd, c, args[0], student, call)
		},
	}
	cmd.Flags().IntVar(&tab, "tab", int(pronote.TabHome), "`number` of the tab that the call comes from")
	cmd.Flags().StringVar(&student, "student", "", "`name` of the child that the call is about")
	cmd.Flags().StringVar(&data, "data", "{}", "`JSON` to send")
	return cmd
}

func (a *app) request(cmd *cobra.Command, c *config.Config, account, student string, call pronote.Call) error {
	ctx, cancel := context.WithTimeout(cmd.Context(), 2*time.Minute)
	defer cancel()
	var answer pronote.Answer
	err := a.atOnce(ctx, cmd, c, account, func(engine *psync.Engine) (err error) {
		answer, err = engine.Request(ctx, account, student, call)
		return err
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(cmd.OutOrStdout(), string(answer.Data))
	return err
}

// atOnce asks something of an account through an engine of its own, for the login
// must come out of its budget, and logs out.
func (a *app) atOnce(ctx context.Context, cmd *cobra.Command, c *config.Config, account string, ask func(*psync.Engine) error) error {
	m, err := openMirror(ctx, c)
	if err != nil {
		return err
	}
	settings, err := engineConfig(c, m.store, a.quietLogger(cmd.ErrOrStderr()))
	if err != nil {
		return errors.Join(err, m.Close())
	}
	engine, err := psync.New(ctx, settings)
	if err != nil {
		return errors.Join(err, m.Close())
	}
	if err = ask(engine); err != nil {
		err = atSchool(account, err)
	}
	leave, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	return errors.Join(err, engine.Close(leave), m.Close())
}
