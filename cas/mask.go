package cas

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"
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
// value: whatever is a number, has more than two digits, or is very long.
func maskName(name string) string {
	masked := mask(name)
	if len(name) > 60 || strings.Count(masked, "9") > 2 || strings.Trim(masked, "9") == "" || strings.ContainsAny(name, "@ ") {
		return masked[:min(len(masked), 60)]
	}
	return name
}

// maskPath treats each part of a path as a name.
func maskPath(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		parts[i] = maskName(part)
	}
	return strings.Join(parts, "/")
}

// words are values that belong to portals, not to people.
var words = []string{"submit", "selection", "Confirm", "pronote", "educonnect"}

// maskValue keeps a value only where it is known to be a portal's.
func maskValue(value string) string {
	if slices.Contains(words, value) {
		return value
	}
	for _, p := range Portals() {
		if slices.Contains(p.Selections, value) {
			return value
		}
	}
	return mask(value)
}

// said keeps of a text what the portals' messages are known by.
func said(text string) string {
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
		_ = json.Unmarshal(trimmed, &value)     // it is valid
		masked, _ := json.Marshal(shape(value)) // as is this
		return string(masked)
	}
	root, err := html.ParseWithOptions(bytes.NewReader(text), html.ParseOptionEnableScripting(false))
	if err != nil {
		return ""
	}
	r.strip(root, a.url)
	var out strings.Builder
	if html.Render(&out, root) != nil {
		return ""
	}
	return out.String()
}

// shape masks the texts of a JSON value.
func shape(value any) any {
	switch v := value.(type) {
	case string:
		return maskValue(v)
	case float64:
		return 9
	case []any:
		for i := range v {
			v[i] = shape(v[i])
		}
	case map[string]any:
		for _, name := range slices.Collect(maps.Keys(v)) {
			inner := shape(v[name])
			delete(v, name)
			v[maskName(name)] = inner
		}
	}
	return value
}

// strip masks a page in place: what is left is its forms, and the shape of what
// they hold.
func (r *recorder) strip(n *html.Node, at *url.URL) {
	for child := n.FirstChild; child != nil; {
		next := child.NextSibling
		switch {
		case child.Type == html.CommentNode,
			child.Type == html.ElementNode && slices.Contains([]string{"script", "style", "svg", "template", "object"}, child.Data):
			n.RemoveChild(child)
		case child.Type == html.TextNode && n.Type == html.ElementNode && n.DataAtom == 0:
			child.Data = mask(child.Data) // an element of XML, with a value
		case child.Type == html.TextNode:
			child.Data = said(child.Data)
		default:
			r.strip(child, at)
		}
		child = next
	}
	if n.Type == html.ElementNode && n.DataAtom == 0 && strings.Trim(n.Data, "abcdefghijklmnopqrstuvwxyz") != "" {
		n.Data = "x" // a page can spell a value as the name of an element
	}
	var kept []html.Attribute
	for _, a := range n.Attr {
		if a.Val, a.Namespace = r.attribute(a.Key, a.Val, at), ""; a.Val != "" || slices.Contains([]string{"checked", "selected", "disabled"}, a.Key) {
			kept = append(kept, a)
		}
	}
	n.Attr = kept
}

// attribute is what a trace keeps of one; "" for nothing.
func (r *recorder) attribute(name, value string, at *url.URL) string {
	switch name {
	case "name", "type", "method", "for", "http-equiv", "rel":
		return maskName(value)
	case "id", "class":
		parts := strings.Fields(value)
		for i, part := range parts {
			parts[i] = maskName(part)
		}
		return strings.Join(parts, " ")
	case "value":
		return maskValue(value)
	case "ng-init":
		return said(value)
	case "action", "href", "src":
		if u, err := at.Parse(strings.TrimSpace(value)); err == nil && u.Host != "" {
			return r.address(u)
		}
	}
	return ""
}
