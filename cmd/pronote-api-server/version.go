package main

import "runtime/debug"

// version is set by the linker in releases.
var version = ""

// buildVersion is the release, else what the Go tool knows of the build.
func buildVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
