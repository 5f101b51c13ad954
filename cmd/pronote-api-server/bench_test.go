package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

var manySessions = flag.Int("sessions", 1000, "sessions of the benchmark")

// atOnce is how many clients ask at the same time.
const atOnce = 16

// These are what each request of the benchmark asks for: the homework of two weeks.
var askedFrom, askedTo = pronote.Date{Year: 2025, Month: time.September, Day: 29}, pronote.Date{Year: 2025, Month: time.October, Day: 10}

// BenchmarkSessions opens very many sessions at an invented school and asks for the
// homework of each in turn. The server and the bare client, package pronote alone,
// are processes of their own; they take turns, so that a machine at work on other
// things is as slow for one as for the other.
func BenchmarkSessions(b *testing.B) {
	_, url := school(b)
	hanging := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	b.Cleanup(hanging.CloseClientConnections)
	p := start(b, "0", "--max-sessions", strconv.Itoa(*manySessions+10*atOnce), "--rate", "100000000", "--log", "error")
	bare := startBare(b, url)
	for b.Loop() {
		idle := p.memory(b)
		c := clients{b: b, server: p, http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 20 * atOnce}}}
		c.logIn(url)
		b.ReportMetric(float64(p.memory(b)-idle)/float64(*manySessions), "KiB/session-opened")
		c.round() // the first ones learn what the later ones know
		bare.round(b)
		var speed, spent []float64
		for range 5 {
			ours, theirs := c.round(), bare.round(b)
			speed = append(speed, theirs.took.Seconds()/ours.took.Seconds())
			spent = append(spent, ours.cpu.Seconds()/theirs.cpu.Seconds())
			b.ReportMetric(float64(*manySessions)/ours.took.Seconds(), "requests/s")
		}
		b.ReportMetric(median(speed), "speed-of-bare")
		b.ReportMetric(median(spent), "cpu-of-bare")
		b.ReportMetric(float64(p.memory(b)-idle)/float64(*manySessions), "KiB/session-used")
		alone := c.round()
		stop := c.hang(hanging.URL + "/pronote/")
		beside := c.round()
		stop()
		b.ReportMetric(float64(alone.p99.Microseconds())/1e3, "p99-ms-alone")
		b.ReportMetric(float64(beside.p99.Microseconds())/1e3, "p99-ms-beside-hanging")
	}
}

func median(list []float64) float64 { return slices.Sorted(slices.Values(list))[len(list)/2] }

// A turn is what one request for each session took.
type turn struct {
	took, cpu, p99 time.Duration // cpu is that of the process alone
}

// clients are those of the server, with a token each.
type clients struct {
	b      *testing.B
	server process
	http   *http.Client
	tokens []string
}

