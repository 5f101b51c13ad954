package pronotetest

import (
	"encoding/hex"
	"encoding/json"
	"maps"
	"strings"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// keys are the ways into an account besides its password, and what guards them.
type keys struct {
	tokens map[string]string // of devices, by UUID; each is good for one login
	code   string            // the token of the last QR code
	until  time.Time         // when that expires

	pin     string          // "" asks for none
	wrong   int             // PINs typed
	demands []int           // steps that every login must take
	known   map[string]bool // devices that have taken them, by what their browser is called
	names   map[string]bool // that devices were given
}

func newKeys() keys {
	return keys{tokens: map[string]string{}, known: map[string]bool{}, names: map[string]bool{}}
}

// The server's limits.
const (
	qrLifetime = 10 * time.Minute
	maxPINs    = 3 // wrong ones
)

func (s *Server) now() time.Time { return s.school.Now().In(time.UTC) }

func randomHex(n int) string { return strings.ToUpper(hex.EncodeToString(randomBytes(n))) }

// proofOf is what a login must be proved by; a text that nobody can know where
// there is no such thing.
func (s *Server) proofOf(session *session) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.accounts[session.viewer]
	proof := a.password
	switch session.way {
	case "qr":
		proof = a.keys.code
		if s.now().After(a.keys.until) {
			proof = ""
		}
	case "token":
		proof = a.keys.tokens[session.uuid]
	case "portal":
		proof = session.portalSecret
	}
	if proof == "" || (session.way == "qr" || session.way == "token") && s.options.Profile.PhonesOnly && !session.phone {
		return randomHex(16)
	}
	return proof
}

// stillGood reports whether a secret is good at the end of a login as it was at
// its beginning.
func (s *Server) stillGood(session *session) bool { return s.proofOf(session) == session.proof }

// nextToken gives the device of a session its next token, and voids what it
// logged in by.
func (s *Server) nextToken(session *session) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	keys := &s.accounts[session.viewer].keys
	if session.way == "qr" {
		keys.code = ""
	}
	keys.tokens[session.uuid] = randomHex(32)
	return keys.tokens[session.uuid]
}

// steps are what a login must do besides proving its secret.
func (s *Server) steps(session *session) []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	keys := &s.accounts[session.viewer].keys
	switch {
	case len(keys.demands) > 0:
		return keys.demands
	case keys.pin == "" || keys.known[session.browser]:
		return nil
	case keys.wrong >= maxPINs:
		return []int{wire.StepResetPIN}
	}
	return []int{wire.StepPIN}
}

// answerSecondFactor takes a step. The PIN comes sealed under the session's key.
func answerSecondFactor(c *call) (any, *wire.Error) {
	var request struct {
		Action int    `json:"action"`
		PIN    string `json:"codePin"`
		Label  string `json:"libelle"`           // of action 2
		Name   string `json:"strIdentification"` // of action 3
	}
	if json.Unmarshal(c.data, &request) != nil || !c.session.authenticated || c.session.loggedIn {
		return nil, refusal(3, "Accès refusé")
	}
	pin, _ := c.session.cipher.DecryptHex(request.PIN) // one that is not sealed is a wrong one
	switch request.Action {
	case wire.ActionProvePIN:
		return o{"result": c.server.rightPIN(c.session.viewer, pin)}, nil
	case 2:
		return o{"dejaConnu": c.server.hasDevice(c.session.viewer, request.Label)}, nil
	case wire.ActionSave:
		if len([]rune(request.Name)) > 30 || !c.server.enter(c.session, pin, request.Name) {
			return nil, refusal(3, "Accès refusé")
		}
		c.session.loggedIn = true
		if c.session.wantsToken {
			return o{"jetonConnexionAppliMobile": c.server.nextToken(c.session)}, nil
		}
		return o{}, nil
	}
	return nil, refusal(21, "Impossible d'afficher la page")
}

// rightPIN compares a PIN, until there were too many wrong ones.
func (s *Server) rightPIN(viewer world.Viewer, pin string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	keys := &s.accounts[viewer].keys
	if keys.wrong >= maxPINs {
		return false
	}
	if pin != keys.pin {
		keys.wrong++
		return false
	}
	keys.wrong = 0
	return true
}

func (s *Server) hasDevice(viewer world.Viewer, name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.accounts[viewer].keys.names[name]
}

// enter lets a device in that has taken the steps, and remembers it.
func (s *Server) enter(session *session, pin, name string) bool {
	for _, step := range session.steps {
		switch {
		case step == wire.StepPIN && s.rightPIN(session.viewer, pin), step == wire.StepName:
		default: // for a person with a browser
			return false
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	keys := &s.accounts[session.viewer].keys
	if name != "" {
		keys.names[name] = true
	}
	keys.known[session.browser] = true
	return name != ""
}

// answerQR makes a QR code, without the address.
func answerQR(c *call) (any, *wire.Error) {
	var request struct {
		PIN string `json:"code"`
	}
	if json.Unmarshal(c.data, &request) != nil || len(request.PIN) != 4 {
		return nil, refusal(21, "Impossible d'afficher la page")
	}
	return c.server.newCode(c.session.viewer, request.PIN), nil
}

// newCode makes a QR code; the one before is void.
func (s *Server) newCode(viewer world.Viewer, pin string) o {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.accounts[viewer]
	a.keys.code = randomHex(32)
	a.keys.until = s.now().Add(qrLifetime)
	cipher := wire.Cipher{}.WithKey([]byte(pin))
	return o{"login": cipher.EncryptHex(a.username), "jeton": cipher.EncryptHex(a.keys.code)}
}

// QR is the text of a new QR code of an account, as the site at an address shows
// it to who is logged in and types a PIN. It is good once, for ten minutes.
func (s *Server) QR(viewer world.Viewer, pin, site string) string {
	page := map[world.Viewer]string{pronote.KindStudent: "mobile.eleve.html", pronote.KindParent: "mobile.parent.html"}[viewer]
	text := o{"avecPageConnexion": false, "url": strings.TrimRight(site, "/") + "/" + page}
	maps.Copy(text, s.newCode(viewer, pin))
	return string(mustJSON(text))
}

// Revoke voids the tokens of all devices, as a family does in the settings of its
// account.
func (s *Server) Revoke() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.accounts {
		a.keys.tokens, a.keys.code = map[string]string{}, ""
	}
}

// Protect makes the accounts ask devices that they do not know for a PIN of four
// digits; "" lets all in. Three wrong ones lock it.
func (s *Server) Protect(pin string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.accounts {
		a.keys.pin, a.keys.wrong, a.keys.known = pin, 0, map[string]bool{}
	}
}

// Demand makes the accounts ask every login for steps, in the server's numbers: 0
// is a new password, 1 the choice of a protection, 2 that of a PIN, 4 of a new
// PIN, 5 a name for the device. None asks for nothing.
func (s *Server) Demand(steps ...int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.accounts {
		a.keys.demands = steps
	}
}

// Devices are the names of the devices that an account knows.
func (s *Server) Devices(viewer world.Viewer) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var names []string
	for name := range s.accounts[viewer].keys.names {
		names = append(names, name)
	}
	return names
}
