package school

import (
	"database/sql"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pronote-sync/pronote-sync/db"
)

// noDomain are the views that belong to no domain: who there is, what hangs on rows of
// all kinds, and what became of them.
var noDomain = []string{"accounts", "schools", "students", "periods", "holidays", "weeks", "attachments", "changes", "deliveries", "letters"}

// Each view of the mirror is filled by one domain, and each table of a domain is
// there.
func TestDomainsFillTheMirror(t *testing.T) {
	t.Parallel()
	filled := slices.Clone(noDomain)
	for _, d := range Domains() {
		var tables []string
		for _, view := range d.Tables {
			if slices.Contains(filled, view.Name) {
				t.Errorf("%s is filled twice", view.Name)
			}
			tables = append(tables, view.Name)
		}
		filled = append(filled, tables...)
		for _, table := range d.Files {
			if !slices.Contains(tables, table) {
				t.Errorf("%s has files of %s, which it does not fill", d.Name, table)
			}
		}
	}
	var views []string
	for _, name := range viewsOf(t) {
		if !strings.HasSuffix(name, "_history") && !strings.HasPrefix(name, "_") && !strings.HasPrefix(name, "kfet_") { // another source's
			views = append(views, name)
		}
	}
	slices.Sort(filled)
	slices.Sort(views)
	if !slices.Equal(filled, views) {
		t.Errorf("the domains fill %v, the mirror has %v", filled, views)
	}
}

// viewsOf names the views of a new mirror.
func viewsOf(t *testing.T) (names []string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pronote.db")
	store, err := db.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	file, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := file.Query(`SELECT name FROM sqlite_schema WHERE type = 'view'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	return names
}
