package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

func passwordFlag(cmd *cobra.Command, file *string) {
	cmd.Flags().StringVar(file, "password-file", "", "`file` with the password on its first line, instead of the terminal")
}

// readPassword takes a password from a file, from the terminal, or from standard
// input when that is none.
func readPassword(cmd *cobra.Command, path string) (string, error) {
	if path != "" {
		file, err := os.Open(path)
		if err != nil {
			return "", fmt.Errorf("the password cannot be read: %w", err)
		}
		defer file.Close()
		return firstLine(file)
	}
	in, ok := cmd.InOrStdin().(*os.File)
	if !ok || !term.IsTerminal(int(in.Fd())) {
		return firstLine(cmd.InOrStdin())
	}
	_, _ = fmt.Fprint(cmd.ErrOrStderr(), "Password: ")
	word, err := term.ReadPassword(int(in.Fd()))
	_, _ = fmt.Fprintln(cmd.ErrOrStderr())
	if err != nil {
		return "", err
	}
	_, _ = fmt.Fprint(cmd.ErrOrStderr(), "Once more: ")
	again, err := term.ReadPassword(int(in.Fd()))
	_, _ = fmt.Fprintln(cmd.ErrOrStderr())
	switch {
	case err != nil:
		return "", err
	case string(word) != string(again):
		return "", errors.New("the two passwords differ: try again")
	}
	return notEmpty(string(word))
}

func firstLine(r io.Reader) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(r, 4096)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	return notEmpty(strings.TrimRight(line, "\r\n"))
}

func notEmpty(word string) (string, error) {
	if word == "" {
		return "", errors.New("there is no password: type one, or name a file with --password-file")
	}
	return word, nil
}
