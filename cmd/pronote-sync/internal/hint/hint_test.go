package hint

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"
	"testing"
)

// An address of no account that nothing answers at was told in the words of Go alone.
func TestAnAddressThatCannotBeReachedIsToldInPeoplesWords(t *testing.T) {
	t.Parallel()
	refused := fmt.Errorf("school.example cannot be reached: %w", &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED})
	if got := Of(refused, "", French); !strings.HasPrefix(got, "l'établissement ne peut pas être joint : ") {
		t.Errorf("got %q", got)
	}
	if got := Of(errors.New("a file is missing"), "", French); got != "" {
		t.Errorf("an error of another kind is told as %q", got)
	}
}
