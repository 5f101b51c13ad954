package pronote_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

const megabyte = 1_000_000

// schoolWithFiles is a school with one piece of homework and its files.
func schoolWithFiles() (school *world.School, homework int) {
	school = world.NewSchool(7, 2025).Quiet()
	edits := school.Do(world.Add(world.Homework{
		Subject: school.Subjects()[0], DueOn: school.Now().AddDays(3), Text: []string{"Exercice 1"},
		Files: []pronote.Attachment{
			{Name: "../../sujet?.pdf"},
			{Name: "Vidéo", Kind: "link", URL: "https://videos.example.org/1"},
		},
		Returned: map[string]string{school.Pupil(): "mon devoir.pdf"}, Corrected: map[string]string{school.Pupil(): "corrigé.pdf"},
	}))
	return school, edits[0].ID
}

// homeworkFiles are the attachments of all homework, as a session lists them.
func homeworkFiles(t *testing.T, s *pronote.Session) (files []pronote.Attachment) {
	t.Helper()
	school := s.School()
	work, err := s.Homework(t.Context(), s.Students()[0], school.Starts, school.Ends)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range work {
		files = append(files, h.Attachments...)
	}
	return files
}

func download(ctx context.Context, s *pronote.Session, a pronote.Attachment, limit int64, resume pronote.Resume) (*pronote.File, []byte, error) {
	file, err := s.Download(ctx, a, limit, resume)
	if err != nil {
		return nil, nil, err
	}
	content, err := io.ReadAll(file)
	return file, content, errors.Join(err, file.Close())
}

// TestDownloadsOfEveryVersion reads each file that a school year lists, from
// homework, notices and marks, and compares it with what the school has.
func TestDownloadsOfEveryVersion(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"2022.0.3", "2025.2.8", "2026.2.5.7"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			school := schoolInDecember(t)
			server := pronotetest.NewServer(school, pronotetest.Options{Profile: profile(t, version), Encrypt: true})
			session := mustLogin(t, server.Transport())
			truth, pupil := school.Truth(pronote.KindStudent, school.Pupil()), session.Students()[0]
			counts := map[string]int{}
			check := func(id int, want, got []pronote.Attachment) {
				if len(got) != len(want) {
					t.Fatalf("%d attachments of %d, want %+v", len(got), id, want)
				}
				for i, a := range got {
					counts[a.Role+" "+a.Kind]++
					if a.Name != want[i].Name || a.Kind != want[i].Kind || a.Role != want[i].Role || a.URL != want[i].URL {
						t.Errorf("attachment %+v, want %+v", a, want[i])
					}
					if a.Downloadable() != (a.Kind == "file") {
						t.Errorf("%+v is downloadable: %t", a, a.Downloadable())
					}
					if _, content, err := download(t.Context(), session, a, megabyte, pronote.Resume{}); a.Downloadable() && (err != nil || !bytes.Equal(content, school.FileContent(id, a))) {
						t.Errorf("%+v: %d bytes, %v", a, len(content), err)
					}
				}
			}
			work, err := session.Homework(t.Context(), pupil, session.School().Starts, session.School().Ends)
			if err != nil {
				t.Fatal(err)
			}
			for i, row := range truth.Homework {
				check(row.ID, row.Value.Attachments, work[i].Attachments)
			}
			all, err := session.Infos(t.Context(), pupil)
			if err != nil {
				t.Fatal(err)
			}
			for i, row := range truth.Infos {
				if err := session.OpenInfo(t.Context(), pupil, &all[i]); err != nil {
					t.Fatal(err)
				}
				check(row.ID, row.Value.Attachments, all[i].Attachments)
			}
			given, _, err := session.Marks(t.Context(), pupil, pupil.Periods[1])
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range truth.Marks {
				if row.Value.Period == pupil.Periods[1].Name {
					check(row.ID, row.Value.Attachments, given[0].Attachments)
					given = given[1:]
				}
			}
			for _, kind := range []string{"document file", "document link", "document video", "returned file", "correction file"} {
				if counts[kind] == 0 {
					t.Errorf("there is no %s: %v", kind, counts)
				}
			}
		})
	}
}

// An identifier of one session means nothing in another, and what a mirror has
// read has none.
func TestDownloadOfAnotherSession(t *testing.T) {
	t.Parallel()
	school, _ := schoolWithFiles()
	server := pronotetest.NewServer(school, pronotetest.Options{})
	files := homeworkFiles(t, mustLogin(t, server.Transport()))
	other := mustLogin(t, server.Transport())
	if _, err := other.Download(t.Context(), files[0], megabyte, pronote.Resume{}); !errors.Is(err, pronote.ErrStale) {
		t.Errorf("a file of another session: %v, want ErrStale", err)
	}
	if _, err := other.Download(t.Context(), pronote.Attachment{Name: "a.pdf", Kind: "file"}, megabyte, pronote.Resume{}); !errors.Is(err, pronote.ErrNoFile) {
		t.Errorf("a file of no session: %v, want ErrNoFile", err)
	}
	if _, err := other.Download(t.Context(), files[1], megabyte, pronote.Resume{}); !errors.Is(err, pronote.ErrNoFile) {
		t.Errorf("a link: %v, want ErrNoFile", err)
	}
}

