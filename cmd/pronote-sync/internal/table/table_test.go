package table

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

var marks = Table{
	Columns: []Column{{Head: "Date"}, {Head: "Matière", Least: 8}, {Head: "Note", Right: true}, {Head: "Coef.", Right: true, Rank: 2}, {Head: "Titre", Least: 10, Rank: 1}},
	Rows: [][]string{
		{"lun. 17/11", "MATHEMATIQUES", "15,5/20", "2", "Contrôle sur les fractions\x1b[2J"},
		{"mar. 18/11", "E.P.S. 🏃", "Abs", "", "Course\nd'orientation"},
	},
}

func TestTablesFit(t *testing.T) {
	t.Parallel()
	for width, want := range map[int]string{
		0: `Date        Matière           Note  Coef.  Titre
lun. 17/11  MATHEMATIQUES  15,5/20      2  Contrôle sur les fractions [2J
mar. 18/11  E.P.S. 🏃          Abs         Course d'orientation
`,
		60: `Date        Matière           Note  Coef.  Titre
lun. 17/11  MATHEMATIQUES  15,5/20      2  Contrôle sur les…
mar. 18/11  E.P.S. 🏃          Abs         Course…
`,
		44: `Date        Matière        Note  Titre
lun. 17/11  MATHEMATI…  15,5/20  Contrôle…
mar. 18/11  E.P.S. 🏃       Abs  Course…
`,
		20: `Date        Matière
lun. 17/11  MATHEMA…
mar. 18/11  E.P.S…
`,
	} {
		var out strings.Builder
		if err := marks.Write(&out, width); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, out.String()); diff != "" {
			t.Errorf("in %d columns (-want +got):\n%s", width, diff)
		}
	}
}

func TestColoursTakeNoRoom(t *testing.T) {
	t.Parallel()
	painted := marks
	painted.Paint = func(row, cell int) string {
		if row == 1 && cell == 2 {
			return "33"
		}
		return ""
	}
	var plain, colour strings.Builder
	if err := marks.Write(&plain, 60); err != nil {
		t.Fatal(err)
	}
	if err := painted.Write(&colour, 60); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(colour.String(), "\x1b[1mNote\x1b[0m") || !strings.Contains(colour.String(), "\x1b[33mAbs\x1b[0m") {
		t.Errorf("there are no colours in %q", colour.String())
	}
	if got := strings.NewReplacer("\x1b[1m", "", "\x1b[33m", "", "\x1b[0m", "").Replace(colour.String()); got != plain.String() {
		t.Errorf("without its colours it is\n%s, want\n%s", got, plain.String())
	}
}

func FuzzWrite(f *testing.F) {
	f.Add("Contrôle sur les fractions", "MATHEMATIQUES", 40)
	f.Add("e\u0301te\u0301 👩‍👩‍👧 日本語", "\x1b[31m\u202e", 9)
	f.Add("", "\xff\xfe", 1)
	f.Fuzz(func(t *testing.T, a, b string, width int) {
		width %= 200
		if width < 0 {
			width = -width
		}
		var out strings.Builder
		table := Table{Columns: []Column{{Head: "A", Least: 5}, {Head: "B", Rank: 1}, {Head: "C", Right: true, Rank: 2}}, Rows: [][]string{{a, b, a}, {b, a, b}}}
		if err := table.Write(&out, width); err != nil {
			t.Fatal(err)
		}
		text := out.String()
		if !utf8.ValidString(text) || strings.Count(text, "\n") != 3 || strings.ContainsAny(text, "\x1b\r\t\u202e") {
			t.Errorf("%q", text)
		}
		for line := range strings.Lines(text) {
			if w := Width(strings.TrimRight(line, "\n")); width > 0 && w > width {
				t.Errorf("%q takes %d of %d columns", line, w, width)
			}
		}
	})
}
