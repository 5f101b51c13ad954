package pronoteapi

import (
	"time"

	"github.com/vektah/gqlparser/v2/ast"
)

// A shaper makes objects of the schema out of what the login answered.
type shaper struct {
	schema *ast.Schema
	zone   *time.Location
	photo  func(number string) string // the address of a photograph
}

// computed are the fields of params and user that take more than a path.
var computed = map[string]map[string]func(shaper, raw) any{
	"PronoteParams":    {"displayWeeks": func(shaper, raw) any { return "0" }}, // it had been a number
	"PronoteHour":      {"round": func(_ shaper, r raw) any { return !r.at("A").present() }},
	"PronoteTabPeriod": {"isCorePeriod": func(_ shaper, r raw) any { return r.at("GenreNotation").int() == 1 }},
	"PronoteEstablishmentInfo": {"address": func(_ shaper, r raw) any {
		return []any{r.at("Coordonnees.Adresse1").text(), r.at("Coordonnees.Adresse2").text()}
	}},
	"PronoteUser":    {"avatar": func(s shaper, r raw) any { return s.avatar(r.at("ressource")) }},
	"PronoteStudent": {"avatar": shaper.avatar},
}

func (s shaper) avatar(of raw) any {
	if number := of.at("N").text(); number != "" && of.at("avecPhoto").flag() {
		return s.photo(number)
	}
	return nil
}

// shape makes an object. Its members are made when they are asked for.
func (s shaper) shape(of *ast.Definition, from raw) object {
	o := object{}
	for _, f := range of.Fields {
		o[f.Name] = s.later(of, f, from)
	}
	return o
}

func (s shaper) later(of *ast.Definition, f *ast.FieldDefinition, from raw) resolver {
	return resolved(func() any {
		if compute := computed[of.Name][f.Name]; compute != nil {
			return compute(s, from)
		}
		path, known := sources[of.Name][f.Name]
		if !known {
			return s.empty(f.Type)
		}
		return s.value(f.Type, from.at(path))
	})
}

// value reads what a type says.
func (s shaper) value(as *ast.Type, from raw) any {
	if !from.present() {
		return s.empty(as)
	}
	switch {
	case as.Elem != nil && as.Elem.Elem == nil && s.schema.Types[as.Elem.NamedType].IsLeafType() && as.Elem.NamedType != "String":
		return from.set()
	case as.Elem != nil:
		list := []any{}
		for _, item := range from.list() {
			list = append(list, s.value(as.Elem, item))
		}
		return list
	}
	_, inner := from.unwrap()
	switch as.NamedType {
	case "Date":
		if t, ok := from.instant(s.zone); ok {
			return t
		}
		return s.empty(as)
	case "Boolean":
		return from.flag()
	case "Int", "Float":
		if n, known := from.number(); known {
			return n
		}
		return s.empty(as)
	case "String":
		return from.text()
	}
	return s.shape(s.schema.Types[as.NamedType], inner)
}

// empty is what stands for a value that servers leave out where it is false or
// nothing, or have no longer.
func (s shaper) empty(as *ast.Type) any {
	switch {
	case !as.NonNull:
		return nil
	case as.Elem != nil:
		return []any{}
	}
	switch as.NamedType {
	case "Date":
		return dated(s.zone)
	case "Boolean":
		return false
	case "Int", "Float":
		return 0
	case "String":
		return ""
	}
	return s.shape(s.schema.Types[as.NamedType], raw{})
}
