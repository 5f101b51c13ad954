// Package build says which build of the project a program is.
package build

import "runtime/debug"

// Version is what the Go tool knows of the build: a release, a commit, or "(devel)".
func Version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
