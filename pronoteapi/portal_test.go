package pronoteapi

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/cas"
	"github.com/pronote-sync/pronote-sync/cas/castest"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// oldPortals are the names that the original knew.
var oldPortals = strings.Fields(`ac-besancon ac-bordeaux ac-bordeaux2 ac-caen ac-clermont ac-dijon ac-grenoble ac-lille ac-lille2 ac-limoges
	ac-lyon ac-montpellier ac-nancy-metz ac-nantes ac-orleans-tours ac-poitiers ac-reims ac-rouen ac-strasbourg ac-toulouse ac-valdoise
	agora06 arsene76 atrium-sud cybercolleges42 eure-normandie haute-garonne hdf iledefrance laclasse ljr-munich lyceeconnecte
	monbureaunumerique-educonnect moncollege-essonne parisclassenumerique portail-famille seine-et-marne somme toutatice`)

const portalSchool = "0061234x.index-education.net"

// behind is a school that sends its logins to a portal, with one person who may
// use it.
func behind(t *testing.T, id string, who castest.Person) (testbed, *castest.Stage) {
	t.Helper()
	portal, err := findPortal(id)
	if err != nil {
		t.Fatal(err)
	}
	stage, err := castest.Open(portal, who)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stage.Close)
	stage.School = "https://" + strings.ToUpper(portalSchool[:8]) + portalSchool[8:] + "/pronote/"
	kind := pronote.KindStudent
	if who.Parent {
		kind = pronote.KindParent
	}
	server := pronotetest.NewServer(novemberSchool(), pronotetest.Options{Delegation: &pronotetest.Delegation{
		Login:    castest.Login(portal),
		Validate: func(ticket, service string) (world.Viewer, bool) { return kind, stage.Validate(ticket, service) },
	}})
	stage.Serve(portalSchool, server)
	transport := stage.Transport()
	t.Cleanup(transport.CloseIdleConnections)
	return newTestbedAt(t, server, Options{Transport: transport}), stage
}

// through is a login through a portal.
func through(id string, who castest.Person) map[string]any {
	account := "student"
	if who.Parent {
		account = "parent"
	}
	return map[string]any{
		"url": "https://" + portalSchool + "/pronote/", "username": who.Username, "password": who.Password, "cas": id, "account": account,
	}
}

// Pupils and parents come through each portal that the original knew, by its name
// there. Some were switched off: then it is the portal that their schools use today.
func TestPortalsLetPeopleIn(t *testing.T) {
	t.Parallel()
	for i, id := range oldPortals {
		who := castest.Person{Username: "lea.martin", Password: "é&+% \"'", Parent: i%2 == 1}
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			w, _ := behind(t, id, who)
			answer := w.post("/auth/login", "", through(id, who))
			token, _ := decode(t, answer.Body.Bytes())["token"].(string)
			if answer.Code != http.StatusOK {
				t.Fatalf("the login answers %d %s", answer.Code, answer.Body)
			}
			user := w.data(token, `{user{name}}`)["user"].(map[string]any)
			if name := user["name"]; name == "" || (name == w.school.School().Pupil()) == who.Parent {
				t.Errorf("it is %v who came", name)
			}
		})
	}
}

// What portals say is a sentence with the next thing to do, and no password is sent
// again before a person has done it.
func TestPortalsThatRefuseAreNotAskedAgain(t *testing.T) {
	t.Parallel()
	who := castest.Person{Username: "lea.martin", Password: "x"}
	for mishap, c := range map[castest.Mishap]struct {
		want   string
		status int
		wait   time.Duration // 0 until the password changes
	}{
		castest.Locked:      {cas.AccountLocked.Error(), http.StatusBadGateway, lockLasts},
		castest.Captcha:     {cas.Captcha.Error(), http.StatusBadGateway, personLasts},
		castest.Terms:       {cas.TermsToAccept.Error(), http.StatusBadGateway, personLasts},
		castest.Expired:     {"log in here with the new one", http.StatusBadGateway, personLasts},
		castest.Second:      {"log in with a browser and answer it", http.StatusBadGateway, personLasts},
		castest.TwoAccounts: {"between which this server cannot choose", http.StatusBadGateway, personLasts},
		castest.TwoLeft:     {`"code":3`, http.StatusUnauthorized, 0},
	} {
		t.Run(string(mishap), func(t *testing.T) {
			t.Parallel()
			w, stage := behind(t, "hdf", who)
			clock := w.hand()
			stage.Mishap = mishap
			for range 2 {
				answer := w.post("/auth/login", "", through("hdf", who))
				if answer.Code != c.status || !strings.Contains(answer.Body.String(), c.want) || strings.Contains(answer.Body.String(), "cas_account") {
					t.Errorf("it answers %d %s, want %s", answer.Code, answer.Body, c.want)
				}
			}
			requests := len(stage.Requests())
			w.post("/auth/login", "", through("hdf", who))
			if got := stage.Requests()[requests:]; len(got) > 0 {
				t.Errorf("the portal was asked again: %+v", got)
			}
			stage.Mishap = ""
			clock.advance(c.wait)
			if answer := w.post("/auth/login", "", through("hdf", who)); (answer.Code == http.StatusOK) != (c.wait > 0) {
				t.Errorf("after %s it answers %d %s", c.wait, answer.Code, answer.Body)
			}
		})
	}
}

// Nor is a school whose login wants something that no client has.
func TestSchoolsThatWantAPersonAreNotAskedAgain(t *testing.T) {
	t.Parallel()
	w := newTestbed(t, Options{})
	clock := w.hand()
	w.school.Refuse(9, "Compte suspendu jusqu'à lundi")
	for i := range 3 {
		since := len(w.school.Requests())
		answer := w.post("/auth/login", "", credentials())
		if asked := w.asked(since); !strings.Contains(answer.Body.String(), "Compte suspendu jusqu'à lundi") || (i > 0) != (len(asked) == 0) {
			t.Errorf("try %d answers %s and asks %q", i, answer.Body, asked)
		}
	}
	w.school.Refuse(0, "")
	clock.advance(personLasts)
	w.login()
}
