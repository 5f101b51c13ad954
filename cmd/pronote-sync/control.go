package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

// A running daemon tells its state on a socket beside the database, because a
// poll that finds nothing writes nothing there.

func socketPath(c *config.Config) string { return filepath.Join(c.StateDir, "daemon.sock") }

// A statusServer answers pronote-sync status.
type statusServer struct{ server *http.Server }

// serveStatus listens if it can; reload makes the daemon read its configuration
// again. The daemon works without it, for instance where
// the path is longer than the system allows for sockets.
func serveStatus(c *config.Config, engine *psync.Engine, log *slog.Logger, reload func()) statusServer {
	path := socketPath(c)
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) { // left by a run that was killed
		log.Warn("no socket for status", "error", err)
		return statusServer{}
	}
	listener, err := net.Listen("unix", path)
	if err != nil {
		log.Warn("no socket for status", "error", err)
		return statusServer{}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /status", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(engine.Status()) // the asker has gone
	})
	mux.HandleFunc("POST /reload", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNoContent)
		_ = http.NewResponseController(w).Flush() // the reload closes the connection
		reload()
	})
	server := &http.Server{Handler: mux, ReadHeaderTimeout: time.Second}
	go func() { _ = server.Serve(listener) }() // ends with close
	return statusServer{server}
}

func (s statusServer) close() {
	if s.server != nil {
		_ = s.server.Close() // removes the socket too
	}
}

// askDaemon asks a running daemon for the state of its accounts. It returns
// nothing when there is none.
func askDaemon(ctx context.Context, c *config.Config) (list []psync.AccountStatus, running bool) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://daemon/status", nil)
	if err != nil {
		return nil, false
	}
	resp, err := daemonClient(c).Do(req)
	if err != nil {
		return nil, false
	}
	defer func() { _ = resp.Body.Close() }()
	if err := json.NewDecoder(resp.Body).Decode(&list); err != nil {
		return nil, false
	}
	return list, true
}

// daemonClient speaks to the socket, whatever the host of an address.
func daemonClient(c *config.Config) *http.Client {
	return &http.Client{Timeout: 2 * time.Second, Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", socketPath(c))
		},
	}}
}

// reloadDaemon makes a running daemon read its configuration again.
func reloadDaemon(ctx context.Context, c *config.Config) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://daemon/reload", nil)
	if err != nil {
		return err
	}
	resp, err := daemonClient(c).Do(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}
