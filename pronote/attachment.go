package pronote

import (
	"cmp"
	"encoding/json"
	"net/url"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// An Attachment is a file or a link attached to homework, a notice, a mark and the
// like.
type Attachment struct {
	Name string
	Kind string // "file", "link", "cloud" (a file kept elsewhere), "kiosk" (of a publisher), "video", or "other"
	Role string // "document", of a mark "subject" or "correction", of homework also "returned", which the pupil handed in, of a report card "report", of a punishment "circumstances" or "homework"
	URL  string // of what is not kept at the school: a whole http or https address; "" for files

	// The parts of a request for the file. PRONOTE's identifiers belong to one
	// session, and so do the addresses made of them.
	number, genre string

	made *Call // that has the server make the file, where it has none yet
}

// Downloadable reports whether Session.Download can have it: it is a file of the
// school, and comes from a session rather than from elsewhere.
func (a Attachment) Downloadable() bool { return a.number != "" || a.made != nil }

// The roles of attachments, with the server's word for a file that has one.
const (
	roleDocument      = "document"
	roleSubject       = "subject"
	roleCorrection    = "correction"
	roleReturned      = "returned"
	roleReport        = "report"
	roleCircumstances = "circumstances"
	roleHomework      = "homework"
)

var attachmentKinds = []string{"link", "file", "cloud", "kiosk", "video"}

// attachmentsOf are those of a list: nil for one that is not there.
func attachmentsOf(list wire.List[wire.PieceJointe]) []Attachment {
	if !list.Present {
		return nil
	}
	attachments := make([]Attachment, 0, len(list.Items))
	for _, p := range list.Items {
		attachments = append(attachments, attachmentOf(p))
	}
	return attachments
}

func attachmentOf(p wire.PieceJointe) Attachment {
	a := Attachment{Name: label(p.Label), Kind: "other", Role: roleDocument, URL: lastingURL(string(p.URL))}
	if g := p.Genre; g.Known {
		a.Kind = cmp.Or(nth(attachmentKinds, int(g.Value)), a.Kind)
	} else if a.URL == "" {
		a.Kind = "file"
	}
	switch {
	case a.Kind == "file", a.Kind == "cloud" && a.URL == "":
		a.URL, a.number = "", string(p.Number)
	case a.Kind == "link":
		a.URL = cmp.Or(a.URL, lastingURL(a.Name))
	}
	return a
}

// fileOf is a file with a role, which the server knows by a word of its own.
func fileOf(name, role, number, genre string) Attachment {
	return Attachment{Name: name, Kind: "file", Role: role, number: number, genre: genre}
}

func homeworkAttachments(t wire.Travail) []Attachment {
	attachments := attachmentsOf(t.ListePieceJointe)
	if d := t.DocumentRendu; d.Present && attachments != nil {
		attachments = append(attachments, fileOf(label(d.Value.Label), roleReturned, string(d.Value.Number), "TAFRenduEleve"))
	}
	if d := t.DocumentCorrige; d.Present && attachments != nil {
		attachments = append(attachments, fileOf(label(d.Value.Label), roleCorrection, string(d.Value.Number), "TAFCorrigeRenduEleve"))
	}
	return attachments
}

// infoAttachments are those of all questions, or nil where one lacks its list.
func infoAttachments(questions []wire.Question) []Attachment {
	attachments := []Attachment{}
	for _, q := range questions {
		if !q.ListePiecesJointes.Present {
			return nil
		}
		attachments = append(attachments, attachmentsOf(q.ListePiecesJointes)...)
	}
	return attachments
}

func markAttachments(d wire.Devoir) []Attachment {
	attachments := []Attachment{}
	if name := label(d.LibelleSujet); name != "" {
		attachments = append(attachments, fileOf(name, roleSubject, string(d.Number), "DevoirSujet"))
	}
	if name := label(d.LibelleCorrige); name != "" {
		attachments = append(attachments, fileOf(name, roleCorrection, string(d.Number), "DevoirCorrige"))
	}
	return attachments
}

// punishmentAttachments are those of what happened, and of the work to do for it,
// which sanctions have not. They are nil where the answer has neither list.
func punishmentAttachments(p wire.Punition) []Attachment {
	circumstances, homework := attachmentsOf(p.DocumentsCirconstances), attachmentsOf(p.DocumentsTAF)
	if circumstances == nil && homework == nil {
		return nil
	}
	attachments := make([]Attachment, 0, len(circumstances)+len(homework))
	for _, a := range circumstances {
		a.Role = roleCircumstances
		attachments = append(attachments, a)
	}
	for _, a := range homework {
		a.Role = roleHomework
		attachments = append(attachments, a)
	}
	return attachments
}

// absenceAttachments are nil for what is no list of them.
func absenceAttachments(m wire.Manque) []Attachment {
	var list wire.List[wire.PieceJointe]
	if len(m.Documents) == 0 || json.Unmarshal(m.Documents, &list) != nil {
		return nil
	}
	return attachmentsOf(list)
}

// longestURL bounds an address, in bytes; browsers take about as much.
const longestURL = 2000

// lastingURL is an address that means the same tomorrow and to anybody. Those
// that belong to a session of PRONOTE, and what is not of the web, are left out.
func lastingURL(text string) string {
	u, err := url.Parse(strings.TrimSpace(text))
	switch {
	case err != nil, len(text) > longestURL:
		return ""
	case u.Scheme != "https" && u.Scheme != "http", u.Host == "":
		return ""
	case strings.Contains(strings.ToLower(u.Path), "/fichiersexternes/"), u.Query().Has("Session"):
		return ""
	}
	u.User = nil // a password, if anything
	return u.String()
}
