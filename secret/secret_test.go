package secret_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/pronote-sync/pronote-sync/secret"
)

// canary is a password that must turn up nowhere.
const canary = "CanaryPassword7391"

// holder has its secret where methods cannot be called by reflection.
type holder struct {
	Name   string
	secret secret.Text
}

func TestTextIsNeverPrinted(t *testing.T) {
	t.Parallel()
	hidden := secret.New(canary)
	values := map[string]any{
		"Text": hidden, "*Text": &hidden, "holder": holder{"x", hidden}, "*holder": &holder{"x", hidden}, "[]Secret": []secret.Text{hidden},
		"map": map[string]secret.Text{"x": hidden}, "key": map[secret.Text]int{hidden: 1}, "any": []any{hidden, holder{secret: hidden}},
		"error": fmt.Errorf("login with %v: %w", hidden, errors.New("x")),
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

func TestTextIsRedactedInFull(t *testing.T) {
	t.Parallel()
	for _, hidden := range []secret.Text{secret.New(canary), secret.New(""), {}} {
		text, err := json.Marshal(map[string]any{"password": hidden})
		if want := `{"password":"[redacted]"}`; err != nil || string(text) != want {
			t.Errorf("as JSON = %s, %v, want %s", text, err, want)
		}
		if got := fmt.Sprintf("%v %+v %#v %s %q %d", hidden, hidden, hidden, hidden, hidden, hidden); got != strings.TrimSpace(strings.Repeat("[redacted] ", 6)) {
			t.Errorf("printed = %s", got)
		}
		if got := hidden.String() + hidden.LogValue().String(); got != "[redacted][redacted]" {
			t.Errorf("String and LogValue = %s", got)
		}
	}
}

func TestTextReveals(t *testing.T) {
	t.Parallel()
	var read secret.Text
	if err := json.Unmarshal([]byte(`"`+canary+`"`), &read); err != nil {
		t.Fatal(err)
	}
	for name, hidden := range map[string]secret.Text{"made": secret.New(canary), "read": read} {
		if hidden.Reveal() != canary || hidden.IsZero() {
			t.Errorf("%s: Reveal = %q", name, hidden.Reveal())
		}
	}
	if zero := (secret.Text{}); zero.Reveal() != "" || !zero.IsZero() || !secret.New("").IsZero() {
		t.Error("the zero Text is not empty")
	}
}
