package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/notekfet-server/internal/config"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
)

func (a *app) auditCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "audit",
		Short: "Check that the money adds up, beside a running server or not",
		Args:  arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.with(cmd, ledger.Options{}, func(c *config.Config, l *ledger.Ledger) error {
				wrong, err := l.Audit(cmd.Context())
				if err != nil {
					return err
				}
				if asJSON {
					err = json.NewEncoder(cmd.OutOrStdout()).Encode(map[string]any{"ok": len(wrong) == 0, "wrong": append([]string{}, wrong...)})
				} else if len(wrong) == 0 {
					_, err = fmt.Fprintln(cmd.OutOrStdout(), "every balance is what its transactions make, and all together are 0")
				}
				if err != nil || len(wrong) == 0 {
					return err
				}
				if asJSON {
					return fmt.Errorf("%d things are wrong: restore a backup, or write to the treasurer", len(wrong))
				}
				var errs []error
				for _, text := range wrong {
					errs = append(errs, errors.New(text))
				}
				return errors.Join(errs...)
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}
