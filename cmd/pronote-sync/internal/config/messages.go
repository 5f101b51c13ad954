package config

import (
	"os"

	psync "github.com/pronote-sync/pronote-sync/sync"
)

// templates is the folder of a person's own wording. A template with a mistake
// does not keep the program from starting: its own one is used instead.
func (t *table) templates() string {
	if !t.has("templates") {
		t.text("templates", "") // which makes the key known
		return ""
	}
	dir := t.absolute(t.text("templates", "."))
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		t.warn("templates", "%s is no folder that can be read, so messages are worded as usual: name the folder that has fr and en in it", dir)
		return ""
	}
	psync.NewWording(os.DirFS(dir), func(err error) {
		t.warn("templates", "%s: %v: correct the template, or take it away", dir, err)
	})
	return dir
}
