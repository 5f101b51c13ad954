package main

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/notekfet-server/internal/config"
	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
)

func (a *app) accountCommand() *cobra.Command {
	cmd := group(&cobra.Command{
		Use:   "account",
		Short: "List and add accounts, and change their passwords and rights",
		Long:  "What no client can do for the first time. It works beside a running server, which sees each change at once.",
	})
	cmd.AddCommand(a.accountList(), a.accountAdd(), a.accountPasswd(), a.accountRights())
	return cmd
}

func (a *app) accountList() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "list", Short: "List the accounts", Args: arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.with(cmd, ledger.Options{}, func(_ *config.Config, l *ledger.Ledger) error {
				var list []ledger.Account
				err := l.View(cmd.Context(), func(tx *ledger.Tx) (err error) {
					list, err = tx.Accounts()
					return err
				})
				if err != nil {
					return err
				}
				return printAccounts(cmd, list, asJSON)
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object for each account")
	return cmd
}

func printAccounts(cmd *cobra.Command, list []ledger.Account, asJSON bool) error {
	encoder := json.NewEncoder(cmd.OutOrStdout())
	for _, x := range list {
		var err error
		if asJSON {
			err = encoder.Encode(map[string]any{
				"idbde": x.ID, "type": x.Type, "pseudo": x.Pseudo, "solde": x.Balance, "droits": x.Rights, "surdroits": x.OverRights,
				"supreme": x.Supreme, "bloque": x.Blocked, "deleted": x.Deleted,
			})
		} else {
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d\t%s\t%s\t%s\t%s\n", x.ID, x.Type, x.Pseudo, x.Balance, x.Rights)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (a *app) accountAdd() *cobra.Command {
	var x ledger.Account
	var file string
	var club, member bool
	cmd := &cobra.Command{
		Use: "add PSEUDO", Short: "Add an account", Args: arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			x.Pseudo, x.Type = args[0], "personne"
			if err := checkAccount(cmd, &x); err != nil {
				return err
			}
			hash := ledger.NoPassword
			if club {
				x.Type, x.Rights = "club", ""
			} else {
				word, err := readPassword(cmd, file)
				if err != nil {
					return err
				}
				hash = ledger.HashPassword(word)
			}
			return a.with(cmd, ledger.Options{}, func(_ *config.Config, l *ledger.Ledger) error {
				var id int64
				err := l.Update(func(tx *ledger.Tx) (err error) {
					if id, err = tx.AddAccount(&x, hash); err != nil || !member || club {
						return err
					}
					return tx.AddMembership(id, l.Rules().Year(time.Now()), false, x.Section, sql.Null[int64]{})
				})
				if err != nil {
					return inWords(err)
				}
				_, err = fmt.Fprintln(cmd.OutOrStdout(), id)
				return err
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&x.Name, "name", "", "last `name`")
	f.StringVar(&x.FirstName, "first-name", "", "first `name`")
	f.StringVar(&x.Mail, "mail", "", "`address`")
	f.StringVar(&x.Rights, "rights", "basic", "`rights`, joined by commas")
	f.StringVar(&x.OverRights, "over-rights", "", "`rights` that may be granted to others")
	f.BoolVar(&x.Supreme, "supreme", false, "may change over-rights and supreme accounts")
	f.BoolVar(&club, "club", false, "a club, which has no password")
	f.BoolVar(&member, "member", false, "up to date with the membership of this year, without a fee")
	passwordFlag(cmd, &file)
	return cmd
}

func checkAccount(cmd *cobra.Command, x *ledger.Account) error {
	for _, text := range []string{x.Rights, x.OverRights} {
		words, ok := notekfet.SplitRights(text)
		if !ok {
			return mistaken(cmd, "%q is not a list of rights joined by commas", text)
		}
		if _, unknown := notekfet.Expand(words, false); len(unknown) > 0 {
			return mistaken(cmd, "%q is no right of an account", unknown[0])
		}
	}
	if !ledger.IsName(x.Pseudo) {
		return mistaken(cmd, "the pseudo is empty or too long")
	}
	x.Name, x.FirstName = ledger.Title(x.Name), ledger.Title(x.FirstName)
	return nil
}

func (a *app) accountPasswd() *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use: "passwd PSEUDO", Short: "Change the password of an account", Args: arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			word, err := readPassword(cmd, file)
			if err != nil {
				return err
			}
			hash := ledger.HashPassword(word)
			return a.change(cmd, args[0], func(tx *ledger.Tx, x *ledger.Account) error {
				if x.Type == "club" {
					return fmt.Errorf("%s is a club: a club has no password", x.Pseudo)
				}
				return tx.SetPassword(x.ID, hash)
			})
		},
	}
	passwordFlag(cmd, &file)
	return cmd
}

func (a *app) accountRights() *cobra.Command {
	var rights, over string
	var supreme bool
	cmd := &cobra.Command{
		Use: "rights PSEUDO", Short: "Change the rights of an account, or print them", Args: arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			f := cmd.Flags()
			if err := checkAccount(cmd, &ledger.Account{Pseudo: args[0], Rights: rights, OverRights: over}); err != nil {
				return err
			}
			var after ledger.Account
			err := a.change(cmd, args[0], func(tx *ledger.Tx, x *ledger.Account) error {
				if f.Changed("rights") {
					x.Rights = rights
				}
				if f.Changed("over-rights") {
					x.OverRights = over
				}
				if f.Changed("supreme") {
					x.Supreme = supreme
				}
				after = *x
				if !f.Changed("rights") && !f.Changed("over-rights") && !f.Changed("supreme") {
					return nil
				}
				return tx.UpdateAccount(x)
			})
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "rights: %s\nover-rights: %s\nsupreme: %t\n", after.Rights, after.OverRights, after.Supreme)
			return err
		},
	}
	cmd.Flags().StringVar(&rights, "rights", "", "new `rights`, joined by commas")
	cmd.Flags().StringVar(&over, "over-rights", "", "new over-`rights`")
	cmd.Flags().BoolVar(&supreme, "supreme", false, "supreme or not")
	return cmd
}

// change applies a change to an account that is named by its pseudo, or by its
// number behind a #.
func (a *app) change(cmd *cobra.Command, name string, change func(*ledger.Tx, *ledger.Account) error) error {
	return a.with(cmd, ledger.Options{}, func(_ *config.Config, l *ledger.Ledger) error {
		return inWords(l.Update(func(tx *ledger.Tx) error {
			x, err := named(tx, name)
			if err != nil {
				return err
			}
			return change(tx, x)
		}))
	})
}

func named(tx *ledger.Tx, name string) (*ledger.Account, error) {
	id, _, found, err := tx.Credentials(name)
	if err != nil {
		return nil, err
	}
	if digits, ok := strings.CutPrefix(name, "#"); ok && !found {
		if id, err = strconv.ParseInt(digits, 10, 64); err == nil {
			found = true
		}
	}
	if !found {
		return nil, fmt.Errorf("there is no account %q: see notekfet-server account list", name)
	}
	return tx.Account(id)
}

// inWords makes the error of a command of a refusal, which is meant for the wire.
func inWords(err error) error {
	refusal, ok := err.(*notekfet.Error)
	switch {
	case !ok:
		return err
	case refusal.Code == notekfet.NameTaken:
		return fmt.Errorf("the pseudo is taken: choose another")
	case refusal.Code == notekfet.NotFound:
		return fmt.Errorf("there is no such account: see notekfet-server account list")
	}
	return err
}
