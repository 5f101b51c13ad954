package main

import (
	"crypto/tls"
	"crypto/x509"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// TestHangupReadsTheCertificateAgain replaces it under a server that runs.
func TestHangupReadsTheCertificateAgain(t *testing.T) {
	t.Parallel()
	folder := prepare(t, "")
	p := start(t, folder)
	defer p.kill()
	c, err := p.dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	fresh := t.TempDir()
	if err := makeCertificates(fresh, []string{"127.0.0.1"}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"cert.pem", "key.pem", "ca.pem"} {
		if err := os.Rename(filepath.Join(fresh, name), filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(folder, "ca.pem"))
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(text)
	for begun := time.Now(); ; {
		conn, err := tls.Dial("tcp", p.addr, &tls.Config{RootCAs: pool})
		if err == nil {
			_ = conn.Close()
			break
		}
		if time.Since(begun) > 20*time.Second {
			t.Fatalf("the old certificate is still shown: %v", err)
		}
	}
	if code, _, err := c.ask(`["help"]`); code != 0 || err != nil {
		t.Errorf("the connection that stood has broken: %d %v", code, err)
	}
}
