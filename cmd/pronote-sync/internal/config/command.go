package config

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"
	"unicode"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
)

// commandTimeout leaves time to unlock a password store by hand.
const commandTimeout = 30 * time.Second

// run runs a command for a limited time, without a shell, and returns what it
// prints. Its error has the first line of what it complains, and nothing of what
// it prints.
func run(argv []string, limit time.Duration) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	var stdout, stderr bounded
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.WaitDelay = time.Second // for what it leaves behind
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case len(stdout.text) > maxSecret:
		return "", say.Errorf("%s prints too much: let it print the secret alone", argv[0])
	case err == nil || errors.Is(err, exec.ErrWaitDelay):
		return string(stdout.text), nil
	case ctx.Err() != nil:
		return "", say.Errorf("%s takes more than %s: run it by hand to see what it waits for", argv[0], limit)
	case errors.As(err, &exit):
		return "", say.Errorf("%s fails with %s: %s", argv[0], exit, firstLine(string(stderr.text)))
	case errors.Is(err, exec.ErrNotFound):
		return "", say.Errorf("there is no program %s: install it, or write its whole path", argv[0])
	default:
		return "", say.Errorf("%s cannot be run: write the whole path of a program", argv[0])
	}
}

// firstLine makes what a program complains fit for a line of ours.
func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	line = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}, line)
	if line == "" {
		return "run it by hand to see why"
	}
	return fmt.Sprintf("%.200s", line)
}

// bounded keeps what a secret can have and one byte more, and takes the rest.
type bounded struct{ text []byte }

func (b *bounded) Write(p []byte) (int, error) {
	b.text = append(b.text, p[:min(len(p), maxSecret+1-len(b.text))]...)
	return len(p), nil
}
