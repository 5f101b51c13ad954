package pronote

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

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
	for proxy, want := range map[string]string{refusing.URL: "it answers with status 407", gone: "dial tcp "} {
		transport := usualTransport().(*http.Transport).Clone()
		transport.Proxy = func(*http.Request) (*url.URL, error) { return url.Parse(proxy) }
		options := &Options{Transport: transport}
		_, err := Login(t.Context(), "https://school.example/pronote/", Credentials{Kind: KindStudent, Username: "lea", Password: NewSecret("x")}, options)
		want = "the proxy does not let requests through to school.example: " + want
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s…", err, want)
		}
	}
}
