package notifiers

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Command are the settings of a program of your own, run once per message, without a shell. On its standard input it
// finds the subject, an empty line and the message; in its environment PRONOTE_SUBJECT and PRONOTE_ID, PRONOTE_EVENTS with
// the name of a file that holds what docs/events.schema.json describes until the program ends, and what the daemon has in
// its own, but for PRONOTE_SYNC_…, where secrets may be. Keep secrets out of the arguments as well: they are not hidden
// from the other users of the machine.
//
// Status 0 means delivered. Statuses 64 to 78 are those of sysexits.h and mean that it is useless to try again, but for
// 75 (EX_TEMPFAIL); 75, all others and a signal mean that it may work later. The first line that the program writes on
// its standard error becomes a part of the error; its standard output is ignored. When time is up it is killed, with its
// children where the system can.
type Command struct {
	Command []string `toml:"command"` // the program and its arguments
}

const (
	maxStderr = 4 << 10 // bytes that are kept

	// pipeWait is how long a child that survives the program may keep the pipes open.
	pipeWait = time.Second
)

type command struct{ Command }

func (s *Command) open() (channel, error) {
	if len(s.Command) == 0 || s.Command[0] == "" {
		return nil, errors.New("command is missing")
	}
	return &command{*s}, nil
}

func (c *command) send(ctx context.Context, m message) (Receipt, error) {
	cmd := exec.CommandContext(ctx, c.Command.Command[0], c.Command.Command[1:]...)
	var stderr head
	cmd.Stdin = strings.NewReader(m.subject.plain() + "\n\n" + m.text.plain())
	cmd.Stderr = &stderr
	cmd.Env = append(environment(), "PRONOTE_SUBJECT="+m.subject.plain(), "PRONOTE_ID="+m.id)
	if len(m.events) > 0 { // a message of the program itself gets through where no file can be written
		file, err := m.file()
		if err != nil {
			return "", temporary("command %s is not run, no file can be written for it in %s: %v", filepath.Base(c.Command.Command[0]), os.TempDir(), err).because("no_space")
		}
		defer func() { _ = os.Remove(file) }() // in the folder of what may be removed
		cmd.Env = append(cmd.Env, "PRONOTE_EVENTS="+file)
	}
	cmd.WaitDelay = pipeWait
	killGroup(cmd)

	err := cmd.Run()
	program := filepath.Base(c.Command.Command[0])
	switch {
	case cmd.ProcessState == nil:
		return "", temporary("command %s does not start: %v", program, err).because("command_start")
	case cmd.ProcessState.Success():
		return Receipt(m.id), nil // whatever became of the pipes: it did not read, or left a child behind
	case ctx.Err() != nil:
		f := temporary("command %s was stopped before it ended: %v", program, ctx.Err()).because("command_slow")
		f.uncertain = true
		return "", f
	}
	f := temporary("command %s fails (%s): %s", program, cmd.ProcessState, stderr.firstLine()).because("command_fails")
	code := cmd.ProcessState.ExitCode()
	f.permanent = code >= 64 && code <= 78 && code != 75
	f.uncertain = !cmd.ProcessState.Exited() // a signal ended it
	return "", f
}

// file writes the document of a message, for its owner's eyes only, and returns where.
func (m message) file() (name string, err error) {
	text, err := m.json()
	if err != nil {
		return "", err
	}
	file, err := os.CreateTemp("", "pronote-events-*.json")
	if err != nil {
		return "", err
	}
	_, err = file.Write(text)
	if err = errors.Join(err, file.Close()); err != nil {
		return "", errors.Join(err, os.Remove(file.Name()))
	}
	return file.Name(), nil
}

// environment is that of the daemon without its secrets.
func environment() []string {
	var env []string
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "PRONOTE_SYNC_") {
			env = append(env, variable)
		}
	}
	return env
}

// head keeps the beginning of what is written to it.
type head struct{ kept bytes.Buffer }

// Write never fails: the program should end as it would in a terminal.
func (h *head) Write(p []byte) (int, error) {
	h.kept.Write(p[:min(len(p), maxStderr-h.kept.Len())])
	return len(p), nil
}

func (h *head) firstLine() string {
	line, _, _ := strings.Cut(strings.TrimSpace(clean(h.kept.String())), "\n")
	return cmp.Or(line, "it says nothing")
}
