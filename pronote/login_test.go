package pronote_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

var wrong = pronote.Credentials{Username: pronotetest.Username, Password: pronote.NewSecret("not it")}

// A refused password costs one attempt, and with the older challenge not even
// that: the server is never told.
func TestWrongPassword(t *testing.T) {
	t.Parallel()
	for version, want := range map[string][]string{
		"2022.0.3": {"page", "FonctionParametres", "Identification"},
		"2026.2.4": {"page", "FonctionParametres", "Identification"},
		"2026.2.5": {"page", "FonctionParametres", "Identification", "Authentification"},
	} {
		for _, hide := range []bool{false, true} {
			if hide && version == "2022.0.3" {
				continue // its page gives it away
			}
			name := version
			if hide {
				name += ", version only in the answers"
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				server := newServer(pronotetest.Options{Profile: profile(t, version), HideVersion: hide})
				r := relayTo(server)
				_, err := loginThrough(t.Context(), r, wrong)
				if !errors.Is(err, pronote.ErrCredentials) {
					t.Fatalf("login: %s, want ErrCredentials", describe(err))
				}
				checkSentence(t, err)
				if !slices.Equal(r.sent, want) {
					t.Errorf("requests = %v, want %v", r.sent, want)
				}
				if _, err := loginThrough(t.Context(), r, student); err != nil {
					t.Errorf("login with the right password afterwards: %v", err)
				}
			})
		}
	}
}

func TestNameAndPasswordAreTrimmed(t *testing.T) {
	t.Parallel()
	server := newServer(pronotetest.Options{})
	c := pronote.Credentials{Username: " DEMONSTRATION\t", Password: pronote.NewSecret(" " + pronotetest.Password + "\n")}
	session, err := loginThrough(t.Context(), server.Transport(), c)
	if err != nil {
		t.Fatal(err)
	}
	if students := session.Students(); len(students) != 1 || students[0].Name != server.School().Pupil() {
		t.Errorf("students = %+v, want %s", students, server.School().Pupil())
	}
}

// Where nothing tells the version, the form of the challenge is guessed, and a
// refusal may be the fault of the guess. That is worth one more login, and only
// one.
func TestGuessedChallenge(t *testing.T) {
	t.Parallel()
	newest := pronotetest.Newest()
	refuseAll := func(function, body string) string {
		body = hideVersion(function, body)
		return replaceIn("Authentification", `"data":\{.*\}`, `"data":{"Acces":1}}}`)(function, body)
	}
	for _, tt := range []struct {
		name    string
		options pronotetest.Options
		rewrite func(string, string) string
		c       pronote.Credentials
		pages   int
		answers int
		want    error
	}{
		{"wrapped, right password", pronotetest.Options{Profile: profile(t, "2026.1.3")}, hideVersion, student, 1, 1, nil},
		{"wrapped, wrong password", pronotetest.Options{Profile: profile(t, "2026.1.3")}, hideVersion, wrong, 1, 1, pronote.ErrCredentials},
		{"raw, right password", pronotetest.Options{Profile: newest}, hideVersion, student, 1, 1, nil},
		{"raw, wrong password", pronotetest.Options{Profile: newest}, hideVersion, wrong, 1, 1, pronote.ErrCredentials},
		{"raw that looks wrapped, right password", pronotetest.Options{Profile: newest, Lookalike: true}, hideVersion, student, 2, 2, nil},
		{"raw that looks wrapped, wrong password", pronotetest.Options{Profile: newest, Lookalike: true}, hideVersion, wrong, 1, 1, pronote.ErrCredentials},
		{"raw that looks wrapped, refused twice", pronotetest.Options{Profile: newest, Lookalike: true}, refuseAll, student, 2, 2, pronote.ErrCredentials},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.options.HideVersion = true
			r := relayTo(newServer(tt.options))
			r.rewrite = tt.rewrite
			session, err := loginThrough(t.Context(), r, tt.c)
			if !errors.Is(err, tt.want) || tt.want == nil && err != nil {
				t.Fatalf("login: %s, want %v", describe(err), tt.want)
			}
			if err == nil && !session.Version().IsZero() {
				t.Errorf("version = %s, want it unknown", session.Version())
			}
			if pages, answers := r.count("page"), r.count("Authentification"); pages != tt.pages || answers != tt.answers {
				t.Errorf("%d logins with %d answers to a challenge, want %d with %d", pages, answers, tt.pages, tt.answers)
			}
		})
	}
}

