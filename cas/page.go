package cas

import (
	"iter"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// Bounds of a page. Those of portals have 10,000 to 300,000 bytes and some
// thousand tags; the fullest known form has some 20 fields.
const (
	maxBody   = 2 << 20
	maxTags   = 20_000
	maxForms  = 50
	maxFields = 200
	maxLabel  = 200 // bytes of the text of an element; it may never be closed
)

// A page is what a portal answered, at the end of no redirect.
type page struct {
	url      *url.URL
	status   int
	header   http.Header
	body     []byte
	elements []element
	forms    []form
	text     string // without scripts
	plain    string // all that it says, scripts included, as fold has it

	replies string // the method of the request that it answers; "" where none was made

	looks int // at elements, by readers: it must grow no faster than the page does
}

// all are the elements of a page, in its order.
func (p *page) all() iter.Seq[element] {
	return func(yield func(element) bool) {
		for _, e := range p.elements {
			if p.looks++; !yield(e) {
				return
			}
		}
	}
}

// An element is a tag of a page, and its text.
type element struct {
	tag      *html.Node // alone: there is no tree
	from, to int        // of the page's text
}

// attr is an attribute, "" where it is missing.
func (e element) attr(name string) string {
	value, _ := e.lookup(name)
	return value
}

func (e element) lookup(name string) (string, bool) {
	for _, a := range e.tag.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

// says is the beginning of an element's text, on one line.
func (p *page) says(e element) string {
	return shorten(strings.Join(strings.Fields(p.text[e.from:min(e.to, e.from+4*maxLabel)]), " "), maxLabel)
}

// shorten cuts a text to a number of bytes, between two characters, and leaves out
// what a terminal would not print but obey.
func shorten(text string, size int) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text[:min(len(text), size)], ""))
}

// find is the first element that a selector describes. There being no tree, the
// selector can only speak of the element itself.
func (p *page) find(selector cascadia.Matcher) (element, bool) {
	for e := range p.all() {
		if selector.Match(e.tag) {
			return e, true
		}
	}
	return element{}, false
}

// has reports whether a page contains what a selector describes.
func (p *page) has(selector cascadia.Matcher) bool {
	_, ok := p.find(selector)
	return ok
}

// form is the first form that has all these fields.
func (p *page) form(fields ...string) (form, bool) {
	for _, f := range p.forms {
		if f.hasAll(fields) {
			return f, true
		}
	}
	return form{}, false
}

// decode turns a body into UTF-8. Portals write that, and a few old ones Latin-1.
func decode(body []byte, contentType string) ([]byte, bool) {
	if utf8.Valid(body) {
		return body, true
	}
	_, params, err := mime.ParseMediaType(contentType)
	charset := strings.ToLower(params["charset"])
	if err != nil || charset != "iso-8859-1" && charset != "iso-8859-15" && charset != "windows-1252" {
		return nil, false
	}
	runes := make([]rune, len(body))
	for i, b := range body {
		runes[i] = rune(b) // the few characters in which the three differ are in no field
	}
	return []byte(string(runes)), true
}

var apostrophes = strings.NewReplacer("’", "'", "\\'", "'")

// fold makes texts comparable: lower case, one kind of apostrophe, single spaces.
func fold(text string) string {
	return strings.Join(strings.Fields(apostrophes.Replace(strings.ToLower(text))), " ")
}
