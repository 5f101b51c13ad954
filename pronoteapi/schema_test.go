package pronoteapi

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// introspection is the query of the reference client, version 15.
const introspection = `query IntrospectionQuery {
  __schema {
    description queryType { name } mutationType { name } subscriptionType { name }
    types { ...FullType }
    directives { name description isRepeatable locations args { ...InputValue } }
  }
}
fragment FullType on __Type {
  kind name description
  fields(includeDeprecated: true) { name description args { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
  inputFields { ...InputValue } interfaces { ...TypeRef }
  enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
  possibleTypes { ...TypeRef }
}
fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue }
fragment TypeRef on __Type {
  kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } }
}`

// A typeRef is a type as introspection tells it.
type typeRef struct {
	Kind   string   `json:"kind"`
	Name   string   `json:"name"`
	OfType *typeRef `json:"ofType"`
}

func (r typeRef) String() string {
	switch r.Kind {
	case "NON_NULL":
		return r.OfType.String() + "!"
	case "LIST":
		return "[" + r.OfType.String() + "]"
	}
	return r.Name
}

type introspected struct {
	Data struct {
		Schema struct {
			QueryType, MutationType, SubscriptionType *typeRef
			Types                                     []struct {
				Kind, Name, Description string
				Fields                  []struct {
					Name string
					Args []struct {
						Name         string
						Type         typeRef
						DefaultValue *string
					}
					Type typeRef
				}
			}
			Directives []struct{ Name string }
		} `json:"__schema"`
	}
	Errors []any
}

// recordedFields are the fields of the original by account, "Type.field(args): type".
func recordedFields(t *testing.T, account string) []string {
	t.Helper()
	text, err := os.ReadFile("testdata/schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var entries []struct {
		Account, Type, Field string
		Args                 []struct{ Name, Type string }
		GQLType              string `json:"gql_type"`
		Released             bool
	}
	if err := json.Unmarshal(text, &entries); err != nil {
		t.Fatal(err)
	}
	var fields []string
	for _, e := range entries {
		if e.Account == account && e.Released {
			args := []string{}
			for _, a := range e.Args {
				args = append(args, a.Name+": "+a.Type)
			}
			fields = append(fields, fmt.Sprintf("%s.%s(%s): %s", e.Type, e.Field, strings.Join(args, ", "), e.GQLType))
		}
	}
	slices.Sort(fields)
	return fields
}

// Clients generate code from introspection, which is that of the original.
func TestIntrospectionIsThatOfTheOriginal(t *testing.T) {
	t.Parallel()
	w := newTestbed(t, Options{})
	for account, count := range map[string]int{"student": 328, "parent": 341} {
		answer := w.post("/graphql", w.login("account", account), map[string]string{"query": introspection})
		var got introspected
		if err := json.Unmarshal(answer.Body.Bytes(), &got); err != nil || got.Errors != nil {
			t.Fatalf("%s: %v %v", account, err, got.Errors)
		}
		var fields, directives []string
		for _, of := range got.Data.Schema.Types {
			if of.Name == "Date" && (of.Kind != "SCALAR" || of.Description != "Equivalent of the JS Date type") {
				t.Errorf("Date is %+v", of)
			}
			if of.Kind != "OBJECT" || strings.HasPrefix(of.Name, "__") {
				continue
			}
			for _, f := range of.Fields {
				args := []string{}
				for _, a := range f.Args {
					if args = append(args, a.Name+": "+a.Type.String()); a.DefaultValue != nil {
						t.Errorf("%s.%s has the default %s", of.Name, f.Name, *a.DefaultValue)
					}
				}
				fields = append(fields, fmt.Sprintf("%s.%s(%s): %s", of.Name, f.Name, strings.Join(args, ", "), f.Type))
			}
		}
		slices.Sort(fields)
		if want := recordedFields(t, account); len(want) != count || !slices.Equal(fields, want) {
			t.Errorf("%s: %d fields, want %d; the first that differ are %q", account, len(fields), len(want), firstDifference(fields, want))
		}
		for _, d := range got.Data.Schema.Directives {
			directives = append(directives, d.Name)
		}
		slices.Sort(directives)
		if want := []string{"deprecated", "include", "skip", "specifiedBy"}; !slices.Equal(directives, want) || got.Data.Schema.SubscriptionType != nil {
			t.Errorf("%s: directives %q, want %q, and %v", account, directives, want, got.Data.Schema.SubscriptionType)
		}
	}
}

func firstDifference(a, b []string) []string {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return []string{a[i], b[i]}
		}
	}
	return nil
}

// The reference client asked for the address of a scalar's description under one name
// in 2021, and asks under another today.
func TestBothNamesOfSpecifiedByWork(t *testing.T) {
	t.Parallel()
	w := newTestbed(t, Options{})
	answer := w.post("/graphql", w.login(), map[string]string{"query": `{__type(name: "Date") {name specifiedByUrl specifiedByURL}}`})
	if got := answer.Body.String(); got != `{"data":{"__type":{"name":"Date","specifiedByUrl":null,"specifiedByURL":null}}}` {
		t.Errorf("it answers %s", got)
	}
}
