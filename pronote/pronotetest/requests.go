package pronotetest

import (
	"encoding/json"
	"net/http"
	"slices"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// A Request is one function call that the server received and understood.
type Request struct {
	At       pronote.DateTime `json:"at"` // on the school's clock
	Session  int              `json:"session"`
	Function string           `json:"function"`
	Tab      int              `json:"tab,omitempty"`
	Pupil    string           `json:"pupil,omitempty"`
	Data     json.RawMessage  `json:"data,omitempty"`
	Refused  int              `json:"refused,omitempty"` // the code of a refusal
}

// maxRequests bounds what the server remembers.
const maxRequests = 10_000

func (s *Server) record(c *call, payload wire.Payload, refused *wire.Error) {
	r := Request{At: s.school.Now(), Session: c.session.number, Function: c.function, Tab: c.tab, Data: payload.Data}
	if c.tab != 0 {
		r.Pupil = c.pupil
	}
	if refused != nil {
		r.Refused = int(refused.Code)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.requests) >= maxRequests {
		s.requests = slices.Delete(s.requests, 0, maxRequests/2)
	}
	s.requests = append(s.requests, r)
}

// recordFile notes that a file was asked for.
func (s *Server) recordFile(session *session, refused bool) {
	r := Request{At: s.school.Now(), Session: session.number, Function: "FichiersExternes"}
	if refused {
		r.Refused = http.StatusNotFound
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, r)
}

// Requests lists the function calls and the files asked for so far, oldest first; when there
// were very many, the oldest are forgotten.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}
