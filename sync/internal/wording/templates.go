package wording

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"
)

//go:embed fr/*.tmpl en/*.tmpl
var shipped embed.FS

// samples has the data of one event of each kind. A person's templates are
// rehearsed on them, and they show the author of one what there is to say.
//
//go:embed samples.json samples_kfet.json
var samples embed.FS

// maxTemplate bounds a file of templates, in bytes; the longest of ours has some
// 7,000.
const maxTemplate = 64 << 10

// A Wording is every language, with the templates of a person where there are
// any.
type Wording struct {
	languages map[string]*Language
	samples   map[string]view
}

// New reads the templates that come with the program, and lays those of own over
// them: own has a folder for each language, with files *.tmpl that redefine
// templates; nil is none. Warn gets each mistake in them, now and whenever one
// fails: the words of the program are used instead.
func New(own fs.FS, warn func(error)) *Wording {
	w := &Wording{languages: map[string]*Language{}, samples: map[string]view{}}
	for _, name := range []string{"samples.json", "samples_kfet.json"} {
		text, err := samples.ReadFile(name)
		if err == nil {
			err = json.Unmarshal(text, &w.samples)
		}
		if err != nil {
			panic(fmt.Sprintf("samples of events: %v", err)) // they are part of the program
		}
	}
	for _, name := range Languages {
		l := languageOf(name)
		l.warn = warn
		l.shipped = template.Must(template.New("").Funcs(l.functions(nil, view{}, Full)).ParseFS(shipped, name+"/*.tmpl"))
		for _, t := range l.shipped.Templates() {
			writeNothingAsNothing(t)
		}
		w.languages[name] = l
		if own != nil {
			w.layOver(l, own, name)
		}
	}
	if own != nil && !slices.ContainsFunc(Languages, func(name string) bool { return w.In(name).own != nil }) {
		warn(errors.New("no template of fr/*.tmpl or en/*.tmpl is used"))
	}
	return w
}

// In is a language by its name, French for one that is not known.
func (w *Wording) In(name string) *Language {
	if l, ok := w.languages[name]; ok {
		return l
	}
	return w.languages["fr"]
}

// layOver reads a person's templates, each file on top of those before it. A file
// with a mistake is left out.
func (w *Wording) layOver(l *Language, own fs.FS, name string) {
	files, err := fs.Glob(own, name+"/*.tmpl")
	if err != nil {
		l.warn(err)
	}
	for _, file := range files {
		under := l.shipped
		if l.own != nil {
			under = l.own
		}
		over, err := overlay(own, file, under)
		if err == nil {
			err = w.rehearse(l, over)
		}
		if err != nil {
			l.warn(fmt.Errorf("%s is not used: %w", file, err))
			continue
		}
		l.own = over
	}
}

// overlay reads a file of templates on top of others.
func overlay(own fs.FS, file string, under *template.Template) (*template.Template, error) {
	info, err := fs.Stat(own, file)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxTemplate {
		return nil, fmt.Errorf("it has more than %d bytes", maxTemplate)
	}
	text, err := fs.ReadFile(own, file)
	if err != nil {
		return nil, err
	}
	over, err := under.Clone()
	if err == nil {
		_, err = over.New(file).Parse(string(text))
	}
	if err != nil {
		return nil, err
	}
	defined := 0
	for _, t := range over.Templates() {
		before := under.Lookup(t.Name())
		if before != nil && before.Tree == t.Tree || t.Name() == file {
			continue
		}
		if before == nil && isTold(t.Name()) {
			return nil, fmt.Errorf("nothing is called %q", t.Name())
		}
		defined++
		writeNothingAsNothing(t)
	}
	if defined == 0 {
		return nil, errors.New(`it defines nothing: {{define "mark.new"}} … {{end}} words a new mark`)
	}
	return over, nil
}

// isTold reports whether a template has the name of a kind of event, and not of a
// part that others share.
func isTold(name string) bool { return strings.Contains(name, ".") }

// rehearse words one event of each kind.
func (w *Wording) rehearse(l *Language, set *template.Template) error {
	for _, kind := range slices.Sorted(maps.Keys(w.samples)) {
		for _, reveal := range []Reveal{Full, Spoiler, Hint} {
			if _, err := l.run(set, kind, w.samples[kind], reveal); err != nil {
				return err
			}
		}
	}
	_, err := l.run(set, "group", view{Count: 2, Families: []family{{Name: "mark", Count: 2, First: true}}}, Full)
	return err
}

