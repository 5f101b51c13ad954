package pronoteapi

import (
	"fmt"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/civil"
)

// parsed is an answer of a school, written by hand.
func parsed(t *testing.T, text string) raw {
	t.Helper()
	r, err := parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// show writes values of an object on one line, dates as milliseconds.
func show(o object, names ...string) string {
	values := make([]any, len(names))
	for i, name := range names {
		if values[i] = o[name]; values[i] != nil {
			if at, ok := values[i].(time.Time); ok {
				values[i] = at.UnixMilli()
			}
		}
	}
	return fmt.Sprintln(values...)
}

const someLessons = `[
	{"DateDuCours": {"_T": 7, "V": "17/11/2026 08:00:00"}, "duree": 6, "CouleurFond": "#123456",
	 "ListeContenus": {"_T": 24, "V": [{"L": "MATHS", "G": 16}, {"L": "M. A", "G": 3}, {"L": "M. B", "G": 3}, {"L": "101", "G": 17}]}},
	{"DateDuCours": {"_T": 7, "V": "17/11/2026 10:00:00"}, "duree": 4, "Statut": "Prof. absent", "estAnnule": true,
	 "ListeContenus": {"_T": 24, "V": [{"L": "SVT", "G": 16}]}},
	{"DateDuCours": {"_T": 7, "V": "17/11/2026 10:00:00"}, "duree": 4, "Statut": "PROFESSEUR ABSENT", "dispenseEleve": {"_T": 24, "V": {"maison": true}}},
	{"DateDuCours": {"_T": 7, "V": "16/11/2026 15:00:00"}, "duree": 4, "estRetenue": true, "CouleurFond": "#FF0000",
	 "ListeContenus": {"_T": 24, "V": [{"L": "Retenue"}, {"L": "Mme C"}, {"L": "Permanence"}]}},
	{"DateDuCours": {"_T": 7, "V": "18/11/2026 08:00:00"}, "duree": 4, "Statut": "Cours annulé", "estAnnule": true}
]`

func TestLessonsAreReadAsTheyWere(t *testing.T) {
	t.Parallel()
	zone := paris(t)
	from, to := time.Date(2026, 11, 16, 0, 0, 0, 0, zone), time.Date(2026, 11, 18, 8, 0, 0, 0, zone)
	filled := true
	table := lessonTable{zone: zone, perHour: 4, filled: func(civil.Date) bool { return filled }}
	read := func() (text string) {
		for _, l := range table.lessons(parsed(t, someLessons).list(), from, to) {
			text += show(l.(object), "from", "to", "subject", "teacher", "room", "status", "isAway", "isCancelled", "isDetention", "hasDuplicate", "remoteLesson", "color")
		}
		return text
	}
	const want = "1794837600000 1794841200000 Retenue Mme C Permanence <nil> <nil> <nil> true false false <nil>\n" +
		"1794898800000 1794904200000 MATHS M. A 101 <nil> false false false false false #123456\n" +
		"1794906000000 1794909600000 SVT <nil> <nil> Prof. absent true false false true false <nil>\n" +
		"1794906000000 1794909600000 <nil> <nil> <nil> PROFESSEUR ABSENT true false false true true <nil>\n" +
		"1794985200000 1794988800000 <nil> <nil> <nil> Cours annulé false true false false false <nil>\n"
	if got := read(); got != want {
		t.Errorf("they are\n%swant\n%s", got, want)
	}
	filled = false // a week that is not published
	for _, l := range table.lessons(parsed(t, someLessons).list(), from, to) {
		if l.(object)["isCancelled"] != true {
			t.Errorf("%v is held", l)
		}
	}
}

// The ids by which clients know things again.
func TestIdsAreThoseOfTheOriginal(t *testing.T) {
	t.Parallel()
	at := func(text string) time.Time {
		parsed, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return parsed
	}
	for want, of := range map[string][]member{
		"63568349952fe000": {{"from", at("2026-11-17T08:00:00+01:00")}, {"to", at("2026-11-17T09:30:00+01:00")}, {"subject", "MATHS"}},
		"a9b6bb7b514b491c": {{"from", at("2026-11-17T14:00:00Z")}, {"to", at("2026-11-17T15:00:00Z")}, {"subject", nil}},
		"4d617b7ae078edea": {{"title", "DS 1"}, {"date", at("2026-11-04T23:00:00Z")}, {"__extraData", "MATHS"}},
		"2608838593a8197":  {{"name", "Dictée"}, {"date", at("2026-11-02T23:00:00Z")}, {"__extraData", "FRANCAIS"}},
		"76f1dfc469a82da1": {{"date", at("2026-10-31T23:00:00Z")}},
		"bcd7937bc7be510":  {{"subject", "SVT"}, {"from", at("2026-11-18T07:00:00Z")}, {"to", at("2026-11-18T08:00:00Z")}},
		"504e2afb88b955ed": {{"kind", "Leçon non apprise"}, {"date", at("2026-11-07T23:00:00Z")}},
		"15bdd906568cf857": {{"name", "menu été.pdf"}},
		"a161b6cd4bae53ef": {{"minutesMissed", 5}},
		"2e1472b57af294d1": {},
		"ea6aa2b94209ebd4": {{"__extraData", "givenAt"}},
		"efedb738615a9090": {{"__extraData", "name"}},
	} {
		if got := identify(of...); got != want {
			t.Errorf("%v has the id %s, want %s", of, got, want)
		}
	}
	marks := []object{{"id": "4d617b7ae078edea"}, {"id": "other"}, {"id": "4d617b7ae078edea"}}
	tellApart(marks)
	if marks[0]["id"] != "4d617b7ae078ede0" || marks[1]["id"] != "other" || marks[2]["id"] != "4d617b7ae078ede1" {
		t.Errorf("two marks of one title have the ids %v", marks)
	}
}

func TestMarksAreReadAsTheyWere(t *testing.T) {
	t.Parallel()
	answer := parsed(t, `{"avecDetailService": true, "avecDetailDevoir": true,
		"moyGenerale": {"_T": 10, "V": "14,5"}, "baremeMoyGenerale": {"_T": 10, "V": "20"}, "moyGeneraleClasse": {"_T": 10, "V": "12,345"},
		"listeServices": {"_T": 24, "V": [
			{"L": "B", "ordre": 2, "couleur": "#B", "moyEleve": {"_T": 10, "V": "7"}, "baremeMoyEleve": {"_T": 10, "V": "10"}, "moyClasse": {"_T": 10, "V": "11"}, "moyMin": {"_T": 10, "V": "2"}, "moyMax": {"_T": 10, "V": "19"}},
			{"L": "A", "ordre": 1, "moyEleve": {"_T": 10, "V": ""}}, {"L": "C", "ordre": 3}]},
		"listeDevoirs": {"_T": 24, "V": [
			{"service": {"_T": 24, "V": {"L": "B"}}, "commentaire": "DS", "note": {"_T": 10, "V": "|1"}, "bareme": {"_T": 10, "V": "20"}, "moyenne": {"_T": 10, "V": "10"}, "noteMin": {"_T": 10, "V": "0"}, "noteMax": {"_T": 10, "V": "19"}, "coefficient": 1, "date": {"_T": 7, "V": "05/11/2026"}},
			{"service": {"_T": 24, "V": {"L": "B"}}, "note": {"_T": 10, "V": "12,5"}, "bareme": {"_T": 10, "V": "20"}, "moyenne": {"_T": 10, "V": "10"}, "noteMin": {"_T": 10, "V": "0"}, "noteMax": {"_T": 10, "V": "19"}, "coefficient": 2},
			{"service": {"_T": 24, "V": {"L": "B"}}, "note": {"_T": 10, "V": "|8|18"}},
			{"service": {"_T": 24, "V": {"L": "unlisted"}}, "note": {"_T": 10, "V": "3"}}]}}`)
	got := marksOf(answer, paris(t))
	text := show(got["averages"].(object), "student", "studentClass")
	for _, s := range got["subjects"].([]any) {
		s := s.(object)
		text += show(s, "name", "color") + show(s["averages"].(object), "student", "studentClass", "min", "max")
		for _, m := range s["marks"].([]any) {
			text += show(m.(object), "title", "value", "isAway", "min", "max", "average", "coefficient", "date")
		}
	}
	const want = "14.5 12.35\nB #B\n14 11 2 19\nDS <nil> true <nil> <nil> <nil> 1 1793833200000\n 12.5 false 0 19 10 2 0\n 18 false <nil> <nil> <nil> 1 0\n" +
		"A \n<nil> <nil> <nil> <nil>\nC \n<nil> <nil> <nil> <nil>\n"
	if text != want {
		t.Errorf("they are\n%swant\n%s", text, want)
	}
	if none := marksOf(parsed(t, `{"moyGenerale": {"_T": 10, "V": "0"}}`), paris(t))["averages"].(object); none["student"] != nil || none["studentClass"] != nil {
		t.Errorf("no averages are %v", none)
	}
}

func TestEvaluationsAreReadAsTheyWere(t *testing.T) {
	t.Parallel()
	list := parsed(t, `[
		{"L": "E1", "matiere": {"V": {"L": "SVT", "ordre": 2, "couleur": "#S"}}, "individu": {"V": {"L": "Mme A"}}, "date": {"_T": 7, "V": "03/11/2026"}, "coefficient": 1,
		 "listeNiveauxDAcquisitions": {"_T": 24, "V": [
			{"L": "Acquis", "abbreviation": "A", "ordre": 2, "item": {"V": {"L": "Item"}}, "pilier": {"V": {"strPrefixes": "D1.1, D2"}}},
			{"L": "Expert", "abbreviation": "E", "ordre": 1, "domaine": {"V": {"L": "Domaine"}}, "pilier": {"V": {"strPrefixes": ""}}}]}},
		{"L": "E2", "matiere": {"V": {"L": "ARTS", "ordre": 1}}, "individu": {"V": {"L": "M. B"}}},
		{"L": "E3", "matiere": {"V": {"L": "SVT", "ordre": 2}}, "individu": {"V": {"L": "M. C"}}}]`)
	text := ""
	for _, s := range evaluationsOf(list.list(), paris(t)) {
		s := s.(object)
		text += show(s, "name", "teacher", "color")
		for _, e := range s["evaluations"].([]any) {
			e := e.(object)
			text += show(e, "name", "date")
			for _, l := range e["levels"].([]any) {
				text += show(l.(object), "name", "prefixes", "value")
			}
		}
	}
	const want = "ARTS M. B \nE2 0\nSVT Mme A #S\nE1 1793660400000\nDomaine [] map[long:Expert short:E]\nItem [D1.1 D2] map[long:Acquis short:A]\nE3 0\n"
	if text != want {
		t.Errorf("they are\n%swant\n%s", text, want)
	}
}

func TestSchoolLifeIsReadAsItWas(t *testing.T) {
	t.Parallel()
	list := parsed(t, `[
		{"G": 13, "dateDebut": {"_T": 7, "V": "02/11/2026 08:00:00"}, "dateFin": {"_T": 7, "V": "02/11/2026 10:30:00"}, "justifie": true, "NbrHeures": "12h30"},
		{"G": 14, "date": {"_T": 7, "V": "03/11/2026 08:05:00"}, "duree": 5, "listeMotifs": {"_T": 24, "V": [{"L": "Bus"}, {"L": "Autre"}]}},
		{"G": 41, "dateDemande": {"_T": 7, "V": "04/11/2026"}, "horsCours": true, "nature": {"V": {"G": 1}}, "demandeur": {"V": {"L": "M. D"}},
		 "programmation": {"_T": 24, "V": [{"date": {"_T": 7, "V": "06/11/2026"}, "placeExecution": 83, "duree": 90}]}},
		{"G": 41, "nature": {"V": {"G": 2}}, "programmation": {"_T": 24, "V": [{"date": {"_T": 7, "V": "06/11/2026"}, "placeExecution": 3, "duree": 90}]}},
		{"G": 46, "L": "Leçon non apprise", "date": {"_T": 7, "V": "08/11/2026"}, "matiere": {"V": {"L": "", "N": "0"}}},
		{"page": {"Absence": 45}, "L": "Du bureau"},
		{"G": 21, "L": "Infirmerie"}]`)
	subjects := parsed(t, `[{"L": "LANGUES", "regroupement": 1, "suivi": 7200, "absence": 3600}, {"L": "ANGLAIS", "dansRegroupement": 1, "suivi": 1800}, {"L": "MATHS", "suivi": 9000, "absence": 0}]`)
	params := parsed(t, `{"General": {"PremiereHeure": {"_T": 7, "V": "30/12/1899 08:00:00"}, "PlacesParHeure": 2, "PlacesParJour": 20}}`)
	got := schoolLife{paris(t), params}.of(list.list(), subjects.list())
	text := ""
	for name, fields := range map[string][]string{"absences": {"from", "to", "justified", "solved", "hours", "reason"}} {
		for _, e := range got[name].([]any) {
			text += show(e.(object), fields...)
		}
	}
	for _, e := range got["delays"].([]any) {
		text += show(e.(object), "date", "minutesMissed", "reason", "id")
	}
	for _, e := range got["punishments"].([]any) {
		e := e.(object)
		text += show(e, "isDuringLesson", "giver", "id")
		if d, ok := e["detention"].(object); ok {
			text += show(d, "from", "to")
		}
	}
	for _, e := range got["other"].([]any) {
		text += show(e.(object), "kind", "subject", "date")
	}
	for _, s := range got["totals"].([]any) {
		text += fmt.Sprintln(s)
	}
	const want = "1793602800000 1793611800000 true false 12.5 \n1793689500000 5 Bus a161b6cd4bae53ef\n" +
		"false M. D 2e1472b57af294d0\n1793953800000 1793959200000\ntrue  2e1472b57af294d1\n" +
		"Leçon non apprise <nil> 1794092400000\nDu bureau <nil> 0\n" +
		"map[hoursAssisted:2 hoursMissed:1 subject:LANGUES subs:[map[hoursAssisted:0.5 hoursMissed:0 subject:ANGLAIS subs:<nil>]]]\n" +
		"map[hoursAssisted:2.5 hoursMissed:0 subject:MATHS subs:<nil>]\n"
	if text != want {
		t.Errorf("it is\n%swant\n%s", text, want)
	}
}

func TestTextOfHTMLIsThatOfTheOriginal(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"<p>Un</p><p>Deux</p>": "Un Deux", "a<br>b": "a b", "l1<br>\nl2": "l1\nl2", "a<b>c</b>d": "a c d", "mot<sup>2</sup>.": "mot 2.",
		"<p>&nbsp;</p>": "", "Ex&nbsp;3": "Ex\u00a03", "a&#39;b &eacute;": "a'b é", "1 < 2 et 3 > 1": "1 < 2 et 3 > 1", "": "",
		"a<script>alert(1)</script>b": "a b", "a &lt;b&gt;c": "a c", "a\n<p>\n\n\n</p>b": "a\n\nb",
	} {
		if got := plain(source); got != want {
			t.Errorf("%q reads %q, want %q", source, got, want)
		}
	}
}

