package sync

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// freePath is where a file belongs, and where no other attachment has its file: the
// pupil, the subject or the kind of thing, the day and the name. An attachment that
// has a path keeps it, unless the school has changed the file since: then the old
// file stays beside the new one.
func freePath(ctx context.Context, tx *db.Tx, f mirror.ListedFile) (string, error) {
	kept, err := tx.KeptFile(ctx, f.Item)
	if err != nil || kept.Path != "" && !kept.Outdated {
		return kept.Path, err
	}
	folder := path.Join(cleanName(f.Student), cleanName(cmp.Or(f.Subject, f.Domain)))
	name := cleanName(f.Day.String() + " " + cleanName(cmp.Or(f.File.Name, "document")))
	extension := extensionOf(name)
	for n := 1; ; n++ {
		candidate := path.Join(folder, name)
		if n > 1 {
			candidate = path.Join(folder, fmt.Sprintf("%s (%d)%s", strings.TrimSuffix(name, extension), n, extension))
		}
		taken, err := tx.PathTaken(ctx, candidate, f.Item)
		if err != nil || !taken && !strings.EqualFold(candidate, kept.Path) {
			return candidate, err
		}
	}
}

const (
	longestName      = 120 // bytes; systems take 255, with what is put behind
	longestExtension = 10
)

// reserved are names that Windows gives to devices, whatever extension follows.
var reserved = []string{
	"con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
	"lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
}

// cleanName turns what somebody typed into the name of one file or folder on any
// system. The name cannot lead out of its folder, and reads in the order in which
// it is written.
func cleanName(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == unicode.ReplacementChar, strings.ContainsRune(`/\:*?"<>|`, r):
			return '_'
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r): // direction marks among them
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "_"))
	text = strings.Trim(strings.Join(strings.Fields(text), " "), ". ")
	extension := extensionOf(text)
	if stem := strings.TrimSuffix(text, extension); len(text) > longestName {
		text = strings.TrimRight(strings.ToValidUTF8(stem[:longestName-len(extension)], ""), ". ") + extension
	}
	device, _, _ := strings.Cut(strings.ToLower(text), ".")
	if slices.Contains(reserved, strings.TrimSpace(device)) {
		text = "_" + text
	}
	if strings.EqualFold(path.Ext(text), ".part") { // the name of an incomplete file
		text += "_"
	}
	return cmp.Or(text, "_")
}

// extensionOf is what follows the last dot, if it is short.
func extensionOf(name string) string {
	if e := path.Ext(name); len(e) <= longestExtension && e != name {
		return e
	}
	return ""
}
