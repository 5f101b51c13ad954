package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/schollz/progressbar/v3"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/hint"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/notifiers"
)

// A progress shows what a poll reads, how far it is and how long it will take, on a
// terminal only.
type progress struct {
	out      io.Writer // nil when nobody watches
	language string
	bar      *progressbar.ProgressBar
}

func newProgress(stderr io.Writer, language string) *progress {
	if !isTerminal(stderr) {
		return &progress{}
	}
	return &progress{out: stderr, language: language}
}

func (p *progress) step(account, domain string, done, total int) {
	if p.out == nil {
		return
	}
	if p.bar == nil {
		p.bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(p.out), progressbar.OptionClearOnFinish(),
			progressbar.OptionSetWidth(20), progressbar.OptionSetPredictTime(true), progressbar.OptionSetElapsedTime(false))
	}
	p.bar.ChangeMax(total) // another account may have another number of pupils
	p.bar.Describe(account + " · " + kindOfData(domain, p.language))
	_ = p.bar.Set(done) // decoration
}

// kindOfData is what people call a domain.
func kindOfData(domain, language string) string {
	if names, ok := kindsOfData[domain]; ok && language == hint.French {
		return names
	}
	return strings.ReplaceAll(domain, "_", " ")
}

// kindsOfData has the French of each domain.
var kindsOfData = map[string]string{
	"marks": "notes", "homework": "travail à faire", "lessons": "emploi du temps", "contents": "contenu des cours", "infos": "informations",
	"discussions": "discussions", "menus": "menus", "agenda": "agenda", "absences": "vie scolaire", "evaluations": "évaluations",
	"staff": "enseignants", "home": "liens et cantine", "persons": "coordonnées", "reports": "bulletins", "kfet": "bar",
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
	language  string
}

// Deliver implements notifiers.Notifier.
func (p printer) Deliver(_ context.Context, m notifiers.Message) (notifiers.Receipt, error) {
	_, err := fmt.Fprintln(p.out, say.To(p.language, "\n  ┌ to %s", p.recipient)+"\n  │ "+m.Title)
	for line := range strings.Lines(m.Body) {
		_, err = fmt.Fprintln(p.out, strings.TrimRight("  │   "+line, " \n"))
	}
	return "", err
}
