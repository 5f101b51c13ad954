package pronote

import (
	"encoding/json"
	"go/parser"
	"go/token"
	"maps"
	"net/url"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// Whatever PRONOTE is known to say must reach the callers of this package or be
// left out on purpose: the comments of the file in internal/wire then name it.
// The answers hold all members that have been described, and those of the
// recordings: taking one away must change what is decoded.
func TestMembersAreKeptOrLeftOutOnPurpose(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		answers string // files with every member that is known
		wire    string // files of internal/wire
		decode  func(data []byte) (any, error)
	}{
		{"lessons/whole.json lessons/outing.json lessons/recorded-2024.json lessons/recorded-2025.json", "emploidutemps", func(data []byte) (any, error) { return decodeLessons(data, halfHours) }},
		{"contents/whole.json", "cahierdetextes piecesjointes", func(data []byte) (any, error) { return decodeContents(data) }},
		{"homework/whole.json", "travaux piecesjointes", func(data []byte) (any, error) { return decodeHomework(data) }},
		{"marks/whole.json", "notes", func(data []byte) (any, error) {
			marks, averages, err := decodeMarks(data, autumn)
			return []any{marks, averages}, err
		}},
		{"evaluations/whole.json", "evaluations", func(data []byte) (any, error) { return decodeEvaluations(data, autumn) }},
		{"report/whole.json", "bulletins", func(data []byte) (any, error) { return decodeReport(data, autumn) }},
		{"schoollife/whole.json schoollife/withheld.json", "presence piecesjointes", func(data []byte) (any, error) { return decodeSchoolLife(data, autumn, halfHours) }},
		{"infos/whole.json", "actualites piecesjointes", func(data []byte) (any, error) { return decodeInfos(data) }},
		{"menus/whole.json", "menus", func(data []byte) (any, error) { return decodeMenus(data) }},
		{"staff/whole.json", "equipe", func(data []byte) (any, error) { return decodeStaff(data) }},
		{"home/whole.json", "accueil", func(data []byte) (any, error) { return decodeHome(data) }},
		{"discussions/whole.json", "messagerie", func(data []byte) (any, error) { return decodeDiscussions(data, Date{Year: 2025, Month: 11, Day: 18}) }},
		{"messages/whole.json", "messagerie piecesjointes", func(data []byte) (any, error) {
			messages, total, err := decodeMessages(data)
			var d Discussion
			d.fill(messages)
			return []any{d, total}, err
		}},
		{"recorded/parametres.json parametres/whole.json parametres/unnamed.json", "parametres", func(data []byte) (any, error) {
			school, version, browser, err := decodeParameters(data)
			return []any{school, version, browser}, err
		}},
		{"recorded/utilisateur-student.json recorded/utilisateur-parent.json utilisateur/whole.json", "utilisateur", func(data []byte) (any, error) {
			school, _, _, err := decodeParameters(recorded(t, "parametres.json"))
			if err != nil {
				t.Fatal(err)
			}
			parent, notOne := decodeUser(data, &school, true)
			student, err := decodeUser(data, &school, false)
			return []any{student, parent, notOne == nil, school.Sites}, err
		}},
		{"persons/whole.json", "infosperso", func(data []byte) (any, error) {
			person, err := decodePerson(data)
			if err != nil {
				return nil, err
			}
			calendar, err := decodeCalendar(data, &url.URL{}, Version{})
			return []any{person, calendar.Reveal()}, err
		}},
	} {
		t.Run(tt.wire, func(t *testing.T) {
			t.Parallel()
			comments := wireComments(t, strings.Fields(tt.wire))
			kept := map[string]bool{} // by path, whether the member makes a difference somewhere
			for file := range strings.FieldsSeq(tt.answers) {
				findKept(t, "testdata/"+file, tt.decode, kept)
			}
			for _, path := range slices.Sorted(maps.Keys(kept)) {
				dot := strings.LastIndexByte(path, '.')
				parent, name := strings.TrimSuffix(path[:dot], "[]"), path[dot+1:]
				switch {
				case kept[path], parent != "" && !kept[parent]:
				case name == "N", name == "P", name == "A":
					// The number of a session, the place in a list, and whether to print it.
				case !regexp.MustCompile(`\b` + name + `\b`).MatchString(comments):
					t.Errorf("%s makes no difference, and no comment of internal/wire/%s says why", path, tt.wire)
				}
			}
		})
	}
}

// findKept notes of each member of an answer whether leaving it out changes what
// is decoded.
func findKept(t *testing.T, file string, decode func([]byte) (any, error), kept map[string]bool) {
	t.Helper()
	var answer any
	if err := json.Unmarshal(readAnswer(t, file), &answer); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	decoded := func() (any, error) {
		text, err := json.Marshal(answer)
		if err != nil {
			t.Fatal(err)
		}
		return decode(text)
	}
	whole, err := decoded()
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	eachMember(answer, "", func(path string, object map[string]any, name string) {
		if kept[path] {
			return
		}
		value := object[name]
		delete(object, name)
		without, err := decoded()
		object[name] = value
		kept[path] = err != nil || !reflect.DeepEqual(whole, without)
	})
}

// readAnswer reads an answer as it was recorded, or the data in it alone.
func readAnswer(t *testing.T, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if payload, err := wire.DecodePayload(text); err == nil && payload.Data != nil {
		return payload.Data
	}
	return text
}

// eachMember visits the members of all objects; typed values are looked into.
func eachMember(value any, path string, visit func(path string, object map[string]any, name string)) {
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			eachMember(item, path+"[]", visit)
		}
	case map[string]any:
		if inner, typed := value["V"]; typed && value["_T"] != nil {
			eachMember(inner, path, visit)
			return
		}
		for _, name := range slices.Sorted(maps.Keys(value)) {
			visit(path+"."+name, value, name)
			eachMember(value[name], path+"."+name, visit)
		}
	}
}

// wireComments are the comments of files of internal/wire.
func wireComments(t *testing.T, files []string) string {
	t.Helper()
	var text strings.Builder
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), "internal/wire/"+file+".go", nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, comment := range parsed.Comments {
			text.WriteString(comment.Text())
		}
	}
	return text.String()
}
