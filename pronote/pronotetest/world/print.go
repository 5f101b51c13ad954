package world

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote"
)

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
