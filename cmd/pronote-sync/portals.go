package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"time"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cas"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/table"
	"github.com/pronote-sync/pronote-sync/pronote"
)

func (a *app) portalsCommand() *cobra.Command {
	var school string
	cmd := &cobra.Command{
		Use:   "portals",
		Short: "List the school portals (ENT) that accounts can log in through; with --detect, find a school's",
		Long: "portals lists what cas can be in an account of the configuration, by region. STATE is what is known: " +
			"working, moved (to another way in than some years ago), unknown, or gone; AS OF is when somebody knew.\n\n" +
			"With --detect and the address of PRONOTE, it says which of them the school uses. That logs in nowhere.",
		Args: arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if school != "" {
				return a.detect(cmd, school)
			}
			return a.writerTo(cmd.OutOrStdout()).portals()
		},
	}
	cmd.Flags().StringVar(&school, "detect", "", "`address` of the school's PRONOTE, as in the browser")
	return cmd
}

func (w writer) portals() error {
	t := table.Table{Columns: []table.Column{
		w.head("Region").AtLeast(12), w.head("cas ="), w.head("State").Ranked(1), w.head("As of").Ranked(3), w.head("Password of").Ranked(2), w.head("Name").AtLeast(16),
	}}
	for _, row := range cas.Portals() {
		account := ""
		if p, err := cas.Portals().Find(row.ID); err == nil {
			account = w.passwordOf(p)
		}
		name := row.Name
		if row.Successor != "" {
			name = say.To(w.language, "%s, now %s", name, row.Successor)
		}
		t.Rows = append(t.Rows, []string{row.Region, row.ID, say.Text(w.language, string(row.State)), row.AsOf, account, name})
	}
	return w.table(t, nil)
}

// passwordOf says whose password a portal takes.
func (w writer) passwordOf(p cas.Portal) string {
	if p.EduConnect() {
		return "EduConnect"
	}
	return say.Text(w.language, "the portal")
}

// detect asks a school how it lets pupils and parents in.
func (a *app) detect(cmd *cobra.Command, school string) error {
	root, err := pronote.ParseAddress(school)
	if err != nil {
		return mistaken(cmd, "--detect: %w", err)
	}
	ctx, cancel := context.WithTimeout(cmd.Context(), time.Minute)
	defer cancel()
	pupils, err := a.detectPage(ctx, root, "eleve.html")
	if err != nil {
		return schoolError{error: err}
	}
	parents, err := a.detectPage(ctx, root, "parent.html")
	if err != nil {
		return schoolError{error: err}
	}
	out := a.writerTo(cmd.OutOrStdout())
	if pupils.School != "" {
		_, _ = fmt.Fprintln(out, pupils.School)
	}
	if reflect.DeepEqual(pupils, parents) {
		out.detection("", pupils)
		return nil
	}
	out.detection(a.in("pupils: "), pupils)
	out.detection(a.in("parents: "), parents)
	return nil
}

func (a *app) detectPage(ctx context.Context, root *url.URL, page string) (cas.Detection, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, root.JoinPath(page).String(), nil)
	if err != nil {
		return cas.Detection{}, err
	}
	req.Header.Set("User-Agent", pronote.DesktopAgent)
	d, err := cas.Portals().Detect(&http.Client{Transport: a.transport}, req)
	if err == nil && d.Host == "" && !d.Direct && len(d.Portals) == 0 {
		err = pronote.ErrNotPRONOTE
	}
	return d, err
}

func (w writer) detection(who string, d cas.Detection) {
	tell := func(format string, args ...any) {
		_, _ = fmt.Fprintln(w, who+say.To(w.language, format, args...)) // as with all output
	}
	if d.Host != "" {
		tell("logins go to %s", d.Host)
	}
	for _, p := range d.Portals {
		if p.State == cas.Gone {
			tell("that is %s, which has been switched off: try cas = %q", p.Name, p.Successor)
			continue
		}
		tell("write cas = %q: %s, with the password of %s (%s as of %s)", p.ID, p.Name, w.passwordOf(p), say.Word(p.State), p.AsOf)
	}
	switch {
	case d.Host != "" && len(d.Portals) == 0 && d.Direct:
		tell("no portal of the table has that host: use a QR code with login = \"token\", or PRONOTE's own user name and password")
	case d.Host != "" && len(d.Portals) == 0:
		tell("no portal of the table has that host: use a QR code with login = \"token\"")
	case d.Direct && len(d.Portals) > 0:
		tell("PRONOTE's own login page is there as well: with a user name and password of PRONOTE itself, leave cas out")
	case d.Direct:
		tell("leave cas out: PRONOTE has its own login page")
	}
}

// traceTo opens a file for the trace of an account's next login.
func traceTo(c *config.Config, account, path string) (io.WriteCloser, error) {
	if c.Logins[account] == nil {
		return nil, usageError{say.Errorf("account %s logs in without a portal, of which there is nothing to trace: leave --trace out", account)}
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, usageError{say.Errorf("%w: choose another place for the trace", err)}
	}
	return file, nil
}
