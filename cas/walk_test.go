package cas_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pronote-sync/pronote-sync/cas"
	"github.com/pronote-sync/pronote-sync/cas/castest"
)

// TestSteps goes through EduConnect as it was over the years.
func TestSteps(t *testing.T) {
	t.Parallel()
	p, err := cas.Portals().Find("agora06")
	if err != nil {
		t.Fatal(err)
	}
	for _, steps := range []castest.Steps{castest.ProbeThenForm, castest.FormWithToken, castest.FormAlone, castest.ProbeAfter} {
		s := newScene(t, p, pupil)
		s.Steps = steps
		if err := fetch(t, s.Transport(), s.login); err != nil {
			t.Errorf("variant %d: %v", steps, err)
		}
	}
}

// TestAccounts chooses one of two, by the name of the school.
func TestAccounts(t *testing.T) {
	t.Parallel()
	p, err := cas.Portals().Find("hdf")
	if err != nil {
		t.Fatal(err)
	}
	for account, reason := range map[string]cas.Reason{"lycée du belvédère": "", "lea.m2": "", "Gymnase": cas.AccountChoice, "l": cas.AccountChoice} {
		s := newScene(t, p, pupil)
		s.Mishap = castest.TwoAccounts
		s.login.Account = account
		err := fetch(t, s.Transport(), s.login)
		checkReason(t, err, reason)
		if err != nil && (!strings.Contains(err.Error(), "Collège des Tilleuls") || strings.Contains(err.Error(), "connect.federated")) {
			t.Errorf("the choice is not told as people read it: %v", err)
		}
	}
}

// TestOtherStart begins at the portal, after beginning at EduConnect was in vain.
func TestOtherStart(t *testing.T) {
	t.Parallel()
	p, err := cas.Portals().Find("lyceeconnecte")
	if err != nil {
		t.Fatal(err)
	}
	s := newScene(t, p, pupil)
	s.Mishap = castest.StartsHere
	s.prove(t, "", 1)
}

// TestForgetfulPortal shows its form again on the way back to PRONOTE, after a
// page that let the person in: the password was right.
func TestForgetfulPortal(t *testing.T) {
	t.Parallel()
	s := atrium(t)
	s.Serve("www.atrium-sud.fr", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			page("Bonjour")(w, r)
			return
		}
		loginForm(`method="post"`, "")(w, r)
	}))
	checkReason(t, fetch(t, s.Transport(), s.login), cas.UnknownThere)
	if posts := s.posts(); posts["www.atrium-sud.fr"] != 1 {
		t.Errorf("the password was posted to %v", posts)
	}
}

// TestElsewhere names the portal that the school uses instead.
func TestElsewhere(t *testing.T) {
	t.Parallel()
	s := atrium(t)
	s.delegate("https://cas.agora06.fr/login")
	err := fetch(t, s.Transport(), s.login)
	checkReason(t, err, cas.Elsewhere)
	if err == nil || !strings.Contains(err.Error(), "which is the portal agora06") || len(s.posts()) > 0 {
		t.Errorf("got %v", err)
	}
}
