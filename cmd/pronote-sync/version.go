package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/pronote"
)

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

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version, and the newest PRONOTE it was checked against",
		Args:  arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "pronote-sync %s, for PRONOTE up to %s (%s, %s/%s)\n",
				buildVersion(), pronote.Newest, runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}
