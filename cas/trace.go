package cas

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"

	"github.com/pronote-sync/pronote-sync/hostname"
)

// A Trace is one request of a login and its answer, as a line of JSON: hosts,
// names of fields and the shape of what has a value, for people who are to find
// out what a portal does. The school has no name in it, and PRONOTE's pages are
// left out.
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
	because string
	failed  error
}

func newRecorder(out io.Writer, school func(*url.URL) bool) *recorder {
	if out == nil {
		return nil
	}
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	return &recorder{out: encoder, school: school}
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
		Because: r.because, Method: s.method, Host: r.host(s.url), Path: maskPath(s.url.Path), Query: maskNames(s.url.Query()),
		Fields: maskNames(s.fields), Status: a.status, Type: a.header.Get("Content-Type"),
	}
	for _, cookie := range cookies {
		t.Cookies = append(t.Cookies, maskName(cookie.Name))
	}
	if a.location != nil {
		t.Location = r.address(a.location)
	}
	if !r.school(a.url) && a.location == nil {
		t.Page = r.page(a)
	}
	if err := r.out.Encode(t); r.failed == nil {
		r.failed = err
	}
}

// err is what went wrong with the writing, if anything.
func (r *recorder) err() error {
	if r == nil {
		return nil
	}
	return r.failed
}

func (r *recorder) host(u *url.URL) string {
	if r.school(u) {
		return School
	}
	return hostname.Of(u)
}

// address is an absolute address without a value.
func (r *recorder) address(u *url.URL) string {
	masked := url.URL{Scheme: maskName(u.Scheme), Host: r.host(u), Path: maskPath(u.Path), RawQuery: maskQuery(u.Query()).Encode()}
	return masked.String()
}

func maskNames(values url.Values) []string {
	var names []string
	for name := range values {
		names = append(names, maskName(name))
	}
	slices.Sort(names)
	return names
}

func maskQuery(values url.Values) url.Values {
	masked := url.Values{}
	for name, list := range values {
		for _, value := range list {
			masked.Add(maskName(name), maskValue(value))
		}
	}
	return masked
}
