package pronote_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

// The PIN is asked for once: the school knows the device from then on.
func TestSecondFactor(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"2024.1.8", "2026.2.5"} {
		server := newServer(pronotetest.Options{Profile: profile(t, version)})
		server.Protect(pin)
		k := &keeper{Device: pronote.Device{Name: "le Raspberry Pi de la cuisine du fond"}}
		login := func(pin string) error {
			c := student
			c.PIN, c.Device = pronote.NewSecret(pin), k.Device
			_, err := pronote.Login(t.Context(), pronotetest.Address, c, &pronote.Options{Transport: server.Transport(), KeepDevice: k.keep})
			return err
		}
		for _, tt := range []struct {
			pin  string
			want error
		}{{"", pronote.ErrSecondFactor}, {"471", pronote.ErrPIN}, {"0000", pronote.ErrPIN}} {
			if err := login(tt.pin); !errors.Is(err, tt.want) || len(k.kept) > 0 {
				t.Errorf("%s: login with PIN %q: %s, want %v", version, tt.pin, describe(err), tt.want)
			} else {
				checkSentence(t, err)
			}
		}
		if err := login(pin); err != nil || len(k.kept) != 1 {
			t.Fatalf("%s: login with the PIN: %v, kept %d times", version, err, len(k.kept))
		}
		if got := server.Devices(pronote.KindStudent); !slices.Equal(got, []string{"le Raspberry Pi de la cuisine "}) {
			t.Errorf("the account knows %q", got)
		}
		if err := login(""); err != nil || len(k.kept) != 1 {
			t.Errorf("%s: login without the PIN afterwards: %v, kept %d times", version, err, len(k.kept))
		}
	}
}

// After three wrong PINs the right one does not help any more.
func TestPINThatIsLocked(t *testing.T) {
	t.Parallel()
	server := newServer(pronotetest.Options{})
	server.Protect(pin)
	for i, want := range []error{pronote.ErrPIN, pronote.ErrPIN, pronote.ErrPIN, pronote.ErrProtection} {
		c := student
		c.PIN = pronote.NewSecret([]string{"0000", "0001", "0002", pin}[i])
		if _, err := loginThrough(t.Context(), server.Transport(), c); !errors.Is(err, want) {
			t.Errorf("login %d: %s, want %v", i, describe(err), want)
		}
	}
}

func TestStepsForAPerson(t *testing.T) {
	t.Parallel()
	for step, want := range map[int]error{
		0: pronote.ErrNewPassword, 1: pronote.ErrProtection, 2: pronote.ErrProtection, 4: pronote.ErrProtection, 5: nil, 6: pronote.ErrProtection,
	} {
		server := newServer(pronotetest.Options{})
		server.Demand(step)
		_, err := loginThrough(t.Context(), server.Transport(), student)
		if !errors.Is(err, want) || want == nil && err != nil {
			t.Errorf("step %d: %s, want %v", step, describe(err), want)
		}
		if err != nil {
			checkSentence(t, err)
		}
	}
}

// The second factor of a QR code is asked for at the login by token that
// follows it at once.
func TestSecondFactorOfAQRCode(t *testing.T) {
	t.Parallel()
	server := newServer(pronotetest.Options{})
	server.Protect(pin)
	r, k := relayTo(server), &keeper{}
	if _, err := k.byQR(t, server, r, pronote.KindStudent); err != nil {
		t.Fatal(err)
	}
	if r.count("page") != 2 || r.count("SecurisationCompteDoubleAuth") != 2 {
		t.Errorf("requests = %v", r.sent)
	}
	for range 2 {
		if _, err := k.byToken(t, r); err != nil {
			t.Fatal(err)
		}
	}
	if got := server.Devices(pronote.KindStudent); r.count("SecurisationCompteDoubleAuth") != 2 || !slices.Equal(got, []string{"cuisine"}) {
		t.Errorf("the account knows %q after %v", got, r.sent)
	}
}
