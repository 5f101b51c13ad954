package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
	"github.com/pronote-sync/pronote-sync/notekfet/server"
)

func (a *app) specialCommand() *cobra.Command {
	cmd := group(&cobra.Command{
		Use:   "special",
		Short: "List, add, change and delete special users",
		Long:  "Special users are services and administrators that have no account. A running server sees each change at once.",
	})
	cmd.AddCommand(a.specialList(), a.specialAdd(), a.specialPasswd(), a.specialDel())
	return cmd
}

func (a *app) specialList() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "list", Short: "List special users and their rights", Args: arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			users, err := a.specials()
			if err != nil {
				return err
			}
			all, err := users.All()
			if err != nil {
				return configError{err}
			}
			if asJSON {
				rights := map[string][]string{}
				for name, user := range all {
					rights[name] = user.ACL
				}
				return json.NewEncoder(cmd.OutOrStdout()).Encode(rights)
			}
			for _, name := range slices.Sorted(maps.Keys(all)) {
				if _, err := fmt.Fprintf(cmd.OutOrStdout(), "%s\t%s\n", name, strings.Join(all[name].ACL, ",")); err != nil {
					return err
				}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func (a *app) specialAdd() *cobra.Command {
	var rights, networks []string
	var file string
	cmd := &cobra.Command{
		Use: "add NAME --rights RIGHT,…", Short: "Add a special user, or change his rights", Args: arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if _, unknown := notekfet.Expand(rights, true); len(unknown) > 0 {
				return mistaken(cmd, "%q is no right", unknown[0])
			}
			for _, n := range networks {
				if _, err := server.ParseNetwork(n); err != nil {
					return mistaken(cmd, "%w", err)
				}
			}
			users, err := a.specials()
			if err != nil {
				return err
			}
			word, err := readPassword(cmd, file)
			if err != nil {
				return err
			}
			hash := ledger.HashPassword(word)
			return users.Change(func(users map[string]server.Special) error {
				users[args[0]] = server.Special{Password: hash, ACL: append([]string{}, rights...), IPs: networks}
				return nil
			})
		},
	}
	cmd.Flags().StringSliceVar(&rights, "rights", []string{"all"}, "`rights`, or all")
	cmd.Flags().StringSliceVar(&networks, "from", nil, "`networks` he may connect from, any when empty")
	passwordFlag(cmd, &file)
	return cmd
}

func (a *app) specialPasswd() *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use: "passwd NAME", Short: "Change the password of a special user", Args: arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			users, err := a.specials()
			if err != nil {
				return err
			}
			word, err := readPassword(cmd, file)
			if err != nil {
				return err
			}
			hash := ledger.HashPassword(word)
			return users.Change(func(users map[string]server.Special) error {
				user, ok := users[args[0]]
				if !ok {
					return noSpecial(args[0])
				}
				user.Password = hash
				users[args[0]] = user
				return nil
			})
		},
	}
	passwordFlag(cmd, &file)
	return cmd
}

func (a *app) specialDel() *cobra.Command {
	return &cobra.Command{
		Use: "del NAME", Short: "Delete a special user", Args: arguments(1, 1),
		RunE: func(_ *cobra.Command, args []string) error {
			users, err := a.specials()
			if err != nil {
				return err
			}
			return users.Change(func(users map[string]server.Special) error {
				if _, ok := users[args[0]]; !ok {
					return noSpecial(args[0])
				}
				delete(users, args[0])
				return nil
			})
		},
	}
}

func noSpecial(name string) error {
	return fmt.Errorf("there is no special user %q: see notekfet-server special list", name)
}

func (a *app) specials() (*server.Specials, error) {
	c, err := a.load()
	if err != nil {
		return nil, err
	}
	return specials(c)
}
