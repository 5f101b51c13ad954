package pronoteapi

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

// The answers of a school that these tests need are those that the original was
// seen with, on servers that write every typed value.

type handWritten = map[string]func(map[string]any) map[string]any

const someWork = `{"ListeTravauxAFaire": {"_T": 24, "V": [
	{"N": "h3", "PourLe": {"_T": 7, "V": "20/11/2026"}, "DonneLe": {"_T": 7, "V": "10/11/2026"}, "TAFFait": false, "CouleurFond": "#333333",
	 "descriptif": {"_T": 21, "V": ""}, "Matiere": {"_T": 24, "V": {"L": "SVT"}}},
	{"N": "h2", "PourLe": {"_T": 7, "V": "19/11/2026"}, "DonneLe": {"_T": 7, "V": "11/11/2026"}, "TAFFait": true, "CouleurFond": "#222222",
	 "descriptif": {"_T": 21, "V": "<div>Ex&nbsp;3 <b>p. 12</b></div>"}, "Matiere": {"_T": 24, "V": {"L": "MATHS"}},
	 "ListePieceJointe": {"_T": 24, "V": [{"L": "fiche.pdf", "N": "f1", "G": 1}, {"L": "menu été.pdf", "N": "f2", "G": 1},
	  {"L": "un site", "N": "f3", "G": 0, "url": "https://exemple.test/a?b=c"}]}},
	{"N": "h1", "PourLe": {"_T": 7, "V": "18/11/2026"}, "DonneLe": {"_T": 7, "V": "12/11/2026"}, "CouleurFond": "#111111",
	 "descriptif": {"_T": 21, "V": "<p>Lire</p><p>Écrire</p>"}, "Matiere": {"_T": 24, "V": {"L": "FRANCAIS"}}}]}}`

func TestWorkIsInTheOrderOfItsDays(t *testing.T) {
	t.Parallel()
	w := byHand(t, handWritten{"PageCahierDeTexte": written(someWork)})
	got := ""
	for h := range each(w.data(w.login(), `{homeworks(from: "2026-11-17", to: "2026-11-20T12:00:00") {
		subject for givenAt done description htmlDescription color files{name url time subject}}}`)["homeworks"]) {
		got += line(h, "subject", "for", "givenAt", "done", "description", "htmlDescription", "color") + "\n"
		for f := range each(h["files"]) {
			url, _, _ := strings.Cut(f["url"].(string), "?Session=")
			got += fmt.Sprintf("%s %q %q %s\n", f["name"], f["time"], f["subject"], url[strings.LastIndex(url, "/"):])
		}
	}
	const want = "FRANCAIS 1794956400000 1794438000000 false Lire Écrire <p>Lire</p><p>Écrire</p> #111111\n" +
		"MATHS 1795042800000 1794351600000 true Ex\u00a03 p. 12 <div>Ex&nbsp;3 <b>p. 12</b></div> #222222\n" +
		"fiche.pdf \"\" \"\" /fiche.pdf\nmenu été.pdf \"\" \"\" /menu%2520%25C3%25A9t%25C3%25A9.pdf\nun site \"\" \"\" /a?b=c\n" +
		"SVT 1795129200000 1794265200000 false   #333333\n"
	if got != want {
		t.Errorf("it is\n%swant\n%s", got, want)
	}
}

// A day without hours is of UTC: in France the range begins an hour or two after
// midnight, and holds the midnight of the next day.
func TestADayWithoutHoursIsTheNextDaysWork(t *testing.T) {
	t.Parallel()
	w := byHand(t, handWritten{"PageCahierDeTexte": written(someWork), "PageMenus": written(`{"ListeJours": {"_T": 24, "V": [
		{"Date": {"_T": 7, "V": "16/11/2026"}, "ListeRepas": {"_T": 24, "V": []}}, {"Date": {"_T": 7, "V": "17/11/2026"}, "ListeRepas": {"_T": 24, "V": []}},
		{"Date": {"_T": 7, "V": "18/11/2026"}, "ListeRepas": {"_T": 24, "V": []}}]}}`)})
	for text, want := range map[string]string{
		`{homeworks(from: "2026-11-18") {subject}}`: "map[homeworks:[map[subject:MATHS]]]",
		`{menu(from: "2026-11-16") {date}}`:         "map[menu:[map[date:1.79487e+12]]]", // midnight of the 17th
	} {
		if got := fmt.Sprint(w.data(w.login(), text)); got != want {
			t.Errorf("%s answers %s, want %s", text, got, want)
		}
	}
}

