package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/db"
)

func (a *app) exportCommand() *cobra.Command {
	var asJSON bool
	var dir string
	cmd := &cobra.Command{
		Use:     "export [VIEW…]",
		Short:   "Write views of the mirror out as CSV or JSON",
		GroupID: mirrored,
		Long: "export writes what the mirror holds for spreadsheets and programs: one view to standard output, or a file for each view into a folder. " +
			"Without a name it takes all that show what is current. Columns have their English names.",
		Args: arguments(0, 1000),
		RunE: func(cmd *cobra.Command, wanted []string) error {
			if dir == "" && len(wanted) != 1 {
				return mistaken(cmd, "name one view to print, or a folder for several with --dir")
			}
			c, err := a.loadToRead(cmd)
			if err != nil {
				return err
			}
			store, err := openFilled(cmd.Context(), c, db.OpenToAsk)
			if err != nil {
				return err
			}
			err = store.View(cmd.Context(), func(tx *db.Tx) error {
				views, err := viewsNamed(cmd.Context(), tx, wanted)
				if err != nil {
					return err
				}
				if dir == "" {
					return exportView(cmd.Context(), tx, views[0], cmd.OutOrStdout(), asJSON)
				}
				return exportInto(cmd, tx, dir, views, asJSON)
			})
			return interrupted(cmd.Context(), errors.Join(err, store.Close()))
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "write JSON in place of CSV")
	cmd.Flags().StringVar(&dir, "dir", "", "`folder` for a file of each view")
	return cmd
}

// viewsNamed are the views of some names, which must exist; without names all that are
// not of the past.
func viewsNamed(ctx context.Context, tx *db.Tx, wanted []string) ([]string, error) {
	all, err := tx.Views(ctx)
	if err != nil {
		return nil, err
	}
	if len(wanted) == 0 {
		return slices.DeleteFunc(all, func(name string) bool { return strings.HasSuffix(name, "_history") }), nil
	}
	for _, name := range wanted {
		if !slices.Contains(all, name) {
			return nil, usageError{say.Errorf("there is no view %q: choose %s", name, strings.Join(all, ", "))}
		}
	}
	return wanted, nil
}

// exportInto writes a file for each view into a folder, and prints where it is.
func exportInto(cmd *cobra.Command, tx *db.Tx, dir string, views []string, asJSON bool) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return usageError{say.Errorf("%s cannot be made, name another folder: %w", dir, err)}
	}
	ending := ".csv"
	if asJSON {
		ending = ".json"
	}
	for _, view := range views {
		path := filepath.Join(dir, view+ending)
		if err := replaceFile(path, func(w io.Writer) error { return exportView(cmd.Context(), tx, view, w, asJSON) }); err != nil {
			return err
		}
		_, _ = fmt.Fprintln(cmd.OutOrStdout(), path) // nobody reads on
	}
	return nil
}

// replaceFile writes a file for its owner's eyes, which takes the place of an older one
// once it is whole.
func replaceFile(path string, write func(io.Writer) error) (err error) {
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.part")
	if err != nil {
		return usageError{say.Errorf("%s cannot be written, check the rights of its folder and whether the disk is full: %w", path, err)}
	}
	defer func() {
		if err != nil {
			_ = os.Remove(file.Name()) // it is not whole
		}
	}()
	if err := errors.Join(write(file), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

// exportView writes a view row by row: the past of a few years is larger than a small
// machine's memory likes.
func exportView(ctx context.Context, tx *db.Tx, view string, out io.Writer, asJSON bool) error {
	buffer := bufio.NewWriter(out)
	each, end := csvRows(buffer)
	if asJSON {
		each, end = jsonRows(buffer)
	}
	columns, err := tx.Ask(ctx, "SELECT * FROM "+db.Quoted(view), each)
	if err == nil {
		err = end(columns)
	}
	return errors.Join(err, buffer.Flush())
}

func csvRows(out io.Writer) (each func([]string, []any) error, end func([]string) error) {
	w, begun := csv.NewWriter(out), false
	begin := func(columns []string) error {
		if begun {
			return nil
		}
		begun = true
		return w.Write(columns)
	}
	each = func(columns []string, values []any) error {
		fields := make([]string, len(values))
		for i, v := range values {
			fields[i] = machine(v)
		}
		return errors.Join(begin(columns), w.Write(fields))
	}
	return each, func(columns []string) error {
		err := begin(columns)
		w.Flush()
		return errors.Join(err, w.Error())
	}
}

func jsonRows(out io.Writer) (each func([]string, []any) error, end func([]string) error) {
	between := "["
	each = func(columns []string, values []any) error {
		text, err := json.Marshal(recordOf(columns, values))
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(out, "%s\n%s", between, text)
		between = ","
		return err
	}
	return each, func([]string) error {
		if between == "[" {
			_, err := fmt.Fprintln(out, "[]")
			return err
		}
		_, err := fmt.Fprintln(out, "\n]")
		return err
	}
}
