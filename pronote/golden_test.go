package pronote

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

var update = flag.Bool("update", false, "write the golden files anew")

// An outcome is what a golden file shows of a decoder: a value or an error.
type outcome struct {
	Error string `json:",omitempty"`
	Value any    `json:",omitempty"`
}

func outcomeOf(value any, err error) outcome {
	if err != nil {
		return outcome{Error: err.Error()}
	}
	return outcome{Value: value}
}

// checkGolden compares a value with a golden file, or writes the file.
func checkGolden(t *testing.T, file string, value any) {
	t.Helper()
	var got bytes.Buffer
	encoder := json.NewEncoder(&got)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v (run with -update to write it)", err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// autumn is the period in which the marks of the golden files were given.
var autumn = Period{Name: "Trimestre 1", Year: "2025-2026"}

// halfHours is a school whose day has twenty slots, from eight o'clock on.
var halfHours = func() School {
	general := wire.General{PlacesParJour: 20}
	for slot := range 22 {
		clock := wire.Element{Label: wire.Text(fmt.Sprintf("%02dh%02d", 8+slot/2, slot%2*30))}
		general.ListeHeures.Items = append(general.ListeHeures.Items, clock)
		if slot > 0 {
			general.ListeHeuresFin.Items = append(general.ListeHeuresFin.Items, clock)
		}
	}
	return School{slots: slotsOf(general, general.ListeHeures), slotEnds: slotsOf(general, general.ListeHeuresFin)}
}()

func TestDecodersAgainstGoldenFiles(t *testing.T) {
	t.Parallel()
	for folder, decode := range map[string]func([]byte) (any, error){
		"marks": func(text []byte) (any, error) {
			marks, averages, err := decodeMarks(text, autumn)
			return map[string]any{"marks": marks, "averages": averages}, err
		},
		"contents": func(text []byte) (any, error) { return decodeContents(text) },
		"lessons":  func(text []byte) (any, error) { return decodeLessons(text, halfHours) },
		"homework": func(text []byte) (any, error) { return decodeHomework(text) },
		"menus":    func(text []byte) (any, error) { return decodeMenus(text) },
		"agenda":   func(text []byte) (any, error) { return decodeAgenda(text) },
		"staff":    func(text []byte) (any, error) { return decodeStaff(text) },
		"home":     func(text []byte) (any, error) { return decodeHome(text) },
		"infos":    func(text []byte) (any, error) { return decodeInfos(text) },
		"discussions": func(text []byte) (any, error) {
			return decodeDiscussions(text, Date{Year: 2025, Month: time.November, Day: 18})
		},
		"messages": func(text []byte) (any, error) {
			messages, total, err := decodeMessages(text)
			discussion := Discussion{Count: total, LastAt: DateTime{Date: Date{Year: 2025, Month: time.November, Day: 17}}}
			discussion.fill(messages)
			return discussion, err
		},
		"schoollife": func(text []byte) (any, error) { return decodeSchoolLife(text, autumn, halfHours) },

		"report":      func(text []byte) (any, error) { return decodeReport(text, autumn) },
		"evaluations": func(text []byte) (any, error) { return decodeEvaluations(text, autumn) },

		"info": func(text []byte) (any, error) {
			questions, err := decodeInfo(text)
			info := Info{Survey: len(questions) > 1}
			info.fill(questions)
			return info, err
		},
	} {
		files, err := filepath.Glob("testdata/" + folder + "/*.json")
		if err != nil || len(files) == 0 {
			t.Fatalf("no files in %s: %v", folder, err)
		}
		for _, file := range files {
			t.Run(file, func(t *testing.T) {
				t.Parallel()
				text, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				value, err := decode(text)
				if err != nil && !errors.Is(err, ErrUnreadable) && !errors.Is(err, ErrBlank) {
					t.Errorf("error %v, want ErrUnreadable", err)
				}
				checkGolden(t, strings.TrimSuffix(file, ".json")+".golden", outcomeOf(value, err))
			})
		}
	}
}

// A list that is not there says nothing, and must never be taken for an empty
// one.
func TestAbsentListsAreUnreadable(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`{}`, `null`, `{"autre":[]}`} {
		if _, _, err := decodeMarks([]byte(text), autumn); !errors.Is(err, ErrUnreadable) {
			t.Errorf("decodeMarks(%s): %v, want ErrUnreadable", text, err)
		}
		if _, err := decodeContents([]byte(text)); !errors.Is(err, ErrUnreadable) {
			t.Errorf("decodeContents(%s): %v, want ErrUnreadable", text, err)
		}
		if _, err := decodeLessons([]byte(text), School{}); !errors.Is(err, ErrUnreadable) {
			t.Errorf("decodeLessons(%s): %v, want ErrUnreadable", text, err)
		}
		if _, err := decodeHomework([]byte(text)); !errors.Is(err, ErrUnreadable) {
			t.Errorf("decodeHomework(%s): %v, want ErrUnreadable", text, err)
		}
		if _, err := decodeEvaluations([]byte(text), autumn); !errors.Is(err, ErrUnreadable) {
			t.Errorf("decodeEvaluations(%s): %v, want ErrUnreadable", text, err)
		}
		if _, err := decodeMenus([]byte(text)); !errors.Is(err, ErrUnreadable) {
			t.Errorf("decodeMenus(%s): %v, want ErrUnreadable", text, err)
		}
		if _, err := decodeStaff([]byte(text)); !errors.Is(err, ErrUnreadable) {
			t.Errorf("decodeStaff(%s): %v, want ErrUnreadable", text, err)
		}
		if _, err := decodeInfos([]byte(text)); !errors.Is(err, ErrUnreadable) {
			t.Errorf("decodeInfos(%s): %v, want ErrUnreadable", text, err)
		}
		if _, err := decodeDiscussions([]byte(text), Date{}); !errors.Is(err, ErrUnreadable) {
			t.Errorf("decodeDiscussions(%s): %v, want ErrUnreadable", text, err)
		}
		if _, _, err := decodeMessages([]byte(text)); !errors.Is(err, ErrUnreadable) {
			t.Errorf("decodeMessages(%s): %v, want ErrUnreadable", text, err)
		}
		if _, err := decodeSchoolLife([]byte(text), autumn, halfHours); !errors.Is(err, ErrUnreadable) {
			t.Errorf("decodeSchoolLife(%s): %v, want ErrUnreadable", text, err)
		}
		if _, err := decodeInfo([]byte(text)); !errors.Is(err, ErrUnreadable) {
			t.Errorf("decodeInfo(%s): %v, want ErrUnreadable", text, err)
		}
		if _, _, _, err := decodeParameters([]byte(text)); !errors.Is(err, ErrUnreadable) {
			t.Errorf("decodeParameters(%s): %v, want ErrUnreadable", text, err)
		}
		if _, err := decodeUser([]byte(text), &School{}, false); !errors.Is(err, ErrUnreadable) {
			t.Errorf("decodeUser(%s): %v, want ErrUnreadable", text, err)
		}
	}
}