func TestAMenuHasMealsOfCoursesOfDishes(t *testing.T) {
	t.Parallel()
	w := byHand(t, handWritten{"PageMenus": written(`{"ListeJours": {"_T": 24, "V": [{"Date": {"_T": 7, "V": "17/11/2026"}, "ListeRepas": {"_T": 24, "V": [
		{"G": 0, "ListePlats": {"_T": 24, "V": [
			{"G": 0, "ListeAliments": {"_T": 24, "V": [
				{"L": "Carottes", "listeLabelsAlimentaires": {"_T": 24, "V": [{"L": "Bio", "couleur": "#00FF00"}, {"L": "Local", "couleur": "#0000FF"}]}}, {"L": "Soupe"}]}},
			{"G": 1, "ListeAliments": {"_T": 24, "V": [{"L": "Poisson", "listeLabelsAlimentaires": {"_T": 24, "V": []}}]}}]}},
		{"G": 1, "ListePlats": {"_T": 24, "V": []}}]}}]}}`)})
	answer := w.post("/graphql", w.login(), map[string]string{"query": `{menu(from: "2026-11-16", to: "2026-11-17T12:00:00") {date meals{name labels{name color}}}}`})
	const want = `{"data":{"menu":[{"date":1794870000000,"meals":[[[` +
		`{"name":"Carottes","labels":[{"name":"Bio","color":"#00FF00"},{"name":"Local","color":"#0000FF"}]},{"name":"Soupe","labels":[]}],` +
		`[{"name":"Poisson","labels":[]}]],[]]}]}}`
	if got := answer.Body.String(); got != want {
		t.Errorf("it answers %s, want %s", got, want)
	}
}

// Dates are whole numbers of milliseconds, however the range is written.
func TestDatesAreWholeNumbers(t *testing.T) {
	t.Parallel()
	w := byHand(t, handWritten{
		"FonctionParametres": func(data map[string]any) map[string]any {
			general := data["General"].(map[string]any)
			general["PlacesParHeure"] = 4
			general["PremiereDate"] = map[string]any{"_T": 7, "V": "01/09/2026"}
			data["DateServeurHttp"] = map[string]any{"_T": 7, "V": "16/11/2026 06:00:00"}
			return data
		},
		"PageEmploiDuTemps": written(`{"ListeCours": [{"DateDuCours": {"_T": 7, "V": "17/11/2026 08:00:00"}, "duree": 6}, {"DateDuCours": {"_T": 7, "V": "17/11/2026 14:00:00"}, "duree": 4}]}`),
	})
	token := w.login()
	const want = `{"data":{"timetable":[{"from":1794898800000,"to":1794904200000},{"from":1794920400000,"to":1794924000000}]}}`
	for _, c := range []struct {
		text      string
		variables map[string]any
	}{
		{`{timetable(from: 1794898800000, to: 1794920400000) {from to}}`, nil}, // the starts of both
		{`{timetable(from: "2026-11-17T07:00:00Z", to: "2026-11-17T14:00:00+01:00") {from to}}`, nil},
		{`query($a: Date, $b: Date) {timetable(from: $a, to: $b) {from to}}`, map[string]any{"a": 1794898800000, "b": 1794920400000}},
		{`query($a: Date, $b: Date) {timetable(from: $a, to: $b) {from to}}`, map[string]any{"a": "2026-11-17T07:00:00.000Z", "b": "2026-11-17T13:00:00Z"}},
	} {
		if got := w.post("/graphql", token, map[string]any{"query": c.text, "variables": c.variables}).Body.String(); got != want {
			t.Errorf("%s with %v answers %s, want %s", c.text, c.variables, got, want)
		}
	}
	const params = `{"data":{"params":{"firstDay":1788213600000,"serverTime":1794805200000}}}`
	if got := w.post("/graphql", token, map[string]string{"query": `{params{firstDay serverTime}}`}).Body.String(); got != params {
		t.Errorf("params answer %s, want %s", got, params)
	}
}

