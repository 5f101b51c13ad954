package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/hint"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/setup"
	"github.com/pronote-sync/pronote-sync/pronote"
)

// An asker asks a person at a terminal. Where there is none, each answer is a
// line of standard input, and no question is shown.
type asker struct {
	ctx      context.Context
	in       *bufio.Reader
	out      io.Writer // of the questions
	terminal *os.File  // nil when there is none
	colon    string    // behind a question
	hidden   string    // tells that an answer is not shown
}

func newAsker(ctx context.Context, cmd *cobra.Command) *asker {
	a := &asker{ctx: ctx, in: bufio.NewReaderSize(cmd.InOrStdin(), maxAnswer), out: io.Discard, colon: ": ", hidden: ", not shown"}
	if file, ok := cmd.InOrStdin().(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		a.terminal, a.out = file, cmd.ErrOrStderr()
	}
	return a
}

// speak makes what stands beside a question that of a language.
func (a *asker) speak(language string) {
	if a.hidden = setup.Hidden.In(language); language == hint.French {
		a.colon = "\u00a0: "
	}
}

// maxAnswer bounds an answer, in bytes: the text of a QR code is the longest.
const maxAnswer = 16 << 10

// say explains something to a person.
func (a *asker) say(text string) { _, _ = fmt.Fprintln(a.out, text) } // without a terminal nobody reads it

// ask returns the answer to a question, without the white around it.
func (a *asker) ask(question string) (string, error) {
	_, _ = fmt.Fprint(a.out, question+a.colon)
	return a.interruptible(question, func() (string, error) {
		line, err := a.in.ReadSlice('\n')
		if err != nil && len(line) > 0 && !errors.Is(err, bufio.ErrBufferFull) {
			err = nil // the last line may lack its end
		}
		return string(line), err
	})
}

// askSecret is ask without showing what is typed.
func (a *asker) askSecret(question string) (pronote.Secret, error) {
	if a.terminal == nil {
		answer, err := a.ask(question)
		return pronote.NewSecret(answer), err
	}
	fd := int(a.terminal.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return pronote.Secret{}, say.Errorf("the terminal cannot hide what is typed, give it on standard input: %w", err)
	}
	_, _ = fmt.Fprint(a.out, question+a.hidden+a.colon)
	answer, err := a.interruptible(question, func() (string, error) {
		text, err := term.ReadPassword(fd)
		return string(text), err
	})
	_, _ = fmt.Fprintln(a.out)
	if a.ctx.Err() != nil { // the terminal still hides
		err = errors.Join(err, term.Restore(fd, before))
	}
	return pronote.NewSecret(answer), err
}

// interruptible waits for an answer, or until the person has had enough.
func (a *asker) interruptible(question string, read func() (string, error)) (string, error) {
	type reply struct {
		text string
		err  error
	}
	replies := make(chan reply, 1)
	go func() {
		text, err := read()
		replies <- reply{text, err}
	}()
	select {
	case r := <-replies:
		switch {
		case errors.Is(r.err, bufio.ErrBufferFull):
			return "", usageError{say.Errorf("the answer to %q is too long: give it in a file, see pronote-sync login --help", question)}
		case r.err != nil:
			return "", usageError{say.Errorf("nobody answers the question %q: write the answer on standard input", question)}
		}
		return strings.TrimSpace(r.text), nil
	case <-a.ctx.Done():
		return "", errInterrupted
	}
}
