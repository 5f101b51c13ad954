package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/bot"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

// A question is what a command wants from the schools. A running daemon gets it
// over its socket, because a second client would cost a login and more than the
// budget allows; otherwise an engine of this process does. The same function
// answers it in both.
type question[Q, A any] struct {
	name   string
	answer func(context.Context, respondent, Q) (A, error)
}

// A respondent is an engine that answers, and the configuration that it has.
type respondent struct {
	engine *psync.Engine
	config *config.Config
	bots   []*bot.Bot // that run, in the daemon alone
}

// put asks, and returns what there is of an answer with the error.
func (k question[Q, A]) put(cmd *cobra.Command, a *app, c *config.Config, q Q) (answer A, err error) {
	if a.besideDaemon(cmd, c) {
		return k.post(cmd.Context(), c, q)
	}
	err = a.with(cmd, c, nil, func(ctx context.Context, engine *psync.Engine) (err error) {
		answer, err = k.answer(ctx, respondent{engine: engine, config: c}, q)
		return err
	})
	return answer, err
}

// besideDaemon reports whether a daemon listens, and tells the person.
func (a *app) besideDaemon(cmd *cobra.Command, c *config.Config) bool {
	ctx, cancel := context.WithTimeout(cmd.Context(), 2*time.Second)
	defer cancel()
	conn, err := dialDaemon(ctx, c)
	if err != nil {
		return false
	}
	_ = conn.Close() // nothing was said
	_, _ = fmt.Fprintln(cmd.ErrOrStderr(), a.in("pronote-sync: note: the running daemon asks the school, within its budget"))
	return true
}

// A reply is an answer on its way from the daemon.
type reply[A any] struct {
	Answer A
	Errors []string // a sentence each, for people
	Exit   int      // the exit code that they come to
}

// A daemonError is what went wrong in the daemon, as its own commands would say it.
type daemonError struct {
	text string
	exit int
}

// Error implements error.
func (e daemonError) Error() string { return e.text }

// maxQuestion bounds a question, in bytes.
const maxQuestion = 1 << 20

// post puts the question to the daemon.
func (k question[Q, A]) post(ctx context.Context, c *config.Config, q Q) (answer A, err error) {
	text, err := json.Marshal(q)
	if err != nil {
		return answer, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://daemon/"+k.name, bytes.NewReader(text))
	if err != nil {
		return answer, err
	}
	resp, err := (&http.Client{Transport: toDaemon(c)}).Do(req)
	if err != nil {
		return answer, interrupted(ctx, schoolError{error: say.Errorf("the daemon went away before it answered, ask again: %w", err)})
	}
	defer func() { _ = resp.Body.Close() }() // it was only read
	var r reply[A]
	switch {
	case resp.StatusCode == http.StatusForbidden:
		return answer, stateError{say.Errorf("only root and the owner of the daemon may ask that, others may ask for its status: run the command with sudo")}
	case resp.StatusCode != http.StatusOK:
		return answer, say.Errorf("the daemon is of another version and does not know %s: restart it", k.name)
	case json.NewDecoder(resp.Body).Decode(&r) != nil:
		return answer, interrupted(ctx, schoolError{error: say.Errorf("the daemon went away before it answered: ask again")})
	}
	var errs []error
	for _, text := range r.Errors {
		errs = append(errs, daemonError{text, r.Exit})
	}
	return r.Answer, errors.Join(errs...)
}

// toDaemon is the way to the socket, whatever the host of an address.
func toDaemon(c *config.Config) *http.Transport {
	return &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return dialDaemon(ctx, c)
	}}
}

// serve answers the question on the daemon's socket. A client that hangs up
// withdraws it.
func (k question[Q, A]) serve(mux *http.ServeMux, daemon respondent) {
	mux.HandleFunc("POST /"+k.name, func(w http.ResponseWriter, r *http.Request) {
		var q Q
		text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxQuestion))
		if err != nil || json.Unmarshal(text, &q) != nil {
			http.Error(w, "not a question", http.StatusBadRequest)
			return
		}
		answer, err := k.answer(r.Context(), daemon, q)
		switch {
		case errors.Is(err, psync.ErrStopped):
			err = schoolError{error: say.Errorf("the daemon stops, or reads its configuration again: ask again")}
		case errors.Is(err, psync.ErrNoAccount):
			err = configError{say.Errorf("the daemon has not read this account in its configuration yet: send it SIGHUP (%w)", err)}
		}
		sent := reply[A]{Answer: answer, Exit: exitCode(err)}
		for _, e := range sentences(err) {
			sent.Errors = append(sent.Errors, oneLine(errors.New(sentence(e, daemon.config.Language, daemon.config.Database))))
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(sent) // the asker may have gone
	})
}
