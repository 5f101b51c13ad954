package main

import (
	"database/sql"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/robfig/cron/v3"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
	"github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/school"
)

// midYear is when every kind of data has rows.
var midYear = pronote.DateTime{Date: pronote.Date{Year: 2025, Month: time.December, Day: 16}, Hour: 17}

// TestOnePollMirrorsTheTruth polls each version of PRONOTE for both kinds of
// accounts, one of them encrypted and the other not, with and without TLS. The
// mirror then holds what the school shows, row by row.
func TestOnePollMirrorsTheTruth(t *testing.T) {
	t.Parallel()
	school := world.NewSchool(4, 2025)
	school.AdvanceTo(midYear)
	school.Quiet()
	survey := school.Do(world.Add(world.Info{Title: "Sortie au musée", Author: "M. DELMASSE É.", Category: "Divers", Survey: true, Text: []string{"Viendrez-vous ?"}}))
	school.Do(world.Answer(survey[0].ID, school.Parent(), 1))
	readAll(school)
	for _, kind := range []pronote.Kind{pronote.KindStudent, pronote.KindParent} {
		truth := school.Mirror(kind)
		checkFull(t, truth)
		for _, options := range everyOptions(kind) {
			server := pronotetest.NewServer(school, options)
			tls := options.Encrypt != options.Compress
			name := fmt.Sprintf("%s/%s/encrypt=%t/compress=%t/tls=%t", options.Profile.Version, kind, options.Encrypt, options.Compress, tls)
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				checkMirror(t, pollOnce(t, server, kind, tls), truth, midYear.Monday())
			})
		}
	}
}

// TestOnePollMirrorsChildrenOfTwoClasses is the same for a parent whose youngest
// child is in another class, with periods of its own and without marks.
func TestOnePollMirrorsChildrenOfTwoClasses(t *testing.T) {
	t.Parallel()
	old, err := pronotetest.ProfileOf("2024.1.8")
	if err != nil {
		t.Fatal(err)
	}
	school := world.NewFamily(4, 2025)
	school.AdvanceTo(midYear)
	school.Quiet()
	readAll(school)
	truth := school.Mirror(pronote.KindParent)
	checkFull(t, truth)
	for _, profile := range []pronotetest.Profile{old, pronotetest.Newest()} {
		t.Run(profile.Version, func(t *testing.T) {
			t.Parallel()
			server := pronotetest.NewServer(school, pronotetest.Options{Profile: profile, Encrypt: true, Compress: true})
			path := pollOnce(t, server, pronote.KindParent, true)
			checkMirror(t, path, truth, midYear.Monday())
			for _, r := range server.Requests() {
				if r.Refused != 0 {
					t.Errorf("%s of %s is refused with code %d", r.Function, r.Pupil, r.Refused)
				}
			}
		})
	}
}

// everyOptions are all versions, each with two of the four ways to send answers: one
// for each kind of account, and of two versions that follow each other one has what
// the other has not. Under the race detector they are the newest.
func everyOptions(kind pronote.Kind) (all []pronotetest.Options) {
	for i, profile := range pronotetest.Profiles {
		if raced && profile.Version != pronotetest.Newest().Version {
			continue
		}
		encrypt := (kind == pronote.KindParent) == (i%4 < 2)
		all = append(all, pronotetest.Options{Profile: profile, Encrypt: encrypt, Compress: encrypt == (i%2 == 0)})
	}
	return all
}

// readAll lets everybody have read all notices: from then on opening one
// changes nothing, so that one school can serve all tests.
func readAll(school *world.School) {
	for _, kind := range []pronote.Kind{pronote.KindStudent, pronote.KindParent} {
		for _, child := range school.Children() {
			for _, row := range school.Truth(kind, child).Infos {
				school.Do(world.MarkRead(row.ID, child), world.MarkRead(row.ID, school.Parent()))
			}
		}
	}
}

