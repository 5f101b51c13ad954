package notifiers

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNewRefusesUnknownKind(t *testing.T) {
	t.Parallel()
	_, err := New("sms", nil)
	want := `channel "sms" is unknown`
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestNewReturnsDecodeError(t *testing.T) {
	t.Parallel()
	want := errors.New("config.toml:3:1: unknown key")
	if _, err := New("ntfy", func(any) error { return want }); err != want {
		t.Errorf("got %v, want %v", err, want)
	}
}

func TestNewRefusesSettings(t *testing.T) {
	t.Parallel()
	secret := NewSecret
	email := func(change func(*Email)) Email {
		e := Email{Host: "smtp.example.org", From: "a@example.org", To: "b@example.org"}
		change(&e)
		return e
	}
	for _, test := range []struct {
		settings any
		want     string // the beginning of the error
	}{
		{Command{}, "command: command is missing"},
		{Command{[]string{""}}, "command: command is missing"},
		{Apprise{}, "apprise: server is missing"},
		{Apprise{Server: "https://x"}, "apprise: key is needed"},
		{Apprise{Server: "https://x", Key: secret("a/b")}, "apprise: key has a character"},
		{Bark{}, "bark: key is needed"},
		{Bark{Key: secret("a b")}, "bark: key has a character"},
		{Bark{Key: secret("a"), Server: "http://bark.example.org"}, "bark: server may not be http"},
		{Discord{}, "discord: url is missing"},
		{Discord{secret("https://discord.com/channels/1")}, "discord: url is not that of a Discord webhook"},
		{Discord{secret("http://discord.com/api/webhooks/1/x")}, "discord: url is not that of a Discord webhook"},
		{Email{}, "email: host is missing"},
		{email(func(e *Email) { e.Host = "smtp.example.org:587" }), "email: host is missing or not the name of a server"},
		{email(func(e *Email) { e.Username = "a" }), "email: username and password go together"},
		{email(func(e *Email) { e.Password = secret("p") }), "email: username and password go together"},
		{email(func(e *Email) { e.TLS = "ssl" }), `email: tls is unknown`},
		{email(func(e *Email) { e.TLS = "none" }), `email: tls may not be "none"`},
		{email(func(e *Email) { e.Port = 70000 }), "email: port is out of range"},
		{email(func(e *Email) { e.From = "" }), "email: from is not one e-mail address"},
		{email(func(e *Email) { e.To = "a@example.org, b@example.org" }), "email: to is not one e-mail address"},
		{email(func(e *Email) { e.To = "léa@example.org" }), "email: to has characters"},
		{email(func(e *Email) { e.From = "a@example.org\r\nBcc: b@example.org" }), "email: from is not one e-mail address"},
		{FreeMobile{}, "freemobile: user is needed"},
		{FreeMobile{User: "12345678"}, "freemobile: key is needed"},
		{GoogleChat{}, "googlechat: url is missing"},
		{GoogleChat{secret("https://chat.google.com/room/x")}, "googlechat: url is not that of a Google Chat webhook"},
		{Gotify{}, "gotify: server is missing"},
		{Gotify{Server: "https://x/?token=y"}, "gotify: server is more than an address"},
		{Gotify{Server: "https://x"}, "gotify: token is needed"},
		{Matrix{}, "matrix: server is missing"},
		{Matrix{Server: "https://x", Room: "!a:b"}, "matrix: token is needed"},
		{Matrix{Server: "https://x", Token: secret("t")}, "matrix: room is needed"},
		{Matrix{Server: "https://x", Token: secret("t"), Room: "#a:b"}, "matrix: room is not the id of a room"},
		{Mattermost{secret("https://x/signup")}, "mattermost: url is not that of a Mattermost webhook"},
		{Ntfy{}, "ntfy: topic is missing"},
		{Ntfy{Topic: secret("a b")}, "ntfy: topic has a character"},
		{Ntfy{Topic: secret("x"), Server: "ntfy.example.org"}, "ntfy: server is not the address"},
		{Ntfy{Topic: secret("x"), Server: "https://ntfy.sh/x"}, "ntfy: server is more than https:// and a host"},
		{Ntfy{Topic: secret("x"), Token: secret("t"), Username: "u", Password: secret("p")}, "ntfy: token and username exclude each other"},
		{Ntfy{Topic: secret("x"), Username: "u"}, "ntfy: username and password go together"},
		{Ntfy{Topic: secret("x"), Priority: 6}, "ntfy: priority is out of range"},
		{Pushbullet{}, "pushbullet: token is needed"},
		{Pushover{Token: secret("t")}, "pushover: user is needed"},
		{Pushover{User: secret("u")}, "pushover: token is needed"},
		{RocketChat{secret("https://x/channel/y")}, "rocketchat: url is not that of a Rocket.Chat webhook"},
		{RocketChat{secret("http://chat.example.org/hooks/y")}, "rocketchat: url may not be http"},
		{Signal{}, "signal: server is missing"},
		{Signal{Server: "http://localhost:8080", Number: "0600000001"}, "signal: number is not a telephone number"},
		{Signal{Server: "http://localhost:8080", Number: "+33600000001", To: "maman"}, "signal: to is not a telephone number"},
		{Slack{secret("https://famille.slack.com/archives/C1")}, "slack: url is not that of a Slack webhook"},
		{Teams{secret("https://famille.webhook.office.com/webhookb2/x/IncomingWebhook/y")}, "teams: url is not that of a workflow of Teams"},
		{Twilio{}, "twilio: account is not the SID"},
		{Twilio{Account: twilioSID}, "twilio: from is neither"},
		{Twilio{Account: twilioSID, From: "PRONOTE"}, "twilio: token is needed"},
		{Twilio{Account: twilioSID, From: "PRONOTE", Token: secret("t"), To: "06 00"}, "twilio: to is not a telephone number"},
		{Telegram{}, "telegram: token is missing"},
		{Telegram{Token: secret("1:")}, "telegram: token is not that of a bot"},
		{Telegram{Token: secret(botToken)}, "telegram: chat_id is missing"},
		{Telegram{Token: secret(botToken), ChatID: "maman"}, "telegram: chat_id is neither"},
		{Telegram{Token: secret(botToken), ChatID: "@a b"}, "telegram: chat_id is neither"},
		{Telegram{Token: secret(botToken), ChatID: 1.5}, "telegram: chat_id is neither"},
		{Telegram{Token: secret(botToken), ChatID: int64(0)}, "telegram: chat_id is neither"},
		{Telegram{Token: secret(botToken), ChatID: "@ecole", ThreadID: -1}, "telegram: thread_id is negative"},
		{Telegram{Token: secret(botToken), ChatID: "@ecole", Server: "ftp://x"}, "telegram: server is not the address"},
		{Telegram{Token: secret(botToken), ChatID: "@ecole", Server: "https://u:p@x"}, "telegram: server is more than an address"},
		{Webhook{}, "webhook: url is missing"},
		{Webhook{URL: secret("mailto:a@example.org")}, "webhook: url is not the address"},
		{Webhook{URL: secret("https://x\x7f/")}, "webhook: url is not the address"},
		{Webhook{URL: secret("https://x/"), Headers: map[string]Secret{"a": secret("b\nc: d")}}, "webhook: headers holds a line"},
		{Webhook{URL: secret("https://x/"), Headers: map[string]Secret{"a b": secret("c")}}, "webhook: headers holds a line"},
	} {
		kind, _, _ := strings.Cut(test.want, ":")
		_, err := New(kind, fill(test.settings))
		if err == nil || !strings.HasPrefix(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%+v: got %v, want %s…", test.settings, err, test.want)
		}
	}
}

// fill is a decode function that copies settings of any kind.
func fill(from any) func(any) error {
	return func(to any) error {
		reflect.ValueOf(to).Elem().Set(reflect.ValueOf(from))
		return nil
	}
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	for tls, want := range map[string]int{"": 587, "starttls": 587, "implicit": 465, "none": 25} {
		e := Email{Host: "localhost", TLS: tls, From: "a@example.org", To: "b@example.org"}
		if _, err := e.open(); err != nil || e.Port != want {
			t.Errorf("tls %q: port %d, %v, want %d", tls, e.Port, err, want)
		}
	}
	n := Ntfy{Topic: NewSecret("x")}
	if _, err := n.open(); err != nil || n.Server != "https://ntfy.sh" {
		t.Errorf("ntfy: server %q, %v", n.Server, err)
	}
	for _, chat := range []any{int64(42), int64(-1001234567890), "42", "@ecole"} {
		b := Telegram{Token: NewSecret(botToken), ChatID: chat}
		if _, err := b.open(); err != nil || b.Server != "https://api.telegram.org" {
			t.Errorf("telegram: chat_id %v, server %q, %v", chat, b.Server, err)
		}
	}
}

func TestKinds(t *testing.T) {
	t.Parallel()
	if got := Kinds(); !slices.IsSorted(got) || len(got) != len(kinds) {
		t.Errorf("Kinds() = %q, want all, sorted", got)
	}
	want := map[string][]string{
		"apprise": {"key"}, "bark": {"key"}, "freemobile": {"key"}, "googlechat": {"url"}, "gotify": {"token"}, "matrix": {"token"}, "mattermost": {"url"},
		"pushbullet": {"token"}, "pushover": {"token", "user"}, "rocketchat": {"url"}, "signal": nil, "slack": {"url"}, "teams": {"url"}, "twilio": {"token"},
		"command": nil, "discord": {"url"}, "email": {"password"}, "ntfy": {"topic", "token", "password"},
		"telegram": {"token"}, "webhook": {"url", "token", "secret"}, "sms": nil,
	}
	got := map[string][]string{}
	for kind := range want {
		got[kind] = SecretKeys(kind)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("SecretKeys (-want +got):\n%s", diff)
	}
	if CanHide("sms") {
		t.Error("an unknown kind can hide")
	}
}
