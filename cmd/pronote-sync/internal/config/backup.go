package config

import (
	"path/filepath"
	"time"
)

// A Backup is what the daemon does against the loss of the mirror.
type Backup struct {
	Every time.Duration // between two copies; 0 for none
	Keep  int           // copies, of which the oldest goes
	Dir   string        // of the copies, absolute
}

// The bounds of copies: more often than each hour, they would wear out a card.
const (
	rarest    = 31 * 24 * time.Hour
	mostOften = time.Hour
	usualKeep = 7
	mostKept  = 1000
)

func (t *table) backup(database string) Backup {
	b := Backup{Every: t.every(), Keep: t.number("keep", usualKeep)}
	if b.Keep < 1 || b.Keep > mostKept {
		t.problem("keep", "keep is out of range: choose 1 to %d copies", mostKept)
	}
	b.Dir = t.absolute(t.text("dir", filepath.Join(filepath.Dir(database), "backups")))
	return b
}

func (t *table) every() time.Duration {
	text := t.text("every", "")
	if text == "" {
		return 0
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < mostOften || d > rarest {
		t.problem("every", `every %q cannot be used: write "24h", or another number of hours from 1 to %d`, text, int(rarest.Hours()))
	}
	return d
}
