package main

import (
	"errors"
	"io/fs"
	"os"
	"path"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/setup"
	"github.com/pronote-sync/pronote-sync/db"
)

func (a *app) forgetCommand() *cobra.Command {
	var account string
	var yes bool
	cmd := &cobra.Command{
		Use:   "forget STUDENT",
		Short: "Remove all that the mirror holds of a child",
		Long: "forget removes from the mirror what it holds and held of a child, with the messages about it and the downloaded files, after asking. " +
			"What concerns others stays; a message that told of several loses its text. Copies of the mirror are not touched. The daemon must be stopped.",
		Args: arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.load(cmd)
			if err != nil {
				return err
			}
			filter := db.Filter{Account: account, Student: args[0]}
			var known db.Known
			err = lookUp(cmd.Context(), c, &filter, func(tx *db.Tx) (err error) {
				known, err = tx.Known(cmd.Context(), filter.Account, filter.Student)
				return err
			})
			if err != nil {
				return err
			}
			m, err := openMirror(cmd.Context(), c, false)
			if err != nil {
				return err
			}
			if !yes {
				yes, err = a.sure(cmd, filter.Student, known)
			}
			if err == nil && yes {
				err = m.store.Forget(cmd.Context(), filter.Account, filter.Student, func(k db.Known) error { return removeFiles(c, k.Files) })
			}
			if err = errors.Join(err, m.Close()); err != nil || !yes {
				return err
			}
			w := a.writerTo(cmd.OutOrStdout())
			w.tell("%s is forgotten: %d rows, %d files.", filter.Student, known.Rows, len(known.Files))
			for _, name := range known.Shown {
				if _, err := accountNames(c, []string{name}); err == nil {
					w.tell("Account %s shows %s still, and will be mirrored again: take it out of %s if that is not wanted.", name, filter.Student, c.Path)
				}
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&account, "account", "", "only in this `account`")
	cmd.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return cmd
}

// sure asks before something is gone for good.
func (a *app) sure(cmd *cobra.Command, student string, known db.Known) (bool, error) {
	asker := newAsker(cmd.Context(), cmd)
	if asker.terminal == nil {
		return false, usageError{say.Errorf("there is no terminal to ask whether this is wanted: give --yes")}
	}
	answer, err := asker.ask(a.in("Remove all of %s for good, %d rows and %d files? (y/n)", student, known.Rows, len(known.Files)))
	return err == nil && answer != "" && setup.Yes(answer), err
}

// removeFiles removes downloaded files, and the folders that they leave empty. Nothing
// outside the folder of the files is touched, wherever links lead.
func removeFiles(c *config.Config, files []string) error {
	root, err := os.OpenRoot(c.Files.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return stateError{say.Errorf("%s cannot be read, correct its owner and its rights: %w", c.Files.Dir, err)}
	}
	defer func() { _ = root.Close() }() // it was only read
	for _, name := range files {
		if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return stateError{say.Errorf("%s cannot be removed, correct the rights of its folder: %w", path.Join(c.Files.Dir, name), err)}
		}
		for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
			if root.Remove(dir) != nil {
				break // something else is in it
			}
		}
	}
	return nil
}
