package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"database/sql"
	"encoding/hex"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// promptEnd keeps a program from taking a second to end under the race detector.
const promptEnd = "GORACE=atexit_sleep_ms=0"

// TestMain makes a program of this very binary: started under the name of a
// command, it is that command. Tests therefore run the real main in processes of
// their own.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"pronote-sync": program, "on-a-disk": onADisk, "many-polls": manyPolls})
}

// program is the real main, on the clock of a test's school.
func program() {
	os.Exit(testApp().obey(os.Args[1:], os.Stdout, os.Stderr))
}

// testApp is the app on the clock and the internet of a test.
func testApp() *app {
	return &app{now: testClock(), transport: testNet(), witness: os.Getenv(witnessVariable)}
}

// witnessVariable holds the address of a PRONOTE that is nobody's.
const witnessVariable = "TEST_WITNESS"

// testNet is the internet of a test, nil for the usual one.
func testNet() http.RoundTripper {
	address, authority, ok := strings.Cut(os.Getenv(netVariable), " ")
	if !ok {
		return nil
	}
	der, err := hex.DecodeString(authority)
	if err != nil {
		panic(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(certificate)
	return &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: pool},
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, address)
		},
	}
}

// netVariable holds the address of a castest.Net and its authority.
const netVariable = "TEST_NET"

// testClock is the clock of a test's school, or the usual one.
func testClock() func() time.Time {
	text := os.Getenv(clockVariable)
	if text == "" {
		return time.Now
	}
	begins, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	started := time.Now()
	return func() time.Time { return begins.Add(time.Since(started)) }
}

// clockVariable holds the time at which a program starts.
const clockVariable = "TEST_CLOCK"

// patience is how long tests wait for what must happen, on the slowest machine.
const patience = time.Minute

// await waits until a condition holds.
func await(t testing.TB, what string, holds func() bool) {
	t.Helper()
	if !happens(holds) {
		t.Fatalf("waited %s in vain until %s", patience, what)
	}
}

func happens(holds func() bool) bool {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(patience)
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline:
			return false
		}
	}
	return true
}

// query runs SQL on a file and returns the rows as texts.
func query(path, statement string) (rows [][]string, err error) {
	conn, err := openFile(path)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	return queryOn(conn, statement)
}

func openFile(path string) (*sql.DB, error) {
	address := url.URL{Scheme: "file", Opaque: path, RawQuery: "_pragma=busy_timeout(10000)"}
	return sql.Open("sqlite", address.String())
}

// queryOn asks a database that is open.
func queryOn(conn *sql.DB, statement string) (rows [][]string, err error) {
	result, err := conn.Query(statement)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", statement, err)
	}
	defer result.Close()
	columns, err := result.Columns()
	if err != nil {
		return nil, err
	}
	for result.Next() {
		values, pointers := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			pointers[i] = &values[i]
		}
		if err := result.Scan(pointers...); err != nil {
			return nil, err
		}
		row := make([]string, len(columns))
		for i, v := range values {
			row[i] = fmt.Sprint(v)
			if v == nil {
				row[i] = "NULL"
			}
		}
		rows = append(rows, row)
	}
	return rows, result.Err()
}

// mustQuery is query where it cannot fail.
func mustQuery(t testing.TB, path, statement string) [][]string {
	t.Helper()
	rows, err := query(path, statement)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}
