package config

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
)

// maxFile bounds the file, in bytes; real ones have some 5,000. The library
// compares each key of a table with all others, so a much larger file of keys
// alone would keep it busy for many seconds.
const maxFile = 64 << 10

// mostProblems is how many problems are reported: the rest often follows from
// the first ones, and nobody reads on.
const mostProblems = 20

// A file is a configuration being read. It collects what is wrong with it.
type file struct {
	outside
	path     string // as a person wrote it
	dir      string // that relative paths start from
	shared   bool   // other users of the machine can read it
	asked    []*table
	problems []problem
	warnings []problem
}

// A problem is one sentence about one place.
type problem struct {
	place
	said error
}

// open reads a file into tables, and returns their root.
func open(path string, o outside) (*table, error) {
	text, mode, err := read(path, maxFile)
	if err != nil {
		return nil, err
	}
	return parse(path, text, mode, o)
}

// parse reads the text of a file into tables.
func parse(path string, text []byte, mode fs.FileMode, o outside) (*table, error) {
	text = bytes.TrimPrefix(text, []byte("\uFEFF")) // Windows likes to put it there
	if !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0 {
		return nil, say.Errorf("%s is not plain text: save it again as text in UTF-8", path)
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	f := &file{outside: o, path: path, dir: filepath.Dir(absolute), shared: openToAll(mode)}
	values := map[string]any{}
	if err := toml.Unmarshal(text, &values); err != nil {
		return nil, f.notTOML(err)
	}
	root := f.newTable(locate(text), values)
	root.variable = "PRONOTE_SYNC_"
	for _, key := range []string{"language", "timezone"} {
		if value, ok := root.override(key); ok {
			root.values[key] = value
		}
	}
	return root, nil
}

// notTOML tells of an error of syntax. Only the first half of the library's
// sentence is repeated: the second may quote a value.
func (f *file) notTOML(err error) error {
	var syntax *toml.DecodeError
	if !errors.As(err, &syntax) {
		return say.Errorf("%s is not TOML: compare it with config.toml.example", f.path)
	}
	line, column := syntax.Position()
	what, _, _ := strings.Cut(strings.TrimPrefix(syntax.Error(), "toml: "), ": ")
	return say.Errorf(`%s:%d:%d: this is not TOML, %s: check quotes and brackets, and write \ as /`, f.path, line, column, what)
}

// verdict returns the warnings, or the problems as an error.
func (f *file) verdict() (warnings []error, err error) {
	for _, t := range f.asked {
		t.refuseUnknown()
	}
	problems := f.sentences(f.problems)
	errs := problems[:min(len(problems), mostProblems)]
	if more := len(problems) - mostProblems; more > 0 {
		errs = append(slices.Clip(errs), say.Errorf("%s: and %d more: correct these first", f.path, more))
	}
	return f.sentences(f.warnings), errors.Join(errs...)
}

// sentences lists problems in the order of the file.
func (f *file) sentences(problems []problem) (list []error) {
	slices.SortStableFunc(problems, func(a, b problem) int {
		return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.column, b.column))
	})
	for _, p := range problems {
		where := p.variable
		if where == "" {
			where = fmt.Sprintf("%s:%d:%d", f.path, p.line, p.column)
		}
		list = append(list, fmt.Errorf("%s: %w", where, p.said))
	}
	return list
}

// absolute is a path of the file, which is relative to its folder.
func (f *file) absolute(path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(f.dir, path)
}