// Only a challenge that can be a wrapped one tells a wrong password without the
// server. One of a single block, which none is, was taken for one that a wrong
// password cannot decrypt, and the right one refused without asking.
func TestRawChallengeOfAnOlderVersion(t *testing.T) {
	t.Parallel()
	early := profile(t, "2026.2.4")
	early.RawChallenge = true
	r := relayTo(newServer(pronotetest.Options{Profile: early}))
	if _, err := loginThrough(t.Context(), r, student); err != nil {
		t.Errorf("login: %v", err)
	}
	if _, err := loginThrough(t.Context(), r, wrong); !errors.Is(err, pronote.ErrCredentials) || r.count("page") != 2 {
		t.Errorf("login with a wrong password: %s, %d logins in all, want ErrCredentials and 2", describe(err), r.count("page"))
	}
}

func TestKnownVersionIsNeverGuessedAt(t *testing.T) {
	t.Parallel()
	r := relayTo(newServer(pronotetest.Options{Lookalike: true}))
	if _, err := loginThrough(t.Context(), r, student); err != nil || r.count("page") != 1 {
		t.Errorf("login: %v after %d attempts, want success at the first", err, r.count("page"))
	}
}

func TestRefusedAccounts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		code    int
		message string
		want    string
	}{
		{10, "", "PRONOTE refuses the login: the account is disabled"},
		{2, "", "PRONOTE refuses the login: the account is not authorised"},
		{4, "", "PRONOTE refuses the login: no person is behind the account"},
		{6, "", "PRONOTE refuses the login: the school has blocked this pupil"},
		{9, "<p>Espace&nbsp;fermé</p>\n<p>jusqu'au 1er septembre</p>", "PRONOTE refuses the login: Espace fermé jusqu'au 1er septembre"},
		{77, "", "PRONOTE refuses the login: access code 77"},
	} {
		server := newServer(pronotetest.Options{})
		server.Refuse(tt.code, tt.message)
		r := relayTo(server)
		_, err := loginThrough(t.Context(), r, student)
		var refused *pronote.AccessError
		if !errors.As(err, &refused) || refused.Code != tt.code || err.Error() != tt.want || r.count("page") != 1 {
			t.Errorf("access %d: %s after %d logins, want %q after one", tt.code, describe(err), r.count("page"), tt.want)
		}
	}
}

// A server that has refused too often says so, then bans the address.
func TestTooManyRefusals(t *testing.T) {
	t.Parallel()
	server := newServer(pronotetest.Options{})
	for range 5 {
		if _, err := loginThrough(t.Context(), server.Transport(), wrong); !errors.Is(err, pronote.ErrCredentials) {
			t.Fatalf("login: %s, want ErrCredentials", describe(err))
		}
	}
	for range 5 { // the right password does not help any more
		r := relayTo(server)
		_, err := loginThrough(t.Context(), r, student)
		if !as[*pronote.BlockedError](err) {
			t.Fatalf("login: %s, want a BlockedError", describe(err))
		}
		checkSentence(t, err)
		if r.count("Authentification") > 0 {
			t.Error("the login went on after the refusal")
		}
	}
	r := relayTo(server)
	if _, err := loginThrough(t.Context(), r, student); !as[*pronote.BlockedError](err) || r.total() != 1 {
		t.Errorf("login while banned: %s after %d requests, want a BlockedError after the page", describe(err), r.total())
	}
}

