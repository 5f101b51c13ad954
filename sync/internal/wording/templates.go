package wording

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
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

// A Wording is every language, with the templates of a person where there are
// any.
type Wording struct {
	languages map[string]func() *Language // read when it is first wanted: a family has one
	samples   func() map[string]view
}

// readSamples reads what only the templates of a person are rehearsed on.
func readSamples() map[string]view {
	read := map[string]view{}
	for _, name := range []string{"samples.json", "samples_kfet.json"} {
		text, err := samples.ReadFile(name)
		if err == nil {
			err = json.Unmarshal(text, &read)
		}
		if err != nil {
			panic(fmt.Sprintf("samples of events: %v", err)) // they are part of the program
		}
	}
	return read
}

// New reads the templates that come with the program, and lays those of own over
// them: own has a folder for each language, with files *.tmpl that redefine
// templates; nil is none. Warn gets each mistake in them, now and whenever one
// fails: the words of the program are used instead.
func New(own fs.FS, warn func(error)) *Wording {
	w := &Wording{languages: map[string]func() *Language{}, samples: sync.OnceValue(readSamples)}
	for _, name := range Languages {
		w.languages[name] = sync.OnceValue(func() *Language {
			l := languageOf(name)
			l.warn = warn
			l.shipped = template.Must(template.New("").Funcs(l.functions(&calendar{}, &view{}, &Reader{})).ParseFS(shipped, name+"/*.tmpl"))
			for _, t := range l.shipped.Templates() {
				writeNothingAsNothing(t)
			}
			if own != nil {
				w.layOver(l, own, name)
			}
			return l
		})
	}
	if own == nil {
		return w
	}
	used := false
	for _, name := range Languages { // whose mistakes are told now
		used = w.In(name).own != nil || used
	}
	if !used {
		warn(errors.New("no template of fr/*.tmpl or en/*.tmpl is used"))
	}
	return w
}

// In is a language by its name, French for one that is not known.
func (w *Wording) In(name string) *Language {
	if l, ok := w.languages[name]; ok {
		return l()
	}
	return w.languages["fr"]()
}

// execute words a view by the template of a name: a person's own, or the
// program's where there is none or it fails. It reports whether something of the view
// was left out.
func (l *Language) execute(name string, v view, to Reader) (text string, hidden bool, err error) {
	return l.byOwn(name, v, to, l.run)
}

// executeMaybe is execute for a template that may say nothing.
func (l *Language) executeMaybe(name string, v view, to Reader) (text string, hidden bool, err error) {
	return l.byOwn(name, v, to, l.runMaybe)
}

type running func(*template.Template, string, view, Reader) (string, bool, error)

func (l *Language) byOwn(name string, v view, to Reader, run running) (string, bool, error) {
	if l.own != nil {
		text, hidden, err := run(l.own, name, v, to)
		if err == nil {
			return text, hidden, nil
		}
		l.warn(fmt.Errorf("the words of the program are used: %w", err))
	}
	return run(l.shipped, name, v, to)
}

func (l *Language) run(set *template.Template, name string, v view, to Reader) (string, bool, error) {
	text, hidden, err := l.runMaybe(set, name, v, to)
	if err == nil && text == "" && name != pointer {
		return "", false, fmt.Errorf("wording: template %q says nothing", name)
	}
	return text, hidden, err
}

// pointer is the template that says where the rest is to be read.
const pointer = "left out"

func (l *Language) runMaybe(set *template.Template, name string, v view, to Reader) (text string, hidden bool, err error) {
	v, hidden = v.worded(to)
	text, err = l.write(set, name, v, v, to)
	return text, hidden, err
}

// A bound is a set of templates whose functions know what is written, and for whom.
type bound struct {
	set *template.Template
	calendar
	view
	Reader
}

// write executes a template on data, for functions that know of a view. Binding the
// functions of a set takes longer than a message, so what is bound is used again.
func (l *Language) write(set *template.Template, name string, data any, v view, to Reader) (string, error) {
	pool, _ := l.bound.LoadOrStore(set, &sync.Pool{New: func() any { return l.bind(set) }})
	b, ok := pool.(*sync.Pool).Get().(*bound)
	if !ok {
		return "", errors.New("wording: the templates cannot be used again")
	}
	defer pool.(*sync.Pool).Put(b)
	b.calendar.now, b.view, b.Reader = to.Now, v, to
	var out strings.Builder
	if err := b.set.ExecuteTemplate(&out, name, data); err != nil {
		return "", fmt.Errorf("wording: %w", err)
	}
	return tidy(out.String()), nil
}

// bind is a copy of a set with functions of its own, nil where there cannot be one.
func (l *Language) bind(set *template.Template) any {
	set, err := set.Clone()
	if err != nil {
		return nil
	}
	b := &bound{calendar: calendar{Language: l}}
	b.set = set.Funcs(l.functions(&b.calendar, &b.view, &b.Reader))
	return b
}

// worded is a view as templates see it, without what its reader does not.
func (v view) worded(to Reader) (_ view, hidden bool) {
	old, _ := v.before().worded(v.Kind, to)
	v.Old = old.Now
	v.Facts, hidden = v.Facts.worded(v.Kind, to)
	with := v.With
	v.With = nil
	for _, other := range with {
		seen, less := other.worded(to)
		v.With, hidden = append(v.With, seen), hidden || less
	}
	more := v.More
	v.More = nil
	for _, other := range more {
		seen, less := other.worded(to)
		v.More, hidden = append(v.More, seen), hidden || less
	}
	all := v.All
	v.All = nil
	for _, facts := range all {
		seen, less := facts.worded(v.Kind, to)
		v.All, hidden = append(v.All, seen), hidden || less
	}
	return v, hidden
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
