package pronotetest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// o is a JSON object of an answer, in the server's words. Answers are built
// from such literals and not from the client's structs, so that a mistake in
// those cannot cancel out.
type o = map[string]any

func typed(t int, v any) o { return o{"_T": t, "V": v} }
func wrapped(v any) o      { return typed(24, v) }
func refusal(code wire.Int, title wire.Text) *wire.Error {
	return &wire.Error{Code: code, Title: title}
}

// A call is a function call that was accepted and waits for its answer.
type call struct {
	server   *Server
	session  *session
	function string
	tab      int
	pupil    string // whom it is about
	asked    wire.Payload
	data     json.RawMessage // of what is asked
	fault    string          // what to do to the answer
}

// answers are the functions that the fake knows. Those of the login carry no
// signature; the others name the tab they need.
var answers = map[string]struct {
	login  bool
	tabs   []int
	answer func(*call) (any, *wire.Error)
}{
	"FonctionParametres":           {login: true, answer: answerParameters},
	"Identification":               {login: true, answer: answerIdentification},
	"Authentification":             {login: true, answer: answerAuthentication},
	"SecurisationCompteDoubleAuth": {login: true, answer: answerSecondFactor},
	"ParametresUtilisateur":        {login: true, answer: answerUser},
	"Navigation":                   {answer: answerNothing},
	"Presence":                     {answer: answerNothing},
	"SaisieDeconnexion":            {answer: answerLogout},
	"JetonAppliMobile":             {tabs: []int{tabHome}, answer: answerQR},
	"DernieresNotes":               {tabs: []int{tabMarks}, answer: answerMarks},
	"PageEmploiDuTemps":            {tabs: []int{tabLessons}, answer: answerLessons},
	"PageCahierDeTexte":            {tabs: []int{tabHomework, tabContents}, answer: answerDiary},
	"PagePresence":                 {tabs: []int{tabSchoolLife}, answer: answerSchoolLife},
	"PageActualites":               {tabs: []int{tabInfos}, answer: answerInfos},
	"ListeMessagerie":              {tabs: []int{tabDiscussions}, answer: answerDiscussions},
	"ListeMessages":                {tabs: []int{tabDiscussions}, answer: answerMessages},
	"SaisiePublicMessage":          {tabs: []int{tabDiscussions}, answer: answerParticipants},

	"ListeRessourcesPourCommunication": {tabs: []int{tabDiscussions}, answer: answerRecipients},
	"PageInfosPerso":                   {tabs: []int{tabPerson, tabLessons}, answer: answerPerson},
	"PageEquipePedagogique":            {tabs: []int{tabStaff}, answer: answerStaff},
	"PageAgenda":                       {tabs: []int{tabAgenda}, answer: answerAgenda},
	"PageMenus":                        {tabs: []int{tabMenus}, answer: answerMenus},
	"PageAccueil":                      {tabs: []int{tabHome}, answer: answerHome},

	"PageBulletins":        {tabs: []int{tabReports}, answer: answerReport},
	"GenerationPDF":        {tabs: []int{tabReports, tabLessons}, answer: answerPDF},
	"DernieresEvaluations": {tabs: []int{tabEvaluations}, answer: answerEvaluations},

	"PageEmploiDuTemps_DomainePresence": {tabs: []int{tabLessons}, answer: answerFilledWeeks},
}

// The tabs that the fake has.
const (
	tabHome       = 7
	tabInfos      = 8
	tabAgenda     = 9
	tabMenus      = 10
	tabLessons    = 16
	tabPerson     = 49
	tabSchoolLife = 19
	tabStaff      = 37
	tabHomework   = 88
	tabContents   = 89
	tabMarks      = 198

	tabDiscussions = 131

	tabEvaluations = 201
	tabReports     = 13
)

func tabs() []int {
	return []int{
		tabHome,
		tabInfos,
		tabAgenda,
		tabSchoolLife,
		tabLessons,
		tabPerson,
		tabHomework,
		tabContents,
		tabMarks,
		tabDiscussions,
		tabMenus,
		tabEvaluations,
		tabStaff,
		tabReports,
	}
}