// What a request for the details of an item must repeat comes from the list, as
// it stood there.
func TestInfosKeepWhatDetailsAskFor(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/infos/natures.json")
	if err != nil {
		t.Fatal(err)
	}
	infos, err := decodeInfos(text)
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(infos[0].reference)
	want := `{"N":"43#0a","genrePublic":{"_T":20,"V":5},"public":{"N":"128#0a","G":5,"L":"VASSEUR Hélène"}}`
	if err != nil || string(got) != want {
		t.Errorf("reference = %s, %v, want %s", got, err, want)
	}
}

// recorded reads an answer of a demonstration server, whose people are
// invented: the data in it.
func recorded(t testing.TB, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata/recorded", file))
	if err != nil {
		t.Fatal(err)
	}
	payload, err := wire.DecodePayload(text)
	if err != nil || payload.Error != nil {
		t.Fatalf("%s: %v, %v", file, err, payload.Error)
	}
	return payload.Data
}

// A loginView shows the parts of a Session that come from its answers, those that
// callers never see included.
type loginView struct {
	Version     string `json:",omitempty"`
	School      School
	Periods     []Period
	FirstMonday Date
	FirstWeek   int
	Name        string
	Students    []Student
	Tabs        []Tab
	Elements    map[string]Element // by name
}