func TestNoticesAreInTheOrderOfTheirDates(t *testing.T) {
	t.Parallel()
	w := byHand(t, handWritten{"PageActualites": written(`{"listeModesAff": [{"G": 1, "listeActualites": {"_T": 24, "V": [{"L": "of another mode"}]}}, {"G": 0, "listeActualites": {"_T": 24, "V": [
		{"N": "i2", "L": "Cross", "elmauteur": {"_T": 24, "V": {"L": "M. Petit"}}, "dateDebut": {"_T": 7, "V": "12/11/2026"}, "listeQuestions": {"_T": 24, "V": [
			{"texte": {"_T": 21, "V": "<p>Le cross&nbsp;:</p><p>a&lt;b&gt;c <script>alert(1)</script>jeudi</p>"},
			 "listePiecesJointes": {"_T": 24, "V": [{"L": "plan & règles.pdf", "N": "f1", "G": 1}]}},
			{"texte": {"_T": 21, "V": "a second question"}}]}},
		{"N": "i1", "elmauteur": {"_T": 24, "V": {"L": "Mme Roux"}}, "dateDebut": {"_T": 7, "V": "01/11/2026"}, "listeQuestions": {"_T": 24, "V": []}}]}}]}`)})
	since := len(w.school.Requests())
	got := ""
	for i := range each(w.data(w.login(), `{infos{id date title author content htmlContent files{id name url time subject}}}`)["infos"]) {
		got += line(i, "id", "date", "title", "author") + fmt.Sprintf(" %q %q\n", i["content"], i["htmlContent"])
		for f := range each(i["files"]) {
			url := f["url"].(string)
			got += url[strings.LastIndex(url, "/"):strings.Index(url, "=")] + "\n"
		}
	}
	want := "76f1dfc469a82da1 1793487600000 <nil> Mme Roux \"\" \"\"\n" +
		identify(member{"date", "2026-11-11T23:00:00.000Z"}, member{"title", "Cross"}) + " 1794438000000 Cross M. Petit " +
		fmt.Sprintf("%q %q\n", "Le cross\u00a0: a c jeudi", "<p>Le cross&nbsp;:</p><p>a&lt;b&gt;c <script>alert(1)</script>jeudi</p>") +
		"/plan%2520%2526%2520r%25C3%25A8gles.pdf?Session\n"
	if got != want {
		t.Errorf("they are\n%swant\n%s", got, want)
	}
	if n := slices.Index(w.asked(since), "PageActualites"); n < 0 || n != len(w.asked(since))-1 {
		t.Errorf("the school was asked for %q", w.asked(since))
	}
}

