package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

const commandsPage = "../../docs/commands.md"

var (
	documented = regexp.MustCompile("`pronote-sync ([a-z -]+)[^`]*`")
	flagName   = regexp.MustCompile(`--([a-z][a-z-]*)`)
	// What is typed, in pages: after a prompt, as ./pronote-sync, or between backticks.
	typed = regexp.MustCompile("(?:\\$ |\\./|/cmd/|`)pronote-sync ([a-z]+)")
)

// TestCommandsAreDocumented compares the page of the commands with the program:
// each command has a heading, and each flag stands below that of its command.
func TestCommandsAreDocumented(t *testing.T) {
	t.Parallel()
	sections := sectionsOf(t)
	for _, cmd := range commandsOf(newRoot(&app{})) {
		name := strings.TrimPrefix(cmd.CommandPath(), "pronote-sync ")
		text, ok := sections[name]
		if !ok {
			t.Errorf("%s has no heading for pronote-sync %s", commandsPage, name)
			continue
		}
		delete(sections, name)
		cmd.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
			if f.Name != "help" && !slices.Contains(flagsIn(text), f.Name) {
				t.Errorf("below pronote-sync %s, --%s is missing", name, f.Name)
			}
		})
	}
	for name := range sections {
		t.Errorf("%s has a heading for pronote-sync %s, which does not exist", commandsPage, name)
	}
}

// TestPagesNameWhatExists looks for commands and flags that are gone, or are yet
// to come.
func TestPagesNameWhatExists(t *testing.T) {
	t.Parallel()
	root := newRoot(&app{})
	known := []string{"help"}
	for _, cmd := range commandsOf(root) {
		note := func(f *pflag.Flag) { known = append(known, f.Name) }
		cmd.Flags().VisitAll(note)
		cmd.InheritedFlags().VisitAll(note)
	}
	for _, flag := range flagsIn(read(t, commandsPage)) {
		if !slices.Contains(known, flag) {
			t.Errorf("%s mentions --%s, which does not exist", commandsPage, flag)
		}
	}
	pages, err := filepath.Glob("../../docs/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range append(pages, "../../README.md", "../../README.fr.md", "../../CHANGELOG.md", "../../config.toml.example") {
		for _, mention := range typed.FindAllStringSubmatch(read(t, page), -1) {
			if cmd, _, err := root.Find([]string{mention[1]}); err != nil || cmd == root {
				t.Errorf("%s mentions pronote-sync %s, which does not exist", page, mention[1])
			}
		}
	}
}

// TestReadmesNameWhatIsMirrored looks in both of them for each command that shows
// something of the mirror.
func TestReadmesNameWhatIsMirrored(t *testing.T) {
	t.Parallel()
	names := []string{"timetable", "files"}
	for _, l := range listings() {
		names = append(names, l.Name)
	}
	for _, page := range []string{"../../README.md", "../../README.fr.md"} {
		text := read(t, page)
		for _, name := range names {
			if !strings.Contains(text, "| `"+name+"`") && !strings.Contains(text, ", `"+name+"` |") {
				t.Errorf("%s has no row for pronote-sync %s", page, name)
			}
		}
	}
}

// TestReadmesSayTheSame compares their headings, tables, lists and pieces of code
// by kind and order: what is only in one language would be seen.
func TestReadmesSayTheSame(t *testing.T) {
	t.Parallel()
	outline := func(page string) []string {
		return regexp.MustCompile("(?m)^(#+ |```[a-z]*|\\| |- |\\*\\*[0-9])").FindAllString(read(t, page), -1)
	}
	english, french := outline("../../README.md"), outline("../../README.fr.md")
	if diff := cmp.Diff(english, french); diff != "" || len(english) < 50 {
		t.Errorf("the READMEs differ (-English +French):\n%s", diff)
	}
}

