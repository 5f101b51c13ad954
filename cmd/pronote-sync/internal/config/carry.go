package config

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
)

// Carry is what has to go along when the configuration moves to another folder: its text,
// in which the keys that say where the program writes are switched off, and the files
// and folders that it points to, relative to its own folder. One that is elsewhere is an
// error, since the user of a service may not read it.
func (c *Config) Carry() (text []byte, files []string, err error) {
	text, mode, err := read(c.Path, maxFile)
	if err != nil {
		return nil, nil, err
	}
	root, err := parse(c.Path, text, mode, system)
	if err != nil {
		return nil, nil, err
	}
	text = bytes.TrimPrefix(text, []byte("\uFEFF"))
	lines := bytes.SplitAfter(text, []byte("\n"))
	for _, keys := range [][]string{{"database"}, {"files", "dir"}} {
		at := root.spot.find(keys...)
		key := keys[len(keys)-1]
		if line := at.line - 1; line >= 0 && line < len(lines) && bytes.HasPrefix(bytes.TrimSpace(lines[line]), []byte(key)) {
			lines[line] = append([]byte("# "), lines[line]...)
		}
	}
	for _, file := range pointed(root.values) {
		path := root.absolute(file)
		inside, err := filepath.Rel(root.dir, path)
		if err != nil || !filepath.IsLocal(inside) {
			return nil, nil, say.Errorf("%s points to %s, which is not in its folder: move that there, correct the configuration, and run the command again", c.Path, file)
		}
		files = append(files, inside)
	}
	slices.Sort(files)
	return slices.Concat(lines...), slices.Compact(files), nil
}

// pointed are the paths in a table and those inside.
func pointed(values map[string]any) (paths []string) {
	for key, value := range values {
		switch v := value.(type) {
		case string:
			if strings.HasSuffix(key, inFile) || key == "templates" {
				paths = append(paths, v)
			}
		case map[string]any:
			paths = append(paths, pointed(v)...)
		case []any:
			for _, inside := range v {
				if table, ok := inside.(map[string]any); ok {
					paths = append(paths, pointed(table)...)
				}
			}
		}
	}
	return paths
}

// Put writes a configuration where there is none. Like Create, it is for its owner, or
// also for the group of a folder of the system.
func Put(path string, text []byte) error { return create(path, text, "", nil) }
