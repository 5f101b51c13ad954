package sync

import (
	"flag"
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	// Of each property; .ci/night checks more often.
	if err := flag.Set("rapid.checks", "10"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}
