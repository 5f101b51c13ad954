package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/internal/build"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/hint"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/state"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

func (a *app) runCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "run",
		Short: "Follow PRONOTE until stopped: the daemon",
		Long: "run polls the accounts on their schedule and delivers messages until it gets SIGINT or SIGTERM. " +
			"SIGHUP makes it read the configuration again; one with a mistake is refused and the old one kept.",
		Args: arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.load(cmd)
			if err != nil {
				return err
			}
			ctx := cmd.Context()
			log := a.logger(cmd.ErrOrStderr())
			m, err := openMirror(ctx, c, false)
			if err != nil {
				a.tellUnusable(ctx, c, log, err)
				return err
			}
			d := &daemonRun{app: a, cmd: cmd, mirror: m, log: log}
			return errors.Join(d.run(ctx, c), m.Close())
		},
	}
}

// tellUnusable tells people that the daemon cannot start for want of its database.
// Nobody looks at a machine that does its work, and systemd starts it in vain.
func (a *app) tellUnusable(ctx context.Context, c *config.Config, log *slog.Logger, err error) {
	cause := psync.Unusable(err)
	if cause == "" {
		return
	}
	settings, err := a.engineConfig(c, nil, log)
	if err != nil {
		return
	}
	if may, err := state.Dir(c.StateDir).MayTell(cause, a.now()); may && err == nil {
		psync.TellUnusable(ctx, settings, cause)
	}
}

// A daemonRun is one run of the daemon, over all its configurations.
type daemonRun struct {
	app    *app
	cmd    *cobra.Command
	mirror *mirror
	log    *slog.Logger
}

// run follows a configuration, and the next one after each reload, until ctx is
// done.
func (d *daemonRun) run(ctx context.Context, c *config.Config) error {
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	defer signal.Stop(hangup)

	engine, err := d.engine(ctx, c, psync.New)
	if err != nil {
		return err
	}
	for {
		d.tell(daemon.SdNotifyReady)
		d.log.Info("running", "version", build.Version(), "accounts", len(c.Accounts), "recipients", len(c.Recipients))
		if c, err = d.follow(ctx, engine, c, hangup); err != nil || ctx.Err() != nil {
			break
		}
		next, failed := d.engine(ctx, c, engine.Succeed)
		if err = failed; err != nil {
			break
		}
		engine = next
	}
	d.tell(daemon.SdNotifyStopping)
	d.log.Info("stopping")
	// SIGTERM leaves two seconds; schools that do not answer a logout in one
	// will notice by themselves.
	leave, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	return errors.Join(err, engine.Close(leave))
}

// engine makes the engine of a configuration, the first or a successor.
func (d *daemonRun) engine(ctx context.Context, c *config.Config, start func(context.Context, psync.Config) (*psync.Engine, error)) (*psync.Engine, error) {
	d.mirror.letIn(ctx, c, func(w error) { d.log.Warn(say.In(w, hint.English)) })
	settings, err := d.app.engineConfig(c, d.mirror.store, d.log)
	if err != nil {
		return nil, err
	}
	return start(ctx, settings)
}

// follow runs an engine until ctx is done or a new configuration was accepted,
// which it returns.
func (d *daemonRun) follow(ctx context.Context, engine *psync.Engine, c *config.Config, hangup chan os.Signal) (*config.Config, error) {
	running, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- engine.Run(running) }()
	bots := d.bots(c)
	control := serveControl(respondent{engine, c, bots}, func() {
		select {
		case hangup <- syscall.SIGHUP:
		default: // it was asked for already
		}
	}, d.log)
	defer control.close()
	listening, copying := listen(running, bots), d.keepCopies(running, engine, c)
	defer func() {
		stop()
		listening()
		copying()
	}()

	beat, stopBeat := watchdog()
	defer stopBeat()
	reloaded := make(chan *config.Config, 1)
	asked := (<-chan os.Signal)(hangup)
	for {
		select {
		case err := <-ended:
			return c, err
		case <-beat:
			if engine.Healthy() {
				d.tell(daemon.SdNotifyWatchdog)
			}
		case <-asked:
			asked = nil                             // until this one is answered
			go func() { reloaded <- d.reload(c) }() // a command that gives a password may take its time
		case next := <-reloaded:
			if asked = hangup; next == nil {
				continue
			}
			d.tell(daemon.SdNotifyReloading)
			stop()
			return next, <-ended
		}
	}
}

// reload reads the configuration again. It returns nil, and has said why, where
// the old one must stay. The database cannot change under a running daemon.
func (d *daemonRun) reload(c *config.Config) *config.Config {
	next, err := config.Load(c.Path)
	if err == nil && next.Database != c.Database {
		err = say.Errorf("the database was changed: restart pronote-sync for that")
	}
	if err != nil {
		d.log.Error("configuration not reloaded, the old one stays", "error", oneLine(errors.New(say.In(err, "en"))))
		return nil
	}
	for _, warning := range next.Warnings {
		d.log.Warn(warning.Error())
	}
	d.log.Info("configuration reloaded")
	return next
}

// tell informs systemd, where there is one.
func (d *daemonRun) tell(state string) {
	if _, err := daemon.SdNotify(false, state); err != nil {
		d.log.Debug("systemd not told", "error", err)
	}
}

// watchdog ticks twice as often as systemd wants to hear from us; never without
// systemd.
func watchdog() (<-chan time.Time, func()) {
	interval, err := daemon.SdWatchdogEnabled(false)
	if err != nil || interval == 0 {
		return nil, func() {}
	}
	ticker := time.NewTicker(interval / 2)
	return ticker.C, ticker.Stop
}
