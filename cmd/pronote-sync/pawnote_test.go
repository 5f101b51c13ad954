package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPawnote lets pawnote, a client for PRONOTE that other people wrote, read
// the invented school, and compares what it reads with what the school shows. It
// needs Node, and a folder that $PAWNOTE names, with pawnote 1.6.2 in its
// node_modules.
func TestPawnote(t *testing.T) {
	t.Parallel()
	folder := os.Getenv("PAWNOTE")
	if folder == "" {
		t.Skip("$PAWNOTE names no folder with pawnote in it")
	}
	for _, needed := range []string{filepath.Join(folder, "node_modules", "pawnote"), pawnoteScript} { // go test sees when the script changes
		if _, err := os.Stat(needed); err != nil {
			t.Fatal(err)
		}
	}
	// The newer ones are more than pawnote 1.6.2 can read.
	for i, version := range []string{"", "2022.0.3", "2023.0.2", "2024.1.8", "2024.3.9", "2025.1.3", "2025.2.8", "2026.1.3"} {
		var flags []string
		if version != "" {
			flags = append(flags, "--version", version)
		}
		if i%2 == 1 {
			flags = append(flags, "--encrypt")
		}
		if i/2%2 == 1 {
			flags = append(flags, "--compress")
		}
		t.Run(strings.Join(append([]string{"school"}, flags...), " "), func(t *testing.T) {
			t.Parallel()
			school := openByCommand(t, flags)
			school.encoding = "utf8"
			if slices.Contains(flags, "--encrypt") && !slices.Contains(flags, "--compress") {
				school.encoding = "latin1"
			}
			school.compare("student", "PARENT Fanny")
			school.compare("parent", "PARENT Fanny", "PARENT Gabin")
			school.checkRequests()
		})
	}
}

var pawnoteScript = filepath.Join("testdata", "pawnote", "read.mjs")

// A reading is what the script read.mjs prints: pupils with rows by domain.
type reading struct {
	Username, User, Version, Starts, Ends string
	Holidays                              int
	Pupils                                []struct {
		Name, Class, School              string
		Marks, Averages, Homework, Infos []map[string]any
		Lessons, Contents                []map[string]any
		Absences, Delays                 []map[string]any
		Evaluations, Skills, Reports     []map[string]any
		ReportSubjects                   []map[string]any `json:"report_subjects"`
		Punishments, Observations        []map[string]any
		Discussions, Messages            []map[string]any
		Questions, Menus, Links, Wallets []map[string]any
		Persons                          []map[string]any
		Attachments                      []map[string]any  // of whatever pawnote reads
		Overall                          map[string][2]any // averages by period: the pupil's, the class's
		Subscribed                       int               // lessons in the calendar that the account offers
	}
}

// An openSchool is a school that the program serves.
type openSchool struct {
	t                             *testing.T
	encoding                      string // that pawnote takes the answers to be in
	Student, Parent, URL, Control string
	Username, Password            string
}

