package pronotetest

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// attachment is an element of a list. Its number tells the thing, the pupil who
// sees it, and which of the attachments it is; things have fewer than 100.
func (c *call) attachment(owner, index int, a pronote.Attachment) o {
	pupil := slices.Index(c.server.pupils(c.session.viewer), c.pupil)
	return c.file("attachment", (10*owner+pupil)*100+index, a)
}

// enclosures are the attachments of a message.
func (c *call) enclosures(message world.Row[pronote.Message]) []o {
	list := []o{}
	for i, a := range message.Value.Attachments {
		list = append(list, c.file("enclosure", 100*message.ID+i, a))
	}
	return list
}

func (c *call) file(what string, id int, a pronote.Attachment) o {
	item := o{
		"L": a.Name, "N": c.session.name(25, what, id),
		"G": slices.Index([]string{"link", "file", "cloud", "kiosk", "video"}, a.Kind),
	}
	if a.URL != "" {
		item["url"] = a.URL
	}
	return item
}

// documents are the attachments of a thing that have no role of their own.
func (c *call) documents(owner int, all []pronote.Attachment) o {
	return c.attached(owner, all, "document")
}

// attached are the attachments of a thing that have one role.
func (c *call) attached(owner int, all []pronote.Attachment, role string) o {
	list := []o{}
	for i, a := range all {
		if a.Role == role {
			list = append(list, c.attachment(owner, i, a))
		}
	}
	return wrapped(list)
}

// serveFile answers FichiersExternes/<sealed number>/<name>?Session=<number>.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request, sealed string) {
	fault := s.nextFault("FichiersExternes")
	if fault.before(w, r) {
		return
	}
	n, err := strconv.Atoi(r.URL.Query().Get("Session"))
	s.mu.Lock()
	session := s.sessions[n]
	s.mu.Unlock()
	if err != nil || session == nil || session.ended || !session.loggedIn || fault.Kind == "expired" {
		http.NotFound(w, r)
		return
	}
	content, ok := s.fileOf(session, sealed)
	s.recordFile(session, !ok)
	if !ok {
		http.NotFound(w, r)
		return
	}
	fault.writeFile(w, r, content)
}

// fileOf is the content of what a session's identifier names.
func (s *Server) fileOf(session *session, sealed string) ([]byte, bool) {
	raw, err := hex.DecodeString(sealed)
	if err != nil {
		return nil, false
	}
	text, err := session.cipher.Decrypt(raw)
	if err != nil {
		return nil, false
	}
	var request struct {
		Number string          `json:"N"`
		Active bool            `json:"Actif"`
		Genre  json.RawMessage `json:"G"` // a word for files that have a role; some repeat the number of the list
	}
	text = text[:bytes.LastIndexByte(text, '}')+1] // some clients pad the object themselves
	if json.Unmarshal(text, &request) != nil || !request.Active {
		return nil, false
	}
	role := map[string]string{
		`"DevoirSujet"`: "subject", `"DevoirCorrige"`: "correction", `"TAFRenduEleve"`: "returned", `"TAFCorrigeRenduEleve"`: "correction",
	}[string(request.Genre)]
	owner, isMark := session.find(request.Number, "mark")
	id, isAttachment := session.find(request.Number, "attachment")
	if id, ok := session.find(request.Number, "enclosure"); ok {
		return s.school.Enclosure(id/100, id%100)
	}
	if !isMark && !isAttachment {
		return s.madeFile(session, request.Number)
	}
	pupils := s.pupils(session.viewer)
	if isAttachment {
		owner, pupils = id/1000, pupils[id/100%10:][:1]
	}
	for _, pupil := range pupils {
		for i, a := range s.school.AttachmentsOf(owner, session.viewer, pupil) {
			if (isMark || i == id%100) && (role == "" && isAttachment || role == a.Role) && a.URL == "" {
				return s.school.FileContent(owner, a), true
			}
		}
	}
	return nil, false
}

// fileModified is when all files were last changed, as far as clients can tell.
var fileModified = time.Date(2025, time.September, 1, 8, 0, 0, 0, time.UTC)

// writeFile sends a file, from the middle where a client asks for that, or spoils
// it.
func (f Fault) writeFile(w http.ResponseWriter, r *http.Request, content []byte) {
	w.Header().Set("Content-Type", "application/octet-stream")
	switch f.Kind {
	case "lost":
		panic(http.ErrAbortHandler)
	case "truncated":
		w.Header().Set("Last-Modified", fileModified.Format(http.TimeFormat))
		w.Header().Set("Content-Length", strconv.Itoa(len(content)))
		content = content[:len(content)/2]
	case "garbage":
		content = []byte("\x00\x01PRONOTE{{{")
	case "oversize":
		w.Header().Set("Content-Length", strconv.FormatInt(2<<30, 10))
	case "huge":
		f.writeEndlessly(w)
		return
	default:
		http.ServeContent(w, r, "", fileModified, bytes.NewReader(content))
		return
	}
	_, _ = w.Write(content) // a client that hangs up wants no more
}
