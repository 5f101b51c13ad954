package migrations

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"strings"
	"testing"
)

// released are the digests of the steps that are out there. A line is added with
// each step and never changed: files that took the old step would not take the
// new one.
var released = []struct{ name, sha256 string }{
	{"00001_mirror.sql", "fb2c34e2e337fc4fc766c74b401551836ca5b3aa5c24b4e301f076416cf122c8"},
	{"00002_home.sql", "472ad0578d1195451f984aff8d238e9ad9769c056450f7d881ca8a92985268c2"},
	{"00003_persons.sql", "fd9cea9cdab86a20a19abfe9fd309dfa8f0322f6bb340f1edc36eac5224cbe92"},
	{"00004_older_readers.sql", "921c1c01dbeef542912e517d0c881b8b9d9a60758bd23a206bfaeb747c53db40"},
	{"00005_report_files.sql", "8bb60d5558a40e58316941733b75fc35fb208e51188f29a51d2cc9b369664e8a"},
	{"00006_handed_in.sql", "a8ee8c16c4e0a7f498f2cb55895668b3e5d3e75a6125932665e4434421263d19"},
	{"00007_punishment_files.sql", "6c9da3a3793afefbab713cb8f10ee75c67efad5d9fae8656cef14529a96a9b7f"},
}

func TestReleasedStepsAreFrozen(t *testing.T) {
	t.Parallel()
	files, err := fs.ReadDir(FS, ".")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(released) {
		t.Errorf("%d steps, want %d", len(files), len(released))
	}
	for i, want := range released {
		if i >= len(files) || files[i].Name() != want.name || !strings.HasPrefix(want.name, fmt.Sprintf("%05d_", i+1)) {
			t.Errorf("step %d is not %s", i+1, want.name)
			continue
		}
		content, err := fs.ReadFile(FS, want.name)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(content)
		if got := hex.EncodeToString(sum[:]); got != want.sha256 {
			t.Errorf("%s has digest %s, want %s: add a step instead of changing one", want.name, got, want.sha256)
		}
		if strings.Contains(string(content), "+goose Down") || strings.Contains(string(content), "NO TRANSACTION") {
			t.Errorf("%s goes back, or leaves its transaction: steps go forward, whole or not at all", want.name)
		}
	}
}