func openByCommand(t *testing.T, flags []string) openSchool {
	t.Helper()
	h := &home{t: t, dir: t.TempDir()}
	p := h.start(append([]string{"school", "--control", "127.0.0.1:0", "--day", "2026-03-20"}, flags...)...)
	await(t, "the school listens", func() bool { return strings.Contains(p.stdout.String(), "\n") })
	t.Cleanup(func() { p.leaves(syscall.SIGTERM) })
	s := openSchool{t: t}
	if err := json.Unmarshal([]byte(p.stdout.String()), &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// compare lets pawnote read an account.
func (s openSchool) compare(kind string, pupils ...string) {
	s.t.Helper()
	cmd := exec.Command("node", pawnoteScript, s.URL, kind, s.Username, s.Password, s.encoding, s.qr(kind), "4711")
	cmd.Env = append(os.Environ(), "TZ=Europe/Paris")
	cmd.Stderr = s.t.Output()
	text, err := cmd.Output()
	if err != nil {
		s.t.Fatal(err)
	}
	var got reading
	if err := json.Unmarshal(text, &got); err != nil {
		s.t.Fatal(err)
	}
	if got.Username != s.Username || got.Starts != "2025-09-01" || got.Ends != "2026-07-03" || got.Holidays == 0 || len(got.Pupils) != len(pupils) {
		s.t.Errorf("the %s reads %+v", kind, got)
	}
	rows, version := 0, got.Version
	for i, pupil := range got.Pupils {
		if pupil.Name != pupils[i] || pupil.Class != "4B" || !strings.HasPrefix(pupil.School, "Collège ") {
			s.t.Errorf("pupil %d is %s of %s, %s", i, pupil.Name, pupil.Class, pupil.School)
		}
		for period, averages := range pupil.Overall {
			pupil.Averages = append(pupil.Averages, map[string]any{"period": period, "subject": "", "student_average": averages[0], "class_average": averages[1]})
		}
		// Pawnote does not tell the school which child it asks about, and so reads
		// of the first one; but for the timetable, which names whose it is.
		var truth, own map[string][]map[string]any
		s.get("/truth?viewer="+kind+"&student="+url.QueryEscape(pupils[0]), &truth)
		s.get("/truth?viewer="+kind+"&student="+url.QueryEscape(pupils[i]), &own)
		truth["lessons"] = own["lessons"]
		if want := len(got.Pupils[0].Lessons); version >= "2024" && pupil.Subscribed != want {
			s.t.Errorf("the calendar of the %s has %d lessons, want %d", kind, pupil.Subscribed, want)
		}
		for _, lesson := range pupil.Lessons { // it leaves to its users what a status says
			if status := lesson["status"]; status == "Cours annulé" || strings.Contains(status.(string), "absent") {
				lesson["cancelled"] = 1.0
			}
		}
		for domain, rewrite := range rewrites {
			got := map[string][]map[string]any{"marks": pupil.Marks, "averages": pupil.Averages, "homework": pupil.Homework, "infos": pupil.Infos,
				"lessons": pupil.Lessons, "contents": pupil.Contents,
				"absences": pupil.Absences, "delays": pupil.Delays, "punishments": pupil.Punishments, "observations": pupil.Observations,
				"discussions": pupil.Discussions, "messages": pupil.Messages, "evaluations": pupil.Evaluations, "skills": pupil.Skills,
				"reports": pupil.Reports, "report_subjects": pupil.ReportSubjects, "attachments": pupil.Attachments,
				"questions": pupil.Questions, "menus": pupil.Menus, "links": pupil.Links, "wallets": pupil.Wallets, "persons": pupil.Persons}[domain]
			truth[domain] = slices.DeleteFunc(truth[domain], func(row map[string]any) bool { return unread(domain, version, row) })
			for _, row := range truth[domain] {
				rewrite(row)
			}
			rows += len(got)
			if len(got) == 0 {
				s.t.Errorf("there are no %s of %s to compare, to the %s", domain, pupil.Name, kind)
			}
			if diff := cmp.Diff(sorted(truth[domain]), sorted(got)); diff != "" {
				s.t.Errorf("%s of %s, to the %s (-want +got):\n%s", domain, pupil.Name, kind, diff)
			}
		}
	}
	s.t.Logf("%s %s: %d rows", kind, got.Version, rows)
	if rows < 200 {
		s.t.Errorf("only %d rows were compared", rows)
	}
}

// rewrites turn a row of the mirror into what pawnote makes of it: they leave
// out what it does not read, and use its words.
var rewrites = map[string]func(row map[string]any){
	"marks": func(row map[string]any) {
		text := row["value_text"].(string)
		row["kind"] = "Grade"
		for kind, label := range map[string]string{
			"Absent": "Abs", "Exempted": "Disp", "NotGraded": "N.Not", "Unfit": "Inap", "Unreturned": "N.Rdu",
			"AbsentZero": "Abs*", "UnreturnedZero": "N.Rdu*", "Congratulations": "Félicitations",
		} {
			if text == label || strings.HasSuffix(text, "("+label+")") {
				row["kind"], row["value"] = kind, nil
			}
		}
		if row["bonus"] == 1.0 {
			row["optional"] = 0.0
		}
		remove(row, "year", "own_period", "value_text")
	},
	"averages": func(row map[string]any) {
		remove(row, "year")
		if row["subject"] == "" {
			remove(row, "class_min", "class_max", "out_of")
		}
	},
	"homework": func(row map[string]any) {
		row["difficulty"] = map[any]string{nil: "None", "easy": "Easy", "medium": "Medium", "hard": "Hard"}[row["difficulty"]]
		row["return"] = map[any]string{nil: "None", "paper": "Paper", "pronote": "FileUpload", "kiosk": "Kiosk", "audio": "AudioRecording"}[row["return_kind"]]
		remove(row, "description", "given_on", "return_kind", "returned_at", "remark")
	},
	"lessons": func(row map[string]any) {
		if row["outing"] == 0.0 && row["detention"] == 0.0 {
			row["title"] = ""
		}
		remove(row, "number", "replaced", "test_kind", "exemption", "link_labels", "link_comments", "reason")
	},
	"contents": func(row map[string]any) { remove(row, "description") },
	"attachments": func(row map[string]any) {
		if row["owner_domain"] != "marks" {
			remove(row, "role")
		}
		if row["kind"] != "link" {
			remove(row, "url")
		}
		remove(row, "kind")
	},
	"questions": func(row map[string]any) { remove(row, "content", "answered_by") },
	"menus":     func(map[string]any) {},
	"links": func(row map[string]any) {
		if row["partner"] != "" {
			remove(row, "title", "url", "comment")
		}
	},
	"persons": func(row map[string]any) {
		row["phone"] = strings.ReplaceAll(row["phone"].(string), " ", "")
		remove(row, "name", "kind", "landline")
	},
	"wallets": func(row map[string]any) {
		row["balance"] = math.Trunc(row["balance"].(float64)) + 0 // it leaves out the cents
		remove(row, "balance_text")
	},
	"discussions": func(row map[string]any) {
		remove(row, "people", "kind", "can_reply", "started_at", "last_message_at") // it reckons the last from the day of today
	},
	"messages": func(row map[string]any) {
		row["text"] = row["content"]
		if row["content_html"] != nil {
			row["text"] = row["content_html"]
		}
		remove(row, "content", "content_html", "role", "own", "read")
	},
	"infos":       func(row map[string]any) { remove(row, "content", "recipient", "anonymous", "answered") },
	"evaluations": func(row map[string]any) { remove(row, "year", "domain") },
	"skills":      func(row map[string]any) { remove(row, "level_kind", "comment") },
	"reports": func(row map[string]any) {
		for column := range row {
			if column != "period" && column != "comments" {
				delete(row, column)
			}
		}
	},
	"report_subjects": func(row map[string]any) { remove(row, "position", "within") },
	"absences": func(row map[string]any) {
		firstReason(row)
		remove(row, "year", "period", "justification")
	},
	"delays": func(row map[string]any) {
		firstReason(row)
		if row["justified"] == 0.0 || row["justification"] == "" {
			row["justification"] = nil
		}
		remove(row, "year", "period")
	},
	"punishments": func(row map[string]any) {
		if row["kind"] == "measure" {
			remove(row, "outside_lessons", "homework", "minutes")
		} else {
			remove(row, "decider", "comment", "starts_at", "ends_at", "barred_from")
		}
		remove(row, "year", "period", "kind", "given_at", "incident", "receipt_wanted", "receipt_given")
	},
	"observations": func(row map[string]any) { remove(row, "year", "period", "category", "giver", "starts_at", "ends_at") },
}

// unread reports whether pawnote 1.6.2 leaves out such rows: it knows measures by
// the number that they had before 2025.1.3, of the book only observations, no parts
// of subjects in reports, and no agenda.
func unread(domain, version string, row map[string]any) bool {
	switch domain {
	case "attachments":
		switch row["owner_domain"] {
		case "absences", "agenda":
			return true
		case "punishments":
			return row["role"] == "circumstances" // it reads some, those of sanctions not
		}
		return row["owner_domain"] == "homework" && row["role"] == "correction"
	case "punishments":
		return row["kind"] == "sanction" || row["kind"] == "measure" && version >= "2025.1.3"
	case "observations":
		return !slices.Contains([]any{"notebook", "observation", "encouragement", "other"}, row["kind"])
	case "report_subjects":
		return row["within"] != ""
	}
	return false
}

// firstReason is the only one that pawnote reads.
func firstReason(row map[string]any) {
	reason, _, _ := strings.Cut(row["reasons"].(string), ", ")
	row["reason"] = any(reason)
	if reason == "" {
		row["reason"] = nil
	}
	remove(row, "reasons")
}

func remove(row map[string]any, columns ...string) {
	for _, column := range columns {
		delete(row, column)
	}
}

// sorted writes rows as texts, in order.
func sorted(rows []map[string]any) []string {
	texts := []string{}
	for _, row := range rows {
		text, err := json.Marshal(row)
		if err != nil {
			panic(err)
		}
		texts = append(texts, string(text))
	}
	slices.Sort(texts)
	return texts
}

func (s openSchool) get(path string, into any) {
	s.t.Helper()
	resp, err := http.Get(s.Control + path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", resp.Status, text)
	}
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// qr is a new QR code of an account, under the PIN 4711.
func (s openSchool) qr(kind string) string {
	s.t.Helper()
	resp, err := http.Post(s.Control+"/qr?pin=4711&viewer="+kind, "", nil)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		s.t.Fatal(resp.Status, err)
	}
	return string(text)
}

// checkRequests looks whether the school refused anything.
func (s openSchool) checkRequests() {
	s.t.Helper()
	resp, err := http.Get(s.Control + "/requests")
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	kept := 0
	for lines := json.NewDecoder(resp.Body); lines.More(); {
		var request struct {
			Function string
			Refused  int
		}
		if err := lines.Decode(&request); err != nil {
			s.t.Fatal(err)
		}
		if request.Refused != 0 {
			s.t.Errorf("%s was refused with code %d", request.Function, request.Refused)
		}
		if request.Function == "Presence" || request.Function == "Navigation" {
			kept++
		}
	}
	if kept < 2 {
		s.t.Errorf("%d sessions were kept alive, want 2", kept)
	}
}
