// Package build says which build of the project a program is.
package build

import (
	"runtime/debug"
	"time"
)

// version is that of a release. The linker fills it in.
var version string

// Version is the release, else what the Go tool knows of the build: a commit, or "(devel)".
func Version() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

// begun is before any build of the project.
var begun = time.Date(2025, time.January, 1, 0, 0, 0, 0, time.UTC)

// Time is that of the commit that was built: no clock that shows less is right. It is
// earlier where the Go tool does not know.
func Time() time.Time {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return begun
	}
	for _, s := range info.Settings {
		if s.Key != "vcs.time" {
			continue
		}
		if at, err := time.Parse(time.RFC3339, s.Value); err == nil && at.After(begun) {
			return at
		}
	}
	return begun
}
