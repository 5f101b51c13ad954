// Package pronotetest serves a school of package world as PRONOTE would: every
// version of the protocol, its sessions and logins, its limits, and its faults on
// demand.
package pronotetest

import (
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"math/big"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// Options choose how a Server speaks. The zero value is the newest profile over
// plain JSON.
type Options struct {
	Profile           Profile // Newest when zero
	Encrypt, Compress bool
	HideVersion       bool          // no Server header and no version in the page, as behind some proxies
	Lookalike         bool          // raw challenges happen to decrypt like wrapped ones, as one in 250 does
	Idle              time.Duration // after which a session has expired, on the school's clock; 30 minutes when zero
	Delegation        *Delegation   // to a portal; nil at a school that has none
}

// A Server is a PRONOTE server for one School, good enough for other people's
// clients. It is an http.Handler whose site is below /pronote/. It refuses what
// a real server would: a wrong order number, parallel requests, a tab that the
// account does not have, identifiers of another session, a wrong password.
//
// Both accounts are called demonstration, with the password pronotevs: a pupil
// on eleve.html, a parent of the children on parent.html. Both can also be
// entered by QR code and by the token of a device.
type Server struct {
	school  *world.School
	options Options
	key     *rsa.PrivateKey // of profiles whose page carries one

	mu       sync.Mutex
	sessions map[int]*session
	detached map[string]bool // children whom the parent's account no longer shows
	accounts map[world.Viewer]*account
	faults   []Fault
	requests []Request
	arrivals map[string]world.Viewer // who came with a ticket, by what they were told to say next
	refused  int                     // logins in a row
	banned   bool
}

type account struct {
	username, password string
	access             int          // code of a refusal; 0 lets in
	message            string       // of access 9
	hidden             map[int]bool // tabs that the school switched off
	keys               keys
}

// The credentials of both accounts.
const (
	Username = "demonstration"
	Password = "pronotevs"
)

// NewServer opens a school to clients.
func NewServer(school *world.School, options Options) *Server {
	if options.Profile.Version == "" {
		options.Profile = Newest()
	}
	if options.Idle == 0 {
		options.Idle = 30 * time.Minute
	}
	s := &Server{
		school: school, options: options, sessions: map[int]*session{}, accounts: map[world.Viewer]*account{},
		detached: map[string]bool{}, arrivals: map[string]world.Viewer{},
	}
	for _, viewer := range []world.Viewer{pronote.KindStudent, pronote.KindParent} {
		s.accounts[viewer] = &account{username: Username, password: Password, hidden: map[int]bool{}, keys: newKeys()}
	}
	if options.Profile.PageKey {
		key, err := rsa.GenerateKey(rand.Reader, 1024) // the size that clients of that time expect
		if err != nil {
			panic(err)
		}
		s.key = key
	}
	return s
}

// School is the world behind the server.
func (s *Server) School() *world.School { return s.school }

// spaces are the pages and whom they are for. Desktop and mobile pages speak
// alike.
var spaces = map[string]struct {
	number int
	viewer world.Viewer
}{
	"eleve.html": {3, pronote.KindStudent}, "mobile.eleve.html": {6, pronote.KindStudent},
	"parent.html": {2, pronote.KindParent}, "mobile.parent.html": {7, pronote.KindParent},
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !s.options.HideVersion {
		w.Header().Set("Server", "PRONOTE "+s.options.Profile.Version+" Microsoft-HTTPAPI/2.0")
	}
	rest, ok := strings.CutPrefix(strings.TrimSuffix(strings.ToLower(r.URL.Path), "/")+"/", "/pronote/")
	rest = strings.TrimSuffix(rest, "/")
	page, isPage := spaces[path.Base(rest)]
	switch {
	case !ok:
		http.NotFound(w, r)
	case s.isBanned():
		writePage(w, banPage)
	case s.options.Delegation != nil && (isPage || rest == "") && r.Method == http.MethodGet && !r.URL.Query().Has("login"):
		s.serveDelegated(w, r, page.number, page.viewer)
	case isPage && r.Method == http.MethodGet:
		s.servePage(w, r, page.number, page.viewer)
	case rest == "infomobileapp.json":
		s.serveInstance(w)
	case strings.HasPrefix(rest, "appelfonction/") && r.Method == http.MethodPost:
		s.serveCall(w, r, strings.Split(rest, "/"))
	case strings.HasPrefix(rest, "ical/") && r.Method == http.MethodGet:
		s.serveCalendar(w, r)
	case strings.HasPrefix(rest, "fichiersexternes/") && r.Method == http.MethodGet:
		s.serveFile(w, r, strings.Split(rest, "/")[1])
	case rest == "":
		writePage(w, "<!DOCTYPE html><html><head><title>pronote</title></head><body><a href=\"eleve.html\">Espace Élèves</a></body></html>")
	default:
		http.NotFound(w, r)
	}
}

func (s *Server) isBanned() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.banned
}

