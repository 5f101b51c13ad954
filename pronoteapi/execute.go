//lint:file-ignore ST1005 clients know these sentences

package pronoteapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// An object is the value of an object type: plain values, lists, other objects, or
// resolvers by the names of its fields.
type object map[string]any

// A resolver finds the value of a field when it is asked for.
type resolver func(ctx context.Context, args map[string]any) (any, error)

// A query is what a client posts.
type query struct {
	text      string
	operation string // name of the one to run; "" for the only one
	variables map[string]any
}

// execute runs a query against an object for each kind of operation. What is
// wrong with a query is in the answer.
func execute(ctx context.Context, schema *ast.Schema, q query, roots map[ast.Operation]object) answer {
	document, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: q.text}, maxTokens)
	if err != nil {
		return refused(syntaxErrors(err))
	}
	if err := measure(document); err != nil {
		return refused([]failure{{message: err.Error()}})
	}
	if wrong := validator.ValidateWithRules(schema, document, rules.NewDefaultRules()); len(wrong) > 0 {
		return refused(failuresOf(wrong))
	}
	operation, err := operationOf(document, q.operation)
	if err != nil {
		return refused([]failure{{message: err.Error()}})
	}
	variables, err := validator.VariableValues(schema, operation, numbered(q.variables))
	if err != nil {
		return refused([]failure{variableFailure(err, operation, q.variables)})
	}
	e := &execution{schema: schema, variables: variables, left: maxAnswer}
	root := schema.Query
	if operation.Operation == ast.Mutation {
		root = schema.Mutation
	}
	data, ok := e.object(ctx, root, roots[operation.Operation], []ast.SelectionSet{operation.SelectionSet}, nil)
	switch {
	case e.left < 0:
		return answer{ran: true, failures: []failure{{message: errTooMuch.Error()}}}
	case !ok:
		return answer{ran: true, failures: e.failures}
	}
	return answer{data: data, ran: true, failures: e.failures}
}

func operationOf(document *ast.QueryDocument, name string) (*ast.OperationDefinition, error) {
	operation := document.Operations.ForName(name)
	switch {
	case len(document.Operations) == 0:
		return nil, say("Must provide an operation.")
	case operation == nil && name == "":
		return nil, say("Must provide operation name if query contains multiple operations.")
	case operation == nil:
		return nil, say("Unknown operation named %q.", name)
	}
	return operation, nil
}

// numbered is a copy of variables whose numbers are such: the library takes the text
// of a number for a text.
func numbered(variables map[string]any) map[string]any {
	out := make(map[string]any, len(variables))
	for name, v := range variables {
		out[name] = number(v)
	}
	return out
}

func number(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		if f, err := v.Float64(); err == nil {
			return f
		}
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = number(item)
		}
		return out
	case map[string]any:
		return numbered(v)
	}
	return v
}

// variableFailure says which variable is wrong in the words of the reference library:
// ours names it apart from the message.
func variableFailure(err error, operation *ast.OperationDefinition, given map[string]any) failure {
	var wrong *gqlerror.Error
	if !errors.As(err, &wrong) || len(wrong.Path) < 2 {
		return failure{message: err.Error()}
	}
	name, _ := wrong.Path[1].(ast.PathName)
	variable := operation.VariableDefinitions.ForName(string(name))
	if variable == nil {
		return failure{message: wrong.Message}
	}
	f := failure{locations: []gqlerror.Location{{Line: variable.Position.Line, Column: variable.Position.Column}}}
	value, provided := given[string(name)]
	switch text, err := plainJSON(value); {
	case !provided:
		f.message = fmt.Sprintf("Variable %q of required type %q was not provided.", "$"+name, variable.Type)
	case value == nil:
		f.message = fmt.Sprintf("Variable %q of non-null type %q must not be null.", "$"+name, variable.Type)
	case err != nil || len(text) > longestShown:
		f.message = fmt.Sprintf("Variable %q got an invalid value; Expected type %q.", "$"+name, variable.Type)
	default:
		f.message = fmt.Sprintf("Variable %q got invalid value %s; Expected type %q.", "$"+name, text, variable.Type)
	}
	return f
}

// longestShown is how many bytes of a wrong value an error shows.
const longestShown = 100

// An execution is one operation that runs.
type execution struct {
	schema    *ast.Schema
	variables map[string]any
	failures  []failure
	left      int // of maxAnswer
}

// A place is where in the answer a value stands, from the inside out.
type place struct {
	outer *place
	name  string // of a field, or
	index int    // in a list
}

func (p *place) path() []any {
	if p == nil {
		return nil
	}
	if p.name != "" {
		return append(p.outer.path(), p.name)
	}
	return append(p.outer.path(), p.index)
}

// fail notes what is wrong with a field, once the value is null.
func (e *execution) fail(field *ast.Field, at *place, err error) {
	if len(e.failures) >= maxFailures {
		return
	}
	f := failure{message: sentence(err), path: at.path(), code: codeOf(err)}
	if field.Position != nil {
		f.locations = []gqlerror.Location{{Line: field.Position.Line, Column: field.Position.Column}}
	}
	e.failures = append(e.failures, f)
}

