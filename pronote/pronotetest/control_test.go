package pronotetest_test

import (
	"errors"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

// TestControlOfKeys goes through the back door as programs in other languages
// do: it makes QR codes, asks for PINs and voids tokens.
func TestControlOfKeys(t *testing.T) {
	t.Parallel()
	server := pronotetest.NewServer(pronotetest.NewSchool(1, 2025), pronotetest.Options{})
	control := func(path string, want int) string {
		t.Helper()
		w := httptest.NewRecorder()
		server.Control(pronotetest.Address).ServeHTTP(w, httptest.NewRequest("POST", path, nil))
		if w.Code != want {
			t.Errorf("POST %s: status %d, want %d", path, w.Code, want)
		}
		return w.Body.String()
	}
	var device pronote.Device
	login := func(c pronote.Credentials) error {
		_, err := pronote.Login(t.Context(), pronotetest.Address, c, &pronote.Options{
			Transport: server.Transport(), KeepDevice: func(d pronote.Device) error { device = d; return nil },
		})
		return err
	}
	control("/qr", 400)
	control("/qr?pin=12345", 400)
	for _, viewer := range []pronote.Kind{pronote.KindStudent, pronote.KindParent} {
		control("/protect?pin=7391", 200)
		qr, err := pronote.ParseQR(control("/qr?pin=4711&viewer="+string(viewer), 200))
		if err != nil || qr.Kind != viewer {
			t.Fatalf("QR of a %s: %+v, %v", viewer, qr, err)
		}
		c, err := qr.Open(pronote.NewSecret("4711"))
		if err != nil {
			t.Fatal(err)
		}
		if err := login(c); !errors.Is(err, pronote.ErrSecondFactor) {
			t.Errorf("login without the PIN: %v", err)
		}
		c = pronote.Credentials{Kind: viewer, Device: device, PIN: pronote.NewSecret("7391")}
		c.Device.Name = "cuisine"
		if err := login(c); err != nil || !slices.Equal(server.Devices(viewer), []string{"cuisine"}) {
			t.Errorf("login with the PIN: %v, devices %q", err, server.Devices(viewer))
		}
		control("/protect", 200)
		if err := login(pronote.Credentials{Kind: viewer, Device: pronote.Device{UUID: device.UUID, Username: device.Username, Token: device.Token}}); err != nil {
			t.Errorf("login from a browser that is not known, without a protection: %v", err)
		}
		control("/revoke", 200)
		if err := login(pronote.Credentials{Kind: viewer, Device: device}); !errors.Is(err, pronote.ErrToken) {
			t.Errorf("login by a token that was revoked: %v", err)
		}
	}
}
