package cas_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/pronote-sync/pronote-sync/cas"
	"github.com/pronote-sync/pronote-sync/cas/castest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

func detect(t *testing.T, net *castest.Net, host string) (cas.Detection, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+host+"/pronote/eleve.html", nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := net.Transport()
	t.Cleanup(transport.CloseIdleConnections)
	return cas.Portals().Detect(&http.Client{Transport: transport}, req)
}

// delegating is a school that sends logins to an address.
func delegating(address string) http.Handler {
	return pronotetest.NewServer(quietSchool(), pronotetest.Options{Delegation: &pronotetest.Delegation{Login: address}})
}

// TestDetectEveryHost finds a row by each host of the table.
func TestDetectEveryHost(t *testing.T) {
	t.Parallel()
	for _, p := range cas.Portals() {
		for _, host := range p.Hosts {
			net := castest.NewNet()
			net.Serve(schoolHost, delegating("https://"+host+"/login"))
			d, err := detect(t, net, schoolHost)
			net.Close()
			if err != nil || d.Host != host || !slices.ContainsFunc(d.Portals, func(q cas.Portal) bool { return q.ID == p.ID }) {
				t.Errorf("%s at %s: got %+v, %v", p.ID, host, d, err)
			}
			if d.School == "" || !d.Direct {
				t.Errorf("%s at %s: the school tells more: %+v", p.ID, host, d)
			}
			if asked := net.Dialled(); !slices.Equal(asked, []string{schoolHost}) {
				t.Errorf("%v were asked", asked)
			}
		}
	}
}

// TestDetect names the portal that a person would.
func TestDetect(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, school string
		page         http.Handler
		first        string
		direct       bool
	}{
		{"one row", "0061234x.index-education.net", delegating("https://cas.agora06.fr/login"), "agora06", true},
		{"the row for a region", "0691234x.index-education.net", delegating("https://cas.ent.auvergnerhonealpes.fr/login"), "auvergnerhonealpes", true},
		{"two rows, one department", "0311234x.index-education.net", delegating("https://cas.mon-ent-occitanie.fr/login"), "ac-toulouse", true},
		{"two rows, the other department", "0341234x.index-education.net", delegating("https://cas.mon-ent-occitanie.fr/login"), "ac-montpellier", true},
		{"no portal", "0061234x.index-education.net", pronotetest.NewServer(quietSchool(), pronotetest.Options{}), "", true},
		{"an unknown portal", "0061234x.index-education.net", delegating("https://ent.example/login"), "", true},
		{"a dispatcher in front", "0061234x.index-education.net", delegating("https://dispatcher.example/login"), "hdf", true},
		{"a button for the hub", "0061234x.index-education.net", page(`<a href="https://HubEduConnect.index-education.net/">EduConnect</a>`), "hubeduconnect", false},
		{"a portal that is gone", "0061234x.index-education.net", delegating("https://ent.iledefrance.fr/"), "iledefrance", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			net := castest.NewNet()
			t.Cleanup(net.Close)
			net.Serve(test.school, test.page)
			net.Serve("ent.example", page("Bonjour"))
			net.Serve("dispatcher.example", redirectTo(http.StatusFound, "https://enthdf.fr/cas/login"))
			d, err := detect(t, net, test.school)
			if err != nil {
				t.Fatal(err)
			}
			first := ""
			if len(d.Portals) > 0 {
				first = d.Portals[0].ID
			}
			if first != test.first || d.Direct != test.direct {
				t.Errorf("got %+v, want %s, direct %t", d, test.first, test.direct)
			}
		})
	}
}

// TestDetectNothing tells why when there is no school.
func TestDetectNothing(t *testing.T) {
	t.Parallel()
	net := castest.NewNet()
	t.Cleanup(net.Close)
	if d, err := detect(t, net, schoolHost); err == nil {
		t.Errorf("got %+v", d)
	}
	net.Serve(schoolHost, redirectTo(http.StatusFound, "/pronote/eleve.html?again"))
	if d, err := detect(t, net, schoolHost); err == nil {
		t.Errorf("got %+v", d)
	}
}