// each calls a function for each of the numbers below n, many at once.
func each(n int, f func(i int)) {
	var all sync.WaitGroup
	next := make(chan int)
	for range atOnce {
		all.Go(func() {
			for i := range next {
				f(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	all.Wait()
}

func (c *clients) logIn(url string) {
	c.tokens = make([]string, *manySessions)
	each(len(c.tokens), func(i int) {
		var answer struct{ Token string }
		if err := c.post(c.b.Context(), "/auth/login", "", loginAt(url), &answer); err != nil || answer.Token == "" {
			c.b.Error("a login fails:", err)
		}
		c.tokens[i] = answer.Token
	})
}

func loginAt(url string) map[string]string {
	return map[string]string{"url": url, "username": pronotetest.Username, "password": pronotetest.Password}
}

func (c *clients) post(ctx context.Context, path, token string, body, into any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.server.address+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Token", token)
	response, err := c.http.Do(r)
	if err != nil {
		return err
	}
	return errors.Join(json.NewDecoder(response.Body).Decode(into), response.Body.Close())
}

// round asks once for each session.
func (c *clients) round() turn {
	c.b.Helper()
	query := map[string]string{"query": fmt.Sprintf(`{homeworks(from: %q, to: "%sT23:00:00") {subject givenAt for description done files{name url}}}`, askedFrom, askedTo)}
	took := make([]time.Duration, len(c.tokens))
	cpu, began := c.server.cpu(c.b), time.Now()
	each(len(c.tokens), func(i int) {
		var answer struct {
			Errors []any
			Data   struct{ Homeworks []any }
		}
		asked := time.Now()
		if err := c.post(c.b.Context(), "/graphql", c.tokens[i], query, &answer); err != nil || answer.Errors != nil || len(answer.Data.Homeworks) == 0 {
			c.b.Error("a query fails:", err, answer)
		}
		took[i] = time.Since(asked)
	})
	slices.Sort(took)
	return turn{time.Since(began), c.server.cpu(c.b) - cpu, took[len(took)*99/100]}
}

// hang has many clients log in to a school that hangs, until stop is called.
func (c *clients) hang(url string) (stop func()) {
	ctx, cancel := context.WithCancel(c.b.Context())
	var all sync.WaitGroup
	for range 10 * atOnce {
		all.Go(func() {
			var answer any
			_ = c.post(ctx, "/auth/login", "", loginAt(url), &answer) // which has no answer
		})
	}
	return func() { cancel(); all.Wait() }
}

// memory is what a process has of its own, in KiB.
func (p process) memory(b *testing.B) (kib int) {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		b.Fatal(err)
	}
	_, figure, _ := strings.Cut(string(text), "RssAnon:")
	if _, err := fmt.Sscan(figure, &kib); err != nil {
		b.Fatal(err)
	}
	return kib
}

// cpu is the processor time of a process, which Linux counts in hundredths of a
// second.
func (p process) cpu(b *testing.B) time.Duration {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		b.Fatal(err)
	}
	_, after, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(after)
	ticks := 0
	for _, field := range fields[11:13] { // utime and stime
		n, err := strconv.Atoi(field)
		if err != nil {
			b.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}

// A bareClient is a process that asks the school by package pronote alone.
type bareClient struct {
	process
	in  *json.Encoder
	out *json.Decoder
}

const bareVariable = "PRONOTE_API_BENCH_BARE" // names the school

func startBare(b *testing.B, url string) bareClient {
	b.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), bareVariable+"="+url, fmt.Sprint("SESSIONS=", *manySessions))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = in.Close(); _ = cmd.Wait() }) // whose end is none of our business
	return bareClient{process{cmd: cmd}, json.NewEncoder(in), json.NewDecoder(out)}
}

// round has the process ask once for each of its sessions.
func (c bareClient) round(b *testing.B) turn {
	b.Helper()
	var took time.Duration
	cpu := c.cpu(b)
	if err := errors.Join(c.in.Encode(true), c.out.Decode(&took)); err != nil {
		b.Fatal(err)
	}
	return turn{took: took, cpu: c.cpu(b) - cpu}
}

// bareMain is the bare client: it opens the sessions, and asks once for each when it
// is told to.
func bareMain(url string) error {
	n, err := strconv.Atoi(os.Getenv("SESSIONS"))
	if err != nil {
		return err
	}
	sessions, failures := make([]*pronote.Session, n), make([]error, n)
	credentials := pronote.Credentials{Username: pronotetest.Username, Password: pronote.NewSecret(pronotetest.Password)}
	each(n, func(i int) { sessions[i], failures[i] = pronote.Login(context.Background(), url, credentials, nil) })
	in, out := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for err := errors.Join(failures...); ; {
		var ask bool
		if err != nil || in.Decode(&ask) != nil { // the end
			return err
		}
		began := time.Now()
		each(n, func(i int) {
			_, failures[i] = sessions[i].Homework(context.Background(), sessions[i].Students()[0], askedFrom, askedTo)
		})
		if err = errors.Join(failures...); err == nil {
			err = out.Encode(time.Since(began))
		}
	}
}
