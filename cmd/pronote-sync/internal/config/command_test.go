package config

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// program does what a test wants of a command.
func program(name string) (status int) {
	fmt.Print(canary, "\n")
	switch name {
	case "fails":
		fmt.Fprint(os.Stderr, "\nthe store\x1b[31m is locked\nsecond line\n")
		return 3
	case "fails-silently":
		return 1
	case "talks":
		fmt.Print(strings.Repeat(canary, maxSecret))
	case "hangs":
		select {}
	}
	return 0
}

func TestRun(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, want string
		limit      time.Duration
	}{
		{"works", "", time.Minute},
		{"fails", "SELF fails with exit status 3: the store[31m is locked", time.Minute},
		{"fails-silently", "SELF fails with exit status 1: run it by hand to see why", time.Minute},
		{"talks", "SELF prints too much: let it print the secret alone", time.Minute},
		{"hangs", "SELF takes more than 1ms: run it by hand to see what it waits for", time.Millisecond},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			stdout, err := run([]string{self, "program", test.name}, test.limit)
			if test.want == "" {
				if stdout != canary+"\n" || err != nil {
					t.Errorf("got %q, %v", stdout, err)
				}
				return
			}
			if err == nil || strings.ReplaceAll(err.Error(), self, "SELF") != test.want || stdout != "" {
				t.Errorf("got  %.40q, %v\nwant %s", stdout, err, test.want)
			}
		})
	}
}

func TestRunWithoutProgram(t *testing.T) {
	t.Parallel()
	for program, want := range map[string]string{
		"no-such-program-here": "there is no program no-such-program-here: install it, or write its whole path",
		"./main_test.go":       "./main_test.go cannot be run: write the whole path of a program",
		"":                     " cannot be run: write the whole path of a program",
	} {
		if _, err := run([]string{program}, time.Minute); err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", program, err, want)
		}
	}
}
