package main

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/png"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/pronote-sync/pronote-sync/cas"
	"github.com/pronote-sync/pronote-sync/cas/castest"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// TestScript runs the scripts, which read as sessions at a terminal. Besides
// testscript's own commands they have those of the stage.
func TestScript(t *testing.T) {
	t.Parallel()
	commands := map[string]func(*testscript.TestScript, bool, []string){}
	for name, command := range map[string]func(*stage, []string){
		"school": (*stage).ofSchool, "mailroom": (*stage).ofMailroom, "exits": (*stage).exits, "until": (*stage).until,
		"terminate": (*stage).terminate, "expand": (*stage).expand, "sql": (*stage).sql, "paste": (*stage).paste, "files": (*stage).listFiles,
		"hold": (*stage).hold, "release": (*stage).release, "services": (*stage).ofServices,
	} {
		commands[name] = func(ts *testscript.TestScript, neg bool, args []string) {
			if neg {
				ts.Fatalf("%s cannot be negated", name)
			}
			s := ts.Value(stageKey{}).(*stage)
			s.TestScript = ts
			command(s, args)
		}
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", RequireUniqueNames: true, Cmds: commands,
		Setup: func(env *testscript.Env) error {
			env.Vars = append(env.Vars, promptEnd)
			env.Values[stageKey{}] = &stage{t: env.T().(testing.TB), files: map[string]string{}}
			return nil
		},
		Condition: func(name string) (bool, error) {
			switch name {
			case "root":
				return os.Getuid() == 0, nil
			case "disks": // on-a-disk works here
				return exec.Command("on-a-disk", "4k", os.TempDir(), "true").Run() == nil, nil
			}
			return false, fmt.Errorf("unknown condition %s", name)
		},
	})
}

// A stage is what a script plays on: a school and a mailroom in this process.
type stage struct {
	*testscript.TestScript
	t      testing.TB
	campus *campus
	portal *castest.Stage
	mail   *mailroom
	abroad *services
	told   int // letters that were shown
	held   *sql.DB
	files  map[string]string // as they were before their variables were replaced
}

type stageKey struct{}

// ofSchool is the command school:
//
//	school open [-day DAY] [-version V] [-newer] [-tls]   sets $SCHOOL and $CONTROL
//	school advance DAYS         lets school days go by, with all that happens
//	school mark TITLE SCORE     gives the pupil a mark
//	school info TITLE TEXT      publishes an information
//	school homework TEXT FILE   gives homework in mathematics, with a file
//	school fault KIND [FUNCTION]
//	school password PASSWORD    is the right one from now on
//	school refuse CODE          lets nobody in
//	school ban
//	school hide TAB             switches a part of PRONOTE off
//	school qr FILE PIN [parent] makes a QR code: FILE.json has its text, FILE.png shows it
//	school picture FILE [TEXT]  makes a picture of another code, or of none
//	school revoke               voids all tokens
//	school protect PIN          asks new devices for it
//	school demand STEP          asks all logins for it
//	school portal ID            sends logins to a portal, from now on
//	school portal ID MISHAP     where that goes wrong
//	school asked                prints where the portal, and others, were posted something
//	school requests             prints how many logins there were, and how many were refused
func (s *stage) ofSchool(args []string) {
	server := func() *pronotetest.Server { return s.campus.server.Load() }
	switch verb, rest := args[0], append(args[1:], "", ""); verb {
	case "open":
		s.openSchool(args[1:])
	case "advance":
		s.campus.AdvanceTo(pronote.DateTime{Date: s.campus.Now().AddDays(s.number(rest[0])), Hour: 18})
	case "mark":
		s.campus.mark(rest[0], rest[1])
	case "info":
		s.campus.Do(world.Add(world.Info{Title: rest[0], Author: "Mme FAURELLE S.", Category: "Vie scolaire", Text: []string{rest[1]}}))
	case "homework":
		s.campus.Do(world.Add(world.Homework{
			Subject: "MATHEMATIQUES", DueOn: s.campus.Now().AddDays(2), Text: []string{rest[0]}, Files: []pronote.Attachment{{Name: rest[1]}},
		}))
	case "fault":
		server().Inject(pronotetest.Fault{Kind: rest[0], Function: rest[1]})
	case "password":
		server().SetPassword(rest[0])
	case "refuse":
		server().Refuse(s.number(rest[0]), "")
	case "ban":
		server().Ban(true)
	case "qr":
		viewer := pronote.KindStudent
		if rest[2] == "parent" {
			viewer = pronote.KindParent
		}
		text := server().QR(viewer, rest[1], s.campus.url)
		s.Check(os.WriteFile(s.MkAbs(rest[0]+".json"), []byte(text+"\n"), 0o600))
		s.draw(rest[0], text)
	case "picture":
		s.draw(rest[0], rest[1])
	case "revoke":
		server().Revoke()
		server().Rotate()
	case "protect":
		server().Protect(rest[0])
	case "demand":
		server().Demand(s.number(rest[0]))
	case "hide":
		server().HideTab(s.number(rest[0]), true)
	case "portal":
		s.openPortal(rest[0], castest.Mishap(rest[1]))
	case "asked":
		var posts strings.Builder
		for _, r := range s.portal.Requests() {
			if r.Method == http.MethodPost && !strings.HasPrefix(r.Path, "/pronote/") {
				_, _ = fmt.Fprintln(&posts, r.Host, r.Path)
			}
		}
		_, _ = io.WriteString(s.Stdout(), posts.String())
	case "requests":
		accepted, refused := s.campus.logins()
		_, _ = fmt.Fprintf(s.Stdout(), "%d logins, %d refused\n", accepted, refused)
	default:
		s.Fatalf("school %s?", verb)
	}
	if s.campus != nil {
		s.Setenv(clockVariable, s.campus.clock())
	}
}

