package cas_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/pronote-sync/pronote-sync/cas"
	"github.com/pronote-sync/pronote-sync/cas/castest"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// The school of the tests, and a password that only the right encoding brings
// through a form.
const (
	schoolHost = "0061234x.index-education.net"
	canary     = `canäry&pass+word%20"'<é>😀`
)

// quietSchool is the school behind all PRONOTE servers of these tests, which only read.
var quietSchool = sync.OnceValue(func() *world.School { return world.NewSchool(1, 2025).Quiet() })

var pupil = castest.Person{Username: "lea.martin", Password: canary}

// A scene is a portal, with a school behind it and a person in front of it.
type scene struct {
	*castest.Stage
	portal     cas.Portal
	login      cas.Login
	school     *pronotetest.Server
	delegation *pronotetest.Delegation
}

func newScene(t testing.TB, p cas.Portal, who castest.Person) *scene {
	t.Helper()
	stage, err := castest.Open(p, who)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stage.Close)
	stage.School = "https://" + strings.ToUpper(schoolHost[:8]) + schoolHost[8:] + "/pronote/"
	s := &scene{Stage: stage, portal: p, login: cas.Login{
		Portal: p, Parent: who.Parent, Username: who.Username, Password: func() string { return who.Password },
	}}
	s.delegate(castest.Login(p))
	return s
}

// delegate opens the school, which sends logins to an address.
func (s *scene) delegate(address string) {
	s.delegation = &pronotetest.Delegation{
		Login: address,
		Validate: func(ticket, service string) (world.Viewer, bool) {
			kind := pronote.KindStudent
			if s.Person.Parent {
				kind = pronote.KindParent
			}
			return kind, s.Validate(ticket, service)
		},
	}
	s.school = pronotetest.NewServer(quietSchool(), pronotetest.Options{Delegation: s.delegation})
	s.Serve(schoolHost, s.school)
}

// enter logs in to PRONOTE.
func (s *scene) enter(t testing.TB) (*pronote.Session, error) {
	t.Helper()
	kind := pronote.KindStudent
	if s.Person.Parent {
		kind = pronote.KindParent
	}
	transport := s.Transport()
	t.Cleanup(transport.CloseIdleConnections)
	return pronote.Login(t.Context(), "https://"+schoolHost+"/pronote/", pronote.Credentials{Kind: kind, Portal: s.login.Fetch}, &pronote.Options{Transport: transport})
}

// posts counts the requests that hold the password, by host.
func (s *scene) posts() map[string]int {
	hosts := map[string]int{}
	for _, r := range s.Requests() {
		if form := formOf(r); form != "" {
			hosts[r.Host]++
		}
	}
	return hosts
}

// formOf is the body of a request with the password in it, "" without.
func formOf(r castest.Request) string {
	req, err := http.NewRequest(r.Method, "https://x.example/", strings.NewReader(r.Body))
	if err != nil {
		return ""
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	_ = req.ParseForm() // half a form is one too
	for _, values := range req.PostForm {
		for _, value := range values {
			if value == canary {
				return r.Body
			}
		}
	}
	return ""
}