func TestFilesCarryTheirTimeAsText(t *testing.T) {
	t.Parallel()
	w := newTestbed(t, Options{})
	token := w.login()
	s, done := w.api.sessions.use(token)
	defer done()
	answer := parsed(t, `{"listeRessources": {"_T": 24, "V": [
		{"date": {"_T": 7, "V": "12/11/2026 09:00:00"}, "matiere": {"V": {"N": "m1"}}, "ressource": {"V": {"L": "cours été.pdf", "N": "r1", "G": 1}}},
		{"ressource": {"V": {"L": "site", "G": 0, "url": "https://example.org/a"}}}]},
		"listeMatieres": {"_T": 24, "V": [{"N": "m1", "L": "SVT"}]}}`)
	files := s.filesOf(answer.at("listeRessources").list(), answer.at("listeMatieres").list())
	first, second := files[0].(object), files[1].(object)
	if first["time"] != "1794470400000" || first["subject"] != "SVT" || first["name"] != "cours été.pdf" || second["url"] != "https://example.org/a" {
		t.Errorf("they are %v", files)
	}
}

// The bytes of an attachment are behind its address, whose name is escaped twice.
func TestAttachmentsCanBeFetched(t *testing.T) {
	t.Parallel()
	w := newTestbed(t, Options{})
	token := w.login()
	found := false
	for h := range each(w.data(token, `{homeworks(from: "2025-09-01", to: "2025-11-30"){files{name url}}}`)["homeworks"]) {
		for f := range each(h["files"]) {
			url, _ := f["url"].(string)
			request := newRequest(t, url)
			if request.URL.Query().Get("Session") == "" {
				continue // a link
			}
			found = true
			response, err := w.school.Transport().RoundTrip(request)
			if err != nil {
				t.Fatal(err)
			}
			_ = response.Body.Close() // nothing of it is wanted
			if response.StatusCode != 200 {
				t.Errorf("%s answers %d", url, response.StatusCode)
			}
		}
	}
	if !found {
		t.Error("there is no file")
	}
}
