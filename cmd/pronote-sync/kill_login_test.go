package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

// TestKilledDuringALogin kills the program at each request of a login by token,
// at each moment of it, again and again. The school voids a token the moment it
// answers the login that uses it; yet the program must be let in the next time.
func TestKilledDuringALogin(t *testing.T) {
	t.Parallel()
	for _, options := range []pronotetest.Options{{Encrypt: true, Compress: true}, {Profile: mustProfile(t, "2025.2.8")}} {
		t.Run(options.Profile.Version, func(t *testing.T) {
			t.Parallel()
			h := &home{t: t, dir: t.TempDir(), campus: openCampus(t, 1, autumn, options)}
			h.configure(hasty + fmt.Sprintf("\n[[account]]\nname = \"lea\"\nurl = %q\nlogin = \"token\"\n", h.url))
			h.scan("lea", pronote.KindStudent)

			const requests = 6 // the page, the four of a login, and the first after it
			for i := range requests * max(1, *kills/5) {
				k := &killing{home: h, pass: int64(i % requests), moment: moments[(i+i/requests)%len(moments)], delay: time.Duration(i/requests/len(moments)) * time.Millisecond / 2}
				k.strike()
				if code, p := h.run("sync"); code != exitOK {
					t.Fatalf("killed %s of request %d, it is not let in again: exit code %d\n%s", k.moment, k.pass, code, p.stderr.String())
				}
				later := pronote.DateTimeOf(h.Now().In(time.UTC).Add(4 * time.Hour)) // for its budget of logins
				h.AdvanceTo(later)
			}
		})
	}
}

// The moments of a request at which the program dies.
var moments = []string{"before the server", "before the answer", "after the answer"}

// A killing is one violent end.
type killing struct {
	*home
	pass   int64 // how many requests go unharmed
	moment string
	delay  time.Duration // after the answer
	count  atomic.Int64
}

func (k *killing) strike() {
	k.t.Helper()
	var p *process
	started := make(chan struct{})
	k.around.Store(ptr(func(w http.ResponseWriter, r *http.Request, answer func()) {
		if k.count.Add(1) != k.pass+1 {
			answer()
			return
		}
		switch k.moment {
		case "before the answer":
			k.server.Load().ServeHTTP(httptest.NewRecorder(), r)
		case "after the answer":
			answer()
			_ = http.NewResponseController(w).Flush() // to one who may be dead already
			<-time.After(k.delay)
		}
		<-started
		p.signal(os.Kill)
		<-p.ended
	}))
	p = k.start("sync")
	close(started)
	if code := p.wait(); code != -1 {
		k.t.Fatalf("the program ended by itself with exit code %d after %d requests\n%s", code, k.count.Load(), p.stderr.String())
	}
	k.around.Store(nil)
}

func mustProfile(t *testing.T, version string) pronotetest.Profile {
	t.Helper()
	p, err := pronotetest.ProfileOf(version)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// scan gives the program a token, by the text of a QR code.
func (h *home) scan(name string, viewer pronote.Kind) {
	h.t.Helper()
	h.typed = h.server.Load().QR(viewer, "4711", h.url) + "\n4711\n"
	code, p := h.run("login", name)
	if h.typed = ""; code != exitOK {
		h.t.Fatalf("login: exit code %d\n%s", code, p.stderr.String())
	}
}
