package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"
)

// FuzzLoad checks that any file gives an error or a configuration that works,
// and never a word of a secret.
func FuzzLoad(f *testing.F) {
	seeds := 0
	for _, path := range problemFiles(f) {
		for _, s := range readSections(f, path) {
			if strings.HasSuffix(s.name, ".toml") {
				f.Add([]byte(s.text))
				f.Add([]byte(s.text + lea))
				seeds++
			}
		}
	}
	if seeds == 0 {
		f.Fatal("there are no seeds in testdata")
	}
	example, err := os.ReadFile("../../../../config.toml.example")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(example)
	f.Add([]byte(secretive))

	h := newHome(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(h.dir, "config.toml")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := load(path, h.outside())
		said := ""
		if err != nil {
			said = err.Error()
			if c != nil || said == "" {
				t.Fatalf("error %q comes with %v", said, c)
			}
		} else {
			checkUsable(t, c)
			said = printed(c)
		}
		leaks := func(secret string, mentions int) {
			if strings.Contains(said, secret) && strings.Count(string(text), secret) <= mentions {
				t.Errorf("the secret %q is in %s", secret, said)
			}
		}
		for _, secret := range []string{canary + "-", telegramToken, canary + "topic"} {
			leaks(secret, 0)
		}
		for _, secret := range secretsIn(text) {
			leaks(secret, 1) // elsewhere it would be no secret
		}
	})
}

// secretsIn are the passwords and tokens with a canary in a document.
func secretsIn(text []byte) []string {
	var d struct {
		Account []struct{ Password any }
		Notify  []struct{ Password, Token any }
	}
	_ = toml.Unmarshal(text, &d) // what it could read is enough
	var values []any
	for _, a := range d.Account {
		values = append(values, a.Password)
	}
	for _, n := range d.Notify {
		values = append(values, n.Password, n.Token)
	}
	var secrets []string
	for _, v := range values {
		if s, ok := v.(string); ok && strings.Contains(s, canary) {
			secrets = append(secrets, s)
		}
	}
	return secrets
}

func checkUsable(t *testing.T, c *Config) {
	t.Helper()
	if !filepath.IsAbs(c.Path) || !filepath.IsAbs(c.Database) || !filepath.IsAbs(c.StateDir) ||
		c.Location == nil || c.Language == "" || c.Opening == "" || c.Plan.KeepAlive == nil ||
		c.Budget.PerHour < 1 || c.Budget.PerDay < 0 || c.Budget.LoginsPerDay < 1 || len(c.Accounts) == 0 {
		t.Errorf("unusable: %+v", c)
	}
	for name, schedule := range c.Plan.Domains {
		if schedule == nil {
			t.Errorf("%s has no schedule", name)
		}
	}
	for _, a := range c.Accounts {
		if a.Name == "" || a.URL == "" || a.Location == nil || a.ByToken != (a.Credentials.Username == "" || a.Credentials.Password.IsZero()) {
			t.Errorf("unusable: %+v", a)
		}
	}
	for _, r := range c.Recipients {
		if r.Name == "" || r.Notifier == nil || r.Preset == "" || r.Location == nil || r.Language == "" {
			t.Errorf("unusable: %+v", r)
		}
	}
}
