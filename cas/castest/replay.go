package castest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/pronote-sync/pronote-sync/cas"
)

// A Replay is a fake portal made of what a login left in a trace: it expects the
// same requests and gives the same answers, with masked values in them.
type Replay struct {
	*Net
	mu   sync.Mutex
	left []cas.Trace
}

// NewReplay reads a trace. The school of the trace gets a host's name.
func NewReplay(trace io.Reader, school string) (*Replay, error) {
	r := &Replay{Net: NewNet()}
	for lines := json.NewDecoder(trace); ; {
		var t cas.Trace
		if err := lines.Decode(&t); errors.Is(err, io.EOF) {
			return r, nil
		} else if err != nil {
			r.Close()
			return nil, fmt.Errorf("line %d of the trace: %w", len(r.left)+1, err)
		}
		t.Location = strings.Replace(t.Location, "://"+cas.School+"/", "://"+school+"/", 1)
		if t.Host == cas.School {
			t.Host = school
		}
		r.left = append(r.left, t)
		r.Serve(t.Host, r)
	}
}

// Left is how many requests of the trace have not been made.
func (r *Replay) Left() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.left)
}

// ServeHTTP implements http.Handler.
func (r *Replay) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.left) == 0 {
		http.Error(w, "the trace is over", http.StatusGone)
		return
	}
	t := r.left[0]
	_ = req.ParseForm() // half a form has other fields
	got := fmt.Sprint(req.Method, strings.ToLower(req.Host), req.URL.Path, names(req.URL.Query()), names(req.PostForm))
	if want := fmt.Sprint(t.Method, t.Host, t.Path, t.Query, t.Fields); got != want {
		http.Error(w, fmt.Sprintf("got %s, the trace has %s", got, want), http.StatusGone)
		return
	}
	r.left = r.left[1:]
	for _, name := range t.Cookies {
		http.SetCookie(w, &http.Cookie{Name: name, Value: "x", Path: "/"})
	}
	if t.Location != "" {
		w.Header().Set("Location", t.Location)
	}
	if t.Type != "" {
		w.Header().Set("Content-Type", t.Type)
	}
	w.WriteHeader(t.Status)
	_, _ = io.WriteString(w, t.Page) // a client may hang up
}

func names(values url.Values) []string {
	var list []string
	for name := range values {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}