func TestRecordedLogins(t *testing.T) {
	t.Parallel()
	school, version, _, err := decodeParameters(recorded(t, "parametres.json"))
	if err != nil {
		t.Fatal(err)
	}
	for kind, parent := range map[Kind]bool{KindStudent: false, KindParent: true} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			school := school
			who, err := decodeUser(recorded(t, "utilisateur-"+string(kind)+".json"), &school, parent)
			if err != nil {
				t.Fatal(err)
			}
			got := loginView{
				Version: version, School: school, Periods: school.periods, FirstMonday: school.firstMonday,
				FirstWeek: school.firstWeek, Name: who.name, Students: who.students, Elements: map[string]Element{},
			}
			for tab := range who.tabs {
				got.Tabs = append(got.Tabs, tab)
			}
			slices.Sort(got.Tabs)
			for _, p := range school.periods {
				got.Elements[p.Name] = p.element
			}
			for _, s := range who.students {
				got.Elements[s.Name] = s.element
			}
			checkGolden(t, "testdata/recorded/login-"+string(kind)+".golden", got)
		})
	}
}

// The wire structs hold what the adapters do not take over yet.
func TestRecordedParametersOnTheWire(t *testing.T) {
	t.Parallel()
	var p wire.Parametres
	if err := json.Unmarshal(recorded(t, "parametres.json"), &p); err != nil {
		t.Fatal(err)
	}
	if got, want := p.DateServeur.String(), "2025-09-28 05:14:53 +0000 UTC"; got != want {
		t.Errorf("clock of the server = %s, want %s", got, want)
	}
	if !strings.HasPrefix(string(p.IdentifiantNav), "66A98BEB12FDC066") {
		t.Errorf("name of the device = %s", p.IdentifiantNav)
	}
	if !p.General.ListeJoursFeries.Present || !p.General.ListePeriodes.Present {
		t.Error("the holidays or the periods are taken for absent")
	}
}

func TestBuildIsFoundInALink(t *testing.T) {
	t.Parallel()
	answer := recorded(t, "parametres.json")
	for _, tt := range []struct {
		name   string
		known  Version
		stated string
		raw    string
		want   Version
	}{
		{"nothing known before", Version{}, "2025.2.6", string(answer), Version{2025, 2, 6, 0}},
		{"three parts known", Version{2025, 2, 6, -1}, "2025.2.6", string(answer), Version{2025, 2, 6, 0}},
		{"all known", Version{2025, 2, 6, 4}, "2025.2.6", string(answer), Version{2025, 2, 6, 4}},
		{"only a link", Version{}, "", `{"u":"https://x.example/?a=b\u0026version=2026.2.5.7\u0026c=d"}`, Version{2026, 2, 5, 7}},
		{"a link of another release", Version{}, "2026.2.5", `"?version=2025.2.6.3"`, Version{2026, 2, 5, -1}},
		{"a link without build", Version{}, "2026.2.5", `"?version=2026.2.5&x"`, Version{2026, 2, 5, -1}},
		{"the second link", Version{}, "2026.2.5", `"version=2026.2.50.1 version=2026.2.5.12&x"`, Version{2026, 2, 5, 12}},
		{"an old server that gave itself away", versionPageKey, "2021.3.1", `{}`, Version{2021, 3, 1, -1}},
		{"nothing at all", Version{}, "", `{}`, Version{}},
	} {
		s := &Session{version: tt.known}
		s.learnVersion(tt.stated, []byte(tt.raw))
		if s.version != tt.want {
			t.Errorf("%s: version = %s, want %s", tt.name, s.version, tt.want)
		}
	}
}

func TestSchoolWithoutItsOptionalMembers(t *testing.T) {
	t.Parallel()
	school, _, _, err := decodeParameters([]byte(`{"General":{"PremierLundi":"1/9/2025","listeJoursFeries":[{"L":"Armistice","dateDebut":"11/11/2025"}]}}`))
	if err != nil {
		t.Fatal(err)
	}
	if school.Open(Date{Year: 2025, Month: 11, Day: 11}) || !school.Open(Date{Year: 2025, Month: 11, Day: 12}) || school.Open(Date{Year: 2025, Month: 11, Day: 15}) {
		t.Errorf("open on 11, 12 and 15 November = %t, %t, %t, want only the 12th",
			school.Open(Date{Year: 2025, Month: 11, Day: 11}), school.Open(Date{Year: 2025, Month: 11, Day: 12}), school.Open(Date{Year: 2025, Month: 11, Day: 15}))
	}
	for day, want := range map[Date]int{{Year: 2025, Month: 8, Day: 15}: 1, {Year: 2025, Month: 9, Day: 1}: 1, {Year: 2025, Month: 9, Day: 7}: 1, {Year: 2025, Month: 9, Day: 8}: 2, {Year: 2026, Month: 6, Day: 30}: 44} {
		if got := school.WeekNumber(day); got != want {
			t.Errorf("week of %s = %d, want %d", day, got, want)
		}
	}
}

