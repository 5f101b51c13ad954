package cas

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// A reading takes a page apart in one pass over its tags, as they come. A parser
// that builds the tree of a page as browsers do is no use against a hostile
// portal: 100 kB of the right tags keep it busy for a minute, 2 MB for hours.
// What a login needs is in the tags.
type reading struct {
	*page
	saying, scripts strings.Builder
	open            map[string][]int // elements that are not closed, by name
	form            *form            // that controls belong to
	choice          *field           // the select that options belong to
	tags            int
	base            string // what addresses are relative to; "" for the page's own
}

// readPage takes a page apart. It fails with TooMuch or PortalChanged.
func readPage(at *url.URL, status int, header http.Header, body []byte) (*page, error) {
	text, ok := decode(body, header.Get("Content-Type"))
	if !ok {
		return nil, &Error{Reason: PortalChanged, Host: at.Host, Detail: "a page in an encoding that no portal uses"}
	}
	r := &reading{page: &page{url: at, status: status, header: header, body: body}, open: map[string][]int{}}
	if err := r.read(html.NewTokenizer(bytes.NewReader(text))); err != nil {
		return nil, err
	}
	r.text = r.saying.String()
	for _, open := range r.open {
		for _, i := range open {
			r.elements[i].to = len(r.text)
		}
	}
	r.plain = fold(r.text + " " + r.scripts.String())
	return r.page, r.finishForms()
}

func (r *reading) read(z *html.Tokenizer) error {
	raw := "" // the name of the element whose text comes next, where that is no HTML
	for {
		switch z.Next() {
		case html.ErrorToken:
			if errors.Is(z.Err(), io.EOF) {
				return nil
			}
			return &Error{Reason: PortalChanged, Host: r.url.Host, Detail: "a page that cannot be read"}
		case html.TextToken:
			switch raw {
			case "style":
			case "script":
				r.scripts.Write(z.Text())
				r.scripts.WriteByte(' ')
			default:
				r.saying.Write(z.Text())
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			if r.tags++; r.tags > maxTags {
				return &Error{Reason: TooMuch, Host: r.url.Host, Detail: fmt.Sprintf("a page with more than %d tags", maxTags)}
			}
			tag := z.Token()
			if raw = tag.Data; raw == "noscript" { // scripts are not run here, so this is part of the page
				z.NextIsNotRawText()
			}
			if err := r.start(tag); err != nil {
				return err
			}
			continue
		case html.EndTagToken:
			name, _ := z.TagName()
			r.end(string(name))
		}
		raw = ""
	}
}

// start reads a tag that begins an element.
func (r *reading) start(tag html.Token) error {
	if tag.Data == "option" {
		r.end("option")
	}
	here := len(r.elements)
	e := element{tag: &html.Node{Type: html.ElementNode, DataAtom: tag.DataAtom, Data: tag.Data, Attr: tag.Attr}, from: r.saying.Len(), to: r.saying.Len()}
	r.elements = append(r.elements, e)
	if !slices.Contains(void, tag.Data) {
		r.open[tag.Data] = append(r.open[tag.Data], here)
	}
	if text, ok := e.lookup("ng-init"); ok { // where a portal hands messages to its scripts
		r.scripts.WriteString(text + " ")
	}
	switch tag.Data {
	case "base":
		if r.base == "" {
			r.base = strings.TrimSpace(e.attr("href"))
		}
	case "form":
		if r.form != nil {
			return nil // one within another is none
		}
		if len(r.forms) == maxForms {
			return &Error{Reason: TooMuch, Host: r.url.Host, Detail: fmt.Sprintf("a page with more than %d forms", maxForms)}
		}
		r.forms = append(r.forms, form{element: here})
		r.form = &r.forms[len(r.forms)-1]
	case "input", "select", "textarea", "button":
		return r.control(e, here)
	case "option":
		_, selected := e.lookup("selected")
		if c := r.choice; c != nil && (c.option < 0 || selected && !c.selected) {
			c.option, c.selected = here, selected
		}
	}
	return nil
}

// void are elements without an end, in which nothing can be.
var void = []string{"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}

// end reads a tag that ends an element.
func (r *reading) end(name string) {
	switch name {
	case "form":
		r.form, r.choice = nil, nil
	case "select":
		r.end("option")
		r.choice = nil
	}
	if open := r.open[name]; len(open) > 0 {
		r.elements[open[len(open)-1]].to = r.saying.Len()
		r.open[name] = open[:len(open)-1]
	}
}

// control adds one to the form that is open.
func (r *reading) control(e element, here int) error {
	r.choice = nil
	if r.form == nil {
		return nil
	}
	if len(r.form.fields) == maxFields {
		return &Error{Reason: TooMuch, Host: r.url.Host, Detail: fmt.Sprintf("a form with more than %d fields", maxFields)}
	}
	r.form.fields = append(r.form.fields, newField(e, here))
	if e.tag.Data == "select" {
		r.choice = &r.form.fields[len(r.form.fields)-1]
	}
	return nil
}

// finishForms completes the forms with what is known once the page has been read.
func (r *reading) finishForms() error {
	base := r.url
	if u, err := r.url.Parse(r.base); err == nil && r.base != "" {
		base = u
	}
	for i := range r.forms {
		f := &r.forms[i]
		e := r.elements[f.element]
		f.tag, f.action, f.method = e.tag, r.url, http.MethodGet
		if strings.EqualFold(strings.TrimSpace(e.attr("method")), http.MethodPost) {
			f.method = http.MethodPost
		}
		if action := strings.TrimSpace(e.attr("action")); action != "" {
			u, err := base.Parse(action)
			if err != nil {
				return &Error{Reason: PortalChanged, Host: r.url.Host, Detail: "a form whose address cannot be read"}
			}
			f.action = u
		}
		for j := range f.fields {
			r.finishField(&f.fields[j])
		}
		f.fields = slices.DeleteFunc(f.fields, func(x field) bool { return x.name == "" })
	}
	return nil
}

// finishField gives a field the value that is in a text.
func (r *reading) finishField(x *field) {
	within := func(i int) string { return r.text[r.elements[i].from:r.elements[i].to] }
	switch {
	case x.kind == "textarea":
		x.value = strings.TrimPrefix(within(x.element), "\n")
	case x.kind == "select" && x.option >= 0:
		option := r.elements[x.option]
		value, ok := option.lookup("value")
		if x.value = value; !ok {
			x.value = strings.TrimSpace(within(x.option))
		}
	}
}
