package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/notifiers"
)

// TestMain is the tests, or one of the programs that the tests run.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "program" {
		os.Exit(program(os.Args[2]))
	}
	os.Setenv("GORACE", "atexit_sleep_ms=0") // else each program takes a second to end under the race detector
	os.Exit(m.Run())
}

// canary is what every secret of the tests has in it.
const canary = "canary"

// A home is a folder with a configuration and all that one can point to.
type home struct {
	dir string
	env map[string]string
}

// telegramToken looks like one, which channels check.
const telegramToken = "123456:" + canary

// authority is a certificate of nobody.
const authority = `-----BEGIN CERTIFICATE-----
MIIBjjCCATWgAwIBAgIUe54mWK/afK0UHyWv9eNEGe3zd3swCgYIKoZIzj0EAwIw
HTEbMBkGA1UEAwwSTm90ZUtmZXQgYXV0aG9yaXR5MB4XDTI2MTEzMDE0MTUzMVoX
DTQ2MTEyNTE0MTUzMVowHTEbMBkGA1UEAwwSTm90ZUtmZXQgYXV0aG9yaXR5MFkw
EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEvtbE6Uw0kSRSvXUfz/yEQyxJV4kJb0VK
8zjgUKXtybWi4xnkJ0gCZzV3bABAl4Nlzyne8Kucebigt1GGWkhMZ6NTMFEwHQYD
VR0OBBYEFHlXN8I18dYxQ/9b2q1avvyXev/tMB8GA1UdIwQYMBaAFHlXN8I18dYx
Q/9b2q1avvyXev/tMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIg
MhRB6Mb0aGG3cuxJ51TY6zxUfvU5EZLBGY4zFoUbTngCIGbi813O1BTB/OyfY+ky
X9uPn9y7wVt5ErtVh/j82HJC
-----END CERTIFICATE-----
`

func newHome(t testing.TB) home {
	h := home{t.TempDir(), map[string]string{}}
	for name, text := range map[string]string{
		"secrets/lea":            canary + "-lea\r\n",
		"secrets/tom":            canary + "-tom",
		"secrets/zoe":            canary + "-zoe",
		"secrets/lea-pin":        "4711\n",
		"secrets/telegram":       telegramToken + "\n",
		"secrets/empty":          "\n",
		"secrets/lines":          canary + "\nlogin: l.martin\n",
		"secrets/large":          strings.Repeat(canary, maxSecret),
		"secrets/open":           canary + "-open",
		"secrets/folder/file":    canary,
		"credentials/lea":        canary + "-credential",
		"credentials/none":       "",
		"words/fr/mark.tmpl":     `{{define "mark.new"}}{{.Now.subject}}{{end}}`,
		"mistakes/fr/mark.tmpl":  `{{define "mark.new"}}{{.Nwo.subject}}{{end}}`,
		"secrets/email":          canary,
		"secrets/note":           canary + "-note",
		"secrets/note-ca.pem":    authority,
		"secrets/discord":        "https://discord.com/api/webhooks/1/" + canary,
		"secrets/apprise":        canary,
		"secrets/bark":           canary,
		"secrets/free":           canary,
		"secrets/gotify":         canary,
		"secrets/matrix":         canary,
		"secrets/pushbullet":     canary,
		"secrets/pushover-token": canary,
		"secrets/pushover-user":  canary,
		"secrets/twilio":         canary,
		"secrets/googlechat":     "https://chat.googleapis.com/v1/spaces/AAAA/messages?key=" + canary + "&token=" + canary,
		"secrets/mattermost":     "https://chat.example.org/hooks/" + canary,
		"secrets/rocketchat":     "https://rocket.example.org/hooks/1/" + canary,
		"secrets/slack":          "https://hooks.slack.com/services/T1/B1/" + canary,
		"secrets/teams":          "https://x.environment.api.powerplatform.com/powerautomate/automations/direct/workflows/1/triggers/manual/paths/invoke?sig=" + canary,
		"secrets/webhook":        "https://example.org/" + canary,
		"secrets/ntfy-topic":     canary + "topic",
		"secrets/ntfy-token":     canary,
		"secrets/ntfy-password":  canary,
		"secrets/webhook-token":  canary,
		"secrets/webhook-secret": canary,
	} {
		h.write(t, name, text)
	}
	if err := os.Chmod(h.path("secrets/open"), 0o644); err != nil {
		t.Fatal(err)
	}
	h.env["CREDENTIALS_DIRECTORY"] = h.path("credentials")
	return h
}

func (h home) path(name string) string { return filepath.Join(h.dir, name) }

func (h home) write(t testing.TB, name, text string) string {
	t.Helper()
	path := h.path(name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// load writes a configuration and loads it.
func (h home) load(t testing.TB, text string) (*Config, error) {
	t.Helper()
	return load(h.write(t, "config.toml", text), h.outside())
}

func (h home) outside() outside {
	return outside{
		env: func(name string) string { return h.env[name] },
		run: func(argv []string, _ time.Duration) (string, error) {
			switch argv[0] {
			case "pass":
				return canary + "-command \n", nil
			case "silent":
				return "\n", nil
			}
			return canary, errors.New(argv[0] + " fails with exit status 1: it is locked")
		},
	}
}

// lea is an account without problems.
const lea = `
[[account]]
name = "lea"
url = "https://0123456a.index-education.net/pronote/eleve.html?login=true"
username = "l.martin"
password_file = "secrets/lea"
`

// channels has the settings of each kind of channel.
func channels() map[string]any {
	settings := map[string]any{}
	for _, kind := range notifiers.Kinds() {
		_, _ = notifiers.New(kind, func(s any) error { // only the type is of interest
			settings[kind] = s
			return errNoted
		})
	}
	return settings
}
