package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
)

// beginning is how a new configuration begins, by language.
var beginning = map[string]string{
	"fr": `# La configuration de pronote-sync, écrite par « pronote-sync init ».
#
# Vous pouvez la changer : ce qui suit un « # » ne compte pas. config.toml.example dit
# tout ce qui peut s'y trouver. Ensuite, « pronote-sync check » la relit.

`,
	"en": `# The configuration of pronote-sync, written by "pronote-sync init".
#
# You may change it: what follows a "#" is ignored. config.toml.example says all that
# can be here. Then "pronote-sync check" reads it again.

`,
}

// roots are the comments and settings of the root, by language.
var roots = map[string][3]string{
	"fr": {"# Où est la base. Ce que le programme doit retenir d'autre est à côté.\n", "# Qui peut lire la base avec d'autres programmes : les membres de ce groupe.\n", "# La langue des messages : « fr » ou « en ».\n"},
	"en": {"# Where the mirror is. What else the program must remember is beside it.\n", "# Who may read the mirror with other programs: the members of this group.\n", "# The language of messages: \"fr\" or \"en\".\n"},
}

// Begin is the text of a new configuration at a path, without any account, and with
// comments in a language. Group is the one that may read the mirror; "" for none.
func Begin(path, language, group string) string {
	comments := roots[language]
	text := beginning[language] + comments[0] + "database = \"" + usualDatabase(filepath.Dir(path)) + "\"\n\n"
	if group != "" {
		text += comments[1] + "database_group = \"" + group + "\"\n\n"
	}
	return text + comments[2] + "language = \"" + language + "\"\n"
}

// UsualDatabase is the absolute path of the mirror of a configuration that does not say
// where it is.
func UsualDatabase(path string) string {
	dir := filepath.Dir(path)
	if usual := usualDatabase(dir); filepath.IsAbs(usual) {
		return usual
	}
	return filepath.Join(dir, usualDatabase(dir))
}

// Vacant reports whether there is no account at a path: no file, or one with nothing but
// other settings.
func Vacant(path string) bool {
	text, mode, err := read(path, maxFile)
	if _, there := os.Lstat(path); errors.Is(there, fs.ErrNotExist) {
		return true
	}
	if err != nil {
		return false
	}
	root, err := parse(path, text, mode, system)
	return err == nil && !root.has("account")
}

// Create writes a new configuration with its first account, as Append does with a table;
// a file that is Vacant keeps its own text. A new one is its owner's alone, or for a configuration of the system
// also readable by the group of the folder.
func Create(path, text, name string, keys []Key) error {
	return create(path, []byte(text), name, keys)
}

func create(path string, text []byte, name string, keys []Key) error {
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return unwritable(folder, err)
	}
	if !Vacant(path) {
		return say.Errorf("%s has been changed meanwhile: run the command again", path)
	}
	if before, _, err := read(path, maxFile); err == nil && len(keys) > 0 {
		info, err := os.Stat(path)
		if err != nil {
			return unreadable(path, err)
		}
		return add(path, path, before, before, info, "account", name, keys)
	}
	info, err := os.Stat(folder)
	if err != nil {
		return unreadable(folder, err)
	}
	mode := fs.FileMode(0o600)
	if strings.HasPrefix(path, "/etc/") {
		mode = 0o640
	}
	return add(path, path, nil, text, withMode{info, mode}, "account", name, keys)
}

// withMode is the owner of one file with the mode of another.
type withMode struct {
	fs.FileInfo
	mode fs.FileMode
}

// Mode implements fs.FileInfo.
func (w withMode) Mode() fs.FileMode { return w.mode }