func TestContentsAreThoseOfWholeLessons(t *testing.T) {
	t.Parallel()
	w := byHand(t, handWritten{"PageCahierDeTexte": written(`{"ListeCahierDeTextes": {"_T": 24, "V": [
		{"Date": {"_T": 7, "V": "18/11/2026 10:00:00"}, "DateFin": {"_T": 7, "V": "18/11/2026 11:00:00"}, "CouleurFond": "#2", "Matiere": {"_T": 24, "V": {"L": "MATHS"}},
		 "listeProfesseurs": {"_T": 24, "V": [{"L": "M. A"}, {"L": "Mme B"}]}, "listeContenus": {"_T": 24, "V": [
			{"L": "Thalès", "descriptif": {"_T": 21, "V": "<p>Cours<br>1</p>"}, "categorie": {"_T": 24, "V": {"L": "Cours"}}, "ListePieceJointe": {"_T": 24, "V": [{"L": "a.pdf", "N": "f", "G": 1}]}},
			{"L": "a second part"}]}},
		{"Date": {"_T": 7, "V": "18/11/2026 08:00:00"}, "DateFin": {"_T": 7, "V": "18/11/2026 09:00:00"}, "Matiere": {"_T": 24, "V": {"L": "SVT"}},
		 "listeProfesseurs": {"_T": 24, "V": []}, "listeContenus": {"_T": 24, "V": [{"descriptif": {"_T": 21, "V": "x"}}]}},
		{"Date": {"_T": 7, "V": "18/11/2026 09:00:00"}, "DateFin": {"_T": 7, "V": "18/11/2026 10:00:00"}, "Matiere": {"_T": 24, "V": {"L": "none"}}, "listeContenus": {"_T": 24, "V": []}},
		{"Date": {"_T": 7, "V": "18/11/2026 11:00:00"}, "DateFin": {"_T": 7, "V": "18/11/2026 12:00:00"}, "Matiere": {"_T": 24, "V": {"L": "cut"}}, "listeContenus": {"_T": 24, "V": [{"L": "x"}]}}]}}`)})
	got := ""
	for c := range each(w.data(w.login(), `{contents(from: "2026-11-18T07:00:00Z", to: "2026-11-18T11:30:00") {
		id subject teachers from to color title description htmlDescription category files{name time subject}}}`)["contents"]) {
		got += line(c, "id", "subject", "teachers", "from", "to", "color", "title", "description", "htmlDescription", "category", "files") + "\n"
	}
	const want = "bcd7937bc7be510 SVT [] 1794985200000 1794988800000  <nil> x x  []\n"
	second := identify(member{"subject", "MATHS"}, member{"from", "2026-11-18T09:00:00.000Z"}, member{"to", "2026-11-18T10:00:00.000Z"}) +
		" MATHS [M. A Mme B] 1794992400000 1794996000000 #2 Thalès Cours 1 <p>Cours<br>1</p> Cours [map[name:a.pdf subject: time:]]\n"
	if got != want+second {
		t.Errorf("they are\n%swant\n%s", got, want+second)
	}
}

// A pupil and a parent read the files that teachers share, on servers that have
// the page.
func TestSharedFilesAreRead(t *testing.T) {
	t.Parallel()
	w := byHand(t, handWritten{
		"ParametresUtilisateur": func(data map[string]any) map[string]any {
			data["listeOnglets"] = append(data["listeOnglets"].([]any), map[string]any{"G": 99})
			return data
		},
		"RessourcePedagogique": written(`{"listeRessources": {"_T": 24, "V": [
			{"date": {"_T": 7, "V": "12/11/2026 09:00:00"}, "matiere": {"_T": 24, "V": {"N": "m1"}}, "ressource": {"_T": 24, "V": {"L": "cours.pdf", "N": "r1", "G": 1}}},
			{"date": {"_T": 7, "V": "02/11/2026"}, "matiere": {"_T": 24, "V": {"N": "m2"}}, "ressource": {"_T": 24, "V": {"L": "fiche.pdf", "N": "r2", "G": 1}}}]},
			"listeMatieres": {"_T": 24, "V": [{"N": "m1", "L": "SVT"}, {"N": "m2", "L": "ARTS"}]}}`),
	})
	const want = "efedb738615a9090 1794470400000 SVT cours.pdf\nefedb738615a9091 1793574000000 ARTS fiche.pdf\n"
	for account, text := range map[string]string{
		"student": `{files{id time subject name}}`,
		"parent":  fmt.Sprintf(`{files(student: %q) {id time subject name}}`, w.school.School().Children()[0]),
	} {
		got := ""
		for f := range each(w.data(w.login("account", account), text)["files"]) {
			got += line(f, "id", "time", "subject", "name") + "\n"
		}
		if got != want {
			t.Errorf("a %s reads\n%swant\n%s", account, got, want)
		}
	}
}

