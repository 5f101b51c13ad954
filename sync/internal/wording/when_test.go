package wording

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pronote-sync/pronote-sync/civil"
)

// usual is the wording of the program alone, read once.
var usual = New(nil, nil)

// tuesday is when the functions are read.
var tuesday = Reader{Now: civil.DateTime{Date: civil.Date{Year: 2025, Month: 11, Day: 18}, Hour: 12}}

// written executes an action of a template, for a reader. U+00A0 is ␣.
func writes(t *testing.T, language, action string, to Reader) string {
	t.Helper()
	l := usual.In(language)
	set, err := l.shipped.Clone()
	if err == nil {
		_, err = set.New("x").Parse(action)
	}
	if err != nil {
		t.Fatal(err)
	}
	writeNothingAsNothing(set.Lookup("x"))
	text, err := l.write(set, "x", nil, view{}, to)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(text, noBreak, "␣")
}

func TestFunctionsOfTemplates(t *testing.T) {
	t.Parallel()
	for action, want := range map[string][2]string{
		`{{near "2025-11-18"}}`:                                       {"aujourd’hui", "today"},
		`{{near "2025-11-19 08:30:00"}}`:                              {"demain", "tomorrow"},
		`{{near "2025-11-17"}}`:                                       {"hier", "yesterday"},
		`{{near "2025-11-20"}}`:                                       {"jeu. 20", "Thu 20"},
		`{{near "2025-11-24"}}`:                                       {"lun. 24", "Mon 24"},
		`{{near "2025-11-27"}}`:                                       {"jeu. 27", "Thu 27"},
		`{{near "2025-12-01"}}`:                                       {"lun. 1er", "Mon 1"},
		`{{near "2025-12-02"}}`:                                       {"mar. 2␣déc.", "Tue 2␣Dec"},
		`{{near "2026-01-05"}}`:                                       {"lun. 5␣janv.", "Mon 5␣Jan"},
		`{{near "2026-09-01"}}`:                                       {"mar. 1er␣sept.␣2026", "Tue 1␣Sept␣2026"},
		`{{near "soon"}}`:                                             {"soon", "soon"},
		`{{near nil}}`:                                                {"", ""},
		`{{capital (near "2025-11-19")}}`:                             {"Demain", "Tomorrow"},
		`{{day "2025-11-20"}}`:                                        {"jeudi 20", "Thursday 20"},
		`{{day "2025-11-27"}}`:                                        {"jeudi 27␣novembre", "Thursday 27␣November"},
		`{{full "2025-11-20"}}`:                                       {"jeudi 20␣novembre␣2025", "Thursday 20␣November␣2025"},
		`{{weekday "2025-11-20"}}`:                                    {"jeudi", "Thursday"},
		`{{clock "2025-11-20 08:30:00"}}`:                             {"8␣h␣30", "8:30"},
		`{{clock "2025-11-20 12:00:00"}}`:                             {"12␣h", "12:00"},
		`{{at "2025-11-19 08:30:00"}}`:                                {"demain à 8␣h␣30", "tomorrow at 8:30"},
		`{{at "2025-11-19"}}`:                                         {"demain", "tomorrow"},
		`{{moment "2025-11-25 08:00:00"}}`:                            {"mardi 25␣novembre à 8␣h", "Tuesday 25␣November at 8:00"},
		`{{hours "2025-11-20 08:00:00" "2025-11-20 12:00:00"}}`:       {"8␣h–12␣h", "8:00–12:00"},
		`{{hours "2025-11-20 08:00:00" nil}}`:                         {"8␣h", "8:00"},
		`{{span "2025-11-20 08:00:00" "2025-11-20 12:00:00"}}`:        {"de 8␣h à 12␣h", "8:00 to 12:00"},
		`{{span "2025-11-20 08:00:00" nil}}`:                          {"à 8␣h", "at 8:00"},
		`{{span nil nil}}`:                                            {"", ""},
		`{{days "2025-11-17" "2025-11-21"}}`:                          {"du 17 au 21␣novembre", "17 to 21␣November"},
		`{{days "2025-11-28" "2025-12-02"}}`:                          {"du 28␣novembre au 2␣décembre", "28␣November to 2␣December"},
		`{{days "2025-11-20" "2025-11-20"}}`:                          {"jeudi 20", "Thursday 20"},
		`{{nearDays "2025-11-17 08:00:00" "2025-11-19"}}`:             {"du lun. 17 au mer. 19", "Mon 17 to Wed 19"},
		`{{nearDays "2025-11-25" "2025-12-09"}}`:                      {"du 25␣nov. au 9␣déc.", "25␣Nov to 9␣Dec"},
		`{{minutes 45}}|{{minutes 60}}|{{minutes 75}}`:                {"45␣min|1␣h|1␣h␣15", "45␣min|1␣h|1␣h␣15"},
		`{{subject "MATHEMATIQUES"}}`:                                 {"Maths", "Maths"},
		`{{subject "MATHÉMATIQUES" "lower"}}`:                         {"maths", "Maths"},
		`{{subject "ED.PHYSIQUE & SPORT." "lower"}}`:                  {"EPS", "EPS"},
		`{{subject "SCIENCES VIE & TERRE"}}`:                          {"SVT", "SVT"},
		`{{subject "THEATRE" "lower"}}`:                               {"THEATRE", "THEATRE"},
		`{{subject "FRANCAIS > Écrit"}}`:                              {"Français, Écrit", "Français, Écrit"},
		`{{name "M. DELMASSE É."}}`:                                   {"M.␣Delmasse", "M.␣Delmasse"},
		`{{name "Mme FAURELLE S., M. LE PROVISEUL G."}}`:              {"Mme␣Faurelle, M.␣Le Proviseul", "Mme␣Faurelle, M.␣Le Proviseul"},
		`{{name "Mme D'ALENÇON-ROUX Sylvie"}}`:                        {"Mme␣D'Alençon-Roux", "Mme␣D'Alençon-Roux"},
		`{{name "Vie scolaire"}}`:                                     {"Vie scolaire", "Vie scolaire"},
		`{{quote "En\nprogrès"}}`:                                     {"«␣En progrès␣»", "“En progrès”"},
		`{{quote ""}}`:                                                {"", ""},
		`{{money -320}}|{{money 830}}`:                                {"−3,20␣€|8,30␣€", "−€3.20|€8.30"},
		`{{euros 8.3}}`:                                               {"8,30␣€", "€8.30"},
		`{{number 13.25}}|{{number 14.50}}|{{number 11.846}}`:         {"13,25|14,5|11,85", "13.25|14.5|11.85"},
		`{{step (number 12.8) (number 13.25)}}`:                       {"12,8 → 13,25", "12.8 → 13.25"},
		`{{plural 0 "note" "notes"}}|{{plural 2 "note" "notes"}}`:     {"0␣note|2␣notes", "0␣notes|2␣notes"},
		`{{file "circulaire n°12 très, très longue et bavarde.pdf"}}`: {"circulaire n°12 très, très lo…avarde.pdf", "circulaire n°12 très, très lo…avarde.pdf"},
	} {
		for i, language := range Languages {
			if got := writes(t, language, action, tuesday); got != want[i] {
				t.Errorf("%s %s: %q, want %q", language, action, got, want[i])
			}
		}
	}
}

