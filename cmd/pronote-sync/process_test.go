package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

// A home is a family's folder with a configuration, and what it is about: the
// children's school, and the place where messages arrive.
type home struct {
	t     testing.TB
	dir   string
	env   []string
	typed string // on standard input
	*campus
	mail *mailroom
}

// autumn is a school day in a busy period.
var autumn = pronote.Date{Year: 2025, Month: time.November, Day: 18}

// newHome follows the parent's account of a school, as fast as it can. Maman is
// told everything.
func newHome(t testing.TB) *home {
	t.Helper()
	h := &home{t: t, dir: t.TempDir(), campus: openCampus(t, 1, autumn, pronotetest.Options{}), mail: openMailroom(t)}
	h.configure(h.settings("pronotevs", "maman"))
	return h
}

// hasty is the part of a configuration that makes the program look at a school
// every second.
var hasty = "[schedule]\n" + everySecond() + `keepalive = "@every 1s"
hours = "00:00-00:00"
jitter = "0s"

[budget]
spacing = "0s"
requests_per_hour = 2000
requests_per_day = 2000
logins_per_day = 24
`

func everySecond() (text string) {
	for _, d := range config.Domains() {
		text += d.Name + " = \"@every 1s\"\n"
	}
	return text
}

// settings is a configuration with a password and recipients.
func (h *home) settings(password string, recipients ...string) string {
	text := hasty + account("famille", h.url, password)
	for _, name := range recipients {
		text += fmt.Sprintf("\n[[notify]]\nname = %q\nchannel = \"webhook\"\nurl = %q\nevents = [\"*\"]\n", name, h.mail.url+"/"+name)
	}
	return text
}

func account(name, url, password string) string {
	return fmt.Sprintf("\n[[account]]\nname = %q\nurl = %q\nkind = \"parent\"\nusername = %q\npassword = %q\n", name, url, pronotetest.Username, password)
}

func (h *home) path(name string) string { return filepath.Join(h.dir, name) }

func (h *home) configure(text string) {
	h.t.Helper()
	if err := os.WriteFile(h.path("config.toml"), []byte(text), 0o600); err != nil {
		h.t.Fatal(err)
	}
}

// mirror is the path of the database.
func (h *home) mirror() string { return h.path("pronote.db") }

// A process is the program at work.
type process struct {
	t              testing.TB
	cmd            *exec.Cmd
	stdout, stderr output
	ended          chan struct{}
}

// start runs the program in a home, on the clock of its school if it has one.
func (h *home) start(args ...string) *process {
	h.t.Helper()
	return h.launch("pronote-sync", args...)
}

// launch does the same with any program of TestMain.
func (h *home) launch(program string, args ...string) *process {
	h.t.Helper()
	return h.launchAs(program, func(*exec.Cmd) {}, args...)
}

// launchAs lets the command be changed before it is started.
func (h *home) launchAs(program string, change func(*exec.Cmd), args ...string) *process {
	h.t.Helper()
	p := &process{t: h.t, cmd: exec.Command(program, args...), ended: make(chan struct{})}
	p.cmd.Dir, p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = h.dir, strings.NewReader(h.typed), &p.stdout, &p.stderr
	p.cmd.Env = append([]string{"HOME=" + h.dir, "PATH=" + os.Getenv("PATH"), promptEnd}, h.env...)
	if h.campus != nil {
		p.cmd.Env = append(p.cmd.Env, clockVariable+"="+h.clock())
	}
	change(p.cmd)
	if err := p.cmd.Start(); err != nil {
		h.t.Fatal(err)
	}
	go func() {
		_ = p.cmd.Wait() // how it ended is in ProcessState
		close(p.ended)
	}()
	h.t.Cleanup(func() {
		p.signal(os.Kill)
		<-p.ended
		if strings.Contains(p.stderr.String(), "DATA RACE") || h.t.Failed() {
			h.t.Errorf("%s %s:\n%s", program, strings.Join(args, " "), p.stderr.String())
		}
	})
	return p
}

// run runs the program to its end and returns its exit code.
func (h *home) run(args ...string) (code int, p *process) {
	h.t.Helper()
	p = h.start(args...)
	return p.wait(), p
}

func (p *process) signal(s os.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		p.t.Fatal(err)
	}
}

// wait waits for the end and returns the exit code; -1 after a signal.
func (p *process) wait() int {
	p.t.Helper()
	select {
	case <-p.ended:
	case <-time.After(patience):
		p.t.Fatal("the program does not end")
	}
	return p.cmd.ProcessState.ExitCode()
}

// leaves sends a signal that must end the program soon and in peace. It takes a
// second where a school does not answer, and some more on a machine that is busy
// with other tests; who waits for that school takes half a minute.
func (p *process) leaves(s os.Signal) {
	p.t.Helper()
	asked := time.Now()
	p.signal(s)
	code := p.wait()
	if took := time.Since(asked); code != 0 || took > 15*time.Second {
		p.t.Errorf("after %v it ended in %v with exit code %d", s, took.Round(time.Millisecond), code)
	}
}

// says waits until the program has written something on standard error, so many
// times.
func (p *process) says(text string, times int) {
	p.t.Helper()
	await(p.t, fmt.Sprintf("the program says %q %d times", text, times), func() bool {
		return strings.Count(p.stderr.String(), text) >= times
	})
}

// An output collects what a process writes.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}