// serveCall answers appelfonction/<space>/<session>/<number>.
func (s *Server) serveCall(w http.ResponseWriter, r *http.Request, segments []string) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 4<<20))
	if err != nil {
		http.Error(w, "unreadable", http.StatusBadRequest)
		return
	}
	if len(segments) != 4 {
		writeError(w, refusal(21, "Impossible d'afficher la page"))
		return
	}
	session := s.sessionOf(segments[1], segments[2]) // first: a client from before an upgrade is told to log in
	if session == nil {
		writeError(w, refusal(10, "La page a expiré ! (3)"))
		return
	}
	request, err := wire.DecodeBody(body)
	if err != nil || !s.speaks(body, bodyWords) {
		writeError(w, refusal(21, "Impossible d'afficher la page"))
		return
	}
	if !session.busy.TryLock() { // one request in flight
		writeError(w, refusal(14, "La page a expiré ! (7)"))
		return
	}
	defer session.busy.Unlock()
	number, refused := s.checkNumber(session, request, segments[3])
	if refused != nil {
		writeError(w, refused)
		return
	}
	if number == session.lastNumber && number != session.expected { // its answer was lost
		_, _ = w.Write(session.lastAnswer)
		return
	}
	s.answerCall(w, r, session, request)
}

// sessionOf finds a living session by the segments of an address.
func (s *Server) sessionOf(space, number string) *session {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, err := strconv.Atoi(number)
	session := s.sessions[n]
	if err != nil || session == nil || strconv.Itoa(session.space) != space || session.ended {
		return nil
	}
	now := s.school.Now()
	if now.In(time.UTC).Sub(session.usedAt.In(time.UTC)) > s.options.Idle {
		delete(s.sessions, n)
		return nil
	}
	session.usedAt = now
	return session
}

// checkNumber opens the order number, which must be the expected one, or the
// one before when its answer was lost. Right after a login the expected one
// comes under the new key, and one before under the old.
func (s *Server) checkNumber(session *session, request wire.Body, inAddress string) (int, *wire.Error) {
	now, next := session.cipher, session.cipher
	if session.expected == 1 {
		next = wire.Cipher{}
	}
	if session.nextKey != nil {
		next = now.WithKey(session.nextKey)
	}
	if n, err := next.OpenNumber(request.Number); err == nil && n == session.expected && request.Number == inAddress {
		if session.nextKey != nil {
			session.cipher, session.nextKey = next, nil
		}
		return n, nil
	}
	before := now
	if session.lastNumber == 1 {
		before = wire.Cipher{}
	}
	if n, err := before.OpenNumber(request.Number); err == nil && n == session.lastNumber && request.Number == inAddress && session.lastAnswer != nil {
		return n, nil
	}
	return 0, refusal(14, "La page a expiré ! (7)")
}

// answerCall decodes, dispatches and encodes.
func (s *Server) answerCall(w http.ResponseWriter, r *http.Request, session *session, request wire.Body) {
	codec := wire.Codec{Encrypt: s.options.Encrypt, Compress: s.options.Compress}
	cipher := session.cipher
	if session.expected == 1 {
		cipher = wire.Cipher{}
	}
	text, err := codec.Open(wire.Request, cipher, request.Secured)
	if err != nil {
		writeError(w, refusal(21, "Impossible d'afficher la page"))
		return
	}
	payload, err := wire.DecodePayload(text)
	if err != nil || payload.Data != nil && !s.speaks(text, dataWords) {
		writeError(w, refusal(21, "Impossible d'afficher la page"))
		return
	}
	fault := s.nextFault(request.Function)
	if fault.before(w, r) {
		return
	}
	if fault.Kind == "expired" {
		session.ended = true
		writeError(w, refusal(10, "La page a expiré ! (3)"))
		return
	}
	if payload.Wait != nil {
		payload = session.resumed(payload)
	}
	c := &call{server: s, session: session, function: request.Function, asked: payload, data: payload.Data, fault: fault.Kind}
	data, refused := s.dispatch(c, payload)
	s.record(c, payload, refused)
	answer := s.seal(c, codec, data, refused)
	session.lastNumber, session.lastAnswer = session.expected, answer
	session.expected += 2
	w.Header().Set("Content-Type", "application/json")
	fault.write(w, answer)
}

func (s *Server) dispatch(c *call, payload wire.Payload) (any, *wire.Error) {
	known, ok := answers[c.function]
	switch {
	case c.fault == "error":
		return o{}, nil // the refusal is put inside
	case !ok:
		return nil, refusal(21, "Impossible d'afficher la page")
	case c.session.expected == 1 && c.function != "FonctionParametres":
		return nil, refusal(21, "Impossible d'afficher la page")
	case known.login:
		return known.answer(c)
	case !c.session.loggedIn:
		return nil, refusal(3, "Accès refusé")
	case (c.function == "Presence" || c.function == "Navigation") && c.function != s.options.Profile.KeepAlive:
		return nil, refusal(21, "Impossible d'afficher la page")
	}
	if err := c.readSignature(payload.Signature); err != nil {
		return nil, err
	}
	if !s.hasTab(c.session.viewer, c.tab) || !shows(s.school.Of(c.pupil), c.tab) || known.tabs != nil && !slices.Contains(known.tabs, c.tab) {
		return nil, refusal(3, "Accès refusé")
	}
	return known.answer(c)
}

