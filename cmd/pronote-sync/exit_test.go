package main

import (
	"path/filepath"
	"testing"

	"github.com/pronote-sync/pronote-sync/db"
)

// A schema that cannot be updated ended the program like any unknown failure.
func TestAFailedMigrationIsAFailureOfTheDatabase(t *testing.T) {
	t.Parallel()
	h := &home{t: t, dir: t.TempDir()}
	h.configure(account("famille", "https://ecole.example/pronote/", "pronotevs"))
	store, err := db.Open(t.Context(), h.mirror())
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	mustQuery(t, h.mirror(), `DELETE FROM _schema WHERE version_id > 0`) // its first step will fail
	for _, command := range []string{"sync", "run"} {
		if code, p := h.run(command); code != exitDatabase {
			t.Errorf("%s exits with %d, want %d: %s", command, code, exitDatabase, p.stderr.String())
		}
	}
	if kept, err := filepath.Glob(h.mirror() + "*"); err != nil || len(kept) == 0 {
		t.Errorf("the database is gone: %v, %v", kept, err)
	}
}
