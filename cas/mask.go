package cas

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/net/html"
)

// mask keeps the shape of a value and nothing else: letters become x, digits 9.
func mask(value string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsDigit(r):
			return '9'
		case unicode.IsLetter(r), unicode.IsMark(r), r > unicode.MaxASCII:
			return 'x'
		}
		return r
	}, value)
}

// maskName keeps the name of a field or a cookie, but masks what looks like a
// value: numbers, names with more than two digits or unusual characters, and very
// long ones.
func maskName(name string) string {
	masked := mask(name)
	odd := strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r >= unicode.MaxASCII })
	if odd || len(name) > 60 || strings.Count(masked, "9") > 2 || strings.Trim(masked, "9") == "" || strings.Contains(name, "@") {
		return shorten(masked, 60)
	}
	return name
}

// name is a name for the trace; "x" where it is what somebody typed, or in
// letters that no name has.
func (r *recorder) name(name string) string {
	if r.typed.in(name) || !inASCII(name) {
		return "x"
	}
	return maskName(name)
}

// names are the sorted names of values.
func (r *recorder) names(values url.Values) []string {
	var names []string
	for name := range values {
		names = append(names, r.name(name))
	}
	slices.Sort(names)
	return names
}

// path treats each part of a path as a name.
func (r *recorder) path(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		parts[i] = r.name(part)
	}
	masked := strings.Join(parts, "/")
	if r.typed.in(masked) { // across parts
		return "/x"
	}
	return masked
}

// words are values that belong to portals, not to people.
var words = []string{"submit", "selection", "Confirm", "pronote", "educonnect"}

// value keeps a value only where it is known to be a portal's.
func (r *recorder) value(value string) string {
	if r.typed.in(value) {
		return "x"
	}
	if slices.Contains(words, value) || selections()[value] {
		return value
	}
	return mask(value)
}

// selections are those of the table.
var selections = sync.OnceValue(func() map[string]bool {
	known := map[string]bool{}
	for _, p := range Portals() {
		for _, selection := range p.Selections {
			known[selection] = true
		}
	}
	return known
})

// said keeps of a text what the portals' messages are known by.
func (r *recorder) said(text string) string {
	if r.typed.in(text) {
		return ""
	}
	text = fold(text)
	var kept []string
	for _, m := range messages {
		if strings.Contains(text, m.text) {
			kept = append(kept, m.text)
		}
	}
	return strings.Join(kept, " … ")
}

// page is the body of an answer without what it says.
func (r *recorder) page(a *answer) string {
	text, ok := decode(a.body, a.header.Get("Content-Type"))
	switch trimmed := bytes.TrimSpace(text); {
	case !ok:
		return ""
	case json.Valid(trimmed):
		var value any
		_ = json.Unmarshal(trimmed, &value)       // it is valid
		masked, _ := json.Marshal(r.shape(value)) // as is this
		return string(masked)
	}
	return r.tags(text, a.url)
}

// shapeOf is the shape of a text that may be a person's.
func (r *recorder) shapeOf(text string) string {
	if r.typed.in(text) {
		return "x"
	}
	return mask(text)
}

// shape masks the texts of a JSON value.
func (r *recorder) shape(value any) any {
	switch v := value.(type) {
	case string:
		return r.value(v)
	case float64:
		return 9
	case []any:
		for i := range v {
			v[i] = r.shape(v[i])
		}
	case map[string]any:
		for _, name := range slices.Collect(maps.Keys(v)) {
			inner := r.shape(v[name])
			delete(v, name)
			v[r.name(name)] = inner
		}
	}
	return value
}

// tags masks a page tag by tag: what is left is its forms, and the shape of what
// they hold.
func (r *recorder) tags(text []byte, at *url.URL) string {
	var out strings.Builder
	z := html.NewTokenizer(bytes.NewReader(text))
	for inside := (html.Token{}); ; {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return out.String()
		case html.StartTagToken, html.SelfClosingTagToken:
			inside = z.Token()
			if inside.Data == "noscript" {
				z.NextIsNotRawText()
			}
			r.tag(&out, inside, at)
			continue
		case html.EndTagToken:
			r.tag(&out, z.Token(), at)
		case html.TextToken:
			switch {
			case slices.Contains(untold, inside.Data):
			case inside.Data != "" && inside.DataAtom == 0:
				out.WriteString(html.EscapeString(r.shapeOf(z.Token().Data))) // an element of XML, with a value
			default:
				out.WriteString(html.EscapeString(r.said(z.Token().Data)))
			}
		}
		inside = html.Token{}
	}
}

// untold are elements whose text is no HTML, and of no interest.
var untold = []string{"script", "style", "iframe", "noembed", "noframes", "xmp", "plaintext"}

// tag writes a tag with what may be told about it.
func (r *recorder) tag(out *strings.Builder, tag html.Token, at *url.URL) {
	switch {
	case slices.Contains([]string{"script", "style", "plaintext"}, tag.Data):
		return
	case tag.DataAtom == 0 && (strings.Trim(tag.Data, "abcdefghijklmnopqrstuvwxyz") != "" || r.typed.in(tag.Data)):
		tag.Data = "x" // a page can spell a value as the name of an element
	}
	var kept []html.Attribute
	for _, a := range tag.Attr {
		if a.Val, a.Namespace = r.attribute(a.Key, a.Val, at), ""; a.Val != "" || slices.Contains([]string{"checked", "selected", "disabled"}, a.Key) {
			kept = append(kept, a)
		}
	}
	tag.Attr = kept
	out.WriteString(tag.String())
}

// attribute is what a trace keeps of one; "" for nothing.
func (r *recorder) attribute(name, value string, at *url.URL) string {
	switch name {
	case "name", "type", "method", "for", "http-equiv", "rel", "ng-controller":
		return r.name(value)
	case "id", "class":
		parts := strings.Fields(value)
		for i, part := range parts {
			parts[i] = r.name(part)
		}
		return strings.Join(parts, " ")
	case "value":
		return r.value(value)
	case "ng-init":
		return r.said(value)
	case "action", "href", "src":
		if u, err := at.Parse(strings.TrimSpace(value)); err == nil && u.Host != "" {
			return r.address(u)
		}
	}
	return ""
}
