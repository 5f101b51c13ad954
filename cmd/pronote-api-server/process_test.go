package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"flag"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// binary is the program, built once.
var binary = sync.OnceValues(func() (string, error) {
	path := filepath.Join(os.TempDir(), fmt.Sprintf("pronote-api-server-test-%d", os.Getpid()))
	out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	flag.Parse()
	if url := os.Getenv(bareVariable); url != "" { // of a benchmark
		if err := bareMain(url); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	code := m.Run()
	if path, err := binary(); err == nil {
		_ = os.Remove(path) // of a folder for what may be left
	}
	os.Exit(code)
}

// A process is the program that runs.
type process struct {
	cmd     *exec.Cmd
	address string
	client  *http.Client
	stderr  *bytes.Buffer
}

func start(t testing.TB, args ...string) process {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	p := process{cmd: exec.Command(path, args...), client: http.DefaultClient, stderr: &bytes.Buffer{}}
	p.cmd.Stderr = p.stderr
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Kill() }) // which has ended, if all went well
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err, p.stderr)
	}
	_, p.address, _ = strings.Cut(strings.TrimSpace(line), "listens on ")
	return p
}

// post sends JSON to a path.
func (p process) post(t *testing.T, path, token string, body any) map[string]any {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.address+path, bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Token", token)
	response, err := p.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }() // read to its end
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	var v map[string]any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	return v
}

// school serves an invented school over HTTP.
func school(t testing.TB) (*pronotetest.Server, string) {
	t.Helper()
	school := world.NewSchool(5, 2025)
	school.AdvanceTo(pronote.DateTime{Date: pronote.Date{Year: 2025, Month: time.October, Day: 6}, Hour: 18})
	server := pronotetest.NewServer(school.Quiet(), pronotetest.Options{})
	site := httptest.NewServer(server)
	t.Cleanup(site.Close)
	return server, site.URL + "/pronote/"
}

// A client logs in, asks, and the end of the program logs it out of the school.
func TestTheEndLogsEverybodyOut(t *testing.T) {
	t.Parallel()
	server, url := school(t)
	p := start(t, "0")
	body := map[string]string{"url": url + "eleve.html", "username": pronotetest.Username, "password": pronotetest.Password}
	token, _ := p.post(t, "/auth/login", "", body)["token"].(string)
	p.post(t, "/auth/login", "", body)
	answer := p.post(t, "/graphql", token, map[string]string{"query": `{user{name} homeworks(from: "2025-09-01", to: "2025-10-10"){subject for}}`})
	if fmt.Sprint(answer["data"].(map[string]any)["user"]) != fmt.Sprintf("map[name:%s]", server.School().Pupil()) || answer["errors"] != nil {
		t.Errorf("a query answers %v", answer)
	}
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("it ends with %v: %s", err, p.stderr)
	}
	logouts := 0
	for _, r := range server.Requests() {
		if r.Function == "SaisieDeconnexion" {
			logouts++
		}
	}
	if logouts != 2 {
		t.Errorf("%d sessions were logged out, want 2", logouts)
	}
	if strings.Contains(p.stderr.String(), pronotetest.Password) || strings.Contains(p.stderr.String(), token) {
		t.Errorf("the log tells secrets: %s", p.stderr)
	}
}

// A server for other machines has a certificate, and asks the schools that it was
// told of alone.
func TestOtherMachinesAreServedOverTLS(t *testing.T) {
	t.Parallel()
	_, url := school(t)
	file, authority := certificate(t)
	p := start(t, "0", "0.0.0.0", "--allow-host", "127.0.0.1", "--tls-cert", file)
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(p.address, "https://"))
	p.address = "https://127.0.0.1:" + port
	p.client = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: authority}, DisableKeepAlives: true}}
	body := map[string]string{"url": url, "username": pronotetest.Username, "password": pronotetest.Password}
	if answer := p.post(t, "/auth/login", "", body); answer["token"] == nil {
		t.Errorf("a login answers %v", answer)
	}
	body["url"] = "http://localhost:1/pronote/"
	if answer := p.post(t, "/auth/login", "", body); !strings.Contains(fmt.Sprint(answer), "--allow-host") {
		t.Errorf("a login elsewhere answers %v", answer)
	}
}

