package notifiers

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestSecretPrintsNothing(t *testing.T) {
	t.Parallel()
	type inner struct{ s Secret }
	secret := NewSecret("p4ssword")
	var said strings.Builder
	print(&said, secret, &secret, inner{secret}, []Secret{secret}, map[string]Secret{"k": secret}, struct{ S any }{secret})
	fmt.Fprint(&said, secret.LogValue(), slog.Any("s", secret))
	for _, form := range []string{"p4ssword", "7034737377", "703473"} {
		if strings.Contains(said.String(), form) {
			t.Errorf("%q is in %s", form, said.String())
		}
	}
	if got := secret.Reveal(); got != "p4ssword" {
		t.Errorf("Reveal() = %q", got)
	}
}

func TestSecretDecodes(t *testing.T) {
	t.Parallel()
	var v struct{ A, B, C Secret }
	if err := json.Unmarshal([]byte(`{"A":"é","B":""}`), &v); err != nil {
		t.Fatal(err)
	}
	if v.A.Reveal() != "é" || v.A.IsZero() || !v.B.IsZero() || !v.C.IsZero() || v.C.Reveal() != "" {
		t.Errorf("decoded %q, %q, %q", v.A.Reveal(), v.B.Reveal(), v.C.Reveal())
	}
}

func TestRedactor(t *testing.T) {
	t.Parallel()
	redact := redactor(&Webhook{
		URL:     NewSecret("https://u53rname:p%40ssword@hook.example.org/api/t0ken-in-path?key=t0ken%2Fin%2Fquery&v=1#fragment"),
		Token:   NewSecret(`to"ken\é+ `),
		Headers: map[string]Secret{"X-Key": NewSecret("header-key"), "X-Short": NewSecret("ab"), "X-Long": NewSecret(`to"ken\é+ and more`)},
	})
	for in, want := range map[string]string{
		`dial hook.example.org: refused`:                         `dial hook.example.org: refused`,
		`p@ssword p%40ssword u53rname`:                           `[redacted] [redacted] [redacted]`,
		`GET /api/t0ken-in-path?key=t0ken%2Fin%2Fquery&v=1 HTTP`: `GET [redacted] HTTP`,
		`t0ken-in-path, t0ken/in/query`:                          `[redacted], [redacted]`,
		`to"ken\é+ ;`:                                            `[redacted];`,
		`to"ken\é+ and more`:                                     `[redacted]`,
		`{"to\"ken\\é+ "}`:                                       `{"[redacted]"}`,
		`to%22ken%5C%C3%A9%2B+`:                                  `[redacted]`,
		`header-key crab v=1`:                                    `[redacted] cr[redacted] v=1`,
	} {
		if got := redact(in); got != want {
			t.Errorf("redact(%q) = %q, want %q", in, got, want)
		}
	}
	for _, before := range []string{"", "a", "ab", "abc"} {
		encoded := base64.StdEncoding.EncodeToString([]byte(before + "header-key:"))
		if got := redact(encoded); !strings.Contains(got, "[redacted]") {
			t.Errorf("redact(%q) = %q", encoded, got)
		}
	}
	if got := redactor(&Ntfy{})("no secret at all"); got != "no secret at all" {
		t.Errorf("without secrets: %q", got)
	}
}
