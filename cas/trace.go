package cas

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"

	"github.com/pronote-sync/pronote-sync/hostname"
)

// A Trace is one request of a login and its answer, as a line of JSON: hosts,
// names of fields and the shapes of values, for people who want to find out what a
// portal does. It does not name the school, and leaves out PRONOTE's pages.
type Trace struct {
	Because  string   `json:"because,omitempty"` // the kind of page that was answered with this request; "" for PRONOTE's redirect
	Method   string   `json:"method"`
	Host     string   `json:"host"` // "school" for the school's own
	Path     string   `json:"path"`
	Query    []string `json:"query,omitempty"`  // names
	Fields   []string `json:"fields,omitempty"` // names
	Status   int      `json:"status"`
	Location string   `json:"location,omitempty"` // masked
	Cookies  []string `json:"cookies,omitempty"`  // names
	Type     string   `json:"type,omitempty"`
	Page     string   `json:"page,omitempty"` // masked
}

// School is what a Trace calls the host of the school.
const School = "school"

// A recorder writes traces. The nil recorder writes nothing.
type recorder struct {
	out     *json.Encoder
	school  func(*url.URL) bool
	hosts   map[string]bool // the portal's
	typed   typed
	because string
	failed  error
}

func newRecorder(out io.Writer, school func(*url.URL) bool, hosts map[string]bool, typed typed) *recorder {
	if out == nil {
		return nil
	}
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	return &recorder{out: encoder, school: school, hosts: hosts, typed: typed}
}

// knew notes which reader decided on the next request.
func (r *recorder) knew(reader string) {
	if r != nil {
		r.because = reader
	}
}

func (r *recorder) exchange(s *step, a *answer, cookies []*http.Cookie) {
	if r == nil {
		return
	}
	t := Trace{
		Because: r.because, Method: s.method, Host: r.host(s.url), Path: r.path(s.url.Path), Query: r.names(s.url.Query()),
		Fields: r.names(s.fields), Status: a.status, Type: r.contentType(a.header.Get("Content-Type")),
	}
	for _, cookie := range cookies {
		t.Cookies = append(t.Cookies, r.name(cookie.Name))
	}
	if a.location != nil {
		t.Location = r.address(a.location)
	}
	if !r.school(a.url) && a.location == nil {
		t.Page = r.page(a)
	}
	for _, whole := range []*string{&t.Location, &t.Type, &t.Page} { // the parts may make up what none of them is
		if r.typed.in(*whole) {
			*whole = ""
		}
	}
	if err := r.out.Encode(t); r.failed == nil {
		r.failed = err
	}
}

// contentType keeps what matters of one.
func (r *recorder) contentType(text string) string {
	kind, params, err := mime.ParseMediaType(text)
	if err != nil {
		return ""
	}
	kept := map[string]string{}
	if charset := params["charset"]; charset != "" {
		kept["charset"] = r.name(charset)
	}
	return mime.FormatMediaType(kind, kept)
}

// err is what went wrong with the writing, if anything.
func (r *recorder) err() error {
	if r == nil {
		return nil
	}
	return r.failed
}

func (r *recorder) host(u *url.URL) string {
	host := hostname.Of(u)
	switch {
	case r.school(u):
		return School
	case !r.hosts[host] && r.typed.in(u.Host):
		return "x"
	}
	return host
}

// address is an absolute address without a value.
func (r *recorder) address(u *url.URL) string {
	masked := url.URL{Scheme: r.name(u.Scheme), Host: r.host(u), Path: r.path(u.Path), RawQuery: r.query(u.Query()).Encode()}
	return masked.String()
}

// query masks the values of an address. One that leads on to the portal itself
// says how logins go.
func (r *recorder) query(values url.Values) url.Values {
	masked := url.Values{}
	for name, list := range values {
		for _, value := range list {
			to, err := url.Parse(value)
			if err == nil && to.Scheme == "https" && r.hosts[hostname.Of(to)] && !r.school(to) {
				to = &url.URL{Scheme: to.Scheme, Host: r.host(to), Path: r.path(to.Path)}
				masked.Add(r.name(name), to.String())
				continue
			}
			masked.Add(r.name(name), r.value(value))
		}
	}
	return masked
}