// A pupil whose tab lists periods that the school does not is left with those of
// the school.
func TestPeriodsOfUnknownNumbers(t *testing.T) {
	t.Parallel()
	school := School{periods: []Period{{Name: "Trimestre 1", element: Element{Number: "105#a"}}}}
	const user = `{"ressource":{"L":"X","listeOngletsPourPeriodes":[{"G":198,"listePeriodes":[{"L":"Trimestre 1","N":"105#z"}]}]},"listeOnglets":[]}`
	who, err := decodeUser([]byte(user), &school, false)
	if err != nil || len(who.students) != 1 || !cmp.Equal(who.students[0].Periods, school.periods, cmp.AllowUnexported(Period{})) {
		t.Errorf("students = %+v, %v, want one with the school's periods", who.students, err)
	}
}

// Marks have what belongs to no term, and school life has not.
func TestEachPageHasItsOwnPeriods(t *testing.T) {
	t.Parallel()
	school, _, _, err := decodeParameters(recorded(t, "parametres.json"))
	if err != nil {
		t.Fatal(err)
	}
	who, err := decodeUser(recorded(t, "utilisateur-student.json"), &school, false)
	if err != nil {
		t.Fatal(err)
	}
	pupil := who.students[0]
	terms := []string{"Trimestre 1", "Trimestre 2", "Trimestre 3"}
	for tab, want := range map[Tab][]string{
		TabMarks:      append(slices.Clone(terms), "Hors période"),
		TabReports:    append(slices.Clone(terms), "Hors période"), // of which the school lists none
		TabSchoolLife: terms,                                       // and the year, in one entry that only adds them up
	} {
		var got []string
		periods, current := pupil.PeriodsOf(tab)
		for _, p := range periods {
			got = append(got, p.Name)
			if genre := map[string]int{"term": 2, "other": 4}[p.Kind]; p.element.Genre != genre {
				t.Errorf("tab %d would be asked for %s by G %d, want %d, which is its own", tab, p.Name, p.element.Genre, genre)
			}
		}
		if !slices.Equal(got, want) || current != "Trimestre 1" {
			t.Errorf("tab %d has the periods %q, now %q, want %q", tab, got, current, want)
		}
	}
	if asked := pupil.PeriodElement(TabMarks, school.periods[0]); asked.Genre != 2 || asked.Number != school.periods[0].element.Number {
		t.Errorf("marks would be asked for by %+v, want the element of its own tab", asked)
	}
	if own, _ := pupil.PeriodsOf(TabMarks); !slices.EqualFunc(own, pupil.Periods, func(a, b Period) bool { return a == b }) {
		t.Errorf("the periods are %v, want those of the marks, %v", pupil.Periods, own)
	}
}

func TestParentWithoutChildren(t *testing.T) {
	t.Parallel()
	for _, children := range []string{``, `,"listeRessources":[]`, `,"listeRessources":null`} {
		_, err := decodeUser([]byte(`{"ressource":{"L":"X"`+children+`},"listeOnglets":[]}`), &School{}, true)
		if !errors.Is(err, ErrUnreadable) || !strings.Contains(err.Error(), "no child") {
			t.Errorf("%s: %v, want ErrUnreadable and the reason", children, err)
		}
	}
}

// A subject without a name once passed for the mean over all subjects.
func TestServiceWithoutNameIsNotTheOverallAverage(t *testing.T) {
	t.Parallel()
	const answer = `{"listeDevoirs":[],"listeServices":[{"moyEleve":"3"},{"L":"LATIN","moyEleve":"14"}],"moyGenerale":"12"}`
	_, averages, err := decodeMarks([]byte(answer), autumn)
	if err != nil || len(averages) != 2 || averages[0].Student != Num(12) || averages[1].Subject != "LATIN" {
		t.Errorf("averages = %+v, %v, want the overall one and LATIN", averages, err)
	}
}