const banPage = `<!DOCTYPE html><html><head><title>pronote</title></head><body><div>Votre adresse IP est provisoirement suspendue !</div></body></html>`

func writePage(w http.ResponseWriter, page string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(page)) // a client that hangs up has its answer
}

// servePage opens a session and tells its parameters in the profile's way.
func (s *Server) servePage(w http.ResponseWriter, r *http.Request, space int, viewer world.Viewer) {
	if s.pageFault(w, r) {
		return
	}
	s.writeStart(w, r, s.newSession(space, viewer))
}

// writeStart writes the page of a session.
func (s *Server) writeStart(w http.ResponseWriter, r *http.Request, session *session) {
	session.phone = strings.Contains(r.UserAgent(), "iPhone")
	p := s.options.Profile
	version := "<div>PRONOTE " + p.short() + "</div>"
	if s.options.HideVersion {
		version = ""
	}
	if p.StartInScript {
		writePage(w, `<!DOCTYPE html><html><head><title>pronote</title></head><body id="id_body">`+version+
			`<script>try { Start (`+s.startJSON(session)+`) } catch (e) { }</script></body></html>`)
		return
	}
	writePage(w, `<!DOCTYPE html><html><head><title>pronote</title></head><body id="id_body" onload="try { Start (`+
		s.startLoose(session)+`) } catch (e) { messageErreur (e) } ">`+version+`</body></html>`)
}

func (s *Server) startJSON(session *session) string {
	members := fmt.Sprintf(`{"h":%d,"a":%d,"d":true`, session.number, session.space)
	if s.options.Encrypt {
		members += `,"CrA":true`
	}
	if s.options.Compress {
		members += `,"CoA":true`
	}
	if session.portalName != "" {
		members += fmt.Sprintf(`,"e":%q,"f":%q`, session.portalName, session.portalSecret)
	}
	return members + "}"
}

// startLoose writes the object as it stood in the onload attribute: bare keys,
// and flags that are false left out.
func (s *Server) startLoose(session *session) string {
	p := s.options.Profile
	number := strconv.Itoa(session.number)
	if p.QuotedSession {
		number = "'" + number + "'"
	}
	members := "{h:" + number
	flags := []struct {
		name string
		set  bool
	}{{"CrA", !p.SkipFlags && s.options.Encrypt}, {"CoA", !p.SkipFlags && s.options.Compress},
		{"sCrA", p.SkipFlags && !s.options.Encrypt}, {"sCoA", p.SkipFlags && !s.options.Compress}}
	for _, f := range flags {
		if f.set {
			members += "," + f.name + ":true"
		}
	}
	members += ",a:" + strconv.Itoa(session.space) + ",d:true"
	if s.key != nil {
		members += ",MR:'" + strings.ToUpper(s.key.N.Text(16)) + "',ER:'" + big.NewInt(int64(s.key.E)).Text(16) + "'"
	}
	if session.portalName != "" {
		members += ",e:'" + session.portalName + "',f:'" + session.portalSecret + "'"
	}
	return members + "}"
}

func (s *Server) serveInstance(w http.ResponseWriter) {
	parts := strings.Split(s.options.Profile.short(), ".")
	w.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(w, `{"modeModif":true,"version":[%s],"date":"%s","espaces":[`+
		`{"nom":"Espace Parents","URL":"mobile.parent.html","genreEspace":7},`+
		`{"nom":"Espace Élèves","URL":"mobile.eleve.html","genreEspace":6}],`+
		`"CAS":{"actif":%t,"casURL":""},"nomEtab":%q,"collectivite":{"L":"Collectivite","genreCollectivite":0}}`,
		strings.Join(parts, ","), s.school.Now().In(time.UTC).Format(time.RFC3339), s.options.Delegation != nil, s.school.Name())
}
