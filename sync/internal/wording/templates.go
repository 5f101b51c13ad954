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
	"sync"
	"text/template"
	"text/template/parse"

	"github.com/pronote-sync/pronote-sync/civil"
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
	languages map[string]func() *Language // read when it is first wanted: a family has one
	samples   map[string]view
}

// New reads the templates that come with the program, and lays those of own over
// them: own has a folder for each language, with files *.tmpl that redefine
// templates; nil is none. Warn gets each mistake in them, now and whenever one
// fails: the words of the program are used instead.
func New(own fs.FS, warn func(error)) *Wording {
	w := &Wording{languages: map[string]func() *Language{}, samples: map[string]view{}}
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

// rehearse words one event of each kind, and two of those that are worded together.
func (w *Wording) rehearse(l *Language, set *template.Template) error {
	for _, kind := range slices.Sorted(maps.Keys(w.samples)) {
		sample := w.samples[kind]
		sample.Kind, sample.All, sample.Count = kind, []Facts{sample.Facts, sample.Facts}, 2
		for _, reveal := range []Reveal{Full, Spoiler, Hint} {
			for _, admin := range []bool{false, true} {
				to := Reader{Reveal: reveal, NoClass: admin, Admin: admin, Now: rehearsal}
				if _, _, err := l.run(set, kind, sample, to); err != nil {
					return err
				}
				if _, _, err := l.runMaybe(set, "line "+kind, sample, to); err != nil && set.Lookup("line "+kind) != nil {
					return err
				}
				if set.Lookup("group "+kind) == nil {
					continue
				}
				if _, _, err := l.run(set, "group "+kind, sample, to); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// rehearsal is when the samples are told.
var rehearsal = civil.DateTime{Date: civil.Date{Year: 2025, Month: 11, Day: 18}, Hour: 12}

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

// functions are those of templates. They know what is written, and for whom, when they are
// called.
func (l *Language) functions(c *calendar, v *view, to *Reader) template.FuncMap {
	functions := template.FuncMap{
		"shown":   shown,
		"who":     func() string { return v.who },
		"hint":    func() bool { return to.Reveal == Hint },
		"noclass": func() bool { return to.NoClass },
		"admin":   func() bool { return to.Admin },
		"changed": func(column string) bool { return slices.Contains(v.What, column) },

		"near": written(c.near), "day": written(c.day), "full": written(c.full), "weekday": written(c.weekday),
		"at": written(c.at), "moment": written(c.on), "clock": written(c.clock),
		"hours": c.hours, "span": c.span, "days": c.days, "nearDays": c.nearDays,
		"minutes": keepingCover(l.minutes),
		"sameDay": sameDay,
		"said":    func(value any) bool { m, ok := momentOf(value); return ok && m.Date == v.said },

		"subject": func(name any, within ...string) any { return l.subject(to.Subjects, name, within) },
		"name":    name,
		"quote":   keepingCover(l.quote),
		"opening": keepingCover(l.opening),
		"brief": func(most int, text any) any {
			return keepingCover(func(bare any) string { return l.brief(bare, most) })(text)
		},
		"file":    keepingCover(fileName),
		"capital": capital,
		"names":   func(list []string) string { return l.Names(list) },

		"number": keepingCover(l.number),
		"money":  l.money, "signed": l.signed, "unsigned": l.unsigned, "opposite": l.opposite,
		"euros":  keepingCover(l.euros),
		"credit": credit, "debt": debt, "several": several, "tally": tallyOf,
		"plural":   l.plural,
		"has":      func(list []string, word string) bool { return slices.Contains(list, word) },
		"unknown":  func(value any) bool { return value == nil },
		"distinct": distinct,
		"judged":   judged,
		"step":     step,
		"texts":    texts,
		"says": func(text any, word string) bool {
			return strings.Contains(strings.ToLower(textOf(text)), word)
		},
		"levels":     func() any { return levels(v.Parts) },
		"relevelled": func() string { return relevelled(v.Parts) },
		"level":      l.level,
		"score":      func(mark map[string]any) any { return l.score(mark, v.Now["out_of"]) },
		"word":       func(mark map[string]any) any { return l.word(mark, v.Now["out_of"]) },
		"brought":    l.brought,
		"correction": func() string { return v.correction() },
		"remarks":    l.remarks,
		"whole":      keepingCover(l.whole),
		"files":      l.files,
		"short":      written(c.brief),
		"figure":     func(mark map[string]any) any { return l.figure(mark) },
		"levelled":   func(s Part) bool { return s.Kind != "added" && levelChanged(s) || s.Kind == "added" && judged(s.Now) },
		"period":     period,
		"whose":      whose,
		"zero":       isZero,
		"start": func(text string) any { // what follows the subject, where there is one
			if firstOf(v.Now["subject"]) == nil {
				return capital(text)
			}
			return text
		},
	}
	maps.Copy(functions, l.lifeFunctions(c, v))
	return functions
}

// plural writes how many there are of something.
func (l *Language) plural(count any, one, many string) string {
	n := amount(count)
	if l.singular(n) {
		many = one
	}
	return l.number(n) + noBreak + many
}

// subject writes the name of a subject that people use; "lower" as it is within a
// sentence.
func (l *Language) subject(of Subjects, value any, within []string) any {
	bare, hidden := uncover(value)
	school := oneLine(textOf(bare))
	called, own := of.called(school)
	if own && slices.Contains(within, "lower") {
		called = l.within(school, called)
	}
	return coverIf(hidden, called)
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