// badPages are what a school's address may answer in place of the page.
var badPages = []struct {
	name   string
	status int
	header http.Header
	body   string
	want   func(error) bool
}{
	{"banned", 200, nil, `<html><body>Votre adresse IP est provisoirement suspendue !</body></html>`, as[*pronote.BlockedError]},
	{"banned, in English", 200, nil, `<html><body>Your&nbsp;IP address is temporarily <b>suspended</b>!</body></html>`, as[*pronote.BlockedError]},
	{"banned, with a status", 403, nil, `<html><body>Votre adresse IP est provisoirement suspendue !</body></html>`, as[*pronote.BlockedError]},
	{"closed", 200, nil, `<html><body>Le site n'est pas disponible</body></html>`, is(pronote.ErrClosed)},
	{"closed, with a status", 503, nil, `<html><body>Le site n&rsquo;est pas disponible</body></html>`, is(pronote.ErrClosed)},
	{"busy", 200, nil, `<html><body>Le site est momentan&eacute;ment indisponible</body></html>`, is(pronote.ErrBusy)},
	{"anti-DDoS", 200, nil, `<html><head><script>document.cookie="SCRIPT=IP";location.reload()</script></head></html>`, is(pronote.ErrNotPRONOTE)},
	{"another site", 200, nil, `<html><title>EQUIPE IP</title><body>Notre site n'est pas celui que vous cherchez. IP</body></html>`, is(pronote.ErrNotPRONOTE)},
	{"the choice of spaces", 200, nil, `<body onload="try{Start({h:1,a:0})}catch(e){}">`, is(pronote.ErrNotPRONOTE)},
	{"JSON", 200, nil, `{"error":"not found"}`, is(pronote.ErrNotPRONOTE)},
	{"nothing", 200, nil, ``, is(pronote.ErrNotPRONOTE)},
	{"no such page", 404, nil, `<html><body>IP not found</body></html>`, is(pronote.ErrNotPRONOTE)},
	{"forbidden", 403, nil, `Forbidden`, as[*pronote.HTTPError]},
	{"server error", 500, nil, `<html>Internal Server Error</html>`, as[*pronote.HTTPError]},
	{"unavailable", 503, http.Header{"Retry-After": {"120"}}, ``, as[*pronote.HTTPError]},
	{"too many requests", 429, http.Header{"Retry-After": {"600"}}, ``, as[*pronote.HTTPError]},
	{"no content", 204, nil, ``, as[*pronote.HTTPError]},
	{"huge", 200, nil, strings.Repeat(" ", 4<<20+1), is(pronote.ErrUnreadable)},
}

func TestBadPages(t *testing.T) {
	t.Parallel()
	for _, tt := range badPages {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := &relay{instead: answerWith("page", tt.status, tt.header, tt.body)}
			_, err := loginThrough(t.Context(), r, student)
			if !tt.want(err) || r.total() != 1 {
				t.Fatalf("login: %s after %d requests, want another after one", describe(err), r.total())
			}
			checkSentence(t, err)
		})
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]float64{
		"": 0, "120": 120, "0": 0, "-5": 0, "99999999999999": 86400, "9999999999": 86400, "86401": 86400,
		"Wed, 21 Oct 2026 07:28:00 GMT": 0, "1.5": 0, "99999999999999999999999": 0,
	} {
		r := &relay{instead: answerWith("page", 503, http.Header{"Retry-After": {header}}, "")}
		_, err := loginThrough(t.Context(), r, student)
		var status *pronote.HTTPError
		if !errors.As(err, &status) || status.Status != 503 || status.Wait.Seconds() != want {
			t.Errorf("Retry-After %q: %v, wait %v, want %v s", header, err, status.Wait, want)
		}
	}
	r := &relay{instead: answerWith("page", 503, http.Header{"Retry-After": {"7200"}}, "Your IP address is temporarily suspended!")}
	_, err := loginThrough(t.Context(), r, student)
	var blocked *pronote.BlockedError
	if !errors.As(err, &blocked) || blocked.Wait.Hours() != 2 {
		t.Errorf("a ban with Retry-After: %+v, want a wait of two hours", blocked)
	}
}

