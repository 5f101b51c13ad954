package config

import (
	"path/filepath"
	"slices"
	"strings"

	psync "github.com/pronote-sync/pronote-sync/sync"
)

// The bounds of one downloaded file, in megabytes.
const (
	usualFile   = 20
	largestFile = 2000
)

// filesPerPoll spreads the files of a whole year over some hours.
const filesPerPoll = 5

// files reads what is done with attachments, which are beside the mirror if nothing else
// is said.
func (t *table) files(database string) psync.Files {
	f := psync.Files{Dir: t.absolute(t.text("dir", filepath.Join(filepath.Dir(database), "files"))), Keep: t.texts("keep"), PerPoll: filesPerPoll}
	for _, domain := range f.Keep {
		if !slices.Contains(Domains().Files(), domain) {
			t.problem("keep", "keep: there are no files of %q: choose %s", domain, strings.Join(Domains().Files(), ", "))
		}
	}
	most := t.number("largest", usualFile)
	if most < 1 || most > largestFile {
		t.problem("largest", "largest is out of range: choose 1 to %d megabytes", largestFile)
	}
	f.Most = int64(most) * 1_000_000
	return f
}
