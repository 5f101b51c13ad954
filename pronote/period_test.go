package pronote_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

// Requests about a term carried its G in the school's list. A server answers nothing
// to that about report cards, and they were never read.
func TestRequestsNameAPeriodAsItsTabDoes(t *testing.T) {
	t.Parallel()
	server, session := family(t)
	read := 0
	for _, child := range session.Students() {
		for _, period := range child.Periods { // those of the marks, where there are any
			_, _, marksErr := session.Marks(t.Context(), child, period)
			_, evaluationsErr := session.Evaluations(t.Context(), child, period)
			var lifeErr error
			if period.Kind != "other" {
				_, lifeErr = session.SchoolLife(t.Context(), child, period)
			}
			report, reportErr := session.Report(t.Context(), child, period)
			for _, err := range []error{marksErr, evaluationsErr, lifeErr, reportErr} {
				if err != nil && !errors.Is(err, pronote.ErrNotAvailable) {
					t.Errorf("%s of %s: %v", period.Name, child.Name, err)
				}
			}
			if report == nil {
				continue
			}
			read++
			if _, _, err := download(t.Context(), session, report.PDF, megabyte, pronote.Resume{}); err != nil {
				t.Errorf("report of %s as a file: %v", child.Name, err)
			}
		}
	}
	if read != 3 { // of a term for each twin, and of a semester
		t.Errorf("%d reports were read, want 3", read)
	}
	asked := map[string]int{}
	for _, r := range server.Requests() {
		var data struct {
			Period *struct {
				Genre int    `json:"G"`
				Label string `json:"L"`
			} `json:"periode"`
		}
		if json.Unmarshal(r.Data, &data) != nil || data.Period == nil {
			continue
		}
		asked[r.Function]++
		want := 2
		if !strings.HasPrefix(data.Period.Label, "Trimestre") && !strings.HasPrefix(data.Period.Label, "Semestre") {
			want = 4
		}
		if data.Period.Genre != want {
			t.Errorf("%s asks for %s by G %d, want %d", r.Function, data.Period.Label, data.Period.Genre, want)
		}
	}
	for _, function := range []string{"DernieresNotes", "DernieresEvaluations", "PagePresence", "PageBulletins", "GenerationPDF"} {
		if asked[function] == 0 {
			t.Errorf("%s was not asked", function)
		}
	}
}

// An empty answer was taken for a report that is not published, each time it came.
func TestABlankReportIsNotOneThatIsUnpublished(t *testing.T) {
	t.Parallel()
	server, session := family(t)
	child := session.Students()[0]
	periods, _ := child.PeriodsOf(pronote.TabReports)
	for range 2 {
		server.Inject(pronotetest.Fault{Kind: "blank", Function: "PageBulletins"})
		if report, err := session.Report(t.Context(), child, periods[0]); report != nil || !errors.Is(err, pronote.ErrBlank) {
			t.Errorf("report = %v, %v, want ErrBlank", report, err)
		}
		session.Remember()
	}
	if report, err := session.Report(t.Context(), child, periods[2]); report != nil || err != nil {
		t.Errorf("report = %v, %v, want none and no error of a term that has just begun", report, err)
	}
}

// No other client sends a request without an Accept header, or names a thing by an
// empty identifier.
func TestRequestsLookLikeThoseOfOtherClients(t *testing.T) {
	t.Parallel()
	school := schoolInDecember(t)
	server := pronotetest.NewServer(school, pronotetest.Options{})
	r := relayTo(server)
	requests := 0
	r.instead = func(function string, req *http.Request) (*http.Response, error) {
		requests++
		if got := req.Header.Get("Accept"); got != "*/*" {
			t.Errorf("%s accepts %q", function, got)
		}
		return nil, nil
	}
	session := mustLogin(t, r)
	pupil := session.Students()[0]
	monday := school.FirstMonday()
	if _, err := session.Lessons(t.Context(), pupil, monday, monday.AddDays(6)); err != nil {
		t.Error(err)
	}
	report, err := session.Report(t.Context(), pupil, pupil.Periods[0])
	if err != nil || report == nil {
		t.Fatalf("no report: %v", err)
	}
	if _, _, err := download(t.Context(), session, report.PDF, megabyte, pronote.Resume{}); err != nil {
		t.Error(err)
	}
	if requests < 9 {
		t.Errorf("only %d requests were looked at", requests)
	}
	for _, r := range server.Requests() {
		if strings.Contains(string(r.Data), `"N":""`) {
			t.Errorf("%s names something by an empty identifier: %s", r.Function, r.Data)
		}
	}
}
