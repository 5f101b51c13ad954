package main

import (
	"encoding/json"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPronotepy lets pronotepy, another client for PRONOTE that other people wrote,
// read every domain of the invented school, of a pupil and of each child of a parent.
// It needs Python, and a folder that $PRONOTEPY names, with pronotepy and what that
// needs in it, as "pip install --target" leaves them.
func TestPronotepy(t *testing.T) {
	t.Parallel()
	folder := os.Getenv("PRONOTEPY")
	if folder == "" {
		t.Skip("$PRONOTEPY names no folder with pronotepy in it")
	}
	for _, needed := range []string{filepath.Join(folder, "pronotepy"), pronotepyScript} { // go test sees when the script changes
		if _, err := os.Stat(needed); err != nil {
			t.Fatal(err)
		}
	}
	version := "2025.2.8" // of the wrapped challenge
	if pronotepyIs(t, folder) >= "2.15.7" {
		version = "2026.2.5" // it knows only the raw one
	}
	for _, flags := range [][]string{{}, {"--encrypt"}, {"--compress"}, {"--encrypt", "--compress"}} {
		t.Run(strings.Join(append([]string{"school"}, flags...), " "), func(t *testing.T) {
			t.Parallel()
			school := openByCommand(t, append([]string{"--version", version}, flags...))
			school.letPronotepyRead(folder, school.Student, "student", "PARENT Fanny")
			school.letPronotepyRead(folder, school.Parent, "parent", "PARENT Fanny", "PARENT Gabin")
		})
	}
}

var pronotepyScript = filepath.Join("testdata", "pronotepy", "read.py")

// pronotepyIs is the version of a copy.
func pronotepyIs(t *testing.T, folder string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(folder, "pronotepy-*.dist-info"))
	if err != nil || len(found) != 1 {
		t.Fatalf("%d copies of pronotepy in %s: %v", len(found), folder, err)
	}
	version := strings.TrimPrefix(filepath.Base(found[0]), "pronotepy-")
	return strings.TrimSuffix(version, ".dist-info")
}

func (s openSchool) letPronotepyRead(folder, address, kind string, pupils ...string) {
	s.t.Helper()
	cmd := exec.Command("python3", pronotepyScript, address, kind, s.Username, s.Password, "Trimestre 1", "Trimestre 2", "Trimestre 3", "Hors période")
	cmd.Env = append(os.Environ(), "TZ=Europe/Paris", "PYTHONPATH="+folder)
	cmd.Stderr = s.t.Output()
	text, err := cmd.Output()
	if err != nil {
		s.t.Fatal(err)
	}
	var got struct {
		LoggedIn bool `json:"logged_in"`
		Pupils   []map[string]any
	}
	if err := json.Unmarshal(text, &got); err != nil {
		s.t.Fatal(err)
	}
	if !got.LoggedIn || len(got.Pupils) != len(pupils) {
		s.t.Fatalf("the %s reads %d pupils, want %d", kind, len(got.Pupils), len(pupils))
	}
	for i, pupil := range got.Pupils {
		var truth map[string][]map[string]any
		s.get("/truth?viewer="+kind+"&student="+url.QueryEscape(pupils[i]), &truth)
		s.comparePronotepy(pupils[i], kind, pupil, truth)
	}
}

// comparePronotepy compares what it lists, in the columns that it has, and looks
// whether there is any of what it only counts.
func (s openSchool) comparePronotepy(name, kind string, pupil map[string]any, truth map[string][]map[string]any) {
	s.t.Helper()
	if pupil["name"] != name {
		s.t.Errorf("pupil %v, want %s", pupil["name"], name)
	}
	for domain, list := range pupil {
		switch list := list.(type) {
		case string, float64:
			if list == "" || list == 0.0 {
				s.t.Errorf("%s of %s, to the %s: nothing", domain, name, kind)
			}
		case []any:
			var got, want []map[string]any
			for _, row := range list {
				got = append(got, row.(map[string]any))
			}
			for _, row := range truth[domain] {
				if known := row["kind"]; domain == "punishments" && (known == "sanction" || known == "measure") || domain == "averages" && row["subject"] == "" {
					continue // which it does not read
				}
				want = append(want, columnsLike(row, got))
			}
			if diff := cmp.Diff(sorted(want), sorted(got)); diff != "" || len(got) == 0 {
				s.t.Errorf("%s of %s, to the %s (-want +got):\n%s", domain, name, kind, diff)
			}
		}
	}
}

// columnsLike are the columns of a row that others have. Of marks pronotepy has its own
// words for what is no number.
func columnsLike(row map[string]any, others []map[string]any) map[string]any {
	like := map[string]any{}
	if len(others) == 0 {
		return row
	}
	for column := range others[0] {
		like[column] = row[column]
	}
	text, isMark := like["value_text"].(string)
	for label, word := range map[string]string{
		"Abs": "Absent", "Disp": "Dispense", "N.Not": "NonNote", "Inap": "Inapte", "N.Rdu": "NonRendu",
		"Abs*": "AbsentZero", "N.Rdu*": "NonRenduZero", "Félicitations": "Felicitations",
	} {
		if isMark && (text == label || strings.HasSuffix(text, " ("+label+")")) {
			like["value_text"] = word
		}
	}
	if isMark && like["bonus"] == 1.0 {
		like["optional"] = 0.0
	}
	return like
}
