package pronotetest

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// A Delegation sends logins to a portal (ENT), as most French schools do. The
// page of a space redirects to the portal's CAS; whoever comes back with a
// ticket that the CAS knows gets a page with a name and a password for that
// session. PRONOTE's own login stays behind ?login=true.
type Delegation struct {
	Login string // address of the CAS's login, without the service

	// Validate asks the CAS whose ticket this is, as a server does on a
	// connection of its own. A ticket is good once, for the service it was
	// issued for.
	Validate func(ticket, service string) (viewer world.Viewer, ok bool)

	Salt bool // the challenge of such a login has a salt, as others have
}

// serveDelegated sends a visitor to the portal, takes the ticket that it sends
// them back with, or shows them in.
func (s *Server) serveDelegated(w http.ResponseWriter, r *http.Request, space int, viewer world.Viewer) {
	query := r.URL.Query()
	number, domain, _ := strings.Cut(r.Host, ".")
	service := "https://" + strings.ToUpper(number) + "." + domain + "/pronote/"
	switch {
	case query.Has("identifiant"):
		s.mu.Lock()
		arrived, ok := s.arrivals[query.Get("identifiant")]
		delete(s.arrivals, query.Get("identifiant"))
		s.mu.Unlock()
		if !ok || arrived != viewer {
			writePage(w, usedPage)
			return
		}
		session := s.newSession(space, viewer)
		session.portalName, session.portalSecret = randomHex(8), randomHex(16)
		s.writeStart(w, r, session)
	case query.Has("ticket"):
		viewer, ok := s.options.Delegation.Validate(query.Get("ticket"), service)
		if !ok {
			writePage(w, usedPage)
			return
		}
		identifier := randomHex(8)
		s.mu.Lock()
		s.arrivals[identifier] = viewer
		s.mu.Unlock()
		page := map[world.Viewer]string{pronote.KindStudent: "eleve.html", pronote.KindParent: "parent.html"}[viewer]
		http.Redirect(w, r, "/pronote/"+page+"?identifiant="+identifier, http.StatusFound)
	default:
		// The colon stays as it is, the slashes do not: so spelled by real servers.
		spelled := strings.ReplaceAll(service, "/", url.QueryEscape("/"))
		separator := "?"
		if strings.Contains(s.options.Delegation.Login, "?") {
			separator = "&"
		}
		w.Header().Set("Location", s.options.Delegation.Login+separator+"service="+spelled)
		w.WriteHeader(http.StatusFound)
	}
}

const usedPage = `<!DOCTYPE html><html><head><title>pronote</title></head><body><div>La page a expiré</div></body></html>`