// certificate is a file with a certificate of 127.0.0.1 and its key, and who trusts
// it.
func certificate(t *testing.T) (file string, authority *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	made, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	text := append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: made}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})...)
	file = filepath.Join(t.TempDir(), "both.pem")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	authority = x509.NewCertPool()
	authority.AppendCertsFromPEM(text)
	return file, authority
}

// The end does not wait for a school that hangs.
func TestTheEndDoesNotWaitForAHangingSchool(t *testing.T) {
	t.Parallel()
	server, url := school(t)
	p := start(t, "0")
	body := map[string]string{"url": url, "username": pronotetest.Username, "password": pronotetest.Password}
	token, _ := p.post(t, "/auth/login", "", body)["token"].(string)
	server.Inject(pronotetest.Fault{Kind: "stall", Function: "SaisieDeconnexion"})
	if token == "" {
		t.Fatal("no login")
	}
	if err := p.cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil || !strings.Contains(p.stderr.String(), "not every session could be logged out") {
		t.Errorf("it ends with %v: %s", err, p.stderr)
	}
}

// Clients that are told of no address expect the server where the original was.
func TestTheUsualAddressIsThatOfTheOriginal(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{"127.0.0.1:21727": nil, "127.0.0.1:8000": {"8000"}, "[::1]:8000": {"8000", "::1"}, "localhost:8000": {"8000", "localhost"}} {
		if got, err := addressOf(args); got != want || err != nil || !loopback(got) {
			t.Errorf("%q is %s and %v, want %s", args, got, err, want)
		}
	}
}

// What is wrong with the command line is a sentence and an exit code.
func TestMistakesHaveSentencesAndCodes(t *testing.T) {
	t.Parallel()
	taken, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }() // nobody came
	_, port, _ := net.SplitHostPort(taken.Addr().String())
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{port}, exitFailure, "is taken by another program"},
		{[]string{"--nope"}, exitUsage, "unknown flag"},
		{[]string{"http"}, exitUsage, `"http" is no port`},
		{[]string{"70000"}, exitUsage, `"70000" is no port`},
		{[]string{"0", "127.0.0.1", "more"}, exitUsage, `there is no use for "more"`},
		{[]string{"0", "0.0.0.0"}, exitUsage, "name the schools with --allow-host"},
		{[]string{"0", "--allow-host", "not a host"}, exitUsage, "is no host"},
		{[]string{"0", "--log", "loud"}, exitUsage, "--log is error, warn, info or debug"},
		{[]string{"0", "--time-zone", "Paris"}, exitUsage, "an example is Europe/Paris"},
		{[]string{"0", "--rate", "0"}, exitUsage, "at least 1"},
		{[]string{"0", "--tls-key", "key.pem"}, exitUsage, "--tls-key needs --tls-cert"},
		{[]string{"0", "--tls-cert", filepath.Join(t.TempDir(), "none.pem")}, exitConfig, "correct --tls-cert"},
		{[]string{"--help"}, exitOK, ""},
		{[]string{"--version"}, exitOK, ""},
	} {
		var stdout, stderr bytes.Buffer
		code := run(context.Background(), c.args, &stdout, &stderr)
		text := stderr.String()
		if code != c.code || !strings.Contains(text, c.want) || strings.Count(text, "\n") != min(1, c.code) || c.code != 0 && !strings.HasPrefix(text, "pronote-api-server: ") {
			t.Errorf("%q ends with %d and %q, want %d and %q", c.args, code, text, c.code, c.want)
		}
	}
}
