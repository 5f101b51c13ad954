package pronotetest

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math/big"
	"sync"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// A session is what the server knows of one page that was opened. Its busy lock
// is tried, never waited for: PRONOTE refuses parallel requests.
type session struct {
	number int
	space  int
	viewer world.Viewer
	busy   sync.Mutex

	cipher   wire.Cipher
	expected int // order number of the next request
	usedAt   pronote.DateTime
	loggedIn bool
	ended    bool

	phone         bool   // the page was asked for by one
	browser       string // what the device is called
	uuid          string // what the device calls itself
	way           string // of logging in: "password", "qr" or "token"
	wantsToken    bool
	proof         string // the password, or the token, that must be known
	portalName    string // of somebody who came through a portal, for this session
	portalSecret  string
	authenticated bool  // it was proved; with steps to take, that is not all
	steps         []int // of the second factor

	salt, challenge string
	nextKey         []byte // the session key, from the next request on

	lastNumber int    // of the last request that was answered
	lastAnswer []byte // to send again when it was lost

	waiting map[string]wire.Payload // requests to come back for, by the mark given

	secret []byte            // identifiers are made from it
	naming sync.Mutex        // files are asked for beside calls
	named  map[string]string // identifiers given out, and what they name
}

func (s *Server) newSession(space int, viewer world.Viewer) *session {
	s.mu.Lock()
	defer s.mu.Unlock()
	session := &session{
		space: space, viewer: viewer, expected: 1, usedAt: s.school.Now(),
		secret: randomBytes(16), named: map[string]string{}, waiting: map[string]wire.Payload{},
	}
	for session.number == 0 || s.sessions[session.number] != nil {
		n, err := rand.Int(rand.Reader, big.NewInt(9_000_000))
		if err != nil {
			panic(err)
		}
		session.number = 1_000_000 + int(n.Int64())
	}
	s.sessions[session.number] = session
	return session
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return b
}

// name gives an object its identifier for this session: another one in every
// session, as on real servers, with the number of its table in front.
func (s *session) name(table int, what string, id int) string {
	key := fmt.Sprintf("%s/%d", what, id)
	mac := hmac.New(sha256.New, s.secret)
	_, _ = mac.Write([]byte(key)) // a hash accepts every write
	identifier := fmt.Sprintf("%d#%s", table, base64.RawURLEncoding.EncodeToString(mac.Sum(nil)))
	s.naming.Lock()
	defer s.naming.Unlock()
	s.named[identifier] = key
	return identifier
}

// find is what an identifier of this session names. It fails for those of
// another session.
func (s *session) find(identifier, what string) (id int, ok bool) {
	s.naming.Lock()
	defer s.naming.Unlock()
	_, err := fmt.Sscanf(s.named[identifier], what+"/%d", &id)
	return id, err == nil
}

// Rotate ends every session, as a restart of the server does: the next login
// sees other identifiers.
func (s *Server) Rotate() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions = map[int]*session{}
}

// SetPassword changes the password of the accounts.
func (s *Server) SetPassword(password string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.accounts {
		a.password = password
	}
}

// Refuse lets nobody in any more: 10 is a disabled account, 9 one with a
// message; 0 lets in again.
func (s *Server) Refuse(code int, message string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.accounts {
		a.access, a.message = code, message
	}
}

// Ban makes the server refuse the address of every client, or no longer.
func (s *Server) Ban(banned bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.banned, s.refused = banned, 0
}

// Detach takes a child off the parent's account, or puts it back. At the next
// login the account shows it no longer.
func (s *Server) Detach(child string, detached bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.detached[child] = detached
}

// HideTab switches a tab off for the accounts, as schools do, or on again.
func (s *Server) HideTab(tab int, hidden bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.accounts {
		a.hidden[tab] = hidden
	}
}
