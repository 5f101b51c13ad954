package sync

import (
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestCleanName(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"fiche.pdf": "fiche.pdf", "": "_", "..": "_", "...": "_", "../../x": "_.._x", `..\..\x`: "_.._x", "/etc/passwd": "_etc_passwd", `C:\x`: "C__x",
		"a\x00b": "ab", "a\nb": "a b", " . a . ": "a", "con": "_con", "CON.pdf": "_CON.pdf", "Lpt1 .txt": "_Lpt1 .txt", "console": "console",
		"photo\u202egpj.exe": "photogpj.exe", "été.pdf": "été.pdf", "x.PART": "x.PART_", "\xff.pdf": "_.pdf",
		strings.Repeat("a", 300) + ".pdf": strings.Repeat("a", 116) + ".pdf", strings.Repeat("é", 100): strings.Repeat("é", 60),
		"a." + strings.Repeat("b", 200): "a." + strings.Repeat("b", 118),
	} {
		if got := cleanName(text); got != want {
			t.Errorf("cleanName(%q) is %q, want %q", text, got, want)
		}
	}
}

func FuzzCleanName(f *testing.F) {
	for _, seed := range []string{"../../x", "CON.pdf", "a\u202eb", "x.part", strings.Repeat("é", 200) + ".pdf", " ..", "\xff", "aux .x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := cleanName(text)
		if got == "" || got == "." || got == ".." || len(got) > longestName+2 || !utf8.ValidString(got) || !filepath.IsLocal(got) ||
			strings.ContainsAny(got, "/\\:*?\"<>|\x00") || strings.ContainsFunc(got, unicode.IsControl) || strings.HasSuffix(strings.ToLower(got), ".part") ||
			strings.HasSuffix(got, ".") || strings.HasSuffix(got, " ") || strings.HasPrefix(got, ".") {
			t.Errorf("cleanName(%q) is %q", text, got)
		}
	})
}
