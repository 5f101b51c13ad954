package cas

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
)

// Bounds of what is read of a page; the fullest known form has some 20 fields.
const (
	maxForms  = 50
	maxFields = 200
)

// A field is a control of a form that has a name.
type field struct {
	name, value, kind string // kind is the type of an input, "select", "button" or "textarea"
	sent              bool   // whether a browser would send it without being told anything
}

type form struct {
	action *url.URL // resolved against the page; never nil
	method string   // GET or POST
	fields []field
	node   *goquery.Selection
}

// readForms reads the forms of a page that came from an address.
func readForms(doc *goquery.Document, at *url.URL) ([]form, error) {
	base := at
	if href, ok := doc.Find("base[href]").First().Attr("href"); ok {
		if u, err := at.Parse(strings.TrimSpace(href)); err == nil {
			base = u
		}
	}
	nodes := doc.Find("form")
	if nodes.Length() > maxForms {
		return nil, &Error{Reason: TooMuch, Host: at.Host, Detail: fmt.Sprintf("a page with %d forms", nodes.Length())}
	}
	var forms []form
	for _, node := range nodes.EachIter() {
		f := form{action: at, method: http.MethodGet, node: node}
		if strings.EqualFold(strings.TrimSpace(node.AttrOr("method", "")), http.MethodPost) {
			f.method = http.MethodPost
		}
		if action := strings.TrimSpace(node.AttrOr("action", "")); action != "" {
			u, err := base.Parse(action)
			if err != nil {
				return nil, &Error{Reason: PortalChanged, Host: at.Host, Detail: "a form whose address cannot be read"}
			}
			f.action = u
		}
		controls := node.Find("input, select, textarea, button")
		if controls.Length() > maxFields {
			return nil, &Error{Reason: TooMuch, Host: at.Host, Detail: fmt.Sprintf("a form with %d fields", controls.Length())}
		}
		for _, control := range controls.EachIter() {
			if c := readField(control); c.name != "" {
				f.fields = append(f.fields, c)
			}
		}
		forms = append(forms, f)
	}
	return forms, nil
}

func readField(s *goquery.Selection) field {
	f := field{name: s.AttrOr("name", ""), value: s.AttrOr("value", ""), kind: goquery.NodeName(s)}
	_, disabled := s.Attr("disabled")
	_, checked := s.Attr("checked")
	f.sent = !disabled
	switch f.kind {
	case "input":
		f.kind = strings.ToLower(s.AttrOr("type", "text"))
		switch f.kind {
		case "submit", "button", "image", "reset", "file":
			f.sent = false
		case "radio", "checkbox":
			f.sent = f.sent && checked
			f.value = s.AttrOr("value", "on")
		}
	case "button":
		f.sent = false
	case "textarea":
		f.value = s.Text()
	case "select":
		chosen := s.Find("option[selected]")
		if chosen.Length() == 0 {
			chosen = s.Find("option")
		}
		chosen = chosen.First()
		f.value = chosen.AttrOr("value", strings.TrimSpace(chosen.Text()))
	}
	return f
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

// names lists the fields, for people who are to mend this program.
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
