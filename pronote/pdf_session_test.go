package pronote_test

import (
	"bytes"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// TestPDFs has the server make files, at once or after it was asked to wait, and
// compares them with what the school has.
func TestPDFs(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"2022.0.3", "2025.2.8", "2026.2.5.7"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				school := schoolInDecember(t)
				server := pronotetest.NewServer(school, pronotetest.Options{Profile: profile(t, version), Encrypt: true})
				session := loginAs(t, server, pronote.KindParent)
				for _, child := range session.Students() {
					report, err := session.Report(t.Context(), child, child.Periods[0])
					if err != nil || report == nil {
						t.Fatalf("no report: %v", err)
					}
					if a := report.PDF; a.Name != "Bulletin Trimestre 1 2025-2026.pdf" || a.Role != "report" || !a.Downloadable() {
						t.Errorf("the report is %+v", a)
					}
					want := world.ReportPDF(school.Truth(pronote.KindParent, child.Name).Reports[0].Value)
					for _, fault := range []string{"", "wait", "recall"} {
						server.Inject(pronotetest.Fault{Kind: fault, Function: "GenerationPDF"})
						half := pronote.Resume{From: 10, Modified: time.Now()}
						file, got, err := download(t.Context(), session, report.PDF, megabyte, half)
						if err != nil || !bytes.Equal(got, want) || file.From != 0 {
							t.Errorf("%s: %d bytes, want %d: %v", fault, len(got), len(want), err)
						}
					}
					want = school.TimetablePDF(pronote.KindParent, child.Name)
					if _, got, err := download(t.Context(), session, session.TimetablePDF(child), megabyte, pronote.Resume{}); err != nil || !bytes.Equal(got, want) {
						t.Errorf("timetable: %d bytes, want %d: %v", len(got), len(want), err)
					}
				}
			})
		})
	}
}

func TestPDFsThatCannotBeHad(t *testing.T) {
	t.Parallel()
	school := schoolInDecember(t)
	server := pronotetest.NewServer(school, pronotetest.Options{})
	session := loginAs(t, server, pronote.KindStudent)
	pupil := session.Students()[0]
	report, err := session.Report(t.Context(), pupil, pupil.Periods[0])
	if err != nil {
		t.Fatal(err)
	}
	try := func(what string, want error, limit int64, faults ...pronotetest.Fault) {
		t.Helper()
		server.Inject(faults...)
		if _, content, err := download(t.Context(), session, report.PDF, limit, pronote.Resume{}); !errors.Is(err, want) {
			t.Errorf("%s: %d bytes, %v; want %v", what, len(content), err, want)
		}
		server.ClearFaults()
	}
	try("too large", pronote.ErrTooLarge, 100)
	try("no address", pronote.ErrUnreadable, megabyte, pronotetest.Fault{Kind: "absent", Function: "GenerationPDF"})
	try("cut off", pronote.ErrTruncated, megabyte, pronotetest.Fault{Kind: "truncated", Function: "FichiersExternes"})
	try("a page in its place", pronote.ErrNotPRONOTE, megabyte, pronotetest.Fault{Kind: "html", Function: "FichiersExternes"})
	id := school.Truth(pronote.KindStudent, pupil.Name).Reports[0].ID
	school.Do(world.Amend(id, func(r *world.Report) { r.Hidden = true }))
	try("withdrawn", pronote.ErrNotAvailable, megabyte)
	server.Rotate()
	try("of a session that has ended", pronote.ErrSessionExpired, megabyte)
}
