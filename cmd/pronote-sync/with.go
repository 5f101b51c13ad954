package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

// goodbye is how long schools that do not answer a logout may hold up the end of
// a command. They will notice by themselves.
const goodbye = 2 * time.Second

// with opens the mirror and makes an engine on it, for f alone. It logs out of the
// schools afterwards, also when the person has had enough meanwhile. Change may
// alter the engine's settings; nil leaves them.
func (a *app) with(cmd *cobra.Command, c *config.Config, change func(*psync.Config), f func(context.Context, *psync.Engine) error) (err error) {
	ctx := cmd.Context()
	m, err := openMirror(ctx, c, a.anew)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.Close()) }()
	m.letIn(ctx, c, func(w error) {
		_, _ = fmt.Fprintln(cmd.ErrOrStderr(), a.in("pronote-sync: warning: %v", w))
	})
	settings, err := a.engineConfig(c, m.store, a.quietLogger(cmd.ErrOrStderr()))
	if err != nil {
		return err
	}
	if change != nil {
		change(&settings)
	}
	engine, err := psync.New(ctx, settings)
	if err != nil {
		return err
	}
	err = f(ctx, engine)
	leave, cancel := context.WithTimeout(context.WithoutCancel(ctx), goodbye)
	defer cancel()
	return interrupted(ctx, errors.Join(err, engine.Close(leave)))
}
