package main

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/bot"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/setup"
)

// Setup waited for ever for a chat that never writes.
func TestAChatThatNeverWritesIsSaid(t *testing.T) {
	t.Parallel()
	s := openServices(t)
	draft, err := setup.New("telegram", t.TempDir())
	if err == nil {
		err = errors.Join(draft.Set("token", servicesToken), draft.Set("server", s.url))
	}
	if err != nil {
		t.Fatal(err)
	}
	w := &walk{draft: draft, config: &config.Config{Database: t.TempDir() + "/pronote.db"}}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	err = w.hear(ctx, func(bot.Chat) (bool, error) { return true, nil })
	if err == nil || !strings.HasPrefix(err.Error(), "nobody has written to the bot: ") {
		t.Errorf("it is said: %v", err)
	}
}
