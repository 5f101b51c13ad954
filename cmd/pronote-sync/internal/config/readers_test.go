package config

import "testing"

func TestTheMirrorOfTheSystemsConfiguration(t *testing.T) {
	t.Parallel()
	for dir, want := range map[string]string{
		"/etc/pronote-sync":       "/var/lib/pronote-sync/pronote.db",
		"/etc":                    "pronote.db",
		"/home/lea/etc/x":         "pronote.db",
		"/opt/etc/pronote-sync":   "pronote.db",
		"/etc/pronote-sync/other": "/var/lib/pronote-sync/other/pronote.db",
	} {
		if got := usualDatabase(dir); got != want {
			t.Errorf("the mirror of a configuration in %s is %s, want %s", dir, got, want)
		}
	}
}

// Whoever may read the mirror and not the secrets was told that a secret cannot be read.
func TestToReadNoSecretIsLookedAt(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	path := h.write(t, "config.toml", `
[[account]]
name = "lea"
url = "https://0123456a.index-education.net/pronote/"
username = "l.martin"
password_file = "secrets/nowhere"
pin_command = ["false"]
[[account]]
name = "note"
kind = "notekfet"
url = "notekfet://note.example.org:4242"
username = "lea"
password_credential = "nowhere"
[[notify]]
name = "maman"
channel = "telegram"
token_file = "secrets/nowhere"
chat_id = 1
[[notify]]
name = "papa"
channel = "discord"
url_file = "secrets/nowhere"
`)
	o := h.outside()
	if _, err := load(path, o); err == nil {
		t.Error("secrets that are missing are not missed")
	}
	o.blind = true
	c, err := load(path, o)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Accounts) != 2 || len(c.Recipients) != 2 || c.Recipients[0].Channel != "telegram" || len(c.Warnings) > 0 {
		t.Errorf("read are %+v, %v", c, c.Warnings)
	}
}