// object is the value of an object type. It is not ok when a field that must not
// be null is.
func (e *execution) object(ctx context.Context, of *ast.Definition, value object, sets []ast.SelectionSet, at *place) (members, bool) {
	collected := &collection{}
	for _, set := range sets {
		e.collect(of, set, collected)
	}
	out := make(members, 0, len(collected.names))
	for _, name := range collected.names {
		v, ok := e.field(ctx, of, value, collected.fields[name], &place{outer: at, name: name})
		if !ok {
			return nil, false
		}
		out = append(out, member{name, v})
	}
	return out, true
}

// A collection is the fields that are selected of one object, by the name in the
// answer; fields of one name are the same field with several selections.
type collection struct {
	names   []string
	fields  map[string][]*ast.Field
	visited map[string]bool
}

func (e *execution) collect(of *ast.Definition, set ast.SelectionSet, into *collection) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			if !e.wanted(s.Directives) {
				continue
			}
			if into.fields == nil {
				into.fields = map[string][]*ast.Field{}
			}
			if into.fields[s.Alias] == nil {
				into.names = append(into.names, s.Alias)
			}
			into.fields[s.Alias] = append(into.fields[s.Alias], s)
		case *ast.InlineFragment:
			if e.wanted(s.Directives) && (s.TypeCondition == "" || s.TypeCondition == of.Name) {
				e.collect(of, s.SelectionSet, into)
			}
		case *ast.FragmentSpread:
			if !e.wanted(s.Directives) || into.visited[s.Name] || s.Definition.TypeCondition != of.Name {
				continue
			}
			if into.visited == nil {
				into.visited = map[string]bool{}
			}
			into.visited[s.Name] = true
			e.collect(of, s.Definition.SelectionSet, into)
		}
	}
}

func (e *execution) wanted(directives ast.DirectiveList) bool {
	if d := directives.ForName("skip"); d != nil && d.ArgumentMap(e.variables)["if"] == true {
		return false
	}
	d := directives.ForName("include")
	return d == nil || d.ArgumentMap(e.variables)["if"] == true
}

// field is the value of a field; it is not ok when the object around it must be
// null.
func (e *execution) field(ctx context.Context, of *ast.Definition, value object, fields []*ast.Field, at *place) (any, bool) {
	first := fields[0]
	if e.left -= valueSize; e.left < 0 {
		return nil, false
	}
	if first.Name == "__typename" {
		return of.Name, true
	}
	v, err := value[first.Name], error(nil)
	if resolve, ok := v.(resolver); ok {
		v, err = resolve(ctx, first.ArgumentMap(e.variables))
	}
	if err == nil && ctx.Err() != nil {
		err = ctx.Err()
	}
	if err != nil {
		e.fail(first, at, err)
		return nil, !first.Definition.Type.NonNull
	}
	return e.complete(ctx, first.Definition.Type, v, of, fields, at)
}

// complete makes a value what its type says.
func (e *execution) complete(ctx context.Context, as *ast.Type, v any, of *ast.Definition, fields []*ast.Field, at *place) (any, bool) {
	if v == nil {
		if as.NonNull {
			e.fail(fields[0], at, say("Cannot return null for non-nullable field %s.%s.", of.Name, fields[0].Name))
		}
		return nil, !as.NonNull
	}
	var ok bool
	switch {
	case as.Elem != nil:
		v, ok = e.list(ctx, as.Elem, v, of, fields, at)
	case e.schema.Types[as.NamedType].IsLeafType():
		v, ok = e.leaf(as.NamedType, v, fields[0], at)
	default:
		inside, isObject := v.(object)
		if !isObject {
			e.fail(fields[0], at, say("PRONOTE sent something else than the object %s", as.NamedType))
			return nil, !as.NonNull
		}
		sets := make([]ast.SelectionSet, len(fields))
		for i, f := range fields {
			sets[i] = f.SelectionSet
		}
		v, ok = e.object(ctx, e.schema.Types[as.NamedType], inside, sets, at)
	}
	if !ok {
		return nil, !as.NonNull
	}
	return v, true
}

func (e *execution) list(ctx context.Context, of *ast.Type, v any, parent *ast.Definition, fields []*ast.Field, at *place) (any, bool) {
	items, ok := v.([]any)
	if !ok {
		e.fail(fields[0], at, say("PRONOTE sent something else than a list"))
		return nil, false
	}
	out := make([]any, len(items))
	for i, item := range items {
		if e.left -= valueSize; e.left < 0 {
			return nil, false
		}
		if out[i], ok = e.complete(ctx, of, item, parent, fields, &place{outer: at, index: i}); !ok {
			return nil, false
		}
	}
	return out, true
}

func (e *execution) leaf(name string, v any, field *ast.Field, at *place) (any, bool) {
	v, err := scalar(name, v)
	if text, ok := v.(string); ok {
		e.left -= len(text)
	}
	if err != nil {
		e.fail(field, at, err)
		return nil, false
	}
	return v, true
}
