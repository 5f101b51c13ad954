package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/db"
)

// A format is how a list is printed for programs.
type format struct{ json, csv bool }

// flags are --json and --csv.
func (f *format) flags(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.json, "json", false, "print JSON, with all columns")
	cmd.Flags().BoolVar(&f.csv, "csv", false, "print CSV, with all columns")
}

// check refuses both at once.
func (f *format) check(cmd *cobra.Command) error {
	if f.json && f.csv {
		return mistaken(cmd, "--json and --csv are two ways to print, choose one")
	}
	return nil
}

func printJSON(out io.Writer, v any) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}

// printCSV writes a line of the names of the columns, and one for each row.
func printCSV(out io.Writer, columns []string, rows []db.Record) error {
	w := csv.NewWriter(out)
	if err := w.Write(columns); err != nil {
		return err
	}
	fields := make([]string, len(columns))
	for _, row := range rows {
		for i, column := range columns {
			fields[i] = machine(row[column])
		}
		if err := w.Write(fields); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// machine is a value as programs read it; NULL is empty.
func machine(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case json.RawMessage:
		return string(v)
	case []byte:
		return string(v)
	}
	return fmt.Sprint(value)
}
