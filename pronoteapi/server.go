package pronoteapi

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/pronote-sync/pronote-sync/hostname"
	"github.com/pronote-sync/pronote-sync/pronote"
)

// Options adjust a Server. The zero value is fine on a machine of one's own.
type Options struct {
	// Hosts are the schools that may be asked, by host or domain; any when there
	// are none.
	Hosts []string

	// MaxSessions bounds how many sessions are open at once; 100 when zero. At the
	// limit a session that is over, or idle for ten minutes, makes room, else the
	// newcomer is refused.
	MaxSessions int

	// Rate is how many requests an hour are made to a school for one account; 3,000
	// when zero.
	Rate int

	// Zone is where the schools' clocks are; Europe/Paris when nil.
	Zone *time.Location

	// Transport carries the requests to schools and portals; when nil, one like
	// http.DefaultTransport.
	Transport http.RoundTripper

	// Log receives refused requests, without anything private. Nil discards.
	Log *slog.Logger
}

// The usual limits.
const (
	UsualSessions = 100
	UsualRate     = 3000
)

// A Server is the interface of pronote-api. Its sessions are kept in memory, never
// logged in anew, and must be ended with Close.
type Server struct {
	opts     Options
	schemas  map[pronote.Kind]*ast.Schema
	sessions sessions
	manners  *manners
	now      func() time.Time
	sweep    *time.Ticker
	stopped  chan struct{}
	once     sync.Once
}

// New makes a server.
func New(o Options) (*Server, error) {
	return newServer(o, time.Now)
}

func newServer(o Options, now func() time.Time) (*Server, error) {
	o.MaxSessions, o.Rate = cmp.Or(o.MaxSessions, UsualSessions), cmp.Or(o.Rate, UsualRate)
	if o.Zone == nil {
		paris, err := time.LoadLocation("Europe/Paris")
		if err != nil {
			return nil, err
		}
		o.Zone = paris
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{
		opts: o, now: now, manners: newManners(o.Rate, now), stopped: make(chan struct{}),
		schemas:  map[pronote.Kind]*ast.Schema{pronote.KindStudent: loadSchema(studentSchema), pronote.KindParent: loadSchema(parentSchema)},
		sessions: sessions{limit: o.MaxSessions, now: now, open: map[string]*session{}},
		sweep:    time.NewTicker(time.Minute),
	}
	go s.clean()
	return s, nil
}

// clean ends the sessions that are idle.
func (s *Server) clean() {
	for {
		select {
		case <-s.stopped:
			return
		case <-s.sweep.C:
			s.end(s.sessions.expired())
		}
	}
}

// goodbye is how long a logout may take.
const goodbye = 30 * time.Second

// end logs sessions out, in the background.
func (s *Server) end(gone []*session) {
	for _, g := range gone {
		go func() {
			ctx, cancel := context.WithTimeout(context.Background(), goodbye)
			defer cancel()
			if err := g.close(ctx); err != nil {
				s.opts.Log.Warn("a session could not be logged out", "error", translate(err).message)
			}
		}()
	}
}

// Close logs all sessions out of their schools, within the deadline of ctx, and
// lets nobody in any more. Its error says how many schools may not know.
func (s *Server) Close(ctx context.Context) error {
	s.once.Do(func() {
		s.sweep.Stop()
		close(s.stopped)
	})
	gone := s.sessions.stop()
	failures := make(chan error, len(gone))
	for _, g := range gone {
		go func() { failures <- g.close(ctx) }()
	}
	var failed []error
	for range gone {
		if err := <-failures; err != nil {
			failed = append(failed, errors.New(translate(err).message))
		}
	}
	return errors.Join(failed...)
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer s.recover(w, r)
	endpoint := map[string]func(http.ResponseWriter, *http.Request) (any, error){
		"/auth/login": s.login, "/auth/logout": s.logout, "/graphql": s.graphql,
	}[strings.TrimSuffix(r.URL.Path, "/")]
	if endpoint == nil || r.Method != http.MethodPost {
		bare(w, http.StatusNotFound, "Not Found")
		return
	}
	v, err := endpoint(w, r)
	var plain *bareError
	switch {
	case errors.As(err, &plain):
		bare(w, plain.status, plain.message)
	case err != nil:
		e := translate(err)
		s.opts.Log.Warn("request refused", "path", strings.TrimSuffix(r.URL.Path, "/"), "status", e.status, "code", e.code, "message", e.message)
		reply(w, e.status, e.members())
	default:
		reply(w, http.StatusOK, v)
	}
}

func (e *apiError) members() members {
	m := members{{"message", e.message}}
	if e.code != 0 {
		m = append(members{{"code", e.code}}, m...)
	}
	return m
}

// recover answers a request that ran into a fault of ours. What was lost on the way
// may hold a password, and is not logged.
func (s *Server) recover(w http.ResponseWriter, r *http.Request) {
	cause := recover()
	if cause == nil {
		return
	}
	if err, ok := cause.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(cause)
	}
	s.opts.Log.Error("a request ran into a fault of this program", "path", r.URL.Path)
	reply(w, errInternal.status, errInternal.members())
}

// bare answers with a text that has no type, as the original's router did.
func bare(w http.ResponseWriter, status int, text string) {
	w.Header()["Content-Type"] = nil
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text)) // a client that hangs up wants no more
}

func (s *Server) logout(w http.ResponseWriter, r *http.Request) (any, error) {
	if gone := s.sessions.remove(r.Header.Get("Token")); gone != nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), goodbye)
		defer cancel()
		if err := gone.close(ctx); err != nil {
			s.opts.Log.Warn("a session could not be logged out", "error", translate(err).message)
		}
	}
	return members{{"success", true}}, nil
}

func (s *Server) graphql(w http.ResponseWriter, r *http.Request) (any, error) {
	body, err := readBody(w, r)
	if err != nil {
		return nil, err
	}
	token := r.Header.Get("Token")
	text, _ := body["query"].(string)
	switch {
	case token == "":
		return nil, errMissingToken
	case text == "":
		return nil, errMissingQuery
	}
	session, done := s.sessions.use(token)
	if session == nil {
		return nil, errUnknownToken
	}
	defer done()
	q := query{text: text}
	q.operation, _ = body["operationName"].(string)
	switch variables := body["variables"].(type) {
	case nil:
	case map[string]any:
		q.variables = variables
	default:
		return refused([]failure{{message: "Variables must be provided as an Object where each property is a variable value. Perhaps look to see if an unparsed JSON string was provided."}}), nil
	}
	return execute(r.Context(), session.schema, q, map[ast.Operation]object{ast.Query: session.query(), ast.Mutation: session.mutation()}), nil
}

// allowed reports whether a school may be asked.
func (s *Server) allowed(root *url.URL) bool {
	if len(s.opts.Hosts) == 0 {
		return true
	}
	for _, host := range s.opts.Hosts {
		if hostname.Within(root, strings.ToLower(host)) || hostname.Of(root) == strings.ToLower(host) {
			return true
		}
	}
	return false
}

var _ json.Marshaler = answer{}
