package pronoteapi

import (
	_ "embed"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"
)

// The schema of an account is what both kinds have and what the kind has besides.
var (
	//go:embed common.graphql
	commonSchema string
	//go:embed student.graphql
	studentSchema string
	//go:embed parent.graphql
	parentSchema string
)

// loadSchema reads the schema of a kind of account. It panics on one that is
// wrong, for they are ours.
func loadSchema(own string) *ast.Schema {
	schema, err := validator.LoadSchema(validator.Prelude,
		&ast.Source{Name: "common.graphql", Input: commonSchema, BuiltIn: false},
		&ast.Source{Name: "own.graphql", Input: own, BuiltIn: false})
	if err != nil {
		panic(err)
	}
	// The library knows more than there was in 2021, which is all that clients know.
	delete(schema.Directives, "defer")
	delete(schema.Directives, "oneOf")
	delete(schema.Types, "ID")
	// What clients of 2021 call by a name that was changed later.
	of := schema.Types["__Type"]
	of.Fields = append(of.Fields, &ast.FieldDefinition{Name: "specifiedByUrl", Type: ast.NamedType("String", nil)})
	return schema
}