// A number past all others once became a negative duration.
func TestDurationOfMoreMinutesThanThereAre(t *testing.T) {
	t.Parallel()
	if homework, err := decodeHomework([]byte(`{"ListeTravauxAFaire":[{"duree":1e300}]}`)); !errors.Is(err, ErrUnreadable) {
		t.Errorf("homework = %+v, %v, want ErrUnreadable", homework, err)
	}
}

// Names and titles are shown in terminals, which obey such characters.
func TestLabelsHoldNoTerminalCommands(t *testing.T) {
	t.Parallel()
	marks, _, err := decodeMarks([]byte(`{"listeDevoirs":[{"commentaire":"Contr\u001b[31môle\u0007\r\n2","note":"\u009b12"}]}`), autumn)
	if err != nil || marks[0].Title != "Contr[31môle 2" || marks[0].Score.Text != "12" {
		t.Errorf("marks = %+v, %v, want plain texts", marks, err)
	}
}

// A file called "photo\u202egpj.exe" was shown as "photoexe.jpg".
func TestNamesAreNotWrittenBackwards(t *testing.T) {
	t.Parallel()
	homework, err := decodeHomework([]byte(`{"ListeTravauxAFaire":[{"descriptif":"Lire\u202e le\u202d texte","ListePieceJointe":[{"L":"photo\u202egpj.exe","G":1}]}]}`))
	if err != nil || homework[0].Attachments[0].Name != "photogpj.exe" || homework[0].Description != "Lire le texte" {
		t.Errorf("homework = %+v, %v", homework, err)
	}
}

// The error of an answer of another shape once showed the Go types that it was
// read into, and the value.
func TestErrorsShowNeitherTypesNorValues(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`[]`, `"canary"`, `12.75`, `{"listeDevoirs":[{"G":[]}]}`, `{"listeDevoirs":["canary"]}`} {
		_, _, err := decodeMarks([]byte(text), autumn)
		if err == nil {
			t.Fatalf("%s is accepted", text)
		}
		for _, word := range []string{"canary", "wire.", "struct", "Go ", "12.75"} {
			if strings.Contains(err.Error(), word) {
				t.Errorf("error of %s shows %q: %v", text, word, err)
			}
		}
	}
}

// What the server lists no periods for is no tab that a child lacks, unless a
// sibling has it: some servers list one tab only.
func TestATabWithoutPeriodsIsNotALack(t *testing.T) {
	t.Parallel()
	school := School{periods: []Period{{Name: "Trimestre 1", element: Element{Number: "105#a"}}}}
	const marks = `{"G":198,"listePeriodes":[{"N":"105#a"}]}`
	const reports = `{"G":13,"listePeriodes":[{"N":"105#a"}]}`
	for _, tt := range []struct {
		name, children string
		lacks          int // the number of the child that has no reports, none when negative
	}{
		{"an only child", `{"L":"A","listeOngletsPourPeriodes":[` + marks + `]}`, -1},
		{"both have one tab", `{"L":"A","listeOngletsPourPeriodes":[` + marks + `]},{"L":"B","listeOngletsPourPeriodes":[` + marks + `]}`, -1},
		{"one has more", `{"L":"A","listeOngletsPourPeriodes":[` + marks + `,` + reports + `]},{"L":"B","listeOngletsPourPeriodes":[` + marks + `]}`, 1},
		{"nothing is said of one", `{"L":"A","listeOngletsPourPeriodes":[` + marks + `,` + reports + `]},{"L":"B"}`, -1},
	} {
		user := `{"ressource":{"L":"X","listeRessources":[` + tt.children + `]},"listeOnglets":[]}`
		who, err := decodeUser([]byte(user), &school, true)
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range who.students {
			if got := s.lacks[TabReports]; got != (i == tt.lacks) || s.lacks[TabMarks] {
				t.Errorf("%s: %s lacks %v", tt.name, s.Name, s.lacks)
			}
			if periods, _ := s.PeriodsOf(TabReports); len(periods) != 1 {
				t.Errorf("%s: %s has the periods %v", tt.name, s.Name, periods)
			}
		}
	}
}
