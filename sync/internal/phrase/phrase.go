// Package phrase executes the templates that messages are made of. They are
// written in the language of text/template, and read by its parser.
//
// It is not text/template because that one can call any method by its name, for
// which the linker keeps every exported method of a program: an eighth of ours.
// Templates here see maps, structs and slices, call the functions that they are
// given and and, or, not, eq, ne, and have no variable but $. What is missing or
// nil is written as nothing.
package phrase

import (
	"fmt"
	"io/fs"
	"maps"
	"reflect"
	"strings"
	"text/template/parse"
)

// Functions are what templates may call, by name. A function returns one value,
// or one and an error. Nil is passed as the zero value of a parameter.
type Functions map[string]any

// A Set is templates that may use one another.
type Set struct {
	trees map[string]*parse.Tree
}

// builtins are the functions that every Set has. Those that do not look at all
// their arguments are in run.call.
var builtins = Functions{
	"and": struct{}{},
	"or":  struct{}{},
	"not": func(value any) bool { return !isTrue(value) },
	"eq":  equal,
	"ne":  func(a, b any) bool { return !equal(a, b) },
}

// Parse reads the templates that files define. Of the functions only the names
// count: Execute takes those that are called.
func Parse(files fs.FS, pattern string, functions Functions) (*Set, error) {
	names, err := fs.Glob(files, pattern)
	if err != nil {
		return nil, err
	}
	s := &Set{trees: map[string]*parse.Tree{}}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		trees, err := parse.Parse(name, string(text), "", "", functions, builtins)
		if err != nil {
			return nil, err
		}
		maps.Copy(s.trees, trees)
	}
	return s, nil
}

// Has reports whether there is a template of a name.
func (s *Set) Has(name string) bool { return s.trees[name] != nil }

// Execute writes a template about data.
func (s *Set) Execute(name string, data any, functions Functions) (string, error) {
	r := run{set: s, functions: functions}
	err := r.template(name, data)
	return r.out.String(), err
}

// A run is one execution.
type run struct {
	set       *Set
	functions Functions
	out       strings.Builder
}

// A scope is what a part of a template sees.
type scope struct{ dot, root any }

func (r *run) template(name string, data any) error {
	tree := r.set.trees[name]
	if tree == nil {
		return fmt.Errorf("there is no template %q", name)
	}
	if err := r.write(tree.Root, scope{data, data}); err != nil {
		return fmt.Errorf("template %q: %w", name, err)
	}
	return nil
}

func (r *run) write(node parse.Node, s scope) error {
	switch n := node.(type) {
	case *parse.ListNode:
		if n == nil { // an else that is not there
			return nil
		}
		for _, child := range n.Nodes {
			if err := r.write(child, s); err != nil {
				return err
			}
		}
		return nil
	case *parse.TextNode:
		r.out.Write(n.Text)
		return nil
	case *parse.ActionNode:
		value, err := r.pipe(n.Pipe, s)
		if value != nil {
			_, _ = fmt.Fprint(&r.out, value) // a builder takes every write
		}
		return err
	case *parse.IfNode:
		return r.branch(&n.BranchNode, s, func(any) scope { return s })
	case *parse.WithNode:
		return r.branch(&n.BranchNode, s, func(value any) scope { return scope{value, s.root} })
	case *parse.RangeNode:
		return r.each(n, s)
	case *parse.TemplateNode:
		data, err := r.pipe(n.Pipe, s)
		if err != nil {
			return err
		}
		return r.template(n.Name, data)
	}
	return fmt.Errorf("%s cannot stand in a message", node)
}

// branch writes the list of an if or a with, in the scope that its value makes,
// or the else.
func (r *run) branch(n *parse.BranchNode, s scope, inner func(value any) scope) error {
	value, err := r.pipe(n.Pipe, s)
	if err != nil {
		return err
	}
	if isTrue(value) {
		return r.write(n.List, inner(value))
	}
	return r.write(n.ElseList, s)
}

