package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

// filesCommand lists attachments like other things, and downloads them on
// request.
func (a *app) filesCommand() *cobra.Command {
	var download bool
	var dir string
	var of []string
	cmd := a.listCommand(db.AttachmentsView)
	cmd.Use, cmd.Aliases = "files", []string{"file", "attachments"}
	cmd.Short = "List the files and links attached to homework and other things, or download them"
	list := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if !download {
			if dir != "" || of != nil {
				return mistaken(cmd, "--dir and --of go with --download")
			}
			return list(cmd, args)
		}
		if cmd.Flags().Changed("json") || cmd.Flags().Changed("csv") || cmd.Flags().Changed("limit") {
			return mistaken(cmd, "--json, --csv and --limit are for listing, and do not go with --download")
		}
		for _, domain := range of {
			if !slices.Contains(config.Domains().Files(), domain) {
				return mistaken(cmd, "--of: there are no files of %q, choose %s", domain, strings.Join(config.Domains().Files(), ", "))
			}
		}
		c, err := a.load(cmd)
		if err != nil {
			return err
		}
		if err := a.filesWanted(cmd, c, dir, of); err != nil {
			return err
		}
		return a.downloadFiles(cmd, c)
	}
	cmd.Flags().BoolVar(&download, "download", false, "look at PRONOTE, and download what is not there yet")
	cmd.Flags().StringVar(&dir, "dir", "", "`folder` to download into (default: dir of the configuration)")
	cmd.Flags().StringSliceVar(&of, "of", nil, "download only what is attached to these `domains`, apart by commas")
	_ = cmd.RegisterFlagCompletionFunc("of", cobra.FixedCompletions(config.Domains().Files(), cobra.ShellCompDirectiveNoFileComp)) // it is there
	return cmd
}

// filesWanted puts what the command line asks for into the configuration.
func (a *app) filesWanted(cmd *cobra.Command, c *config.Config, dir string, of []string) (err error) {
	flags := cmd.Flags()
	f := &c.Files
	f.Keep, f.PerPoll, f.Restore = of, 0, true
	if of == nil {
		f.Keep = config.Domains().Files()
	}
	if dir != "" {
		if f.Dir, err = filepath.Abs(dir); err != nil {
			return err
		}
	}
	if f.Student, err = flags.GetString("student"); err != nil {
		return err
	}
	since, err := flags.GetString("since")
	if err == nil && since != "" {
		if since, err = a.day(cmd, c, "--since", since, false); err != nil {
			return err
		}
		if f.Since, err = pronote.ParseDate(since); err != nil {
			return err
		}
	}
	account, err := flags.GetString("account")
	if err == nil && account != "" {
		_, err = accountNames(c, []string{account})
		c.Accounts = slices.DeleteFunc(c.Accounts, func(a config.Account) bool { return a.Name != account })
	}
	return err
}

// filesQuestion polls what files are attached to, and downloads them. Other news
// is stored and told as after any other look.
var filesQuestion = question[filesAsked, []string]{"files", func(ctx context.Context, to respondent, q filesAsked) (kept []string, err error) {
	err = to.engine.Store.View(ctx, func(tx *db.Tx) error { return checkStudent(ctx, tx, &q.Files) })
	if err != nil {
		return nil, err
	}
	var errs []error
	for _, account := range q.Accounts {
		result, err := to.engine.Download(ctx, account, q.Files)
		if err != nil {
			errs = append(errs, atSchool(account, err))
		}
		for _, f := range result.Files {
			if f.Err != nil {
				errs = append(errs, fileError{account, cell(f.Name), f.Err})
				continue
			}
			kept = append(kept, filepath.Join(q.Files.Dir, filepath.FromSlash(f.Path)))
		}
	}
	return kept, errors.Join(errs...)
}}

type filesAsked struct {
	Accounts []string
	Files    psync.Files
}

func (a *app) downloadFiles(cmd *cobra.Command, c *config.Config) error {
	accounts, err := accountNames(c, nil)
	if err != nil {
		return err
	}
	kept, err := filesQuestion.put(cmd, a, c, filesAsked{accounts, c.Files})
	for _, path := range kept {
		_, _ = fmt.Fprintln(cmd.OutOrStdout(), path) // nobody reads on
	}
	if len(kept) == 0 && err == nil {
		_, _ = fmt.Fprintln(cmd.OutOrStdout(), a.in("there is nothing new to download"))
	}
	return err
}

// checkStudent sees to it that what is downloaded is not nothing because of a
// misspelt name. Before the first look nobody is known by name.
func checkStudent(ctx context.Context, tx *db.Tx, files *psync.Files) error {
	known, err := tx.Accounts(ctx)
	if err != nil || !slices.ContainsFunc(known, func(a db.Account) bool { return !a.LastSuccessAt.IsZero() }) {
		return err
	}
	_, files.Student, err = tx.Who(ctx, "", files.Student)
	return err
}
