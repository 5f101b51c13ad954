package pronote_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// canary is a password that must turn up nowhere.
const canary = "CanaryPassword7391"

// holder has its secret where methods cannot be called by reflection.
type holder struct {
	Name   string
	secret pronote.Secret
}

func TestSecretIsNeverPrinted(t *testing.T) {
	t.Parallel()
	secret := pronote.NewSecret(canary)
	credentials := pronote.Credentials{Kind: pronote.KindParent, Username: "camille", Password: secret}
	values := map[string]any{
		"Secret": secret, "*Secret": &secret, "Credentials": credentials, "*Credentials": &credentials,
		"holder": holder{"x", secret}, "*holder": &holder{"x", secret}, "[]Secret": []pronote.Secret{secret},
		"map": map[string]pronote.Secret{"x": secret}, "key": map[pronote.Secret]int{secret: 1}, "any": []any{secret, holder{secret: secret}},
		"error": fmt.Errorf("login with %v: %w", secret, errors.New("x")),
	}
	for name, value := range values {
		for _, verb := range "vTpstqxXdoObBcUeEfFgG!" {
			for _, flags := range []string{"", "+", "#", "-20", " ", "020.3"} {
				format := "%" + flags + string(verb)
				refuse(t, name+" as "+format, fmt.Sprintf(format, value))
			}
		}
		refuse(t, name+" by Sprint", fmt.Sprint(value)+fmt.Sprintln(value))
		if text, err := json.Marshal(value); err == nil {
			refuse(t, name+" as JSON", string(text))
		}
		var log bytes.Buffer
		for _, handler := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
			slog.New(handler).With("a", value).Info("message", "b", value, slog.Group("c", "d", value))
		}
		refuse(t, name+" in a log", log.String())
	}
}

// refuse fails if a text holds the password, in any of the ways to write it.
func refuse(t *testing.T, what, text string) {
	t.Helper()
	for _, form := range []string{canary, fmt.Sprintf("%x", canary), fmt.Sprintf("%X", canary), fmt.Sprint([]byte(canary))} {
		if strings.Contains(text, form) {
			t.Errorf("%s gives the password away: %.200s", what, text)
		}
	}
}

func TestSecretIsRedactedInFull(t *testing.T) {
	t.Parallel()
	for _, secret := range []pronote.Secret{pronote.NewSecret(canary), pronote.NewSecret(""), {}} {
		text, err := json.Marshal(map[string]any{"password": secret})
		if want := `{"password":"[redacted]"}`; err != nil || string(text) != want {
			t.Errorf("as JSON = %s, %v, want %s", text, err, want)
		}
		if got := fmt.Sprintf("%v %+v %#v %s %q %d", secret, secret, secret, secret, secret, secret); got != strings.TrimSpace(strings.Repeat("[redacted] ", 6)) {
			t.Errorf("printed = %s", got)
		}
		if got := secret.String() + secret.LogValue().String(); got != "[redacted][redacted]" {
			t.Errorf("String and LogValue = %s", got)
		}
	}
}

func TestSecretReveals(t *testing.T) {
	t.Parallel()
	var read pronote.Secret
	if err := json.Unmarshal([]byte(`"`+canary+`"`), &read); err != nil {
		t.Fatal(err)
	}
	for name, secret := range map[string]pronote.Secret{"made": pronote.NewSecret(canary), "read": read} {
		if secret.Reveal() != canary || secret.IsZero() {
			t.Errorf("%s: Reveal = %q", name, secret.Reveal())
		}
	}
	if zero := (pronote.Secret{}); zero.Reveal() != "" || !zero.IsZero() || !pronote.NewSecret("").IsZero() {
		t.Error("the zero Secret is not empty")
	}
}