func TestADayIsNotRelativeWhenNobodyReads(t *testing.T) {
	t.Parallel()
	if got := writes(t, "fr", `{{near "2025-11-19"}}`, Reader{}); got != "mer. 19␣nov." {
		t.Errorf("written %q", got)
	}
}

func TestADayAloneIsWrittenInFull(t *testing.T) {
	t.Parallel()
	for day, want := range map[string][2]string{
		"2025-11-20": {"Jeudi 20␣novembre␣2025", "Thursday 20␣November␣2025"},
		"2026-01-01": {"Jeudi 1er␣janvier␣2026", "Thursday 1␣January␣2026"},
		"":           {"", ""},
		"demain":     {"", ""},
	} {
		for i, language := range []string{"fr", "en"} {
			if got := strings.ReplaceAll(New(nil, nil).In(language).Day(day), noBreak, "␣"); got != want[i] {
				t.Errorf("Day(%q) = %q, want %q", day, got, want[i])
			}
		}
	}
}

func TestTwoSubjectsDoNotBecomeOne(t *testing.T) {
	t.Parallel()
	of := Subjects{Known: []string{"ANGLAIS LV1", "ANGLAIS LV2", "MATHEMATIQUES", "MATHÉMATIQUES > Algèbre"}}
	for school, want := range map[string]string{"ANGLAIS LV1": "ANGLAIS LV1", "ANGLAIS LV2": "ANGLAIS LV2", "MATHEMATIQUES": "Maths"} {
		if got := writes(t, "fr", fmt.Sprintf("{{subject %q}}", school), Reader{Subjects: of}); got != want {
			t.Errorf("%s is called %s, want %s", school, got, want)
		}
	}
	of.Own = map[string]string{"anglais lv2": "Anglais renforcé"}
	if got := writes(t, "fr", `{{subject "ANGLAIS LV2" "lower"}}`, Reader{Subjects: of}); got != "anglais renforcé" {
		t.Errorf("a person's own name: %s", got)
	}
}

func TestAQuotationEndsAtASentenceOrAWord(t *testing.T) {
	t.Parallel()
	l := usual.In("fr")
	for text, ending := range map[string]string{
		strings.Repeat("Une phrase entière. ", 30):       "entière. … (suite dans PRONOTE)" + noBreak + "»",
		strings.Repeat("des mots sans fin ", 30):         "… (suite dans PRONOTE)" + noBreak + "»",
		strings.Repeat("x", 10_000):                      "x… (suite dans PRONOTE)" + noBreak + "»",
		"Court. " + strings.Repeat("puis des mots ", 90): "… (suite dans PRONOTE)" + noBreak + "»",
	} {
		got := l.quote(text)
		if n := len([]rune(got)); n > longestQuote+4 || n < longestQuote/2 || !strings.HasSuffix(got, ending) {
			t.Errorf("%d characters: %s", n, got)
		}
	}
	if got := l.quote(strings.Repeat("des mots sans fin ", 30)); strings.Contains(got, "fi…") || strings.Contains(got, "mot…") {
		t.Errorf("a word is cut: %s", got)
	}
}
