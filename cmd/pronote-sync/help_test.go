package main

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
)

// TestEveryHelpIsFrenchToo walks the whole tree of commands: each of their texts has its
// French, under the English that stands in the source.
func TestEveryHelpIsFrenchToo(t *testing.T) {
	t.Parallel()
	texts := 0
	french := func(of, english string) {
		texts++
		if text := say.Text("fr", english); english != "" && text == english {
			t.Errorf("%s: french.go has nothing for %q", of, english)
		}
	}
	var walk func(cmd *cobra.Command)
	walk = func(cmd *cobra.Command) {
		french(cmd.CommandPath(), cmd.Short)
		french(cmd.CommandPath(), cmd.Long)
		for _, word := range regexp.MustCompile(`[A-Z]{3,}`).FindAllString(cmd.Use, -1) {
			if !slices.Contains([]string{"UID", "QUESTION", "SHELL"}, word) { // the same in both
				french(cmd.CommandPath(), word)
			}
		}
		for _, group := range cmd.Groups() {
			french(cmd.CommandPath(), group.Title)
		}
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) { french(cmd.CommandPath()+" --"+f.Name, f.Usage) })
		for _, below := range cmd.Commands() {
			walk(below)
		}
	}
	walk(newRoot(&app{}))
	if texts < 150 {
		t.Errorf("only %d texts were found", texts)
	}
}

// TestHelpFits reads the help of every command in a narrow terminal, in both languages.
func TestHelpFits(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"fr", "en"} {
		a := &app{now: time.Now, language: language}
		root := newRoot(a)
		speak(root, language)
		var all bytes.Buffer
		for _, cmd := range append(commandsOf(root), root) {
			p := a.pageOf(cmd, 80)
			all.WriteString("$ " + cmd.CommandPath() + " --help\n" + p + "\n")
			for line := range strings.Lines(p) {
				if line = strings.TrimRight(line, "\n"); len([]rune(line)) > 80 && !strings.Contains(line, cmd.Example) {
					t.Errorf("%s, %s: %q is wider than 80 columns", language, cmd.CommandPath(), line)
				}
			}
		}
		golden(t, "help."+language, all.String())
	}
}
