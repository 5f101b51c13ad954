package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/notekfet-server/internal/config"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
)

func (a *app) categoryCommand() *cobra.Command {
	cmd := group(&cobra.Command{Use: "category", Short: "List and add categories of buttons"})
	cmd.AddCommand(&cobra.Command{
		Use: "list", Short: "List the categories", Args: arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.with(cmd, ledger.Options{}, func(_ *config.Config, l *ledger.Ledger) error {
				var list []string
				err := l.View(cmd.Context(), func(tx *ledger.Tx) (err error) {
					list, err = tx.Categories()
					return err
				})
				if err != nil {
					return err
				}
				for _, name := range list {
					if _, err := fmt.Fprintln(cmd.OutOrStdout(), name); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}, &cobra.Command{
		Use: "add NAME", Short: "Add a category", Args: arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !ledger.IsName(args[0]) {
				return mistaken(cmd, "the name is empty or too long")
			}
			return a.with(cmd, ledger.Options{}, func(_ *config.Config, l *ledger.Ledger) error {
				made := false
				err := l.Update(func(tx *ledger.Tx) (err error) {
					made, err = tx.AddCategory(args[0])
					return err
				})
				switch {
				case err != nil:
					return err
				case !made:
					return fmt.Errorf("there is a category %q already: choose another name", args[0])
				}
				return nil
			})
		},
	})
	return cmd
}