// readSignature finds the tab and the pupil that a request is about.
func (c *call) readSignature(text json.RawMessage) *wire.Error {
	var signature struct {
		Tab    int `json:"onglet"`
		Member *struct {
			Number string `json:"N"`
		} `json:"membre"`
	}
	if json.Unmarshal(text, &signature) != nil {
		return refusal(21, "Impossible d'afficher la page")
	}
	c.tab, c.pupil = signature.Tab, c.server.pupils(c.session.viewer)[0]
	if signature.Member == nil {
		return nil
	}
	id, ok := c.session.find(signature.Member.Number, "pupil")
	if !ok || id >= len(c.server.pupils(c.session.viewer)) {
		return refusal(22, "Ressource inconnue")
	}
	c.pupil = c.server.pupils(c.session.viewer)[id]
	return nil
}

// pupils are those that an account shows.
func (s *Server) pupils(viewer world.Viewer) []string {
	if viewer == pronote.KindStudent {
		return []string{s.school.Pupil()}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(s.school.Children(), func(child string) bool { return s.detached[child] })
}

// seal encodes an answer, or a refusal, with the next order number.
func (s *Server) seal(c *call, codec wire.Codec, data any, refused *wire.Error) []byte {
	session := c.session
	body := wire.Body{Session: session.number, Number: session.cipher.Number(session.expected + 1), Function: c.function, Error: refused}
	if refused == nil {
		payload, err := wire.EncodePayload(s.options.Profile.Generation, c.payload(data))
		if err != nil {
			panic(err)
		}
		payload = append(bytes.TrimSuffix(payload, []byte("}")), []byte(`,"nom":"`+c.function+`"}`)...)
		if c.fault == "error" {
			payload = mustJSON(o{"Erreur": refusal(0, "Une erreur est survenue"), "nom": c.function})
		}
		if body.Secured, err = codec.Seal(wire.Answer, session.cipher, payload); err != nil {
			panic(err)
		}
	}
	answer, err := wire.EncodeBody(s.options.Profile.Generation, body)
	if err != nil {
		panic(err)
	}
	return answer
}

// payload is what an answer holds: the data, or where a fault says so a mark
// that asks the client to come back for it.
func (c *call) payload(data any) wire.Payload {
	if c.fault != "wait" && c.fault != "recall" {
		return wire.Payload{Data: mustJSON(data)}
	}
	mark := mustJSON(o{"ParametresAtt": o{"delai": 2, "repeterRequete": c.fault == "wait"}, "jeton": randomBytes(8)})
	c.session.waiting[string(mark)] = c.asked
	return wire.Payload{Data: json.RawMessage("{}"), Wait: mark}
}

// resumed is the request behind one that comes back with the mark it was given.
// One that should have come back whole, or with another mark, stays empty.
func (s *session) resumed(p wire.Payload) wire.Payload {
	var mark struct {
		Parameters struct {
			Whole bool `json:"repeterRequete"`
		} `json:"ParametresAtt"`
	}
	asked, ok := s.waiting[string(p.Wait)]
	if !ok || json.Unmarshal(p.Wait, &mark) != nil || mark.Parameters.Whole != (p.Data != nil) {
		return wire.Payload{}
	}
	asked.Wait = nil
	return asked
}

// The words that tell the generations of clients apart: a server understands
// its own only.
var (
	bodyWords = map[wire.Generation]string{wire.GenerationOld: "donneesSec", wire.GenerationMiddle: "donneesSec", wire.GenerationNew: "dataSec"}
	dataWords = map[wire.Generation]string{wire.GenerationOld: "donnees", wire.GenerationMiddle: "data", wire.GenerationNew: "data"}
)

// speaks reports whether an object has the member that the server's generation
// calls by its own name.
func (s *Server) speaks(object []byte, words map[wire.Generation]string) bool {
	var members map[string]json.RawMessage
	return json.Unmarshal(object, &members) == nil && members[words[s.options.Profile.Generation]] != nil
}

func mustJSON(v any) json.RawMessage {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // answers are made of texts and finite numbers
	}
	return text
}

func writeError(w http.ResponseWriter, e *wire.Error) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(mustJSON(o{"Erreur": e})) // a client that hangs up has its answer
}

// hasTab reports whether an account may use a tab.
func (s *Server) hasTab(viewer world.Viewer, tab int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Contains(tabs(), tab) && !s.accounts[viewer].hidden[tab]
}
