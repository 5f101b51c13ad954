package cas

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
)

// passwords are such as people choose, and such as escape badly.
var passwords = []string{"motdepasse", "Soleil2014", "pronote", "selection", "username", "a/b/c", "100%sûr&+=?#", `"<é>'\`, "mot de passe", "canäry😀", "kc-form-login", "9999", "!!!///???", "..%2F.."}

// escapes are ways to write a text.
var escapes = map[string]func(string) string{
	"as it is": func(s string) string { return s }, "in capitals": strings.ToUpper,
	"in a path": url.PathEscape, "in a query": url.QueryEscape, "in a query of a query": func(s string) string { return url.QueryEscape(url.QueryEscape(s)) },
	"in a page": html.EscapeString, "in numbers of a page": func(s string) string {
		var out strings.Builder
		for _, r := range s {
			fmt.Fprintf(&out, "&#%d;", r)
		}
		return out.String()
	},
	"in numbers of an address": func(s string) string {
		var out strings.Builder
		for _, b := range []byte(s) {
			fmt.Fprintf(&out, "%%%02x", b)
		}
		return out.String()
	},
	"in a script": func(s string) string { return strings.Trim(strconv.QuoteToASCII(s), `"`) },
	"in the numbers of a script": func(s string) string {
		var out strings.Builder
		for _, unit := range utf16.Encode([]rune(s)) {
			fmt.Fprintf(&out, `\u%04x`, unit)
		}
		return out.String()
	},
	"in an address in a page": func(s string) string { return html.EscapeString(url.QueryEscape(s)) },
	"within a word":           func(s string) string { return "reset-" + s + "-code" },
	"in hexadecimal numbers":  func(s string) string { return fmt.Sprintf("%x", s) },
}

// TestTypedIsFound finds what was typed however it is written.
func TestTypedIsFound(t *testing.T) {
	t.Parallel()
	for _, password := range passwords {
		typed := newTyped("lea.martin", password)
		for name, escape := range escapes {
			if !typed.in(escape(password)) {
				t.Errorf("%s: %q is not found in %q", name, password, escape(password))
			}
		}
		if typed.in("connexion") || typed.in("") || newTyped("", " ").in("x") {
			t.Errorf("%q is found in everything", password)
		}
	}
}

// TestTraceHoldsNothingTyped lets a portal write what was typed into every part
// of an answer, in every way. Of the trace, it is looked for in each text as
// that reads, and unescaped; the words that the trace itself is made of, and the
// shapes of values, are no secret.
func TestTraceHoldsNothingTyped(t *testing.T) {
	t.Parallel()
	for _, password := range passwords {
		for way, escape := range escapes {
			e := escape(password)
			for place, a := range echoes(e) {
				var out bytes.Buffer
				r := newRecorder(&out, func(*url.URL) bool { return false }, map[string]bool{"portal.example": true}, newTyped("lea.martin", password))
				a.url, a.status = fuzzPortal, http.StatusOK
				asked := &url.URL{Scheme: "https", Host: "portal.example", Path: "/" + e + "/x", RawQuery: url.Values{e: {"1"}}.Encode()}
				r.exchange(&step{method: http.MethodPost, url: asked, fields: url.Values{e: {e}}}, a, []*http.Cookie{{Name: e, Value: e}})
				var trace Trace
				if err := json.Unmarshal(out.Bytes(), &trace); err != nil {
					t.Fatal(err)
				}
				for _, told := range append([]string{trace.Path, trace.Location, trace.Type, trace.Page}, append(append(trace.Query, trace.Fields...), trace.Cookies...)...) {
					if newTyped(password).in(told) {
						t.Errorf("%q, %s, %s: told in %q", password, way, place, told)
					}
				}
			}
		}
	}
}

// echoes are answers with a text in each of their parts.
func echoes(e string) map[string]*answer {
	htmlType := http.Header{"Content-Type": {"text/html; charset=utf-8"}}
	list := map[string]*answer{
		"location":     {header: http.Header{}, location: &url.URL{Scheme: "https", Host: "portal.example", Path: "/auth/reset/" + e, RawQuery: "login=" + e + "&" + e + "=1"}},
		"path alone":   {header: http.Header{}, location: &url.URL{Scheme: "https", Host: "portal.example", Path: e, RawPath: e}},
		"callback":     {header: http.Header{}, location: &url.URL{Scheme: "https", Host: "portal.example", RawQuery: url.Values{"callback": {"https://portal.example/" + e + "?a=" + e}}.Encode()}},
		"host":         {header: http.Header{}, location: &url.URL{Scheme: "https", Host: e + ".evil.example", Path: "/"}},
		"scheme":       {header: http.Header{}, location: &url.URL{Scheme: e, Host: "portal.example"}},
		"content type": {header: http.Header{"Content-Type": {"text/" + e + "; charset=" + e + "; " + e + "=" + e}}},
	}
	for i, body := range []string{
		"<p>" + e + "</p>", "<title>" + e, "<textarea name=a>" + e, "<script>" + e, "<style>" + e, "<!--" + e + "-->", "<!DOCTYPE " + e + ">",
		"<" + e + ">", "<x-" + e + ">", "</" + e + ">", "<?xml " + e + "?>", "<uid>" + e + "</uid>", "<iframe>" + e, "<xmp>" + e, "<plaintext>" + e, "<noscript>" + e, "<svg><" + e + ">",
		`<p title="` + e + `">`, `<input name="` + e + `">`, `<input type="` + e + `">`, `<input value="` + e + `">`, `<p id="a ` + e + `" class="` + e + `">`, "<p " + e + "=" + e + ">",
		`<form action="/auth/reset/` + e + `" method="` + e + `">`, `<a href="https://` + e + `.example/">`, `<a href="?` + e + `=1">`, `<p ng-init="error = '` + e + `'" ng-controller="` + e + `">`,
		`<meta http-equiv="` + e + `">`, `<p>maintenance ` + e + `</p>`, `{"` + e + `":["` + e + `"]}`, e, "<input name='" + e + "'><p>" + e + "</p><" + e,
	} {
		list[fmt.Sprintf("page %d", i)] = &answer{header: htmlType, body: []byte(body)}
	}
	return list
}
