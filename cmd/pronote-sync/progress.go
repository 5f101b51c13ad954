package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/schollz/progressbar/v3"

	"github.com/pronote-sync/pronote-sync/notifiers"
)

// A progress shows how far a poll is, on a terminal only.
type progress struct {
	out io.Writer // nil when nobody watches
	bar *progressbar.ProgressBar
}

func newProgress(stderr io.Writer) *progress {
	if !isTerminal(stderr) {
		return &progress{}
	}
	return &progress{out: stderr}
}

func (p *progress) step(account, domain string, done, total int) {
	if p.out == nil {
		return
	}
	if p.bar == nil {
		p.bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(p.out), progressbar.OptionClearOnFinish(),
			progressbar.OptionSetWidth(30), progressbar.OptionSetPredictTime(false))
	}
	p.bar.Describe(account + " · " + domain)
	_ = p.bar.Set(done) // decoration
}

func (p *progress) done() {
	if p.bar != nil {
		_ = p.bar.Finish() // decoration
		p.bar = nil
	}
}

// quietLogger is the logger of commands that a person waits for: what goes wrong
// is in their error already, so there is nothing to log unless --debug asks for
// it.
func (a *app) quietLogger(stderr io.Writer) *slog.Logger {
	if a.debug {
		return a.logger(stderr)
	}
	return slog.New(slog.DiscardHandler)
}

// A printer is a recipient that prints its messages.
type printer struct {
	out       io.Writer
	recipient string
}

// Deliver implements notifiers.Notifier.
func (p printer) Deliver(_ context.Context, m notifiers.Message) (notifiers.Receipt, error) {
	_, err := fmt.Fprintf(p.out, "\n  ┌ to %s\n  │ %s\n", p.recipient, m.Title)
	for line := range strings.Lines(m.Body) {
		_, err = fmt.Fprintln(p.out, strings.TrimRight("  │   "+line, " \n"))
	}
	return "", err
}
