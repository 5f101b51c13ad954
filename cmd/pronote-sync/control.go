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
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

// A running daemon answers on a socket beside the database: it tells its state,
// because a poll that finds nothing writes nothing, and takes questions to the
// schools, because only it has their sessions. Whoever may read the mirror may ask for
// the state; the rest is for its owner and root.

func socketPath(c *config.Config) string {
	return filepath.Join(filepath.Dir(c.Database), "daemon.sock")
}

// A controlServer answers the other commands.
type controlServer struct{ server *http.Server }

// serveControl listens if it can. The daemon works without it, for instance where
// the path is longer than the system allows for sockets.
// Reload makes the daemon read its configuration again.
func serveControl(daemon respondent, reload func(), log *slog.Logger) controlServer {
	c, engine := daemon.config, daemon.engine
	path := socketPath(c)
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) { // left by a run that was killed
		log.Warn("no socket for other commands", "error", err)
		return controlServer{}
	}
	listener, err := net.Listen("unix", path)
	if err != nil {
		log.Warn("no socket for other commands", "error", err)
		return controlServer{}
	}
	if err := letAsk(path, c.Readers); err != nil {
		log.Warn("no socket for other commands", "error", errors.Join(err, listener.Close()))
		return controlServer{}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /status", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(engine.Status()) // the asker has gone
	})
	mux.HandleFunc("GET /healthy", func(w http.ResponseWriter, _ *http.Request) {
		if !engine.Healthy() {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	mux.HandleFunc("POST /deliver", func(w http.ResponseWriter, _ *http.Request) {
		engine.Wake()
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("POST /reload", func(w http.ResponseWriter, _ *http.Request) {
		reload()
		w.WriteHeader(http.StatusNoContent)
	})
	pollQuestion.serve(mux, daemon)
	dryQuestion.serve(mux, daemon)
	filesQuestion.serve(mux, daemon)
	requestQuestion.serve(mux, daemon)
	calendarQuestion.serve(mux, daemon)
	checkQuestion.serve(mux, daemon)
	loginQuestion.serve(mux, daemon)
	chatQuestion.serve(mux, daemon)
	server := &http.Server{Handler: ownersOnly(mux), ReadHeaderTimeout: time.Second, ConnContext: withPeer}
	go func() { _ = server.Serve(listener) }() // ends with close
	return controlServer{server}
}

func (s controlServer) close() {
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
	if err != nil || resp.StatusCode != http.StatusOK {
		return nil, false
	}
	defer func() { _ = resp.Body.Close() }()
	if err := json.NewDecoder(resp.Body).Decode(&list); err != nil {
		return nil, false
	}
	return list, true
}

// checkHealth is an error unless a daemon runs and gets on with its work. That is what
// systemd's watchdog asks too: a school that is out of reach makes nobody ill.
func checkHealth(ctx context.Context, c *config.Config) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://daemon/healthy", nil)
	if err != nil {
		return err
	}
	resp, err := daemonClient(c).Do(req)
	if err != nil {
		return say.Errorf("no daemon answers for %s: start it with pronote-sync run", c.Path)
	}
	_ = resp.Body.Close() // it is empty
	if resp.StatusCode != http.StatusOK {
		return say.Errorf("the daemon has been at one piece of work for too long: restart it")
	}
	return nil
}

// daemonClient is for what the daemon answers at once.
func daemonClient(c *config.Config) *http.Client {
	return &http.Client{Timeout: 2 * time.Second, Transport: toDaemon(c)}
}

// wakeDaemon makes a daemon, if one runs, deliver what has become due.
func wakeDaemon(ctx context.Context, c *config.Config) { tellDaemon(ctx, c, "deliver") }

// reloadDaemon makes a daemon read its configuration again, and reports whether one runs.
func reloadDaemon(ctx context.Context, c *config.Config) bool { return tellDaemon(ctx, c, "reload") }

func tellDaemon(ctx context.Context, c *config.Config, what string) (told bool) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://daemon/"+what, nil)
	if err != nil {
		return false
	}
	resp, err := daemonClient(c).Do(req)
	if err != nil {
		return false
	}
	_ = resp.Body.Close() // it is empty
	return resp.StatusCode == http.StatusNoContent
}
