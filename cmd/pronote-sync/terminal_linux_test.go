package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

// TestSecretsAreNotShownOnATerminal types a PIN at a terminal, which must not
// show it, and interrupts the question, after which the terminal must show what
// is typed again.
func TestSecretsAreNotShownOnATerminal(t *testing.T) {
	t.Parallel()
	h := &home{t: t, dir: t.TempDir(), campus: openCampus(t, 1, autumn, pronotetest.Options{})}
	h.configure(hasty + fmt.Sprintf("[[account]]\nname = \"lea\"\nurl = %q\nlogin = \"token\"\n", h.url))

	d := h.sitDown("login", "lea")
	d.process.says("rien pour utiliser le mot de passe\u00a0: ", 1)
	d.types(h.server.Load().QR(pronote.KindStudent, "4826", h.url) + "\n")
	d.process.says("Les quatre chiffres choisis pour le QR code (ne s'affiche pas)\u00a0: ", 1)
	d.hides()
	d.types("4826\n")
	if code := d.process.wait(); code != exitOK {
		t.Fatalf("exit code %d", code)
	}
	if shown := d.standUp(); strings.Contains(shown, "4826") || !strings.Contains(shown, "jeton") {
		t.Errorf("the terminal shows %q", shown)
	}

	d = h.sitDown("login", "lea", "--password")
	d.process.says("page de PRONOTE\u00a0: ", 1)
	d.types("demonstration\n")
	d.process.says("Mot de passe (ne s'affiche pas)\u00a0: ", 1)
	d.hides()
	d.types("half a pass\x03") // Ctrl-C
	if code := d.process.wait(); code != exitFailure || !strings.Contains(d.process.stderr.String(), "arrêté avant la fin") {
		t.Errorf("exit code %d", code)
	}
	if !d.echoes() {
		t.Error("the terminal goes on hiding what is typed")
	}
	if shown := d.standUp(); strings.Contains(shown, "half") {
		t.Errorf("the terminal shows %q", shown)
	}
}

// A desk is a program at a terminal.
type desk struct {
	process        *process
	screen, inside *os.File // the two ends of the terminal
}

// sitDown starts the program at a terminal of its own, but for its results and
// its errors, which go elsewhere.
func (h *home) sitDown(args ...string) *desk {
	h.t.Helper()
	return h.sitDownWith(func(*exec.Cmd, *desk) {}, args...)
}

// sitDownWith lets the command be changed before it is started.
func (h *home) sitDownWith(change func(*exec.Cmd, *desk), args ...string) *desk {
	h.t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		h.t.Skip("this machine has no terminals to give: ", err)
	}
	number, err := unix.IoctlGetInt(int(screen.Fd()), unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(int(screen.Fd()), unix.TIOCSPTLCK, 0)
	}
	if err != nil {
		h.t.Fatal(err)
	}
	inside, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		h.t.Fatal(err)
	}
	d := &desk{screen: screen, inside: inside}
	d.process = h.launchAs("pronote-sync", func(cmd *exec.Cmd) {
		cmd.Stdin = inside
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
		change(cmd, d)
	}, args...)
	return d
}

func (d *desk) types(text string) {
	d.process.t.Helper()
	if _, err := io.WriteString(d.screen, text); err != nil {
		d.process.t.Fatal(err)
	}
}

func (d *desk) echoes() bool {
	state, err := unix.IoctlGetTermios(int(d.inside.Fd()), unix.TCGETS)
	return err == nil && state.Lflag&unix.ECHO != 0
}

// hides waits until the terminal does not show what is typed.
func (d *desk) hides() {
	d.process.t.Helper()
	await(d.process.t, "the terminal hides what is typed", func() bool { return !d.echoes() })
}

// standUp leaves the terminal, and returns what it showed.
func (d *desk) standUp() string {
	_ = d.inside.Close()             // the last on that side
	shown, _ := io.ReadAll(d.screen) // which ends with an error when the other side has gone
	_ = d.screen.Close()
	return string(shown)
}
