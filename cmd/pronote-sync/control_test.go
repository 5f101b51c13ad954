package main

import (
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
)

// TestAStuckDaemonIsNotHealthy asks a daemon that says so.
func TestAStuckDaemonIsNotHealthy(t *testing.T) {
	t.Parallel()
	c := &config.Config{StateDir: t.TempDir()}
	listener, err := net.Listen("unix", socketPath(c))
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
	})}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	if err := checkHealth(t.Context(), c); err == nil || !strings.Contains(err.Error(), "restart it") {
		t.Errorf("got %v, want that it be restarted", err)
	}
}
