package notifiers

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// The token of a bot, the topic of a family and the address of a webhook went over the Internet in the clear, without a
// word.
func TestSecretsDoNotTravelOpenlyWithoutAWord(t *testing.T) {
	t.Parallel()
	const refused, told, silent = "refused", "told", ""
	for host, want := range map[string]string{
		"ntfy.example.org": refused, "203.0.113.7:8080": refused, "[2001:db8::1]": refused, "local.example": refused, "100.128.0.1": refused,
		"192.168.1.20:8080": told, "10.0.0.2": told, "[fd00::2]": told, "[fe80::1%25eth0]:80": told, "[::ffff:192.168.1.2]": told,
		"nas": told, "Nas.Local": told, "ntfy.home.arpa.": told, "100.64.3.4": told,
		"localhost:8123": silent, "127.0.0.1": silent, "[::1]:80": silent,
	} {
		for kind, settings := range map[string]func(scheme string) any{
			"ntfy": func(s string) any {
				return Ntfy{Server: s + host, Topic: NewSecret(topic), Token: NewSecret(ntfyToken)}
			},
			"telegram": func(s string) any { return Telegram{Token: NewSecret(botToken), ChatID: "@ecole", Server: s + host} },
			"webhook":  func(s string) any { return Webhook{URL: NewSecret(s + host + hookPath), Token: NewSecret(hookToken)} },
		} {
			n, err := New(kind, fill(settings("http://")))
			switch {
			case (err != nil) != (want == refused), err != nil && !strings.Contains(err.Error(), "may not be http"):
				t.Errorf("%s to http://%s: %v, want it %q", kind, host, err, want)
			case err == nil && (Warning(n) != "") != (want == told):
				t.Errorf("%s to http://%s: warning %q, want it %q", kind, host, Warning(n), want)
			case err == nil && strings.Contains(Warning(n), hookPath):
				t.Errorf("%s: a secret is in %q", kind, Warning(n))
			}
			if n, err := New(kind, fill(settings("https://"))); err != nil || Warning(n) != "" {
				t.Errorf("%s to https://%s: %v", kind, host, err)
			}
		}
	}
}

func TestAProxysFailureIsASentence(t *testing.T) {
	t.Parallel()
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusProxyAuthRequired)
	}))
	t.Cleanup(refusing.Close)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone := "http://" + listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ proxy, to, want string }{
		{gone, "https://hooks.example/x", "the proxy cannot be reached on the way to the webhook at hooks.example: "},
		{refusing.URL, "https://hooks.example/x", "the proxy does not let messages through to the webhook at hooks.example: status 407"},
		{refusing.URL, "http://nas.local/x", "the proxy on the way to the webhook wants credentials"},
		{"invalid", "https://hooks.example/x", "the proxy in HTTPS_PROXY is not an address, on the way to the webhook at hooks.example"},
	} {
		n := open(t, "webhook", Webhook{URL: NewSecret(test.to)})
		n.channel.(*webhook).client.Transport.(*http.Transport).Proxy = func(*http.Request) (*url.URL, error) {
			if test.proxy == "invalid" { // as http.ProxyFromEnvironment puts it
				return nil, errInvalidProxy{}
			}
			return url.Parse(test.proxy)
		}
		if err := n.Send(t.Context(), "subject", "text"); err == nil || isPermanent(err) || !strings.HasPrefix(err.Error(), test.want) || strings.Contains(err.Error(), "sesame") {
			t.Errorf("%s by %s: %v, want %s…", test.to, test.proxy, err, test.want)
		}
	}
}

type errInvalidProxy struct{}

func (errInvalidProxy) Error() string { return `invalid proxy address "u:sesame@proxy:x": no port` }
