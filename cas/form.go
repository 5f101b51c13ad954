package cas

import (
	"net/url"
	"slices"
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// A field is a control of a form that has a name.
type field struct {
	name, value, kind string // kind is the type of an input, "select", "button" or "textarea"
	sent              bool   // whether a browser would send it without being told anything

	element  int  // of the page
	option   int  // the element of a select that is chosen; -1 for none
	selected bool // by the page, and not for being the first
}

type form struct {
	action  *url.URL // resolved against the page; never nil
	method  string   // GET or POST
	fields  []field
	element int // of the page
	tag     *html.Node
}

func newField(e element, here int) field {
	f := field{name: e.attr("name"), value: e.attr("value"), kind: e.tag.Data, element: here, option: -1}
	_, disabled := e.lookup("disabled")
	_, checked := e.lookup("checked")
	f.sent = !disabled && f.kind != "button"
	if f.kind != "input" {
		return f
	}
	if f.kind = strings.ToLower(e.attr("type")); f.kind == "" {
		f.kind = "text"
	}
	switch f.kind {
	case "submit", "button", "image", "reset", "file":
		f.sent = false
	case "radio", "checkbox":
		f.sent = f.sent && checked
		if _, ok := e.lookup("value"); !ok {
			f.value = "on"
		}
	}
	return f
}

// is reports whether a selector describes a form; one that is none describes
// nothing.
func (f form) is(selector string) bool {
	s, err := cascadia.ParseGroup(selector)
	return err == nil && s.Match(f.tag)
}

func (f form) hasAll(names []string) bool {
	for _, name := range names {
		if !f.has(name) {
			return false
		}
	}
	return true
}

func (f form) has(name string) bool {
	return slices.ContainsFunc(f.fields, func(x field) bool { return x.name == name })
}

// values are what a browser would send if nothing were typed.
func (f form) values() url.Values {
	v := url.Values{}
	for _, x := range f.fields {
		if x.sent {
			v.Add(x.name, x.value)
		}
	}
	return v
}

// names lists the fields, for people who are to fix this program.
func (f form) names() string {
	var names []string
	for _, x := range f.fields {
		if name := maskName(x.name); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) > 15 {
		names = append(names[:15], "…")
	}
	return strings.Join(names, ", ")
}