// What always failed in the original.
func TestFieldsThatFailedAnswer(t *testing.T) {
	t.Parallel()
	w := byHand(t, handWritten{
		"ParametresUtilisateur": func(data map[string]any) map[string]any {
			data["autorisations"].(map[string]any)["compte"] = map[string]any{"avecSaisieMotDePasse": true}
			return data
		},
		"PagePresence": written(`{"listeAbsences": {"_T": 24, "V": [{"G": 41, "dateDemande": {"_T": 7, "V": "04/11/2026"}, "nature": {"_T": 24, "V": {"G": 1}},
			"programmation": {"_T": 24, "V": [{"date": {"_T": 7, "V": "06/11/2026"}, "placeExecution": 0, "duree": 60}]}}]}}`),
	})
	data := w.data(w.login(), `{user{authorizations{hasPassword hasPersonalInfo maxUserWorkFileSize}} absences{punishments{detention{id from to}}}}`)
	if got := fmt.Sprint(data["user"]); got != "map[authorizations:map[hasPassword:true hasPersonalInfo:false maxUserWorkFileSize:0]]" && !strings.Contains(got, "hasPassword:true hasPersonalInfo:false") {
		t.Errorf("the user is %s", got)
	}
	punishment := data["absences"].(map[string]any)["punishments"].([]any)[0].(map[string]any)
	detention, _ := punishment["detention"].(map[string]any)
	if id, _ := detention["id"].(string); len(id) < 8 {
		t.Errorf("a detention is %v", detention)
	}
}

// Clients store the ids of what they have seen.
func TestIdsStayWithinASessionAndBeyond(t *testing.T) {
	t.Parallel()
	w := newTestbed(t, Options{})
	const text = `{timetable(from: "2025-11-17", to: "2025-11-21") {id} marks{subjects{marks{id title}}} homeworks(from: "2025-09-01", to: "2025-11-21") {id files{id name}}
		infos{id} evaluations{evaluations{id}} absences{absences{id} delays{id} punishments{id} other{id}} contents(from: "2025-11-03", to: "2025-11-21") {id}}`
	first, second := w.login(), w.login()
	want := fmt.Sprint(w.data(first, text))
	for _, token := range []string{first, second} { // whose identifiers differ at the school
		if got := fmt.Sprint(w.data(token, text)); got != want {
			t.Errorf("it answers %.300s, then %.300s", want, got)
		}
	}
}

// The period that is asked for, and the days.
func TestPeriodsAreSentAsTheyAreNamed(t *testing.T) {
	t.Parallel()
	w := byHand(t, handWritten{
		"FonctionParametres": func(data map[string]any) map[string]any {
			general := data["General"].(map[string]any)
			general["ListePeriodes"] = append(general["ListePeriodes"].([]any), map[string]any{"N": "p9", "G": 3, "L": "Année",
				"dateDebut": map[string]any{"_T": 7, "V": "01/09/2026"}, "dateFin": map[string]any{"_T": 7, "V": "04/07/2027"}})
			return data
		},
		"DernieresNotes": written(`{}`), "DernieresEvaluations": written(`{"listeEvaluations": {"_T": 24, "V": []}}`),
		"PagePresence": written(`{"listeAbsences": {"_T": 24, "V": []}}`),
	})
	token := w.login()
	current := w.school.School().PeriodAt(w.school.School().Now().Date).Name
	first, last := w.starts(current), w.ends(current)
	for _, c := range []struct {
		text string
		want []string
	}{
		{`{marks(period: "Année") {averages{student}}}`, []string{`"L":"Année"`}},
		{`{evaluations(period: "Semestre 1") {name}}`, []string{`"L":"Semestre 1"`}},
		{`{evaluations {name}}`, []string{`"L":"` + current + `"`}},
		{`{absences {totals{subject}}}`, []string{current, first, last}},
		{`{absences(from: "2026-10-01T00:00:00") {totals{subject}}}`, []string{current, "01/10/2026 00:00:00", last}},
		{`{absences(from: "2026-10-01T00:00:00", to: "2027-06-30T00:00:00") {totals{subject}}}`, []string{"Trimestre 1", "01/10/2026 00:00:00", "30/06/2027 00:00:00"}},
		{`{absences(period: "Trimestre 2") {totals{subject}}}`, []string{"Trimestre 2", w.starts("Trimestre 2"), w.ends("Trimestre 2")}},
		{`{absences(period: "Trimestre 2", from: "2026-12-01T00:00:00", to: "2026-12-05T00:00:00") {totals{subject}}}`, []string{"Trimestre 2", "01/12/2026 00:00:00", "05/12/2026 00:00:00"}},
		{`{absences(from: null, to: null, period: null) {totals{subject}}}`, []string{current, first, last}},
	} {
		w.data(token, c.text)
		requests := w.school.Requests()
		got := string(requests[len(requests)-1].Data)
		for _, part := range c.want {
			if !strings.Contains(got, part) {
				t.Errorf("%s asks for %s, want %q in it", c.text, got, part)
			}
		}
	}
}

