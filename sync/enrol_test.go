package sync

import (
	"fmt"
	"slices"
	"testing"

	"github.com/pronote-sync/pronote-sync/db"
)

func TestACorrectedNameIsTheSameChild(t *testing.T) {
	t.Parallel()
	w := &watcher{account: Account{Kind: Parent}}
	people := []db.Student{{Name: "PARENT Fanny"}, {Name: "PARENT Gabin"}}
	for name, test := range map[string]struct{ known, want []string }{
		"same":       {[]string{"PARENT Fanny", "PARENT Gabin"}, []string{"PARENT Fanny = PARENT Fanny", "PARENT Gabin = PARENT Gabin"}},
		"corrected":  {[]string{"PARENT Fanny", "PARENT-DUVAL Gabin"}, []string{"PARENT Fanny = PARENT Fanny", "PARENT Gabin = PARENT-DUVAL Gabin"}},
		"another":    {[]string{"PARENT Fanny", "PARENT Hugo"}, []string{"PARENT Fanny = PARENT Fanny", "gone PARENT Hugo"}},
		"both anew":  {[]string{"DUVAL Fanny", "DUVAL Gabin"}, []string{"gone DUVAL Fanny", "gone DUVAL Gabin"}},
		"first look": {nil, nil},
	} {
		var known []db.Student
		for i, n := range test.known {
			known = append(known, db.Student{ID: int64(i + 1), Name: n})
		}
		r := w.registerOf(append(known, db.Student{ID: 9, Name: "famille", Holder: true}), people)
		var got []string
		for name, row := range r.rows {
			got = append(got, name+" = "+row.Name)
		}
		for _, s := range r.absent {
			got = append(got, "gone "+s.Name)
		}
		slices.Sort(got)
		if fmt.Sprint(got) != fmt.Sprint(test.want) || r.first != (test.known == nil) {
			t.Errorf("%s: %q (first: %v), want %q", name, got, r.first, test.want)
		}
	}
}

func TestASchoolThatWritesItsNameOtherwiseIsTheSame(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		known, now string
		another    bool
	}{
		{"Collège Jean-Moulin", "COLLÈGE JEAN MOULIN", false},
		{"Collège Jean-Moulin", "Lycée Jean-Moulin", true},
		{"", "Lycée Jean-Moulin", false},
		{"Collège Jean-Moulin", "", false},
	} {
		if got := anotherSchool(c.known, c.now); got != c.another {
			t.Errorf("from %q to %q: another is %t", c.known, c.now, got)
		}
	}
}
