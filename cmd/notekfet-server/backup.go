package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/notekfet-server/internal/config"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
)

func (a *app) backupCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "backup FILE",
		Short: "Copy a ledger of SQLite, beside a running server or not, and audit the copy",
		Args:  arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.with(cmd, ledger.Options{}, func(c *config.Config, l *ledger.Ledger) error {
				if err := l.CopyTo(cmd.Context(), args[0]); err != nil {
					return err
				}
				if err := audited(cmd, args[0], l.Rules()); err != nil {
					return errors.Join(err, os.Remove(args[0]))
				}
				_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s: copied and audited\n", args[0])
				return err
			})
		},
	}
}

// audited is an error for a database whose money does not add up.
func audited(cmd *cobra.Command, database string, rules ledger.Rules) error {
	l, err := ledger.Open(cmd.Context(), database, ledger.Options{Rules: rules})
	if err != nil {
		return err
	}
	wrong, err := l.Audit(cmd.Context())
	if err == nil && len(wrong) > 0 {
		err = fmt.Errorf("the copy is not sound, %s: audit the original", wrong[0])
	}
	return errors.Join(err, l.Close())
}