func (r *run) each(n *parse.RangeNode, s scope) error {
	value, err := r.pipe(n.Pipe, s)
	if err != nil {
		return err
	}
	if !isTrue(value) {
		return r.write(n.ElseList, s)
	}
	list := reflect.ValueOf(value)
	if list.Kind() != reflect.Slice {
		return fmt.Errorf("%s is no list", n.Pipe)
	}
	for i := range list.Len() {
		if err := r.write(n.List, scope{list.Index(i).Interface(), s.root}); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) pipe(pipe *parse.PipeNode, s scope) (any, error) {
	switch {
	case pipe == nil: // of a template without data
		return nil, nil
	case len(pipe.Decl) > 0 || len(pipe.Cmds) != 1:
		return nil, fmt.Errorf("%s: there are no variables and no pipelines", pipe)
	}
	command := pipe.Cmds[0]
	if function, ok := command.Args[0].(*parse.IdentifierNode); ok {
		return r.call(function.Ident, command.Args[1:], s)
	}
	if len(command.Args) > 1 {
		return nil, fmt.Errorf("%s is no function", command.Args[0])
	}
	return r.value(command.Args[0], s)
}

// value is that of an argument.
func (r *run) value(node parse.Node, s scope) (any, error) {
	switch n := node.(type) {
	case *parse.DotNode:
		return s.dot, nil
	case *parse.FieldNode:
		return fields(s.dot, n.Ident)
	case *parse.VariableNode:
		return fields(s.root, n.Ident[1:]) // the parser knows none but $
	case *parse.IdentifierNode:
		return r.call(n.Ident, nil, s)
	case *parse.PipeNode:
		return r.pipe(n, s)
	case *parse.StringNode:
		return n.Text, nil
	case *parse.BoolNode:
		return n.True, nil
	case *parse.NumberNode:
		if n.IsInt {
			return int(n.Int64), nil
		}
		return n.Float64, nil
	}
	return nil, fmt.Errorf("%s cannot be an argument", node)
}

// fields follows a path of names into maps and structs.
func fields(value any, path []string) (any, error) {
	for _, name := range path {
		of := reflect.ValueOf(value)
		if of.Kind() == reflect.Pointer {
			of = of.Elem()
		}
		var field reflect.Value
		switch of.Kind() {
		case reflect.Map:
			field = of.MapIndex(reflect.ValueOf(name))
		case reflect.Struct:
			if field = of.FieldByName(name); !field.IsValid() {
				return nil, fmt.Errorf("%s has no field %s", of.Type(), name)
			}
		default:
			return nil, fmt.Errorf("nothing can be asked for %s", name)
		}
		if value = nil; field.IsValid() {
			value = field.Interface()
		}
	}
	return value, nil
}

// call calls a function. And and or look at no more arguments than they must.
func (r *run) call(name string, nodes []parse.Node, s scope) (any, error) {
	var args []any
	for _, node := range nodes {
		value, err := r.value(node, s)
		if err != nil {
			return nil, err
		}
		if args = append(args, value); name == "and" && !isTrue(value) || name == "or" && isTrue(value) {
			break
		}
	}
	if (name == "and" || name == "or") && len(args) > 0 {
		return args[len(args)-1], nil
	}
	function, ok := builtins[name]
	if !ok {
		function = r.functions[name]
	}
	return invoke(function, name, args)
}

func invoke(function any, name string, args []any) (any, error) {
	f := reflect.ValueOf(function)
	if f.Kind() != reflect.Func || f.Type().NumIn() != len(args) {
		return nil, fmt.Errorf("there is no function %s of %d arguments", name, len(args))
	}
	in := make([]reflect.Value, len(args))
	for i, arg := range args {
		want := f.Type().In(i)
		if in[i] = reflect.Zero(want); arg != nil {
			in[i] = reflect.ValueOf(arg)
		}
		if !in[i].Type().AssignableTo(want) {
			return nil, fmt.Errorf("%s wants a %s, and not %v", name, want, arg)
		}
	}
	out := f.Call(in)
	if len(out) == 2 {
		err, _ := out[1].Interface().(error)
		return out[0].Interface(), err
	}
	return out[0].Interface(), nil
}

// isTrue reports whether a value is neither nil nor zero nor empty. A struct
// always is.
func isTrue(value any) bool {
	switch v := reflect.ValueOf(value); v.Kind() {
	case reflect.Invalid:
		return false
	case reflect.Map, reflect.Slice, reflect.String:
		return v.Len() > 0
	case reflect.Struct:
		return true
	default:
		return !v.IsZero()
	}
}

// equal compares texts and numbers, whatever their types are called.
func equal(a, b any) bool {
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	switch {
	case x.Kind() == reflect.String && y.Kind() == reflect.String:
		return x.String() == y.String()
	case !x.IsValid() || !y.IsValid():
		return x.IsValid() == y.IsValid()
	case x.CanConvert(number) && y.CanConvert(number):
		return x.Convert(number).Float() == y.Convert(number).Float()
	}
	return x.Comparable() && y.Comparable() && a == b
}

var number = reflect.TypeFor[float64]()
