package pronotetest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// Control is the school's back door, for programs in other languages that test
// against it. It must not be reachable from other machines.
//
//	POST /advance?days=N, ?hours=N or ?to=2025-11-17T18:00  lets time go by
//	POST /rotate                   ends all sessions
//	POST /qr?pin=1234              the text of a QR code, for the pupil or ?viewer=parent
//	POST /revoke                   voids the tokens of all devices
//	POST /protect?pin=1234         asks new devices for a PIN; without one, no longer
//	POST /fault                    queues a Fault, or a list of them, given as JSON
//	GET  /truth?student=NAME       what the pupil should see, by domain
//	GET  /edits                    every edit so far, as JSON lines
//	GET  /requests                 every call received, as JSON lines
//
// Truth takes ?viewer=parent for what the parent account shows of the pupil; its
// rows have the columns of the mirror's views. Site is the address of the school,
// which QR codes name.
func (s *Server) Control(site string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /advance", s.controlAdvance)
	mux.HandleFunc("POST /rotate", func(w http.ResponseWriter, _ *http.Request) { s.Rotate() })
	mux.HandleFunc("POST /qr", func(w http.ResponseWriter, r *http.Request) { s.controlQR(w, r, site) })
	mux.HandleFunc("POST /revoke", func(w http.ResponseWriter, _ *http.Request) { s.Revoke() })
	mux.HandleFunc("POST /protect", func(_ http.ResponseWriter, r *http.Request) { s.Protect(r.URL.Query().Get("pin")) })
	mux.HandleFunc("POST /fault", s.controlFault)
	mux.HandleFunc("GET /truth", s.controlTruth)
	mux.HandleFunc("GET /edits", func(w http.ResponseWriter, _ *http.Request) { writeLines(w, s.school.Edits()) })
	mux.HandleFunc("GET /requests", func(w http.ResponseWriter, _ *http.Request) { writeLines(w, s.Requests()) })
	return mux
}

func (s *Server) controlAdvance(w http.ResponseWriter, r *http.Request) {
	now := s.school.Now().In(time.UTC)
	query := r.URL.Query()
	days, errDays := strconv.Atoi(query.Get("days"))
	hours, errHours := strconv.Atoi(query.Get("hours"))
	to, errTo := time.Parse("2006-01-02T15:04", query.Get("to"))
	switch {
	case errDays == nil && days > 0:
		now = now.AddDate(0, 0, days)
	case errHours == nil && hours > 0:
		now = now.Add(time.Duration(hours) * time.Hour)
	case errTo == nil && to.After(now):
		now = to
	default:
		http.Error(w, "advance by days or hours, or to a later time", http.StatusBadRequest)
		return
	}
	edits := s.school.AdvanceTo(pronote.DateTimeOf(now))
	writeJSON(w, o{"now": s.school.Now(), "edits": len(edits)})
}

func (s *Server) controlFault(w http.ResponseWriter, r *http.Request) {
	var body json.RawMessage
	var faults []Fault
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&body)
	if err == nil && json.Unmarshal(body, &faults) != nil {
		faults = make([]Fault, 1)
		err = json.Unmarshal(body, &faults[0])
	}
	for _, f := range faults {
		if err != nil || !slices.Contains(FaultKinds, f.Kind) {
			http.Error(w, "give a fault like {\"kind\":\"reset\"}", http.StatusBadRequest)
			return
		}
	}
	s.Inject(faults...)
}

func (s *Server) controlQR(w http.ResponseWriter, r *http.Request, site string) {
	pin := r.URL.Query().Get("pin")
	if len(pin) != 4 {
		http.Error(w, "give a PIN of four digits", http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write([]byte(s.QR(viewerOf(r), pin, site))) // a client that hangs up has its answer
}

// viewerOf is the account that a request is about: the pupil's, unless it says
// otherwise.
func viewerOf(r *http.Request) world.Viewer {
	if viewer := world.Viewer(r.URL.Query().Get("viewer")); viewer == pronote.KindParent {
		return viewer
	}
	return pronote.KindStudent
}

func (s *Server) controlTruth(w http.ResponseWriter, r *http.Request) {
	viewer := viewerOf(r)
	pupil := r.URL.Query().Get("student")
	if !slices.Contains(s.school.Pupils(), pupil) {
		http.Error(w, "no such pupil", http.StatusNotFound)
		return
	}
	writeJSON(w, world.Columns(s.school.Truth(viewer, pupil)))
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(mustJSON(v)) // a client that hangs up has its answer
}

func writeLines[T any](w http.ResponseWriter, list []T) {
	w.Header().Set("Content-Type", "application/jsonl")
	encoder := json.NewEncoder(w)
	for _, v := range list {
		if encoder.Encode(v) != nil {
			return // the client has hung up
		}
	}
}
