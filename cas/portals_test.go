package cas_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pronote-sync/pronote-sync/cas"
)

// TestEveryPortal logs a pupil and a parent in through each portal of the table,
// by the parameters of its row, into a session of PRONOTE.
func TestEveryPortal(t *testing.T) {
	t.Parallel()
	for _, row := range cas.Portals() {
		p, err := cas.Portals().Find(row.ID)
		if row.State == cas.Gone {
			continue // see TestGone
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, parent := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/parent=%t", p.ID, parent), func(t *testing.T) {
				t.Parallel()
				who := pupil
				who.Parent = parent
				s := newScene(t, p, who)
				session, err := s.enter(t)
				if err != nil {
					for _, r := range s.Requests() {
						t.Log(r.Method, r.Host, r.Path, r.Query)
					}
					t.Fatal(err)
				}
				if len(session.Students()) != map[bool]int{false: 1, true: 2}[parent] {
					t.Errorf("got %d students", len(session.Students()))
				}
				if err := session.Close(t.Context()); err != nil {
					t.Error(err)
				}
				s.checkPrivacy(t)
			})
		}
	}
}

// checkPrivacy looks where the password went, and what else was told to whom.
func (s *scene) checkPrivacy(t *testing.T) {
	t.Helper()
	posts := s.posts()
	want := strings.TrimPrefix(s.portal.Base, "https://")
	if s.portal.EduConnect() {
		want = "educonnect.education.gouv.fr"
	}
	if len(posts) != 1 || posts[want] != 1 {
		t.Errorf("the password was posted to %v, want once to %s", posts, want)
	}
	allowed := append([]string{schoolHost, want, strings.TrimPrefix(s.portal.API, "https://"), strings.TrimPrefix(s.portal.Base, "https://")}, s.portal.Hosts...)
	for _, host := range s.Dialled() {
		if !slices.Contains(allowed, host) {
			t.Errorf("%s was asked", host)
		}
	}
	agents := map[string]bool{}
	for _, r := range s.Requests() {
		agents[r.Header.Get("User-Agent")] = true
		if r.Header.Get("Referer") != "" {
			t.Error("a Referer tells tickets")
		}
		if strings.Contains(fmt.Sprint(r.Query, r.Header, r.Path), "can%C3%A4ry") || strings.Contains(fmt.Sprint(r.Query, r.Header), "canäry") {
			t.Errorf("the password is in an address or a header for %s", r.Host)
		}
	}
	if len(agents) != 1 {
		t.Errorf("several browsers were played: %v", slices.Collect(maps.Keys(agents)))
	}
}