// Schools overseas have clocks of their own.
func TestTimesAreOfTheSchoolsZone(t *testing.T) {
	t.Parallel()
	reunion, err := time.LoadLocation("Indian/Reunion")
	if err != nil {
		t.Fatal(err)
	}
	server := pronotetest.NewServer(november2026(), pronotetest.Options{})
	w := newTestbedAt(t, server, Options{Zone: reunion, Transport: scribe{server.Transport(), handWritten{
		"PageEmploiDuTemps": written(`{"ListeCours": [{"DateDuCours": {"_T": 7, "V": "17/11/2026 08:00:00"}, "duree": 2}]}`),
		"PageCahierDeTexte": written(someWork),
	}}})
	const want = `{"data":{"timetable":[{"from":1794888000000}],"homeworks":[{"for":1794945600000}]}}` // 4 hours before Greenwich
	answer := w.post("/graphql", w.login(), map[string]string{"query": `{timetable(from: "2026-11-17T08:00:00", to: "2026-11-17T09:00:00") {from} homeworks(from: "2026-11-18T00:00:00", to: "2026-11-18T12:00:00") {for}}`})
	if got := answer.Body.String(); got != want {
		t.Errorf("it answers %s, want %s", got, want)
	}
}

// Weeks begin on Monday: the lessons of a Saturday are among those of the days before.
func TestSaturdaysHaveLessons(t *testing.T) {
	t.Parallel()
	w := byHand(t, handWritten{"PageEmploiDuTemps": written(`{"ListeCours": [{"DateDuCours": {"_T": 7, "V": "21/11/2026 08:00:00"}, "duree": 2}]}`)})
	since := len(w.school.Requests())
	if got := w.data(w.login(), `{timetable(from: "2026-11-21") {from}}`)["timetable"].([]any); len(got) != 1 {
		t.Errorf("there are the lessons %v", got)
	}
	for _, r := range w.school.Requests()[since:] {
		if r.Function == "PageEmploiDuTemps" && !strings.Contains(string(r.Data), "16/11/2026") {
			t.Errorf("the school was asked for %s", r.Data)
		}
	}
}

// A pillar that judges no subject leaves the other data alone.
func TestAPillarMayHaveNoSubject(t *testing.T) {
	t.Parallel()
	w := byHand(t, handWritten{"ParametresUtilisateur": func(data map[string]any) map[string]any {
		data["ressource"].(map[string]any)["listeOngletsPourPiliers"] = []any{map[string]any{"G": 201, "listePaliers": []any{map[string]any{"L": "Cycle 4", "listePiliers": []any{
			map[string]any{"L": "D1.1", "estSocleCommun": true}, map[string]any{"L": "LVE", "estPilierLVE": true, "Service": map[string]any{"L": "ANGLAIS"}},
		}}}}}
		return data
	}})
	answer := w.post("/graphql", w.login(), map[string]string{"query": `{user{tabsPillars{tab levels{name pillars{name isCoreSkill isForeignLanguage subject{name}}}}}}`})
	const want = `{"data":{"user":{"tabsPillars":[{"tab":201,"levels":[{"name":"Cycle 4","pillars":[` +
		`{"name":"D1.1","isCoreSkill":true,"isForeignLanguage":false,"subject":{"name":""}},` +
		`{"name":"LVE","isCoreSkill":false,"isForeignLanguage":true,"subject":{"name":"ANGLAIS"}}]}]}]}}}`
	if got := answer.Body.String(); got != want {
		t.Errorf("it answers %s, want %s", got, want)
	}
}
