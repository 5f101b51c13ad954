package migrations

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"strings"
	"testing"
)

// released are the digests of the steps that a tag froze. A line is added with each
// release that has a new step, and never changed: files that took the old step would
// not take the new one. Until then a step is edited, and package db refuses a file
// that took it as it was before.
var released []struct{ name, sha256 string }

func TestReleasedStepsAreFrozen(t *testing.T) {
	t.Parallel()
	files, err := fs.ReadDir(FS, ".")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range released {
		if i >= len(files) || files[i].Name() != want.name {
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
	}
}

func TestStepsGoForwardWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	files, err := fs.ReadDir(FS, ".")
	if err != nil {
		t.Fatal(err)
	}
	for i, file := range files {
		if !strings.HasPrefix(file.Name(), fmt.Sprintf("%05d_", i+1)) {
			t.Errorf("%s is not step %d", file.Name(), i+1)
		}
		content, err := fs.ReadFile(FS, file.Name())
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(content), "+goose Down") || strings.Contains(string(content), "NO TRANSACTION") {
			t.Errorf("%s goes back, or leaves its transaction", file.Name())
		}
	}
}
