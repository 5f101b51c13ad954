package config

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// secretive has a secret in every place that may have one.
const secretive = `
[[account]]
name = "lea"
url = "https://example.org/pronote"
username = "l.martin"
password = "canary"
[[account]]
name = "tom"
url = "https://example.org/pronote"
username = "t.martin"
password_command = ["pass", "show"]
[[notify]]
name = "telegram"
channel = "telegram"
token = "123456:canary"
chat_id = 1
[[notify]]
name = "ntfy"
channel = "ntfy"
topic = "canarytopic"
token = "canary"
[[notify]]
name = "ntfy2"
channel = "ntfy"
topic = "canarytopic"
username = "papa"
password = "canary"
[[notify]]
name = "email"
channel = "email"
host = "smtp.example.org"
username = "papa"
password = "canary"
from = "papa@example.org"
to = "maman@example.org"
[[notify]]
name = "discord"
channel = "discord"
url = "https://discord.com/api/webhooks/1/canary"
[[notify]]
name = "webhook"
channel = "webhook"
url = "https://example.org/canary"
token = "canary"
headers = { "X-Token" = "canary" }
`

// printed is a value in all the ways that programs print one.
func printed(v any) string {
	var b strings.Builder
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		fmt.Fprintf(&b, format+"\n", v)
	}
	text, err := json.Marshal(v)
	fmt.Fprintln(&b, string(text), err)
	slog.New(slog.NewTextHandler(&b, nil)).Info("text", "value", v)
	slog.New(slog.NewJSONHandler(&b, nil)).Info("json", "value", v)
	return b.String()
}

func TestConfigDoesNotPrintSecrets(t *testing.T) {
	t.Parallel()
	c, err := newHome(t).load(t, secretive)
	if err != nil {
		t.Fatal(err)
	}
	values := []any{c, *c}
	for _, a := range c.Accounts {
		values = append(values, a, &a)
	}
	for _, r := range c.Recipients {
		values = append(values, r, &r, r.Notifier)
	}
	for _, v := range values {
		if text := printed(v); strings.Contains(text, canary) {
			t.Errorf("a secret is in %s", text)
		}
	}
}

func TestWarningsOfSharedFile(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("files have no modes here")
	}
	h := newHome(t)
	for text, want := range map[string][]string{lea: nil, secretive: {
		"password", "token", "topic", "token", "topic", "password", "password", "url", "url", "token", "headers",
	}} {
		path := h.write(t, "config.toml", text)
		if err := os.Chmod(path, 0o644); err != nil {
			t.Fatal(err)
		}
		c, err := load(path, h.outside())
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, warning := range c.Warnings {
			_, key, _ := strings.Cut(warning.Error(), "can read ")
			key, after, _ := strings.Cut(key, " ")
			if after != "in this file: run chmod 600 "+path {
				t.Errorf("unexpected warning: %s", warning)
			}
			got = append(got, key)
		}
		if !slices.Equal(got, want) {
			t.Errorf("warned of %v, want %v", got, want)
		}
	}
}
