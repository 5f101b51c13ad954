package cas

import (
	"bytes"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
)

// maxBody bounds a page, in bytes; those of portals have 10,000 to 300,000.
const maxBody = 2 << 20

// A page is what a portal answered, at the end of no redirect.
type page struct {
	url    *url.URL
	status int
	header http.Header
	body   []byte
	doc    *goquery.Document
	forms  []form
	plain  string // the text of the page as said compares it
}

// readPage takes a page apart. It fails with TooMuch or PortalChanged.
func readPage(at *url.URL, status int, header http.Header, body []byte) (*page, error) {
	p := &page{url: at, status: status, header: header, body: body}
	text, ok := decode(body, header.Get("Content-Type"))
	if !ok {
		return nil, &Error{Reason: PortalChanged, Host: at.Host, Detail: "a page in an encoding that no portal uses"}
	}
	// Without scripts, as here, what stands in <noscript> is part of the page.
	root, err := html.ParseWithOptions(bytes.NewReader(text), html.ParseOptionEnableScripting(false))
	if err != nil {
		return nil, &Error{Reason: PortalChanged, Host: at.Host, Detail: "a page that cannot be read"}
	}
	p.doc = goquery.NewDocumentFromNode(root)
	if p.forms, err = readForms(p.doc, at); err != nil {
		return nil, err
	}
	p.plain = fold(p.doc.Text() + " " + scripts(p.doc))
	return p, nil
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

// scripts are the attributes in which a portal hands messages to its scripts.
func scripts(doc *goquery.Document) string {
	var text strings.Builder
	doc.Find("[ng-init]").Each(func(_ int, s *goquery.Selection) {
		text.WriteString(s.AttrOr("ng-init", "") + " ")
	})
	return text.String()
}

// fold makes texts comparable: lower case, one kind of apostrophe, single spaces.
func fold(text string) string {
	text = strings.NewReplacer("’", "'", "\\'", "'").Replace(strings.ToLower(text))
	return strings.Join(strings.Fields(text), " ")
}

// has reports whether a page contains what a selector describes.
func (p *page) has(selector string) bool { return p.doc.Find(selector).Length() > 0 }

// form is the first form that has all these fields.
func (p *page) form(fields ...string) (form, bool) {
	for _, f := range p.forms {
		if f.hasAll(fields) {
			return f, true
		}
	}
	return form{}, false
}
