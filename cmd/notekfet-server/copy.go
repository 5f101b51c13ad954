package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/notekfet-server/internal/config"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
)

func (a *app) copyCommand() *cobra.Command {
	var from, to string
	cmd := &cobra.Command{
		Use:   "copy --from CONFIG --to CONFIG",
		Short: "Copy a ledger from SQLite to PostgreSQL, or back",
		Long:  "Rows keep their numbers and dates. The ledger to copy to must be empty, and neither may be in use; both are audited.",
		Args:  arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if from == "" || to == "" {
				return mistaken(cmd, "--from and --to are both needed")
			}
			source, target := &app{path: from}, &app{path: to}
			return source.with(cmd, ledger.Options{Exclusive: true}, func(_ *config.Config, in *ledger.Ledger) error {
				return target.with(cmd, ledger.Options{Exclusive: true, Create: true}, func(_ *config.Config, out *ledger.Ledger) error {
					if err := sound(cmd, in, from); err != nil {
						return err
					}
					if err := ledger.Copy(cmd.Context(), in, out); err != nil {
						return err
					}
					if err := sound(cmd, out, to); err != nil {
						return err
					}
					_, err := fmt.Fprintln(cmd.OutOrStdout(), "copied, and audited on both sides")
					return err
				})
			})
		},
	}
	cmd.Flags().StringVar(&from, "from", "", "configuration `file` of the ledger to copy")
	cmd.Flags().StringVar(&to, "to", "", "configuration `file` of the empty one")
	return cmd
}

// sound is an error for a ledger whose money does not add up.
func sound(cmd *cobra.Command, l *ledger.Ledger, name string) error {
	wrong, err := l.Audit(cmd.Context())
	if err == nil && len(wrong) > 0 {
		err = fmt.Errorf("%s: %s: audit it", name, wrong[0])
	}
	return err
}

func (a *app) importCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "import DUMP",
		Short: "Fill an empty ledger from a dump of the original's database",
		Long: "import reads what pg_dump writes (the COPY blocks, not --inserts) of the tables comptes, aliases, boutons, adhesions\n" +
			"and transactions. Old passwords go on working, and are replaced by better hashes as people log in.",
		Args: arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			file, err := open(args[0])
			if err != nil {
				return err
			}
			defer file.Close()
			return a.with(cmd, ledger.Options{Exclusive: true, Create: true}, func(_ *config.Config, l *ledger.Ledger) error {
				n, err := l.Import(file)
				if err != nil {
					return fmt.Errorf("%s: %w", args[0], err)
				}
				if err := sound(cmd, l, a.path); err != nil {
					return err
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d accounts imported and audited\n", n)
				return err
			})
		},
	}
}
