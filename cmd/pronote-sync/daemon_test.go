package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"

	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

// polled is in the log once for each poll that went well.
const polled = "msg=polled"

// lines are those of a program's log that hold a text.
func lines(p *process, text string) []string {
	all := strings.Split(p.stderr.String(), "\n")
	return slices.DeleteFunc(all, func(line string) bool { return !strings.Contains(line, text) })
}

func TestDaemonAtWork(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	started := time.Now()
	p := h.start("run")
	await(t, "the school is asked", func() bool { return h.requests.Load() > 0 })
	t.Logf("%v from the start to the first request", time.Since(started).Round(time.Millisecond))

	await(t, "the mirror is told of", func() bool { return h.mail.has("maman", "Suivi de PRONOTE en place") })
	h.mark("Contrôle sur les fractions", "15,5")
	await(t, "a mark is told", func() bool { return h.mail.has("maman", "Contrôle sur les fractions") })
	p.leaves(syscall.SIGTERM)
	if _, err := os.Stat(h.path("daemon.sock")); !os.IsNotExist(err) {
		t.Errorf("the socket remains: %v", err)
	}
	if accepted, refused := h.logins(); accepted != 1 || refused != 0 {
		t.Errorf("%d logins and %d refused, want one session for all polls", accepted, refused)
	}
	if errs := lines(p, "level=ERROR"); len(errs) > 0 {
		t.Errorf("it complained: %v", errs)
	}
}

func TestDaemonStopsWhileIdle(t *testing.T) {
	t.Parallel()
	for _, s := range []os.Signal{syscall.SIGTERM, os.Interrupt} {
		t.Run(s.String(), func(t *testing.T) {
			t.Parallel()
			h := newHome(t)
			p := h.start("run")
			p.says(polled, 1)
			p.leaves(s)
		})
	}
}

// A login takes five requests, and the logout, which stalls here too, is one.
func TestDaemonStopsWhileARequestStalls(t *testing.T) {
	t.Parallel()
	for name, answered := range map[string]int64{"page": 0, "login": 2, "first look": 6, "later look": 30} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHome(t)
			stalled := h.stallAfter(answered)
			p := h.start("run")
			<-stalled
			p.leaves(syscall.SIGTERM)
			if errs := lines(p, "level=ERROR"); len(errs) > 0 {
				t.Errorf("it complained: %v", errs)
			}
		})
	}
}

func TestDaemonStopsWhileADeliveryStalls(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	stalled := make(chan letter, 1)
	h.mail.around.Store(ptr(func(_ http.ResponseWriter, r *http.Request, l letter, _ func()) {
		stalled <- l
		untilGone(r)
	}))
	p := h.start("run")
	before := <-stalled
	p.leaves(syscall.SIGTERM)

	// It is no failure of the channel, and the next run tells the same again.
	if rows := mustQuery(t, h.mirror(), `SELECT state, attempts FROM deliveries`); len(rows) != 1 || rows[0][0] != "pending" || rows[0][1] != "0" {
		t.Errorf("deliveries are %v", rows)
	}
	h.mail.around.Store(nil)
	p = h.start("run")
	await(t, "the message arrives", func() bool { return len(h.mail.received()) > 0 })
	if after := h.mail.received()[0]; after != before {
		t.Errorf("the message was %v, and is %v", before, after)
	}
	p.leaves(syscall.SIGTERM)
}

func TestDaemonAfterAKill(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	p := h.start("run")
	p.says(polled, 1)
	p.signal(os.Kill)
	p.wait()
	if _, err := os.Lstat(h.path("daemon.sock")); err != nil {
		t.Fatalf("there is no stale socket: %v", err)
	}
	p = h.start("run")
	p.says(polled, 1)
	if _, status := h.run("status"); !strings.Contains(status.stdout.String(), "le démon tourne") {
		t.Errorf("status says %s", status.stdout.String())
	}
	p.leaves(syscall.SIGTERM)
}

func TestDaemonReload(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	p := h.start("run")
	p.says(polled, 1)

	// A recipient who is added is told from then on.
	h.mark("Dictée", "12")
	await(t, "maman is told", func() bool { return h.mail.has("maman", "Dictée") })
	h.configure(h.settings("pronotevs", "maman", "papa"))
	p.signal(syscall.SIGHUP)
	p.says("recipients=2", 1)
	h.mark("Contrôle sur les fractions", "15,5")
	for _, name := range []string{"maman", "papa"} {
		await(t, name+" is told", func() bool { return h.mail.has(name, "Contrôle sur les fractions") })
	}
	if h.mail.has("papa", "Dictée") {
		t.Error("papa was told what was before his time")
	}

	// A mistake is shown with its place, and the old configuration stays.
	before := h.settings("pronotevs", "maman") + "\n"
	h.configure(before + "[scheduel]\n")
	p.signal(syscall.SIGHUP)
	p.says("configuration not reloaded, the old one stays", 1)
	if said := lines(p, "not reloaded"); !strings.Contains(said[0], "level=ERROR") || !strings.Contains(said[0], fmt.Sprintf(`config.toml:%d:2: unknown key \"scheduel\": did you mean \"schedule\"?`, 1+strings.Count(before, "\n"))) {
		t.Errorf("it said %s", said)
	}
	h.mark("Interrogation", "9")
	await(t, "papa is told still", func() bool { return h.mail.has("papa", "Interrogation") })

	// The database is not for changing.
	h.configure("database = \"other.db\"\n" + h.settings("pronotevs", "maman"))
	p.signal(syscall.SIGHUP)
	p.says("the database was changed: restart pronote-sync for that", 1)

	if accepted, refused := h.logins(); accepted != 1 || refused != 0 {
		t.Errorf("%d logins and %d refused: the session was not kept", accepted, refused)
	}
	p.leaves(syscall.SIGTERM)
}