// Every answer of a login may be odd. None of this panics, hangs or passes.
func TestOddAnswersToALogin(t *testing.T) {
	t.Parallel()
	for _, function := range []string{"FonctionParametres", "Identification", "Authentification", "ParametresUtilisateur"} {
		for _, tt := range []struct {
			name, body string
			want       func(error) bool
		}{
			{"empty", ``, is(pronote.ErrUnreadable)},
			{"garbage", "\x00\x01PRONOTE{{{", is(pronote.ErrUnreadable)},
			{"cut", `{"session":1,"no":"ff","dataSec":{"data":{"General":{"Pre`, is(pronote.ErrUnreadable)},
			{"a list", `[]`, is(pronote.ErrUnreadable)},
			{"a text", `"oui"`, is(pronote.ErrUnreadable)},
			{"null", `null`, is(pronote.ErrUnreadable)},
			{"an empty object", `{}`, is(pronote.ErrUnreadable)},
			{"data that is no object", `{"dataSec":["x"]}`, is(pronote.ErrUnreadable)},
			{"data that does not open", `{"dataSec":"0a0b"}`, is(pronote.ErrUnreadable)},
			{"no data in the data", `{"dataSec":{}}`, is(pronote.ErrUnreadable)},
			{"null in the data", `{"dataSec":{"data":null}}`, func(err error) bool { return err != nil }},
			{"a list in the data", `{"dataSec":{"data":[]}}`, is(pronote.ErrUnreadable)},
			{"another shape", `{"dataSec":{"data":{"General":[],"alea":{},"cle":{},"ressource":3}}}`, is(pronote.ErrUnreadable)},
			{"a page", `<html><body>EQUIPE IP</body></html>`, is(pronote.ErrNotPRONOTE)},
			{"a page after a mark of its encoding", "\ufeff\n<!DOCTYPE html>", is(pronote.ErrNotPRONOTE)},
			{"banned", `{"Erreur":{"G":5,"Titre":"Votre adresse IP est provisoirement suspendue !"}}`, as[*pronote.BlockedError]},
			{"banned, in the message", `{"Erreur":{"G":5,"Titre":"","Message":"Your IP&nbsp;address is<br>temporarily suspended!"}}`, as[*pronote.BlockedError]},
			{"too many authorisations", `{"Erreur":{"G":25}}`, as[*pronote.BlockedError]},
			{"too many authorisations, by the title", `{"Erreur":{"G":0,"Titre":"Vous avez dépassé le nombre d'autorisations"}}`, as[*pronote.BlockedError]},
			{"banned, as a page", `<p>Votre adresse IP est provisoirement suspendue !</p>`, as[*pronote.BlockedError]},
			{"refused", `{"Erreur":{"G":21,"Titre":"Impossible d'afficher la page","Message":"Deux<br>lignes"}}`, as[*pronote.ServerError]},
			{"refused inside", `{"dataSec":{"Erreur":{"G":21,"Titre":"Impossible d'afficher la page"}}}`, as[*pronote.ServerError]},
			{"refused without a word", `{"Erreur":{"G":999}}`, as[*pronote.ServerError]},
			{"expired", `{"Erreur":{"G":10,"Titre":"La page a expiré ! (3)"}}`, is(pronote.ErrSessionExpired)},
		} {
			t.Run(function+"/"+tt.name, func(t *testing.T) {
				t.Parallel()
				r := relayTo(newServer(pronotetest.Options{Profile: profile(t, "2025.2.8")}))
				r.instead = answerWith(function, 200, nil, tt.body)
				_, err := loginThrough(t.Context(), r, student)
				if !tt.want(err) {
					t.Fatalf("login: %s, want another", describe(err))
				}
				checkSentence(t, err)
				if n := r.count(function); n != 1 || r.count("page") != 1 {
					t.Errorf("%d times asked in %d logins, want once in one", n, r.count("page"))
				}
			})
		}
	}
}

// Members without which a login is worth nothing.
func TestLoginAnswersThatLackSomething(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, function, pattern, with string
		want                          func(error) bool
	}{
		{"no challenge", "Identification", `"challenge":`, `"_":`, is(pronote.ErrUnreadable)},
		{"no first Monday", "FonctionParametres", `"PremierLundi":\{[^}]*\},`, ``, is(pronote.ErrUnreadable)},
		{"no person", "ParametresUtilisateur", `"ressource":`, `"personne":`, is(pronote.ErrUnreadable)},
		{"no tabs", "ParametresUtilisateur", `"listeOnglets":`, `"onglets":`, is(pronote.ErrUnreadable)},
		{"no key and no reason", "Authentification", `"cle":"[^"]*",`, ``, is(pronote.ErrCredentials)},
		{"a key that does not open", "Authentification", `"cle":"..`, `"cle":"00`, is(pronote.ErrUnreadable)},
		{"a key that is no hexadecimal", "Authentification", `"cle":".`, `"cle":"?`, is(pronote.ErrUnreadable)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := relayTo(newServer(pronotetest.Options{}))
			r.rewrite = replaceIn(tt.function, tt.pattern, tt.with)
			_, err := loginThrough(t.Context(), r, student)
			if !tt.want(err) {
				t.Fatalf("login: %s, want another", describe(err))
			}
			checkSentence(t, err)
		})
	}
}

