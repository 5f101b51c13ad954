package pronotetest

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// The kinds of files that the server makes on request.
const (
	pdfTimetable = 0
	pdfReport    = 2
)

// answerPDF answers GenerationPDF: it makes a file of a page, and says where that
// is. The page of a report card must be published.
func answerPDF(c *call) (any, *wire.Error) {
	var request struct {
		Kind int `json:"genreGenerationPDF"`
	}
	if json.Unmarshal(c.data, &request) != nil {
		return nil, refusal(21, "Impossible d'afficher la page")
	}
	pupil := slices.Index(c.server.pupils(c.session.viewer), c.pupil)
	switch {
	case request.Kind == pdfTimetable && c.tab == tabLessons:
		return c.made("Emploi du temps.pdf", "timetable pdf", pupil), nil
	case request.Kind != pdfReport || c.tab != tabReports:
		return nil, refusal(21, "Impossible d'afficher la page")
	}
	period, known, refused := c.ownPeriod()
	switch {
	case refused != nil:
		return nil, refused
	case !known:
		return o{}, nil
	}
	for _, row := range c.server.school.Truth(c.session.viewer, c.pupil).Reports {
		if row.Value.Period == period.Name {
			return c.made(row.Value.PDF.Name, "report pdf", 10*row.ID+pupil), nil
		}
	}
	return nil, refusal(3, "Accès refusé")
}

// made is the answer that names a file.
func (c *call) made(name, what string, id int) o {
	number := mustJSON(o{"N": c.session.name(1, what, id), "Actif": true})
	path := fmt.Sprintf("FichiersExternes/%s/%s?Session=%d", c.session.cipher.EncryptHex(string(number)), name, c.session.number)
	return c.broken(o{"url": typed(23, path)}, "url")
}

// madeFile is the content of a file that was made for a session.
func (s *Server) madeFile(session *session, number string) ([]byte, bool) {
	pupils := s.pupils(session.viewer)
	if pupil, ok := session.find(number, "timetable pdf"); ok && pupil < len(pupils) {
		return s.school.TimetablePDF(session.viewer, pupils[pupil]), true
	}
	id, ok := session.find(number, "report pdf")
	if !ok || id%10 >= len(pupils) {
		return nil, false
	}
	for _, row := range s.school.Truth(session.viewer, pupils[id%10]).Reports {
		if row.ID == id/10 {
			return world.ReportPDF(row.Value), true
		}
	}
	return nil, false
}