func TestDownloadGoesOn(t *testing.T) {
	t.Parallel()
	school, id := schoolWithFiles()
	server := pronotetest.NewServer(school, pronotetest.Options{})
	web := httptest.NewServer(server)
	t.Cleanup(web.Close)
	session, err := pronote.Login(t.Context(), web.URL+"/pronote/", student, nil)
	if err != nil {
		t.Fatal(err)
	}
	a := homeworkFiles(t, session)[0]
	want := school.FileContent(id, a)

	server.Inject(pronotetest.Fault{Kind: "truncated", Function: "FichiersExternes"})
	file, begun, err := download(t.Context(), session, a, megabyte, pronote.Resume{})
	if !errors.Is(err, pronote.ErrTruncated) || len(begun) != len(want)/2 || file.Size != int64(len(want)) {
		t.Fatalf("half a file: %d bytes of %d, %v", len(begun), len(want), err)
	}
	checkSentence(t, err)
	stopped := pronote.Resume{From: int64(len(begun)), Modified: file.Modified}
	for name, from := range map[string]struct {
		resume pronote.Resume
		from   int64
	}{
		"from the middle":    {stopped, stopped.From},
		"from the end":       {pronote.Resume{From: int64(len(want)), Modified: file.Modified}, 0},
		"past the end":       {pronote.Resume{From: int64(len(want)) + 5, Modified: file.Modified}, 0},
		"of a changed file":  {pronote.Resume{From: stopped.From, Modified: file.Modified.Add(time.Hour)}, 0},
		"of an unknown time": {pronote.Resume{From: stopped.From}, 0},
	} {
		file, rest, err := download(t.Context(), session, a, megabyte, from.resume)
		if err != nil || file.From != from.from || file.Size != int64(len(want)) || !bytes.Equal(rest, want[from.from:]) {
			t.Errorf("%s: %d bytes from %+v, %v", name, len(rest), file, err)
		}
	}
}

func TestDownloadsThatFail(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]error{
		"reset": io.ErrUnexpectedEOF, "lost": io.ErrUnexpectedEOF, "stall": context.DeadlineExceeded, "truncated": pronote.ErrTruncated, "huge": pronote.ErrTooLarge,
		"oversize": pronote.ErrTooLarge, "html": pronote.ErrNotPRONOTE, "closed": pronote.ErrClosed, "busy": pronote.ErrBusy,
		"banned": &pronote.BlockedError{}, "429": &pronote.HTTPError{}, "500": &pronote.HTTPError{}, "503": &pronote.HTTPError{}, "expired": pronote.ErrStale, "redirect": nil,
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				school, _ := schoolWithFiles()
				server := pronotetest.NewServer(school, pronotetest.Options{})
				session := mustLogin(t, server.Transport())
				a := homeworkFiles(t, session)[0]
				server.Inject(pronotetest.Fault{Kind: kind, Function: "FichiersExternes"})
				_, content, err := download(t.Context(), session, a, megabyte, pronote.Resume{})
				var blocked *pronote.BlockedError
				var status *pronote.HTTPError
				switch {
				case err == nil:
					t.Fatalf("%d bytes and no error", len(content))
				case kind == "banned" && !errors.As(err, &blocked), errors.As(want, new(*pronote.HTTPError)) && !errors.As(err, &status):
					t.Errorf("got %s, want %T", describe(err), want)
				case kind == "redirect" && !strings.Contains(err.Error(), "elsewhere.test"):
					t.Errorf("got %s", describe(err))
				case kind != "banned" && kind != "redirect" && !errors.As(want, new(*pronote.HTTPError)) && !errors.Is(err, want):
					t.Errorf("got %s, want %v", describe(err), want)
				}
				checkSentence(t, err)
				server.ClearFaults()
				if _, _, err := download(t.Context(), session, a, megabyte, pronote.Resume{}); err != nil {
					t.Errorf("the next download: %v", err)
				}
			})
		})
	}
}

// A file that comes slowly is no failure; one that stops coming is.
func TestDownloadThatStops(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		school, _ := schoolWithFiles()
		server := pronotetest.NewServer(school, pronotetest.Options{})
		r := relayTo(server)
		session := mustLogin(t, r)
		a := homeworkFiles(t, session)[0]
		for _, pauses := range []struct {
			between time.Duration
			want    error
		}{{20 * time.Second, nil}, {40 * time.Second, pronote.ErrTruncated}} {
			r.instead = func(_ string, req *http.Request) (*http.Response, error) {
				body, w := io.Pipe()
				context.AfterFunc(req.Context(), func() { _ = w.CloseWithError(req.Context().Err()) }) // as the network does
				go func() {
					for range 5 {
						time.Sleep(pauses.between)
						if _, err := w.Write([]byte("x")); err != nil {
							return
						}
					}
					_ = w.Close()
				}()
				return &http.Response{StatusCode: 200, Header: http.Header{}, Body: body, ContentLength: 5, Request: req}, nil
			}
			_, content, err := download(t.Context(), session, a, megabyte, pronote.Resume{})
			if !errors.Is(err, pauses.want) || pauses.want == nil && len(content) != 5 {
				t.Errorf("a byte every %s: %q, %v", pauses.between, content, err)
			}
			r.instead = nil
			time.Sleep(time.Minute) // for the writer to notice
		}
	})
}
