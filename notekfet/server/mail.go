package server

import (
	"context"
	"errors"
	"os/exec"
	"strings"
	"time"
)

// A mailer hands messages to a program.
type mailer struct {
	command []string
	running chan struct{} // bounds how many run at once
}

// mailWait bounds how long the program may take.
const mailWait = 10 * time.Second

func newMailer(command []string) *mailer {
	return &mailer{command: command, running: make(chan struct{}, 4)}
}

// A mailError is a message that could not be handed over.
type mailError struct{ error }

func (e *mailError) Unwrap() error { return e.error }

// send hands a message over: plain text, with a subject, to one address.
func (m *mailer) send(to, subject, body string) error {
	if len(m.command) == 0 {
		return &mailError{errors.New("no command is configured for mail: fill in [mail] command")}
	}
	m.running <- struct{}{}
	defer func() { <-m.running }()
	ctx, cancel := context.WithTimeout(context.Background(), mailWait)
	defer cancel()
	cmd := exec.CommandContext(ctx, m.command[0], m.command[1:]...)
	cmd.WaitDelay = time.Second
	cmd.Stdin = strings.NewReader("To: " + to + "\nSubject: " + subject +
		"\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\nAuto-Submitted: auto-generated\n\n" + body)
	if err := cmd.Run(); err != nil {
		return &mailError{err}
	}
	return nil
}
