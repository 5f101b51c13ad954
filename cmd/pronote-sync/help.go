package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/rivo/uniseg"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/hint"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
)

// in says something in the language of the person at the terminal.
func (a *app) in(format string, args ...any) string { return say.To(a.language, format, args...) }

// languageOf is the language of the person at the terminal: the one that the configuration
// names, else that of the environment. It is wanted before the command line is
// understood, for what may be wrong with that.
func languageOf(args []string) string {
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	flags.ParseErrorsAllowlist.UnknownFlags = true
	flags.Usage = func() {}
	file := flags.String("config", "", "")
	_ = flags.Parse(args) // cobra says what is wrong
	if path, err := config.Find(*file); err == nil {
		if language := config.LanguageOf(path); language != "" {
			return language
		}
	}
	return hint.Language(os.Getenv)
}

// speak puts the texts of a command, and of those below it, into a language.
func speak(cmd *cobra.Command, language string) {
	name, rest, _ := strings.Cut(cmd.Use, " ")
	cmd.Use = strings.TrimSpace(name + " " + say.Usage(language, rest))
	cmd.Short, cmd.Long = say.Text(language, cmd.Short), say.Text(language, cmd.Long)
	cmd.Flags().BoolP("help", "h", false, "explain this command")
	translate := func(f *pflag.Flag) { f.Usage = say.Text(language, f.Usage) }
	cmd.LocalNonPersistentFlags().VisitAll(translate)
	cmd.PersistentFlags().VisitAll(translate)
	for _, below := range cmd.Commands() {
		speak(below, language)
	}
}

// helpWidth is how long the lines of a help get where nothing limits them.
const helpWidth = 100

// A page is the help of a command as it is written.
type page struct {
	strings.Builder
	language string
	width    int
}

// help writes what cobra would, in the language of the person and as wide as the
// terminal.
func (a *app) help(cmd *cobra.Command, _ []string) {
	width := widthOf(cmd.OutOrStdout(), os.Getenv)
	if width == 0 || width > helpWidth {
		width = helpWidth
	}
	_, _ = io.WriteString(cmd.OutOrStdout(), a.pageOf(cmd, width)) // nobody reads on
}

func (a *app) pageOf(cmd *cobra.Command, width int) string {
	p := &page{language: a.language, width: width}
	text := cmd.Long
	if text == "" {
		text = cmd.Short
	}
	for paragraph := range strings.SplitSeq(text, "\n\n") {
		p.wrap(paragraph, 0)
		p.WriteString("\n")
	}
	p.usage(cmd)
	p.commands(cmd)
	p.flags("Options", cmd.LocalFlags())
	var everywhere []string
	cmd.InheritedFlags().VisitAll(func(f *pflag.Flag) { everywhere = append(everywhere, "--"+f.Name) })
	if len(everywhere) > 0 {
		p.wrap(say.To(p.language, "See %s --help for %s.", cmd.Root().Name(), strings.Join(everywhere, ", ")), 0)
	}
	if cmd.HasAvailableSubCommands() {
		p.wrap(say.To(p.language, "%s COMMAND --help says more of a command.", cmd.CommandPath()), 0)
	}
	return strings.TrimRight(p.String(), "\n") + "\n"
}

func (p *page) head(english string) {
	p.WriteString(say.Text(p.language, english) + say.Text(p.language, ":") + "\n")
}

func (p *page) usage(cmd *cobra.Command) {
	p.head("Usage")
	line := cmd.CommandPath()
	switch {
	case cmd.HasAvailableSubCommands():
		line += say.Usage(p.language, " COMMAND")
	default:
		_, rest, _ := strings.Cut(cmd.Use, " ")
		line += " " + strings.TrimSpace(rest+" ["+say.Text(p.language, "options")+"]")
	}
	p.wrap(line, 2)
	if len(cmd.Aliases) > 0 {
		p.wrap(say.To(p.language, "also: %s", strings.Join(cmd.Aliases, ", ")), 2)
	}
	if len(cmd.ValidArgs) > 0 {
		_, rest, _ := strings.Cut(cmd.Use, " ")
		p.wrap(strings.Trim(rest, "[]…")+say.Text(p.language, ":")+" "+strings.Join(cmd.ValidArgs, ", "), 2)
	}
	if cmd.Example != "" {
		p.WriteString("\n")
		p.head("Example")
		p.WriteString(cmd.Example + "\n")
	}
	p.WriteString("\n")
}

// commands lists the commands below one, group by group.
func (p *page) commands(cmd *cobra.Command) {
	widest := 0
	below := slices.DeleteFunc(slices.Clone(cmd.Commands()), func(c *cobra.Command) bool { return !c.IsAvailableCommand() })
	for _, c := range below {
		widest = max(widest, len(c.Name()))
	}
	for _, group := range append([]*cobra.Group{{Title: "Commands"}}, cmd.Groups()...) {
		first := true
		for _, c := range below {
			if c.GroupID != group.ID {
				continue
			}
			if first {
				p.head(group.Title)
				first = false
			}
			p.entry(c.Name(), widest, c.Short)
		}
		if !first {
			p.WriteString("\n")
		}
	}
}

func (p *page) flags(title string, flags *pflag.FlagSet) {
	var names, texts []string
	widest := 0
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		name, text := flagHelp(f, p.language)
		names, texts = append(names, name), append(texts, text)
		widest = max(widest, uniseg.StringWidth(name))
	})
	if len(names) == 0 {
		return
	}
	p.head(title)
	for i, name := range names {
		p.entry(name, widest, texts[i])
	}
	p.WriteString("\n")
}

// flagHelp is how an option is typed, and what it does.
func flagHelp(f *pflag.Flag, language string) (name, text string) {
	value, text := pflag.UnquoteUsage(f)
	if name = "    --" + f.Name; f.Shorthand != "" {
		name = "-" + f.Shorthand + ", --" + f.Name
	}
	switch value {
	case "":
	case "int", "uint":
		name += " N"
	default:
		name += " " + value
	}
	if zero := []string{"", "0", "false", "[]"}; !slices.Contains(zero, f.DefValue) {
		text += " (" + say.To(language, "default: %s", f.DefValue) + ")"
	}
	return name, text
}

// entry is a name and what is behind it, in two columns.
func (p *page) entry(name string, widest int, text string) {
	margin := widest + 4
	if margin > p.width/2 { // a narrow terminal
		p.wrap(name, 2)
		p.wrap(text, 8)
		return
	}
	var column page
	column.width = p.width - margin
	column.wrap(text, 0)
	for i, line := range strings.Split(strings.TrimRight(column.String(), "\n"), "\n") {
		if i > 0 {
			name = ""
		}
		pad := strings.Repeat(" ", margin-2-uniseg.StringWidth(name))
		p.WriteString(strings.TrimRight("  "+name+pad+line, " ") + "\n")
	}
}

// wrap writes a paragraph with a margin.
func (p *page) wrap(text string, margin int) {
	at := 0
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ' ' || r == '\n' }) { // not a no-break space
		width := uniseg.StringWidth(word)
		switch {
		case at == 0:
			_, _ = fmt.Fprintf(p, "%*s%s", margin, "", word) // a builder takes everything
			at = margin + width
			continue
		case at+1+width > p.width:
			_, _ = fmt.Fprintf(p, "\n%*s%s", margin, "", word)
			at = margin + width
			continue
		}
		p.WriteString(" " + word)
		at += 1 + width
	}
	p.WriteString("\n")
}