// checkFull makes sure that there is something to compare of every kind of data.
func checkFull(t *testing.T, owners map[string]world.Truth) {
	t.Helper()
	rows := map[string]int{}
	for _, truth := range owners {
		for domain, list := range world.Columns(truth) {
			rows[domain] += len(list)
		}
	}
	for domain, n := range rows {
		if n == 0 {
			t.Errorf("there are no %s to compare", domain)
		}
	}
}

// pollOnce mirrors an account on the network into a new database.
func pollOnce(t *testing.T, server *pronotetest.Server, kind pronote.Kind, tls bool) (path string) {
	t.Helper()
	site := httptest.NewUnstartedServer(server)
	if tls {
		site.StartTLS()
	} else {
		site.Start()
	}
	t.Cleanup(site.Close)
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "pronote.db")
	store, err := db.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	}()
	spans := school.UsualSpans
	spans.Agenda = 52 // else the first polls share it
	source := school.New(school.Account{
		URL: site.URL + "/pronote/", Opening: school.OpenRead, Spans: spans, Transport: site.Client().Transport,
		Credentials: pronote.Credentials{Kind: kind, Username: pronotetest.Username, Password: pronote.NewSecret(pronotetest.Password)},
		Log:         slog.New(slog.DiscardHandler),
	})
	engine, err := sync.New(t.Context(), sync.Config{
		Store: store,
		Accounts: []sync.Account{{
			Name: "famille", Kind: sync.Kind(kind), Source: source, Fingerprint: "first", Location: paris,
		}},
		Plan:   everything(),
		Budget: sync.Budget{PerHour: 1000, PerDay: 1000, LoginsPerDay: 1},
		Log:    slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})),
		Now:    func() time.Time { return midYear.In(paris) },
		Rand:   rand.New(rand.NewPCG(1, 1)),
	})
	if err != nil {
		t.Fatal(err)
	}
	result, err := engine.Poll(t.Context(), "famille")
	if err != nil || result.Doubted {
		t.Fatalf("poll: %v, %+v", err, result)
	}
	for _, d := range result.Domains {
		if d.Err != nil || d.Unavailable || d.Seen == 0 {
			t.Errorf("%+v", d)
		}
	}
	return path
}

// everything is a plan that leaves no kind of data out.
func everything() sync.Plan {
	plan := sync.Plan{KeepAlive: cron.Every(time.Hour), Domains: map[string]cron.Schedule{}}
	for _, domain := range school.Domains() {
		plan.Domains[domain.Name] = cron.Every(time.Hour)
	}
	return plan
}

// checkMirror compares each row of a mirror with what the school shows of each
// owner. What it has of menus is compared from a day on.
func checkMirror(t testing.TB, path string, owners map[string]world.Truth, menus pronote.Date) {
	t.Helper()
	mirror, err := openFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer mirror.Close()
	for student, truth := range owners {
		for domain, rows := range world.Columns(truth) {
			checkView(t, mirror, domain, student, rows, menus)
		}
	}
}

func checkView(t testing.TB, mirror *sql.DB, view, student string, rows []map[string]any, menus pronote.Date) {
	t.Helper()
	columns := []string{"uid"} // of a row that should not be there
	if len(rows) > 0 {
		columns = slices.Sorted(maps.Keys(rows[0]))
	}
	var got, want []string
	for _, row := range rows {
		var texts []string
		for _, column := range columns {
			text := "NULL"
			if row[column] != nil {
				text = fmt.Sprint(row[column])
			}
			texts = append(texts, text)
		}
		want = append(want, strings.Join(texts, "|"))
	}
	query := fmt.Sprintf(`SELECT %s FROM %s WHERE student = '%s'`, strings.Join(columns, ", "), view, student)
	if view == "menus" { // those of the past were mirrored if the program happened to live then
		query += fmt.Sprintf(` AND date >= '%s'`, menus)
	}
	mirrored, err := queryOn(mirror, query)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range mirrored {
		got = append(got, strings.Join(row, "|"))
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s of %q are not what the school shows (-want +got):\n%s", view, student, diff)
	}
}
