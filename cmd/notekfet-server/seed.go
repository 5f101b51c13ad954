package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/notekfet-server/internal/config"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
	"github.com/pronote-sync/pronote-sync/notekfet/server"
)

func (a *app) seedCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "seed DATASET.json",
		Short: "Create the database and fill it from a data set",
		Args:  arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := readDataset(args[0])
			if err != nil {
				return err
			}
			return a.with(cmd, ledger.Options{Create: true, Exclusive: true}, func(c *config.Config, l *ledger.Ledger) error {
				users, err := specials(c)
				if err != nil {
					return err
				}
				if err := l.Seed(d); err != nil {
					return err
				}
				if err := addSpecials(users, d.Special); err != nil {
					return err
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d accounts, %d transactions, %d buttons, %d special users\n",
					len(d.Accounts), len(d.Transactions), len(d.Buttons), len(d.Special))
				return err
			})
		},
	}
}

func readDataset(path string) (*ledger.Dataset, error) {
	file, err := open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	d, err := ledger.ReadDataset(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return d, nil
}

// open opens a file that the command line names.
func open(path string) (*os.File, error) {
	file, err := os.Open(path)
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return nil, fmt.Errorf("%s cannot be read, %w: correct its name or its mode", path, p.Err)
	}
	return file, err
}

func addSpecials(users *server.Specials, list map[string]ledger.SeedSpecial) error {
	if len(list) == 0 {
		return nil
	}
	hashed := map[string]server.Special{}
	for name, s := range list {
		hashed[name] = server.Special{Password: ledger.HashPassword(s.Password), ACL: s.ACL, IPs: s.IPs}
	}
	return users.Change(func(users map[string]server.Special) error {
		for name, s := range hashed {
			users[name] = s
		}
		return nil
	})
}
