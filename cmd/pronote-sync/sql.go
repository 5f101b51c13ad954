package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/table"
	"github.com/pronote-sync/pronote-sync/db"
)

func (a *app) sqlCommand() *cobra.Command {
	var format format
	cmd := &cobra.Command{
		Use:     "sql [QUERY]",
		Short:   "Ask the mirror in SQL, where sqlite3 is not installed",
		GroupID: mirrored,
		Long: "sql runs a query on the mirror and prints the answer. Without one it asks for queries, which end with a semicolon, and may go on over " +
			"several lines; .views lists what there is, and .help says more. Nothing can be written.",
		Example: `  pronote-sync sql "SELECT subject, value_text FROM marks LIMIT 5"`,
		Args:    arguments(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := format.check(cmd); err != nil {
				return err
			}
			c, err := a.loadToRead(cmd)
			if err != nil {
				return err
			}
			store, err := openFilled(cmd.Context(), c, db.OpenToAsk)
			if err != nil {
				return err
			}
			s := &sqlSession{store, a.writerTo(cmd.OutOrStdout()), format}
			if len(args) > 0 {
				err = s.run(cmd.Context(), args[0])
			} else {
				err = s.converse(cmd)
			}
			return errors.Join(err, store.Close())
		},
	}
	format.flags(cmd)
	return cmd
}

// A sqlSession answers queries.
type sqlSession struct {
	store *db.Store
	out   writer
	as    format
}

// run answers a query.
func (s *sqlSession) run(ctx context.Context, query string) error {
	var rows [][]any
	var columns []string
	err := s.store.View(ctx, func(tx *db.Tx) (err error) {
		columns, err = tx.Ask(ctx, query, func(_ []string, values []any) error {
			rows = append(rows, values)
			return nil
		})
		return err
	})
	switch {
	case err == nil:
		return s.print(columns, rows)
	case ctx.Err() != nil:
		return errInterrupted
	case errors.Is(err, db.ErrReadOnly):
		return usageError{say.Errorf("the mirror is only read here: make a copy of it to change something")}
	case errors.Is(err, db.ErrUnusable):
		return err
	}
	return usageError{say.Errorf("%s: .views and .columns VIEW show what there is", strings.TrimPrefix(oneLine(err), "SQL logic error: "))}
}

func (s *sqlSession) print(columns []string, rows [][]any) error {
	if len(columns) == 0 {
		return nil // a statement without an answer
	}
	if s.as.json || s.as.csv {
		records := make([]db.Record, 0, len(rows))
		for _, row := range rows {
			records = append(records, recordOf(columns, row))
		}
		if s.as.json {
			return printJSON(s.out, records)
		}
		return printCSV(s.out, columns, records)
	}
	t := table.Table{}
	for i, name := range columns {
		column := table.Column{Head: name, Least: 8, Right: len(rows) > 0}
		for _, row := range rows {
			if _, isText := row[i].(string); isText {
				column.Right = false
			}
		}
		t.Columns = append(t.Columns, column)
	}
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, value := range row {
			cells[i] = machine(value)
		}
		t.Rows = append(t.Rows, cells)
	}
	return s.out.table(t, func(int, int) string { return "" })
}

// recordOf is a row by its columns.
func recordOf(columns []string, row []any) db.Record {
	r := db.Record{}
	for i, name := range columns {
		r[name] = row[i]
	}
	return r
}

// converse answers what is typed, or what stands on the standard input, where the first
// mistake ends it.
func (s *sqlSession) converse(cmd *cobra.Command) error {
	ctx := cmd.Context()
	file, ok := cmd.InOrStdin().(*os.File)
	watched := ok && term.IsTerminal(int(file.Fd()))
	prompt := func(text string) {
		if watched {
			_, _ = fmt.Fprint(cmd.ErrOrStderr(), text) // decoration
		}
	}
	if watched {
		s.out.tell(".help explains, .quit ends.")
	}
	lines := linesOf(ctx, cmd.InOrStdin())
	var query strings.Builder
	for {
		if query.Len() == 0 {
			prompt("sql> ")
		} else {
			prompt("...> ")
		}
		line, more := next(ctx, lines)
		if !more && query.Len() == 0 {
			prompt("\n")
			return interrupted(ctx, ctx.Err())
		}
		command := strings.TrimSpace(line)
		var err error
		switch {
		case query.Len() == 0 && (command == ".quit" || command == ".exit"):
			return nil
		case query.Len() == 0 && strings.HasPrefix(command, "."):
			err = s.dot(ctx, command)
		default:
			query.WriteString(line + "\n")
			if strings.TrimSpace(query.String()) == "" {
				query.Reset()
			}
			if !more || complete(query.String()) {
				err = s.run(ctx, query.String())
				query.Reset()
			}
		}
		if err != nil && !watched {
			return err
		} else if err != nil {
			_, _ = fmt.Fprintln(cmd.ErrOrStderr(), oneLine(errors.New(say.In(err, s.out.language))))
		}
	}
}

// linesOf reads lines, as long as they are wanted.
func linesOf(ctx context.Context, in io.Reader) <-chan string {
	lines := make(chan string)
	go func() {
		defer close(lines)
		scanner := bufio.NewScanner(in)
		scanner.Buffer(nil, 1<<20)
		for scanner.Scan() {
			select {
			case lines <- scanner.Text():
			case <-ctx.Done():
				return
			}
		}
	}()
	return lines
}

func next(ctx context.Context, lines <-chan string) (line string, more bool) {
	select {
	case line, more = <-lines:
		return line, more
	case <-ctx.Done():
		return "", false
	}
}

// complete reports whether a query is at its end: at a semicolon that is in no quotes.
func complete(query string) bool {
	text := strings.TrimSpace(query)
	return strings.HasSuffix(text, ";") && strings.Count(text, "'")%2 == 0 && strings.Count(text, `"`)%2 == 0
}

// dot obeys a command that is no SQL.
func (s *sqlSession) dot(ctx context.Context, command string) error {
	words := strings.Fields(command)
	switch {
	case words[0] == ".views" || words[0] == ".tables":
		return s.views(ctx)
	case words[0] == ".columns" && len(words) == 2:
		return s.run(ctx, "SELECT name, type FROM pragma_table_info('"+strings.ReplaceAll(words[1], "'", "''")+"')")
	case words[0] == ".help":
		s.out.tell("Type a query in SQL, with a semicolon at its end.\n.views lists the views, .columns VIEW the columns of one, .quit ends.\ndocs/schema.md explains them all, docs/recipes.md has queries to try.")
		return nil
	}
	return usageError{say.Errorf("there is no command %q here: .help lists those there are", words[0])}
}

// views lists the views with what is in them, where a command lists it too.
func (s *sqlSession) views(ctx context.Context) error {
	var names []string
	err := s.store.View(ctx, func(tx *db.Tx) (err error) {
		names, err = tx.Views(ctx)
		return err
	})
	if err != nil {
		return err
	}
	t := table.Table{Columns: []table.Column{{}, table.Column{}.AtLeast(20)}}
	all := append(listings(), db.AttachmentsView)
	for _, name := range names {
		if strings.HasSuffix(name, "_history") {
			continue
		}
		about := ""
		if i := slices.IndexFunc(all, func(v db.View) bool { return v.Name == name }); i >= 0 {
			about = say.Text(s.out.language, all[i].About)
		}
		t.Rows = append(t.Rows, []string{name, about})
	}
	if err := s.out.table(t, nil); err != nil {
		return err
	}
	s.out.tell("Most have a view of all past versions too: marks_history and so on.")
	return nil
}
