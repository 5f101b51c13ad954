package pronoteapi

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// An introspector tells clients about a schema.
type introspector struct{ schema *ast.Schema }

// fields are what introspection adds to the query.
func (i introspector) fields() object {
	return object{
		"__schema": resolver(func(context.Context, map[string]any) (any, error) { return i.whole(), nil }),
		"__type": resolver(func(_ context.Context, args map[string]any) (any, error) {
			name, _ := args["name"].(string)
			if i.schema.Types[name] == nil {
				return nil, nil
			}
			return i.named(name), nil
		}),
	}
}

func (i introspector) whole() object {
	types := []any{}
	for _, name := range slices.Sorted(maps.Keys(i.schema.Types)) {
		types = append(types, i.named(name))
	}
	directives := []any{}
	for _, name := range slices.Sorted(maps.Keys(i.schema.Directives)) {
		directives = append(directives, i.directive(i.schema.Directives[name]))
	}
	return object{"types": types, "directives": directives, "queryType": i.named("Query"), "mutationType": i.named("Mutation")}
}

func (i introspector) directive(d *ast.DirectiveDefinition) object {
	locations := []any{}
	for _, l := range d.Locations {
		locations = append(locations, string(l))
	}
	return object{
		"name": d.Name, "description": orNull(d.Description), "locations": locations, "args": i.inputs(d.Arguments), "isRepeatable": d.IsRepeatable,
	}
}

// named is a type by its name. Its members are found when they are asked for, for
// types name each other.
func (i introspector) named(name string) object {
	d := i.schema.Types[name]
	later := func(find func() any) resolver {
		return func(context.Context, map[string]any) (any, error) { return find(), nil }
	}
	o := object{"kind": string(d.Kind), "name": d.Name, "description": orNull(d.Description)}
	switch d.Kind {
	case ast.Object:
		o["interfaces"] = []any{}
		o["fields"] = later(func() any { return i.fieldsOf(d) })
	case ast.Enum:
		o["enumValues"] = later(func() any {
			values := []any{}
			for _, v := range d.EnumValues {
				values = append(values, object{"name": v.Name, "description": orNull(v.Description), "isDeprecated": false})
			}
			return values
		})
	}
	return o
}

func (i introspector) fieldsOf(d *ast.Definition) []any {
	fields := []any{}
	for _, f := range d.Fields {
		if !strings.HasPrefix(f.Name, "__") {
			fields = append(fields, object{
				"name": f.Name, "description": orNull(f.Description), "args": i.inputs(f.Arguments), "type": i.of(f.Type), "isDeprecated": false,
			})
		}
	}
	return fields
}

func (i introspector) inputs(list ast.ArgumentDefinitionList) []any {
	inputs := []any{}
	for _, a := range list {
		input := object{"name": a.Name, "description": orNull(a.Description), "type": i.of(a.Type), "isDeprecated": false}
		if a.DefaultValue != nil {
			input["defaultValue"] = a.DefaultValue.String()
		}
		inputs = append(inputs, input)
	}
	return inputs
}

// of is a type with the lists and the marks around it.
func (i introspector) of(t *ast.Type) object {
	switch {
	case t.NonNull:
		inner := *t
		inner.NonNull = false
		return object{"kind": "NON_NULL", "ofType": i.of(&inner)}
	case t.Elem != nil:
		return object{"kind": "LIST", "ofType": i.of(t.Elem)}
	}
	return i.named(t.NamedType)
}

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}
