package pronotetest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
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
			return ReportPDF(row.Value), true
		}
	}
	return nil, false
}

// ReportPDF is a report card as the school prints it. It is the same as long as
// the report is.
func ReportPDF(r pronote.Report) []byte {
	lines := []string{"Bulletin " + r.Period + " " + r.Year, r.Class}
	for _, s := range r.Subjects {
		lines = append(lines, fmt.Sprintf("%s %s : %v / %v  %s", s.Within, s.Subject, s.Student.Value, s.ClassAverage.Value, s.Appreciation))
	}
	return pdfOf(append(lines, strings.Split(r.Comments, "\n")...))
}

// TimetablePDF is the timetable of a pupil as the school prints it.
func (s *School) TimetablePDF(viewer Viewer, pupil string) []byte {
	lines := []string{"Emploi du temps " + s.Year(), pupil}
	for _, row := range s.Truth(viewer, pupil).Lessons {
		lines = append(lines, row.Value.Starts.String()+" "+row.Value.Subject)
	}
	return pdfOf(lines)
}

// pdfOf prints lines on one page, as tall as they need.
func pdfOf(lines []string) []byte {
	var text bytes.Buffer
	height := 40 + 12*len(lines)
	fmt.Fprintf(&text, "BT /F1 10 Tf 12 TL 30 %d Td", height-30)
	for _, line := range lines {
		fmt.Fprintf(&text, " (%s) '", latin1(line))
	}
	text.WriteString(" ET")
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 %d] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>", height),
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", text.Len(), text.String()),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
	}
	var file, table bytes.Buffer
	file.WriteString("%PDF-1.4\n")
	for i, object := range objects {
		fmt.Fprintf(&table, "%010d 00000 n \n", file.Len())
		fmt.Fprintf(&file, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	start := file.Len()
	fmt.Fprintf(&file, "xref\n0 %d\n0000000000 65535 f \n%s", len(objects)+1, table.String())
	fmt.Fprintf(&file, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return file.Bytes()
}

// latin1 writes a line as a text of a PDF.
func latin1(line string) string {
	var b strings.Builder
	for _, r := range line {
		switch {
		case r == '(' || r == ')' || r == '\\':
			b.WriteString(`\` + string(r))
		case r < ' ' || r > 0xff:
			b.WriteByte('?')
		case r < 0x7f:
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, `\%03o`, r)
		}
	}
	return b.String()
}
