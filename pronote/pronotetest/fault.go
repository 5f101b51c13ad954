package pronotetest

import (
	"io"
	"net/http"
	"strings"
)

// A Fault is something that goes wrong once.
//
// Before the request is understood: "reset" breaks the connection, "stall" never
// answers, "500", "503" and "429" are HTTP statuses, "banned", "closed" and
// "busy" are pages of PRONOTE, "html" is a page of somebody else, "expired" ends
// the session, "redirect" leads to another host. After it was understood, so that the request has counted: "lost"
// breaks the connection, "truncated" cuts the answer, "garbage" replaces it,
// "huge" makes it endless. In the answer: "absent" leaves the list out, "half"
// keeps half of it, "error" is a refusal inside, "wait" and "recall" ask the
// client to come back, with the whole request or with the mark alone. Of a report:
// "blank" leaves it empty. Of a file: "oversize" says that it has 2 GiB.
type Fault struct {
	Kind     string `json:"kind"`
	Function string `json:"function,omitempty"` // the function it waits for, "page" or "FichiersExternes" for files; any call when empty
}

// FaultKinds lists the kinds of faults.
var FaultKinds = []string{
	"reset", "stall", "500", "503", "429", "banned", "closed", "busy", "html", "expired", "redirect",
	"lost", "truncated", "garbage", "huge", "absent", "half", "error", "wait", "recall", "blank", "oversize",
}

// Inject adds faults to the queue. Each strikes the first request that it fits.
func (s *Server) Inject(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, faults...)
}

// nextFault takes the first fault that fits a function.
func (s *Server) nextFault(function string) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, f := range s.faults {
		if f.Function == function || f.Function == "" && function != "page" && function != "FichiersExternes" {
			s.faults = append(s.faults[:i:i], s.faults[i+1:]...)
			return f
		}
	}
	return Fault{}
}

// pageFault strikes the page of a space. It reports whether it answered.
func (s *Server) pageFault(w http.ResponseWriter, r *http.Request) bool {
	return s.nextFault("page").before(w, r)
}

var faultPages = map[string]string{
	"banned": banPage,
	"closed": `<html><body>Le site n'est pas disponible</body></html>`,
	"busy":   `<html><body>Le site est momentan&eacute;ment indisponible</body></html>`,
	"html":   `<html><head><title>Bienvenue</title></head><body>Vérification de votre navigateur (anti DDoS), EQUIPE TECHNIQUE</body></html>`,
}

// before strikes before the request is understood. It reports whether it
// answered.
func (f Fault) before(w http.ResponseWriter, r *http.Request) bool {
	switch f.Kind {
	case "reset":
		panic(http.ErrAbortHandler)
	case "stall":
		_, _ = io.Copy(io.Discard, r.Body) // else nobody notices that the client has gone
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	case "500":
		http.Error(w, "Internal Server Error", http.StatusInternalServerError)
	case "503":
		w.Header().Set("Retry-After", "120")
		http.Error(w, "Service Unavailable", http.StatusServiceUnavailable)
	case "429":
		w.Header().Set("Retry-After", "600")
		http.Error(w, "Too Many Requests", http.StatusTooManyRequests)
	case "redirect":
		http.Redirect(w, r, "https://elsewhere.test/", http.StatusFound)
	case "banned", "closed", "busy", "html":
		writePage(w, faultPages[f.Kind])
	default:
		return false
	}
	return true
}

// write sends an answer, or spoils it.
func (f Fault) write(w http.ResponseWriter, answer []byte) {
	switch f.Kind {
	case "lost":
		panic(http.ErrAbortHandler)
	case "truncated":
		answer = answer[:len(answer)/2]
	case "garbage":
		answer = []byte("\x00\x01PRONOTE{{{")
	case "huge":
		f.writeEndlessly(w)
		return
	}
	_, _ = w.Write(answer) // a client that hangs up wants no answer
}

// writeEndlessly sends more than any client should read, until it stops.
func (f Fault) writeEndlessly(w http.ResponseWriter) {
	chunk := []byte(strings.Repeat(" ", 1<<20))
	for range 40 {
		if _, err := w.Write(chunk); err != nil {
			return
		}
	}
}

// list is a list of an answer, halved where a fault says so.
func (c *call) list(items []o) o {
	if c.fault == "half" {
		items = items[:len(items)/2]
	}
	return wrapped(items)
}

// broken leaves lists out of an answer where a fault says so.
func (c *call) broken(answer o, lists ...string) o {
	if c.fault == "absent" {
		for _, name := range lists {
			delete(answer, name)
		}
	}
	return answer
}

// ClearFaults forgets the faults that have not struck.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}