// openPortal gives the school a portal, and both of them names and certificates.
// The password is the pupil's own with PRONOTE.
func (s *stage) openPortal(id string, mishap castest.Mishap) {
	p, err := cas.Portals().Find(id)
	s.Check(err)
	if s.portal, err = castest.Open(p, castest.Person{Username: pronotetest.Username, Password: pronotetest.Password}); err != nil {
		s.Fatalf("%v", err)
	}
	s.Defer(s.portal.Close)
	s.portal.Mishap = mishap
	s.campus.server.Store(pronotetest.NewServer(s.campus.School, pronotetest.Options{Delegation: &pronotetest.Delegation{
		Login: castest.Login(p),
		Validate: func(ticket, service string) (world.Viewer, bool) {
			return pronote.KindStudent, s.portal.Validate(ticket, service)
		},
	}}))
	const host = "0061234x.index-education.net"
	s.portal.Serve(host, s.campus)
	s.campus.url = "https://" + host + "/pronote/"
	s.Setenv("SCHOOL", s.campus.url)
	s.Setenv(netVariable, s.portal.Address()+" "+hex.EncodeToString(s.portal.Authority()))
}

// draw puts a QR code into a picture.
func (s *stage) draw(name, text string) {
	var code image.Image = image.NewGray(image.Rect(0, 0, 400, 400))
	if text != "" {
		matrix, err := qrcode.NewQRCodeWriter().EncodeWithoutHint(text, gozxing.BarcodeFormat_QR_CODE, 400, 400)
		s.Check(err)
		code = matrix
	}
	var picture bytes.Buffer
	s.Check(png.Encode(&picture, code))
	s.Check(os.WriteFile(s.MkAbs(name+".png"), picture.Bytes(), 0o600))
}

func (s *stage) openSchool(args []string) {
	flags := flag.NewFlagSet("school open", flag.ContinueOnError)
	day := flags.String("day", "2025-11-17", "")
	version := flags.String("version", "", "")
	newer := flags.Bool("newer", false, "")
	encrypted := flags.Bool("tls", false, "")
	s.Check(flags.Parse(args))
	date, err := pronote.ParseDate(*day)
	s.Check(err)
	profile := pronotetest.Newest()
	if *version != "" {
		profile, err = pronotetest.ProfileOf(*version)
		s.Check(err)
	}
	if *newer { // and, what is worse, it does not understand us
		profile.Version, profile.Generation = "2031.1.0.0", pronotetest.Profiles[0].Generation
	}
	s.campus = openCampus(s.t, 1, date, pronotetest.Options{Profile: profile})
	s.Setenv("SCHOOL", s.campus.url)
	s.Setenv("CONTROL", s.campus.control)
	if *encrypted { // with a certificate that nobody has signed
		server := httptest.NewTLSServer(s.campus)
		s.Defer(server.Close)
		s.Setenv("SCHOOL", server.URL+"/pronote/")
	}
}

// ofMailroom is the command mailroom:
//
//	mailroom open             sets $MAIL, below which each recipient has a path
//	mailroom answers STATUS   to whatever comes from now on
//	mailroom letters          prints what came since it was last asked
func (s *stage) ofMailroom(args []string) {
	switch verb := args[0]; verb {
	case "open":
		s.mail = openMailroom(s.t)
		s.Setenv("MAIL", s.mail.url)
	case "answers":
		s.mail.status.Store(int64(s.number(args[1])))
	case "letters":
		letters, out := s.mail.received(), s.Stdout()
		for _, l := range letters[s.told:] {
			_, _ = fmt.Fprintf(out, "to %s: %s\n%s\n", l.To, l.Title, l.Message)
		}
		s.told = len(letters)
	default:
		s.Fatalf("mailroom %s?", verb)
	}
}

