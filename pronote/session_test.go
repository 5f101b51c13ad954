package pronote_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

var student = pronote.Credentials{Kind: pronote.KindStudent, Username: "Demonstration", Password: pronote.NewSecret(pronotetest.Password)}

// schoolInDecember is a school that has one term behind it.
func schoolInDecember(t *testing.T) *world.School {
	t.Helper()
	school := world.NewSchool(7, 2025)
	school.AdvanceTo(pronote.DateTime{Date: pronote.Date{Year: 2025, Month: time.December, Day: 11}, Hour: 18})
	return school
}

// TestEveryVersionAndCodec logs in to each version of PRONOTE, with each
// combination of encryption and compression, as pupil and as parent, and
// compares what it reads with the truth. The codecs take turns at one school,
// because reading an item there counts on the newest servers.
func TestEveryVersionAndCodec(t *testing.T) {
	t.Parallel()
	profiles := pronotetest.Profiles
	if raced {
		profiles = []pronotetest.Profile{pronotetest.Newest()}
	}
	for _, profile := range profiles {
		for _, kind := range []pronote.Kind{pronote.KindStudent, pronote.KindParent} {
			t.Run(profile.Version+"/"+string(kind), func(t *testing.T) {
				t.Parallel()
				school := schoolInDecember(t)
				codecs := []int{0, 1, 2, 3}
				if kind == pronote.KindParent {
					codecs = []int{0, 3} // twice as much to read
				}
				for _, codec := range codecs {
					options := pronotetest.Options{Profile: profile, Encrypt: codec&1 != 0, Compress: codec&2 != 0}
					t.Run(fmt.Sprintf("%t,%t", options.Encrypt, options.Compress), func(t *testing.T) {
						visit(t, pronotetest.NewServer(school, options), kind, profile.Version)
					})
				}
			})
		}
	}
}

// visit is a whole session: a login, every domain of every pupil, a logout.
func visit(t *testing.T, server *pronotetest.Server, kind pronote.Kind, version string) {
	t.Helper()
	c := student
	c.Kind = kind
	session, err := pronote.Login(t.Context(), pronotetest.Address, c, &pronote.Options{Transport: server.Transport()})
	if err != nil {
		t.Fatal(err)
	}
	if got := session.Version().String(); got != version {
		t.Errorf("version = %s, want %s", got, version)
	}
	for _, s := range session.Students() {
		compare(t, session, s, server.School().Truth(kind, s.Name))
	}
	school := server.School()
	compareDiscussions(t, session, school.Now().Date, school.Truth(kind, school.Pupil()))
	if err := session.Touch(t.Context()); err != nil {
		t.Errorf("KeepAlive: %v", err)
	}
	if err := session.Close(t.Context()); err != nil {
		t.Errorf("Close: %v", err)
	}
	if err := session.Touch(t.Context()); !errors.Is(err, pronote.ErrSessionExpired) {
		t.Errorf("KeepAlive after Close: %v, want ErrSessionExpired", err)
	}
}

// compare reads all domains of a pupil and compares them with the truth.
func compare(t *testing.T, session *pronote.Session, s pronote.Student, truth world.Truth) {
	t.Helper()
	marks, averages := []pronote.Mark{}, []pronote.Average{}
	for _, period := range s.Periods {
		m, a, err := session.Marks(t.Context(), s, period)
		if err != nil {
			t.Fatalf("marks of %s: %v", period.Name, err)
		}
		marks, averages = append(marks, m...), append(averages, a...)
	}
	homework, err := session.Homework(t.Context(), s, session.School().Starts, session.School().Ends)
	if err != nil {
		t.Fatalf("homework: %v", err)
	}
	infos, err := session.Infos(t.Context(), s)
	if err != nil {
		t.Fatalf("infos: %v", err)
	}
	for i := range infos {
		if err := session.OpenInfo(t.Context(), s, &infos[i]); err != nil {
			t.Fatalf("open %q: %v", infos[i].Title, err)
		}
	}
	same(t, "marks of "+s.Name, marks, truth.Marks)
	same(t, "averages of "+s.Name, averages, truth.Averages)
	same(t, "homework of "+s.Name, homework, truth.Homework)
	same(t, "infos of "+s.Name, infos, truth.Infos)
	if len(marks) == 0 || len(averages) == 0 || len(homework) == 0 || len(infos) == 0 {
		t.Error("the truth is too empty to prove anything")
	}
}

// same compares a list with the truth, in any order.
func same[T any](t *testing.T, what string, got []T, truth []world.Row[T]) {
	t.Helper()
	var want []T
	for _, row := range truth {
		want = append(want, row.Value)
	}
	if diff := cmp.Diff(lines(t, want), lines(t, got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// lines writes each item of a list as JSON, sorted.
func lines[T any](t *testing.T, list []T) []string {
	t.Helper()
	lines := []string{}
	for _, item := range list {
		text, err := json.Marshal(item)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(text))
	}
	slices.Sort(lines)
	return lines
}

func TestRealHTTPAndHTTPS(t *testing.T) {
	t.Parallel()
	for name, start := range map[string]func(*pronotetest.Server) *httptest.Server{
		"http":  func(s *pronotetest.Server) *httptest.Server { return httptest.NewServer(s) },
		"https": func(s *pronotetest.Server) *httptest.Server { return httptest.NewTLSServer(s) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			school := schoolInDecember(t)
			site := start(pronotetest.NewServer(school, pronotetest.Options{Encrypt: true, Compress: true}))
			defer site.Close()
			session, err := pronote.Login(t.Context(), site.URL+"/pronote/", student, &pronote.Options{Transport: site.Client().Transport})
			if err != nil {
				t.Fatal(err)
			}
			s := session.Students()[0]
			compare(t, session, s, school.Truth(pronote.KindStudent, s.Name))
		})
	}
}