// TestExitCodesAreDocumented compares the table of exit codes with the constants.
func TestExitCodesAreDocumented(t *testing.T) {
	t.Parallel()
	var codes []string
	file, err := parser.ParseFile(token.NewFileSet(), "exit.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok && strings.HasPrefix(spec.Names[0].Name, "exit") {
			codes = append(codes, spec.Values[0].(*ast.BasicLit).Value)
		}
		return true
	})
	_, table, _ := strings.Cut(read(t, commandsPage), "## Exit codes")
	var rows []string
	for _, row := range regexp.MustCompile(`(?m)^\| (\d+) \|`).FindAllStringSubmatch(table, -1) {
		rows = append(rows, row[1])
	}
	if len(codes) < 2 || !slices.Equal(codes, rows) {
		t.Errorf("documented are the exit codes %v, want %v", rows, codes)
	}
}

// TestADomainIsWhereThePageSays looks for the school's agenda in the source: the page on
// the architecture lists where a kind of data is entered, and there must be no other
// place.
func TestADomainIsWhereThePageSays(t *testing.T) {
	t.Parallel()
	_, block, _ := strings.Cut(read(t, "../../docs/architecture.md"), "The school's agenda is the example.")
	_, block, _ = strings.Cut(block, "```\n")
	block, _, _ = strings.Cut(block, "```")
	var want, got []string
	for line := range strings.Lines(block) {
		paths, _, _ := strings.Cut(line, "  ")
		for path := range strings.SplitSeq(strings.ReplaceAll(paths, ", ", "\n"), "\n") {
			before, rest, several := strings.Cut(path, "{")
			names, after, _ := strings.Cut(rest, "}")
			for name := range strings.SplitSeq(names, ",") {
				if several {
					path = before + name + after
				}
				want = append(want, path)
			}
		}
	}
	for _, top := range []string{"cas", "civil", "cmd/pronote-sync", "db", "migrations", "notifiers", "pronote", "sync"} {
		err := filepath.WalkDir("../../"+top, func(path string, _ os.DirEntry, err error) error {
			if err == nil && mentionsAgenda(t, path) {
				got = append(got, strings.TrimPrefix(path, "../../"))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" || len(want) < 10 {
		t.Errorf("the page (-) and the source (+) differ:\n%s", diff)
	}
}

// agendaNames are what the names of the school's agenda have in common. The schedule of
// an account is called agenda too, in lower case and alone, or newAgenda.
var agendaNames = regexp.MustCompile(`(^|[^w])Agenda|[^ ]"agenda|"agenda[".]|_agenda|agenda\.(new|changed)`)

// mentionsAgenda reports whether a source file names it, outside of comments.
func mentionsAgenda(t *testing.T, path string) bool {
	t.Helper()
	if strings.HasSuffix(path, "_test.go") || strings.Contains(path, "/testdata/") || !slices.Contains([]string{".go", ".sql", ".tmpl"}, filepath.Ext(path)) {
		return false
	}
	for line := range strings.Lines(read(t, path)) {
		if code, _, _ := strings.Cut(strings.TrimSpace(line), "//"); agendaNames.MatchString(code) {
			return true
		}
	}
	return false
}

// sectionsOf are the sections of the page by the commands in their headings.
func sectionsOf(t *testing.T) map[string]string {
	t.Helper()
	sections := map[string]string{}
	for section := range strings.SplitSeq("\n"+read(t, commandsPage), "\n## ") {
		heading, text, _ := strings.Cut(section, "\n")
		for _, command := range documented.FindAllStringSubmatch(heading, -1) {
			sections[strings.TrimSpace(command[1])] = text
		}
	}
	return sections
}

// commandsOf are the commands that do something, below one that may hold others.
func commandsOf(parent *cobra.Command) (list []*cobra.Command) {
	if !parent.HasParent() {
		parent.InitDefaultHelpCmd() // else it joins with the first run
	}
	for _, cmd := range parent.Commands() {
		if cmd.HasSubCommands() {
			list = append(list, commandsOf(cmd)...)
		} else {
			list = append(list, cmd)
		}
	}
	return list
}

func flagsIn(text string) (names []string) {
	for _, m := range flagName.FindAllStringSubmatch(text, -1) {
		names = append(names, m[1])
	}
	return names
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