// Members that a login can do without.
func TestLoginWithoutOptionalMembers(t *testing.T) {
	t.Parallel()
	r := relayTo(newServer(pronotetest.Options{}))
	r.rewrite = func(function, body string) string {
		for _, change := range [][3]string{
			{"FonctionParametres", `"(listeJoursFeries|ListeHeures|JoursOuvres|NomEtablissement|AnneeScolaire|DerniereDate|numeroPremiereSemaine|identifiantNav)":`, `"_":`},
			{"Identification", `"modeComp(Log|Mdp)":1`, `"modeComp$1":true`},
			{"ParametresUtilisateur", `"(Etablissement|classeDEleve|listeOngletsPourPeriodes)":`, `"_":`},
		} {
			body = replaceIn(change[0], change[1], change[2])(function, body)
		}
		return body
	}
	session := mustLogin(t, r)
	s := session.Students()[0]
	if len(s.Periods) != 8 || s.Current != "" || s.Class != "" {
		t.Errorf("student = %+v, want the school's eight periods and nothing else", s)
	}
}

func TestNewerServer(t *testing.T) {
	t.Parallel()
	newer := pronotetest.Newest()
	newer.Version = "2027.1.4.0"
	server := newServer(pronotetest.Options{Profile: newer})
	session := mustLogin(t, server.Transport())
	if !session.Newer() || session.Version().String() != newer.Version {
		t.Errorf("version %s, newer %t", session.Version(), session.Newer())
	}

	for name, tt := range map[string]struct {
		c       pronote.Credentials
		instead func(string, *http.Request) (*http.Response, error)
		want    func(error) bool
	}{
		"refused password":  {wrong, nil, is(pronote.ErrCredentials)},
		"unreadable answer": {student, answerWith("ParametresUtilisateur", 200, nil, `{"dataSec":{"nouveau":{}}}`), is(pronote.ErrUnreadable)},
		"refused request":   {student, answerWith("FonctionParametres", 200, nil, `{"Erreur":{"G":21,"Titre":"Impossible d'afficher la page"}}`), as[*pronote.ServerError]},
	} {
		r := relayTo(server)
		r.instead = tt.instead
		_, err := loginThrough(t.Context(), r, tt.c)
		var version *pronote.VersionError
		if !errors.As(err, &version) || version.Version.String() != newer.Version || !tt.want(err) {
			t.Errorf("%s: %s, want a VersionError with the failure inside", name, describe(err))
			continue
		}
		checkSentence(t, err)
	}

	server.Ban(true)
	if _, err := loginThrough(t.Context(), server.Transport(), student); as[*pronote.VersionError](err) || !as[*pronote.BlockedError](err) {
		t.Errorf("banned: %s, want a BlockedError alone", describe(err))
	}
}

func TestLoginRefusesNothingToLogInWith(t *testing.T) {
	t.Parallel()
	r := &relay{}
	for name, c := range map[string]pronote.Credentials{
		"no password": {Username: "x"}, "an empty password": {Username: "x", Password: pronote.NewSecret("")}, "no name": {Password: pronote.NewSecret("x")},
	} {
		_, err := loginThrough(t.Context(), r, c)
		if err == nil {
			t.Fatalf("%s: login succeeds", name)
		}
		checkSentence(t, err)
	}
	if _, err := pronote.Login(t.Context(), "ftp://x", student, &pronote.Options{Transport: r}); err == nil || r.total() > 0 {
		t.Errorf("an address that is none: %v after %d requests", err, r.total())
	}
}

func TestEndlessAnswerToALogin(t *testing.T) {
	t.Parallel()
	r := relayTo(newServer(pronotetest.Options{}))
	r.instead = answerWith("Identification", 200, nil, strings.Repeat(" ", 32<<20+1))
	_, err := loginThrough(t.Context(), r, student)
	if !errors.Is(err, pronote.ErrUnreadable) || !strings.Contains(err.Error(), "larger than 8 MiB") {
		t.Errorf("login: %s, want ErrUnreadable", describe(err))
	}
}
