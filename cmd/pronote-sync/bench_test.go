package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

// june is near the end of a school year, when there is most to read.
var june = pronote.Date{Year: 2026, Month: time.June, Day: 18}

// newBenchHome follows the parent's account of a school in June, which speaks
// the newest version that pawnote 1.6.2 can read.
func newBenchHome(b *testing.B) *home {
	b.Helper()
	profile, err := pronotetest.ProfileOf("2026.1.3")
	if err != nil {
		b.Fatal(err)
	}
	h := &home{t: b, campus: openCampus(b, 1, june, pronotetest.Options{Profile: profile}), mail: openMailroom(b)}
	h.moveOut()
	return h
}

// moveOut leaves for a new folder, in which there is only the configuration.
func (h *home) moveOut() {
	h.dir = h.t.TempDir()
	h.configure(h.settings("pronotevs", "maman"))
}

// succeed runs the program to its end and returns the process.
func (h *home) succeed(args ...string) *process {
	h.t.Helper()
	code, p := h.run(args...)
	if code != 0 {
		h.t.Fatalf("exit code %d: %s", code, p.stderr.String())
	}
	return p
}

// BenchmarkStart is the time from the start of the daemon, built as people build
// it, to its first request: where there is a mirror already, and where it must
// make one.
func BenchmarkStart(b *testing.B) {
	binary := filepath.Join(b.TempDir(), "pronote-sync")
	if text, err := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, text)
	}
	for _, name := range []string{"mirror", "nothing"} {
		b.Run(name, func(b *testing.B) {
			h := newBenchHome(b)
			for b.Loop() {
				b.StopTimer()
				h.moveOut()
				if name == "mirror" {
					h.succeed("sync")
				}
				asked := h.stallAfter(0)
				cmd := exec.Command(binary, "run")
				cmd.Dir = h.dir
				b.StartTimer()
				if err := cmd.Start(); err != nil {
					b.Fatal(err)
				}
				<-asked
				b.StopTimer()
				_ = cmd.Process.Kill() // its end is none of our business
				_ = cmd.Wait()
				h.around.Store(nil)
				b.StartTimer()
			}
		})
	}
}

// BenchmarkWholeYear reads a school year of a parent of two, in a process of its
// own: once as the first mirror, and once with pawnote, which keeps nothing, if
// $PAWNOTE names a folder with it as TestPawnote wants.
func BenchmarkWholeYear(b *testing.B) {
	b.Run("pronote-sync", func(b *testing.B) {
		h := newBenchHome(b)
		var spent time.Duration
		for b.Loop() {
			h.moveOut()
			state := h.succeed("sync").cmd.ProcessState
			spent += state.UserTime() + state.SystemTime()
		}
		reportCPU(b, spent)
	})
	b.Run("pawnote", func(b *testing.B) {
		if os.Getenv("PAWNOTE") == "" {
			b.Skip("$PAWNOTE names no folder with pawnote in it")
		}
		h := newBenchHome(b)
		var spent time.Duration
		for b.Loop() {
			cmd := exec.Command("node", filepath.Join("testdata", "pawnote", "year.mjs"), h.url, pronotetest.Username, pronotetest.Password)
			cmd.Env, cmd.Stderr = append(os.Environ(), "TZ=Europe/Paris"), b.Output()
			text, err := cmd.Output()
			if rows, _ := strconv.Atoi(strings.TrimSpace(string(text))); err != nil || rows < 500 {
				b.Fatalf("pawnote read %d rows: %v", rows, err)
			}
			spent += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		}
		reportCPU(b, spent)
	})
}

func reportCPU(b *testing.B, spent time.Duration) {
	b.ReportMetric(float64(spent.Microseconds())/1e3/float64(b.N), "cpu-ms/op")
}

// BenchmarkManyPolls is the memory of a process that has polled 10,000 times in
// all: a parent of two, and a pupil of another school. What it found the first
// time remains all there is.
func BenchmarkManyPolls(b *testing.B) {
	h := newBenchHome(b)
	other := account("autre", openCampus(b, 2, june, pronotetest.Options{}).url, "pronotevs")
	h.configure(h.settings("pronotevs", "maman") + strings.Replace(other, "parent", "student", 1))
	for b.Loop() {
		p := h.launch("many-polls", "10000")
		<-p.ended // longer than tests have patience
		var first, last, program, peak float64
		if _, err := fmt.Sscan(p.stdout.String(), &first, &last, &program, &peak); err != nil {
			b.Fatalf("%v: %s%s", err, p.stdout.String(), p.stderr.String())
		}
		b.ReportMetric(first/1024, "first-MiB")
		b.ReportMetric(last/1024, "last-MiB")
		b.ReportMetric(program/1024, "program-MiB") // of the last: pages of the program's own file
		b.ReportMetric(peak/1024, "peak-MiB")
	}
}

// manyPolls is a program that opens what the daemon opens, and polls as often as
// its argument says without waiting for a schedule. It prints its resident
// memory in KiB: after the first hundredth, at the end, the part of that which is
// the program's own file, and at its highest.
func manyPolls() {
	if err := pollOften(os.Args[1]); err != nil {
		panic(err)
	}
}

func pollOften(argument string) error {
	times, err := strconv.Atoi(argument)
	if err != nil {
		return err
	}
	c, err := config.Load("config.toml")
	if err != nil {
		return err
	}
	m, err := openMirror(context.Background(), c, false)
	if err != nil {
		return err
	}
	settings, err := testApp().engineConfig(c, m.store, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		return err
	}
	settings.Budget = psync.Budget{PerHour: 1 << 30, PerDay: 1 << 30, LoginsPerDay: 1}
	engine, err := psync.New(context.Background(), settings)
	if err != nil {
		return err
	}
	for i := range times {
		if _, err := engine.Poll(context.Background(), c.Accounts[i%len(c.Accounts)].Name); err != nil {
			return err
		}
		if i == times/100 {
			fmt.Println(memory("VmRSS"))
		}
	}
	fmt.Println(memory("VmRSS"), memory("RssFile"), memory("VmHWM"))
	return errors.Join(engine.Close(context.Background()), m.Close())
}

// memory is a figure of this process in KiB, as Linux has it.
func memory(name string) (kib int) {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		panic(err)
	}
	_, figure, _ := strings.Cut(string(text), name+":")
	if _, err := fmt.Sscan(figure, &kib); err != nil {
		panic(err)
	}
	return kib
}
