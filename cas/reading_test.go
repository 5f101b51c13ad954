package cas

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// numbered repeats a text with a number in it until it has a size in bytes.
func numbered(format string, size int) string {
	var out strings.Builder
	for i := 0; out.Len() < size; i++ {
		fmt.Fprintf(&out, format, i)
	}
	return out.String()
}

// heavy are pages that keep a parser of HTML, or a reader that looks at the whole
// page again for each of its elements, busy for minutes or days.
func heavy(size int) map[string]string {
	return map[string]string{
		"attributes for the body":        numbered(`<body a%d=1>`, size),
		"choices with labels":            numbered(`<input type=radio name=selection id=i%[1]d value=v%[1]d><label for=i%[1]d>x</label>`, size),
		"labels without an end":          `<input type=radio name=selection id=a>` + numbered(`<label for=a>x%d`, size),
		"formatting in paragraphs":       numbered(`<p><b id=%d>x`, size),
		"texts in a table":               "<table>" + strings.Repeat("x<tr>", size/5),
		"ends of nothing":                strings.Repeat("x</b>", size/5),
		"links in links":                 numbered(`<a href=/Authn%d>`, size),
		"forms in tables in forms":       strings.Repeat("<form><table>", size/13),
		"forms after each other":         strings.Repeat("<form></form>", size/13),
		"accounts":                       numbered(`<form action=/auth/saml/selectUser><p>%d</form>`, size),
		"options without an end":         "<form><select name=a>" + numbered("<option>%d", size),
		"selects in selects":             "<form>" + strings.Repeat("<select name=a><option>", size/23),
		"messages for scripts":           numbered(`<p ng-init="error = '%d'">`, size),
		"elements of XML":                numbered(`<conversation>%d<uidinsession>`, size),
		"one tag with all attributes":    "<form " + numbered("a%d=1 ", size) + ">",
		"one form with one long address": `<form method=post action="` + strings.Repeat("/..", size/3) + `"><input name=username><input name=password>`,
		"comments":                       strings.Repeat("<!---->", size/7),
		"a comment without an end":       "<!--" + strings.Repeat("-", size),
		"less-than signs":                strings.Repeat("<", size),
		"entities":                       strings.Repeat("&amp", size/4),
		"scripts":                        strings.Repeat("<script>x</script>", size/18),
		"a script in comments":           "<script>" + strings.Repeat("<!--<script>", size/12),
		"nothing but text":               strings.Repeat("il vous reste ", size/14),
	}
}

// TestHeavyPagesAreReadInOnePass gives pages of two sizes to all readers: they are
// refused for what they have too much of, or each element is looked at some few
// times, whatever the page has of it.
func TestHeavyPagesAreReadInOnePass(t *testing.T) {
	t.Parallel()
	for name, body := range heavy(600_000) { // which has more than maxTags of most
		p, err := readPage(fuzzPortal, http.StatusOK, http.Header{}, []byte(body))
		if errors.Is(err, TooMuch) {
			continue
		}
		if err != nil || len(p.elements) > maxTags {
			t.Errorf("%s: %d elements, %v", name, len(p.elements), err)
			continue
		}
		checkLooks(t, name, p)
	}
	for name, body := range heavy(60_000) { // which has not
		p, err := readPage(fuzzPortal, http.StatusOK, http.Header{}, []byte(body))
		if err == nil {
			checkLooks(t, name, p)
		} else if !errors.Is(err, TooMuch) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func checkLooks(t *testing.T, name string, p *page) {
	t.Helper()
	const each = 20 // selectors and readers that a page is shown to
	for engine, path := range map[string]string{
		"kosmos_educonnect": "/login", "kosmos_form": "/login", "cas_form": "/login", "shib_wayf_educonnect": "/WAYF", "oze": "/v1/users/me",
		"entcore_educonnect": "/auth/saml/acs", "entcore_form": entcorePath, "toutatice": toutaticeRemoteUser,
	} {
		p.looks = 0
		p.url = &url.URL{Scheme: "https", Host: "portal.example", Path: path, RawQuery: "redirectToLoaderRemoteUser=0"}
		_, _ = fuzzWalk(engine, true).next(p) // whatever it makes of it
		if most := each * (len(p.elements) + 1); p.looks > most {
			t.Errorf("%s, %s at %s: %d elements were looked at %d times", name, engine, path, len(p.elements), p.looks)
		}
	}
	for _, e := range p.elements {
		if said := p.says(e); len(said) > maxLabel {
			t.Errorf("%s: an element says %d bytes", name, len(said))
		}
	}
}

// TestReading reads what browsers read.
func TestReading(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`<form><input name=a value=1><input name=b type=checkbox><input name=c type=checkbox checked><input value=x></form><input name=d>`:          "a=1&c=on",
		`<form><select name=a><option>x<option selected>y y <option selected value=z></select>`:                                                     "a=y+y",
		`<form><select name=a><option value="">x</option><option>y</option></select><select name=b></select>`:                                       "a=&b=",
		"<form><textarea name=a>\n<b>x</b>\n</textarea>":                                                                                            "a=%3Cb%3Ex%3C%2Fb%3E%0A",
		`<form><form><input name=a></form><input name=b>`:                                                                                           "a=",
		`<table><form><tr><td><input name=a></table>`:                                                                                               "a=",
		`<noscript><form><input name=a value="&amp;&#x41;"></form></noscript>`:                                                                      "a=%26A",
		`<script>"<form><input name=b>"</script><!-- <form><input name=b> --><FORM><INPUT NAME=a>`:                                                  "a=",
		`<form><input name=a disabled><input name=b type=submit><button name=c><input name=d type=IMAGE><input name=e value=1 value=2 type=hidden>`: "e=1",
	} {
		p, err := readPage(fuzzPortal, http.StatusOK, http.Header{}, []byte(body))
		if err != nil || len(p.forms) == 0 {
			t.Errorf("%s: %v", body, err)
			continue
		}
		if got := p.forms[0].values().Encode(); got != want {
			t.Errorf("%s: got %s, want %s", body, got, want)
		}
	}
}
