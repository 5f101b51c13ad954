package school

import (
	"os"
	"runtime/debug"
	"testing"
)

// TestMain lets the garbage lie for longer: each test has a school and a mirror of
// its own, and collecting them took a seventh of the time.
func TestMain(m *testing.M) {
	if !raced { // whose shadow of the memory is larger than the memory
		debug.SetGCPercent(400)
	}
	os.Exit(m.Run())
}
