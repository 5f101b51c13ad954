package main

import (
	"io"
	"os"
	"strconv"

	"golang.org/x/term"
)

// isTerminal reports whether somebody watches what is written.
func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// widthOf is how many characters a line may have: as the terminal is wide, else as
// COLUMNS says; 0 where nothing limits it.
func widthOf(out io.Writer, getenv func(string) string) int {
	if file, ok := out.(*os.File); ok {
		if width, _, err := term.GetSize(int(file.Fd())); err == nil && width > 0 {
			return width
		}
	}
	width, err := strconv.Atoi(getenv("COLUMNS"))
	if err != nil {
		return 0
	}
	return max(width, 0)
}

// coloured reports whether what is written may have colours: on terminals, unless the
// person wants none.
func coloured(out io.Writer, getenv func(string) string) bool {
	return isTerminal(out) && getenv("NO_COLOR") == "" && getenv("TERM") != "dumb"
}
