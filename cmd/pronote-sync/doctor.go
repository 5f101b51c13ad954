package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/doctor"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
)

func (a *app) doctorCommand() *cobra.Command {
	var asJSON bool
	var report string
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Look at all that may be wrong, and say what to do",
		Long: "doctor looks at the configuration and its rights, the clock, the disk, the mirror, the service, the accounts, the schools " +
			"and the channels. It logs in nowhere and sends no message, and works beside the daemon and without one. " +
			"The exit code is 1 if something does not work.",
		Args: arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			x := &examination{app: a, cmd: cmd}
			x.all(cmd.Context())
			if err := cmd.Context().Err(); err != nil {
				return errInterrupted
			}
			return errors.Join(x.tell(cmd.OutOrStdout(), asJSON), x.report(report), x.verdict())
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().StringVar(&report, "report", "", "write it to a new `file` too, without secrets and names, to be shown to others")
	return cmd
}

// An examination is one run of doctor.
type examination struct {
	*app
	cmd      *cobra.Command
	config   *config.Config // nil where it cannot be used
	blind    bool           // the secrets may not be read by who asks
	findings []doctor.Finding
}

// lookFor bounds the looks that use the network.
const lookFor = 12 * time.Second

// all takes all the looks.
func (x *examination) all(ctx context.Context) {
	x.lookAtProgram()
	if !x.lookAtConfig() {
		x.lookAtClock(nil)
		return
	}
	x.lookAtFiles()
	x.lookAtDisk()
	state := x.lookAtMirror(ctx)
	outside, cancel := context.WithTimeout(ctx, lookFor)
	defer cancel()
	heard := x.listen(outside, state)
	x.lookAtClock(heard)
	x.lookAtService(ctx, state)
	x.lookAtMemory()
	x.lookAtAccounts(state, heard)
	x.lookAtChannels(state, heard)
}

// find adds a finding.
func (x *examination) find(f doctor.Finding) { x.findings = append(x.findings, f) }

// tell prints the findings.
func (x *examination) tell(out io.Writer, asJSON bool) error {
	said := x.said(doctor.Reader{Language: x.language})
	if asJSON {
		return printJSON(out, said)
	}
	return printFindings(out, said, x.language)
}

func (x *examination) said(r doctor.Reader) (said []doctor.Said) {
	for _, f := range x.findings {
		said = append(said, r.Say(f))
	}
	return said
}

// report writes the findings for others into a new file.
func (x *examination) report(path string) (err error) {
	if path == "" {
		return nil
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, os.ErrExist) {
		return usageError{say.Errorf("%s exists: name another file for the report", path)}
	}
	if err != nil {
		return usageError{say.Errorf("the report cannot be written, check the folder: %w", err)}
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return printFindings(file, x.said(doctor.Reader{Language: x.language, Anonymous: true}), x.language)
}

var stateWords = map[doctor.State]doctor.Text{
	doctor.OK: doctor.T("ok", "ok"), doctor.Warning: doctor.T("attention", "warning"), doctor.Failure: doctor.T("panne", "failure"),
}

// printFindings prints a line for each, and what to do below it.
func printFindings(out io.Writer, said []doctor.Said, language string) error {
	line := doctor.T("%-9s  %s : %s\n", "%-9s  %s: %s\n").In(language)
	for _, s := range said {
		what := s.Check
		if s.Of != "" {
			what += " " + s.Of
		}
		if _, err := fmt.Fprintf(out, line, stateWords[s.State].In(language), what, s.Text); err != nil {
			return err
		}
		if s.Next == "" {
			continue
		}
		if _, err := fmt.Fprintf(out, "%-9s  → %s\n", "", s.Next); err != nil {
			return err
		}
	}
	return nil
}

// verdict is an error where something does not work, which is printed already.
func (x *examination) verdict() error {
	failures := 0
	for _, f := range x.findings {
		if f.State == doctor.Failure {
			failures++
		}
	}
	if failures == 0 {
		return nil
	}
	return say.Errorf("something does not work (%d of %d): do what stands below it", failures, len(x.findings))
}
