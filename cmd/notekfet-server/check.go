package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/notekfet-server/internal/config"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
)

func (a *app) checkCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "Check the configuration, the certificate, the special users and the database",
		Args:  arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.load()
			if err != nil {
				return err
			}
			certificate, err := loadCertificate(c)
			if err == nil {
				err = stillValid(c, certificate)
			}
			if err != nil {
				return configError{err}
			}
			if _, err := specials(c); err != nil {
				return err
			}
			return a.with(cmd, ledger.Options{}, func(c *config.Config, _ *ledger.Ledger) error {
				_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s: no mistakes\n", c.Path)
				return err
			})
		},
	}
}