// A password that takes long to come, as from a store that must be unlocked,
// holds up neither the daemon nor its end.
func TestDaemonStopsDuringAReload(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	p := h.start("run")
	p.says(polled, 1)
	slow := `password_command = ["sh", "-c", "touch asked; exec sleep 20"]`
	h.configure(strings.Replace(h.settings("pronotevs", "maman"), `password = "pronotevs"`, slow, 1))
	p.signal(syscall.SIGHUP)
	await(t, "the password is asked for", func() bool { _, err := os.Stat(h.path("asked")); return err == nil })
	h.mark("Dictée", "12")
	await(t, "maman is told meanwhile", func() bool { return h.mail.has("maman", "Dictée") })
	p.leaves(syscall.SIGTERM)
}

func TestDaemonWrongPassword(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.server.Load().SetPassword("changed")
	// A second account shows that the schedule comes round.
	witness := account("temoin", openCampus(t, 2, autumn, pronotetest.Options{}).url, "pronotevs")
	const roundsSeen = polled + " account=temoin"
	h.configure(h.settings("pronotevs", "maman") + witness)
	p := h.start("run")
	p.says("account suspended", 1)
	await(t, "maman is told", func() bool { return h.mail.has("maman", "PRONOTE refuse le mot de passe") })

	// It stays, and leaves the school alone, after a restart too.
	p.says(roundsSeen, 4)
	_, status := h.run("status")
	if said := status.stdout.String(); !strings.Contains(said, "famille  suspendu") || !strings.Contains(said, "famille: PRONOTE refuse l'identifiant ou le mot de passe") {
		t.Errorf("status says %s", said)
	}
	if said := lines(p, "level=ERROR"); len(said) != 1 {
		t.Errorf("it complained %d times: %s", len(said), said)
	}
	p.leaves(syscall.SIGTERM)
	p = h.start("run")
	p.says(roundsSeen, 3)
	if accepted, refused := h.logins(); accepted != 0 || refused != 1 {
		t.Errorf("%d logins and %d refused, want a single attempt", accepted, refused)
	}
	if said := lines(p, "level=ERROR"); len(said) > 0 || len(h.mail.received()) != 2 {
		t.Errorf("it says so again: %v and %v", said, h.mail.received())
	}

	// A new password is tried at once.
	h.configure(h.settings("changed", "maman") + witness)
	p.signal(syscall.SIGHUP)
	p.says(polled+" account=famille", 1)
	await(t, "maman is told", func() bool { return h.mail.has("maman", "PRONOTE répond de nouveau") })
	if accepted, refused := h.logins(); accepted != 1 || refused != 1 {
		t.Errorf("%d logins and %d refused, want one each", accepted, refused)
	}
	p.leaves(syscall.SIGTERM)
}

// A machine without a clock of its own starts in 1970: the real process must ask nothing
// that counts, say why, and stop when it is told to.
func TestDaemonWaitsForAClock(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	p := h.launchAs("pronote-sync", func(cmd *exec.Cmd) { cmd.Env = append(cmd.Env, clockVariable+"=1970-01-01T00:00:30Z") }, "run")
	p.says("the clock cannot be trusted", 1)
	answer := h.ask("status")
	if !strings.Contains(answer, `"reason":"clock"`) || !strings.Contains(answer, "it shows 1970-01-01 00:0") {
		t.Errorf("status is %s", answer)
	}
	p.leaves(syscall.SIGTERM)
	if accepted, refused := h.logins(); accepted+refused != 0 || len(h.mail.received()) != 0 {
		t.Errorf("%d logins, and the messages %v", accepted+refused, h.mail.received())
	}
}

// ask asks the daemon on its socket.
func (h *home) ask(what string) string {
	h.t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", h.path("daemon.sock"))
	}}}
	var text []byte
	await(h.t, "the daemon answers", func() bool {
		resp, err := client.Get("http://daemon/" + what)
		if err != nil {
			return false
		}
		defer resp.Body.Close()
		text, err = io.ReadAll(resp.Body)
		return err == nil
	})
	return string(text)
}

// TestDaemonSystemd plays systemd, which hears of the daemon on a socket.
func TestDaemonSystemd(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	address := &net.UnixAddr{Name: h.path("notify"), Net: "unixgram"}
	socket, err := net.ListenUnixgram(address.Net, address)
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	heard := make(chan string, 100)
	go func() {
		buffer := make([]byte, 4096)
		for {
			n, err := socket.Read(buffer)
			if err != nil {
				return
			}
			heard <- string(buffer[:n])
		}
	}()
	hears := func(want string) {
		t.Helper()
		for deadline := time.After(patience); ; {
			select {
			case got := <-heard:
				if got == want {
					return
				}
				if got != daemon.SdNotifyWatchdog {
					t.Fatalf("heard %q instead of %q", got, want)
				}
			case <-deadline:
				t.Fatalf("did not hear %q", want)
			}
		}
	}
	h.env = []string{"NOTIFY_SOCKET=" + address.Name, "WATCHDOG_USEC=100000", "JOURNAL_STREAM=8:1"}
	p := h.start("run")
	hears(daemon.SdNotifyReady)
	for range 3 {
		hears(daemon.SdNotifyWatchdog)
	}
	p.signal(syscall.SIGHUP)
	hears(daemon.SdNotifyReloading)
	hears(daemon.SdNotifyReady)
	hears(daemon.SdNotifyWatchdog)
	p.leaves(syscall.SIGTERM)
	hears(daemon.SdNotifyStopping)
	if strings.Contains(p.stderr.String(), "time=") {
		t.Error("the log has times, which the journal has already")
	}
}
