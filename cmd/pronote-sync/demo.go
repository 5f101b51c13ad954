package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

func (a *app) demoCommand() *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Show the whole job on an invented school, in a minute",
		Long: "demo starts an invented school on this machine, mirrors a parent's account of it, lets some " +
			"school days go by and prints the messages that a parent would get. It needs nothing else.",
		Args: arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			d := &demo{app: a, cmd: cmd, out: cmd.OutOrStdout()}
			return d.run(cmd.Context(), dir)
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "", "`folder` for the configuration and the mirror (default: a new one among the temporary files)")
	return cmd
}

// A demo is one show.
type demo struct {
	app    *app
	cmd    *cobra.Command
	out    io.Writer
	school *world.School
	paris  *time.Location
}

// The demo begins on the evening of a Monday in December, after a term and a
// week.
var demoStart = pronote.Date{Year: 2025, Month: time.December, Day: 8}

const demoSeed = 3

func (d *demo) run(ctx context.Context, dir string) error {
	dir, err := demoFolder(dir)
	if err != nil {
		return err
	}
	d.school = world.NewSchool(demoSeed, 2025)
	d.school.AdvanceTo(pronote.DateTime{Date: demoStart, Hour: 18})
	d.school.Quiet() // what happens from now on is in the script of the demo
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return say.Errorf("the invented school cannot listen: %w", err)
	}
	server := serveOn(listener, pronotetest.NewServer(d.school, pronotetest.Options{Encrypt: true, Compress: true}))
	defer func() { _ = server.Close() }()

	c, err := d.configure(dir, "http://"+listener.Addr().String()+"/pronote/")
	if err != nil {
		return err
	}
	m, err := openMirror(ctx, c, false)
	if err != nil {
		return err
	}
	return errors.Join(d.show(ctx, c, m), m.Close())
}

func demoFolder(dir string) (string, error) {
	if dir == "" {
		return os.MkdirTemp("", "pronote-sync-demo-")
	}
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return "", usageError{say.Errorf("%s is not empty: name a new folder", dir)}
	}
	dir, err := filepath.Abs(dir)
	if err == nil {
		err = os.MkdirAll(dir, 0o700)
	}
	if err != nil {
		return "", usageError{say.Errorf("%s cannot be made, name another folder: %w", dir, err)}
	}
	return dir, nil
}

const demoConfig = `# Written by pronote-sync demo. The school was an invented one on this machine,
# and is gone; the mirror beside this file stays.
database = "pronote.db"

[budget]
spacing = "0s"
requests_per_hour = 1000

[spans]
agenda = 52

[[account]]
name = "famille"
url = %q
kind = "parent"
username = %q
password_file = "password"
`

// configure writes a configuration, as a person would, and loads it. The demo
// itself is the recipient.
func (d *demo) configure(dir, url string) (*config.Config, error) {
	path := filepath.Join(dir, "config.toml")
	if err := os.WriteFile(filepath.Join(dir, "password"), []byte(pronotetest.Password+"\n"), 0o600); err != nil {
		return nil, err
	}
	if err := os.WriteFile(path, fmt.Appendf(nil, demoConfig, url, pronotetest.Username), 0o600); err != nil {
		return nil, err
	}
	c, err := config.Load(path)
	if err != nil {
		return nil, err
	}
	d.paris = c.Location
	c.Recipients = []psync.Recipient{{
		Name: "you", Channel: "terminal", Notifier: printer{out: d.out, recipient: d.app.in("you"), language: d.app.language},
		Admin: true, Reveal: psync.RevealFull, Language: c.Language, Location: c.Location,
		Policy: psync.Policy{Preset: psync.All, Mute: []string{"average.*"}},
	}}
	return c, nil
}

// show mirrors, lets days go by, and ends with what to try.
func (d *demo) show(ctx context.Context, c *config.Config, m *mirror) error {
	settings, err := d.app.engineConfig(c, m.store, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	bar := newProgress(d.cmd.ErrOrStderr(), c.Language)
	settings.Progress = bar.step
	settings.Now = func() time.Time { return d.school.Now().In(d.paris) } // its clock is ours
	settings.Timekeeper = nil
	settings.Rand = rand.New(rand.NewPCG(demoSeed, 0))
	engine, err := psync.New(ctx, settings)
	if err != nil {
		return err
	}
	d.tell("\nAn invented school is open at %s.\nMirroring the parent account of %s and %s into\n  %s\n",
		c.Accounts[0].URL, d.school.Children()[0], d.school.Children()[1], c.Database)
	result, err := engine.Poll(ctx, "famille")
	bar.done()
	if err != nil {
		return err
	}
	printResult(d.out, d.app.language, "famille", result)
	if _, err := engine.Deliver(ctx, "you"); err != nil {
		return err
	}
	if err := d.play(ctx, engine); err != nil {
		return err
	}
	if err := engine.Close(ctx); err != nil {
		return err
	}
	d.suggest(c)
	return nil
}

// play lets the days of the script go by, with a look at PRONOTE after each scene.
func (d *demo) play(ctx context.Context, engine *psync.Engine) error {
	s := &playground{School: d.school, fanny: d.school.Children()[0], gabin: d.school.Children()[1]}
	day := pronote.Date{}
	for _, scene := range scenes {
		now := pronote.DateTime{Date: demoStart.AddDays(1 + scene.offset), Hour: scene.hour}
		if now.Date != day {
			day = now.Date
			d.tell("\n── %s ──", day)
		}
		d.school.AdvanceTo(now)
		scene.happens(s)
		if _, err := engine.Poll(ctx, "famille"); err != nil {
			return err
		}
		if _, err := engine.Deliver(ctx, "you"); err != nil {
			return err
		}
	}
	return nil
}

// suggest ends the show with SQL, which must work when pasted.
func (d *demo) suggest(c *config.Config) {
	d.tell("\nThe mirror is yours. Open it with any SQLite tool, for instance\n  sqlite3 %s\nand paste:\n", c.Database)
	for _, query := range demoQueries {
		_, _ = fmt.Fprintln(d.out, query) // nobody watches a broken pipe
	}
}

var demoQueries = []string{
	`SELECT student, subject, given_on, title, value_text, class_average FROM marks ORDER BY given_on DESC LIMIT 10;`,
	`SELECT student, due_on, subject, description FROM homework WHERE due_on >= '2025-12-12' AND NOT done ORDER BY due_on;`,
	`SELECT at, student, domain, kind, what, before, after FROM changes WHERE kind = 'changed' ORDER BY at DESC LIMIT 10;`,
}

func (d *demo) tell(format string, args ...any) {
	_, _ = fmt.Fprintln(d.out, d.app.in(format, args...)) // nobody watches a broken pipe
}
