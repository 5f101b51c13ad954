package main

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/internal/build"
	"github.com/pronote-sync/pronote-sync/pronote"
)

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version, and the newest PRONOTE it was checked against",
		Args:  arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "pronote-sync %s, for PRONOTE up to %s (%s, %s/%s)\n",
				build.Version(), pronote.Newest, runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}
