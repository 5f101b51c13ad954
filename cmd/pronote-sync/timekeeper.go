package main

import (
	"os"

	"github.com/pronote-sync/pronote-sync/cmd/internal/build"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

// timekeeper is who says whether the clock of this machine is right, one for all
// configurations of the process.
func (a *app) timekeeper() *psync.Timekeeper {
	if a.keeper == nil {
		a.keeper = psync.NewTimekeeper(a.now, build.Time(), a.synced)
	}
	return a.keeper
}

// isSynchronized reports whether systemd has set the clock by a server of time since the
// machine was started.
func isSynchronized() bool {
	_, err := os.Stat("/run/systemd/timesync/synchronized")
	return err == nil
}