func (s *stage) number(text string) int {
	n, err := strconv.Atoi(text)
	s.Check(err)
	return n
}

// exits runs a command that must fail with an exit code, and hold its errors to
// the rules: there is nothing else on standard error but warnings and notes, and each is
// on a line of its own, one sentence without capital and full stop, with the next
// thing to do after a colon or in an apposition.
func (s *stage) exits(args []string) {
	err := s.Exec(args[1], args[2:]...)
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != s.number(args[0]) {
		s.Fatalf("exit code %s was expected, not %v", args[0], err)
	}
	var errs []string
	for line := range strings.Lines(s.ReadFile("stderr")) {
		if !strings.HasPrefix(line, "pronote-sync: warning: ") && !strings.HasPrefix(line, "pronote-sync: attention : ") && !strings.HasPrefix(line, "pronote-sync: note: ") && !strings.HasPrefix(line, "pronote-sync: note : ") {
			errs = append(errs, strings.TrimRight(line, "\n"))
		}
	}
	if len(errs) == 0 {
		s.Fatalf("nothing is said")
	}
	for _, line := range errs {
		text, ok := strings.CutPrefix(line, "pronote-sync: ")
		first, _ := utf8.DecodeRuneInString(text)
		if !ok || unicode.IsUpper(first) && !strings.HasPrefix(text, "PRONOTE") || strings.HasSuffix(text, ".") || !strings.Contains(text, ": ") {
			s.Fatalf("not as errors are written here: %s", line)
		}
	}
}

// until runs a command again and again until its output matches a pattern.
func (s *stage) until(args []string) {
	pattern, err := regexp.Compile(args[0])
	s.Check(err)
	if !happens(func() bool { return s.Exec(args[1], args[2:]...) == nil && pattern.MatchString(s.ReadFile("stdout")) }) {
		s.Fatalf("%s is not to be seen", args[0])
	}
}

// terminate sends SIGTERM to what runs in the background.
func (s *stage) terminate([]string) {
	for _, cmd := range s.BackgroundCmds() {
		s.Check(cmd.Process.Signal(syscall.SIGTERM))
	}
}

// expand replaces the variables in files, again if it did so before. Only their
// owner can read them then.
func (s *stage) expand(args []string) {
	for _, name := range args {
		path := s.MkAbs(name)
		if s.files[path] == "" {
			s.files[path] = s.ReadFile(name)
		}
		s.Check(os.WriteFile(path, []byte(os.Expand(s.files[path], s.Getenv)), 0o600))
		s.Check(os.Chmod(path, 0o600))
	}
}

// sql runs statements on a database and prints the rows.
func (s *stage) sql(args []string) {
	out := s.Stdout()
	for _, statement := range args[1:] {
		rows, err := query(s.MkAbs(args[0]), statement)
		s.Check(err)
		for _, row := range rows {
			_, _ = fmt.Fprintln(out, strings.Join(row, "|"))
		}
	}
}

// hold locks a database for writing, as another program would; release lets go.
func (s *stage) hold(args []string) {
	var err error
	s.held, err = sql.Open("sqlite", s.MkAbs(args[0]))
	s.Check(err)
	s.Defer(func() { _ = s.held.Close() }) // released already, but after a failure
	s.held.SetMaxOpenConns(1)
	_, err = s.held.Exec("BEGIN IMMEDIATE")
	s.Check(err)
}

func (s *stage) release([]string) { s.Check(s.held.Close()) }

// paste runs the last lines of the last output as SQL, which must find rows.
func (s *stage) paste(args []string) {
	lines := strings.Split(strings.TrimSpace(s.ReadFile("stdout")), "\n")
	for _, statement := range lines[len(lines)-s.number(args[0]):] {
		rows, err := query(s.MkAbs(args[1]), statement)
		s.Check(err)
		if len(rows) == 0 {
			s.Fatalf("no rows for %s", statement)
		}
	}
}

// listFiles is the command files: it prints each file of a folder with its mode and a digest.
func (s *stage) listFiles(args []string) {
	root := s.MkAbs(args[0])
	s.Check(filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		sum := sha256.New()
		if info.Mode().IsRegular() && !strings.HasSuffix(path, "-shm") { // which is memory that SQLite's readers share
			file, err := os.Open(path)
			if err != nil {
				return err
			}
			defer file.Close()
			if _, err := io.Copy(sum, file); err != nil {
				return err
			}
		}
		_, err = fmt.Fprintf(s.Stdout(), "%s %x %s\n", info.Mode(), sum.Sum(nil)[:8], strings.TrimPrefix(path, root))
		return err
	}))
}