// execute words a view by the template of a name: a person's own, or the
// program's where there is none or it fails.
func (l *Language) execute(name string, v view, reveal Reveal) (string, error) {
	if l.own != nil {
		text, err := l.run(l.own, name, v, reveal)
		if err == nil {
			return text, nil
		}
		l.warn(fmt.Errorf("the words of the program are used: %w", err))
	}
	return l.run(l.shipped, name, v, reveal)
}

func (l *Language) run(set *template.Template, name string, v view, reveal Reveal) (string, error) {
	set, err := set.Clone() // whose functions may know of this event
	if err != nil {
		return "", err
	}
	v.Old = v.before().worded(name, reveal).Now
	v.Facts = v.worded(name, reveal)
	var text strings.Builder
	if err := set.Funcs(l.functions(set, v, reveal)).ExecuteTemplate(&text, name, v); err != nil {
		return "", fmt.Errorf("wording: %w", err)
	}
	tidied := tidy(text.String())
	if tidied == "" {
		return "", fmt.Errorf("wording: template %q says nothing", name)
	}
	return tidied, nil
}

func (l *Language) functions(set *template.Template, v view, reveal Reveal) template.FuncMap {
	return template.FuncMap{
		"shown":   shown,
		"who":     func() string { return v.Who },
		"hint":    func() bool { return reveal == Hint },
		"changed": func(column string) bool { return slices.Contains(v.What, column) },
		"number":  keepingCover(l.number),
		"money":   l.money, "signed": l.signed, "unsigned": l.unsigned, "opposite": l.opposite,
		"credit": credit, "debt": debt, "several": several, "tally": tallyOf,
		"day":     l.writeDay,
		"moment":  l.writeMoment,
		"clock":   l.writeClock,
		"sameDay": sameDay,
		"opening": keepingCover(func(text any) string { return Cut(textOf(text), longestOpening) }),
		"plural": func(n int, one, many string) string {
			if n == 1 {
				return "1 " + one
			}
			return fmt.Sprint(n) + " " + many
		},
		"family":  func(f family) (string, error) { return familyOf(set, f) },
		"has":     func(list []string, word string) bool { return slices.Contains(list, word) },
		"unknown": func(value any) bool { return value == nil },
		"judged":  judged,
		"step":    step,
		"texts":   texts,
		"says": func(text any, word string) bool {
			return strings.Contains(strings.ToLower(textOf(text)), word)
		},
		"levels": func() any { return levels(v.Parts) },
		"score":  func(mark map[string]any) any { return l.score(mark, v.Now["out_of"]) },
	}
}

// familyOf writes how many events of a family there are: "2 notes".
func familyOf(set *template.Template, f family) (string, error) {
	name := "family." + f.Name
	if set.Lookup(name) == nil {
		name = "family.other"
	}
	var text strings.Builder
	err := set.ExecuteTemplate(&text, name, f)
	return text.String(), err
}

// textOf is a text of the data, "" for what is missing.
func textOf(value any) string {
	text, _ := value.(string)
	return text
}

// writeNothingAsNothing makes a template write what is missing as "", and not as
// "<no value>": every value that it writes passes through the function shown.
func writeNothingAsNothing(t *template.Template) {
	if t.Tree != nil && t.Root != nil {
		eachAction(t.Root, func(pipe *parse.PipeNode) {
			name := parse.NewIdentifier("shown").SetTree(t.Tree).SetPos(pipe.Pos)
			pipe.Cmds = append(pipe.Cmds, &parse.CommandNode{NodeType: parse.NodeCommand, Pos: pipe.Pos, Args: []parse.Node{name}})
		})
	}
}

func shown(value any) any {
	if value == nil {
		return ""
	}
	return value
}

// eachAction calls f for every pipeline whose value is written.
func eachAction(node parse.Node, f func(*parse.PipeNode)) {
	branch := func(n *parse.BranchNode) {
		eachAction(n.List, f)
		if n.ElseList != nil {
			eachAction(n.ElseList, f)
		}
	}
	switch n := node.(type) {
	case *parse.ListNode:
		for _, child := range n.Nodes {
			eachAction(child, f)
		}
	case *parse.ActionNode:
		if len(n.Pipe.Decl) == 0 {
			f(n.Pipe)
		}
	case *parse.IfNode:
		branch(&n.BranchNode)
	case *parse.WithNode:
		branch(&n.BranchNode)
	case *parse.RangeNode:
		branch(&n.BranchNode)
	}
}
