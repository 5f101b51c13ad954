package pronote_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

func TestPersonOfASession(t *testing.T) {
	t.Parallel()
	for kind, want := range map[pronote.Kind]pronote.Person{
		pronote.KindStudent: {Name: "PARENT Fanny", Kind: "student", Phone: "+33 600000000", INE: "001"},
		pronote.KindParent:  {Name: "Mme PARENT Sylvie", Kind: "parent", Phone: "+33 639980112", Landline: "0199001234"},
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			server := pronotetest.NewServer(world.NewSchool(1, 2025), pronotetest.Options{Encrypt: true})
			session := loginAs(t, server, kind)
			got, err := session.Person(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			want.Address, want.PostalCode, want.City, want.Country = "4 allée des Glycines, Appartement 12", "00000", "Villeneuve", "France"
			want.Email = "famille@example.org"
			if got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
			session.Remember()
			if _, err := session.Person(t.Context()); !errors.Is(err, pronote.ErrUnchanged) {
				t.Errorf("asked again: %v, want ErrUnchanged", err)
			}
		})
	}
}

func TestSitesOfASession(t *testing.T) {
	t.Parallel()
	server := pronotetest.NewServer(world.NewSchool(1, 2025), pronotetest.Options{})
	school := loginAs(t, server, pronote.KindStudent).School()
	want := []pronote.Site{{
		Name: school.Name, Address: "12 rue des Tilleuls, BP 4", PostalCode: "00000", City: "Villeneuve", Country: "France",
		Website: "https://college.example.org/", Logo: pronotetest.Address + "fichierurlpublique/logo.png?param=7DA3DEB97ED4E736",
	}}
	if !slices.Equal(school.Sites, want) {
		t.Errorf("got %+v, want %+v", school.Sites, want)
	}
}

func loginAs(t *testing.T, server *pronotetest.Server, kind pronote.Kind) *pronote.Session {
	t.Helper()
	credentials := student
	credentials.Kind = kind
	session, err := pronote.Login(t.Context(), pronotetest.Address, credentials, &pronote.Options{Transport: server.Transport()})
	if err != nil {
		t.Fatal(err)
	}
	return session
}

// The address of a calendar opens without a login, shows the timetable of one
// child, and is printed by nothing but Reveal.
func TestCalendarOfASession(t *testing.T) {
	t.Parallel()
	school := world.NewSchool(1, 2025)
	server := pronotetest.NewServer(school, pronotetest.Options{})
	session := loginAs(t, server, pronote.KindParent)
	seen := map[string]bool{}
	for _, child := range session.Students() {
		address, err := session.Calendar(t.Context(), child)
		if err != nil {
			t.Fatal(err)
		}
		again, err := session.Calendar(t.Context(), child)
		if err != nil || again.Reveal() != address.Reveal() || seen[address.Reveal()] {
			t.Errorf("%s has the calendar %s, then %s (%v)", child.Name, address.Reveal(), again.Reveal(), err)
		}
		seen[address.Reveal()] = true
		if text := fmt.Sprintf("%v %+v %#v", address, address, address); strings.Contains(text, "ical") {
			t.Errorf("the address is printed: %s", text)
		}
		resp, err := (&http.Client{Transport: server.Transport()}).Get(address.Reveal())
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(resp.Body)
		if err = errors.Join(err, resp.Body.Close()); err != nil {
			t.Fatal(err)
		}
		if got, want := strings.Count(string(text), "BEGIN:VEVENT"), len(school.Truth(pronote.KindParent, child.Name).Lessons); got != want {
			t.Errorf("the calendar of %s has %d lessons, want %d (status %d)", child.Name, got, want, resp.StatusCode)
		}
	}
	resp, err := (&http.Client{Transport: server.Transport()}).Get(pronotetest.Address + "ical/pronote.ics?icalsecurise=0&version=1&param=2")
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusNotFound {
		t.Errorf("a wrong key: status %d, %v", resp.StatusCode, err)
	}
}
