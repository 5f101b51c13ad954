package notekfet

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"math/big"
	"net"
	"slices"
	"strings"
	"testing"
	"time"
)

// hostile serves one connection with bytes, whatever is asked.
func hostile(t *testing.T, said string) (addr string, pool *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool = x509.NewCertPool()
	pool.AddCert(leaf)
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		_, _ = conn.Read(make([]byte, 4096))
		_, _ = io.WriteString(conn, said)
	}()
	return l.Addr().String(), pool
}

// TestHostileServersGetNothingButAnError gives the client what no server should
// say.
func TestHostileServersGetNothingButAnError(t *testing.T) {
	t.Parallel()
	for _, said := range []string{
		"", "5", "abc\n{}", "999999999\n{}", "12345678901\n", "2\n{}", "4\nnull", "41\n" + `{"retcode": 0, "errmsg": "", "msg":`,
		strings.Repeat("9", 1<<16), "43\n" + `{"retcode": 1e9, "errmsg": "", "msg": null}`, "2\n\xff\xfe", strings.Repeat("[", 1000),
		"42\n" + `{"retcode": 11, "errmsg": "", "msg": null}`,
	} {
		addr, pool := hostile(t, said)
		if c, err := Dial(t.Context(), addr, &Options{RootCAs: pool}); err == nil {
			t.Errorf("%.40q is taken for an answer", said)
			_ = c.Close()
		}
	}
}

func TestCodes(t *testing.T) {
	t.Parallel()
	codes := Codes()
	if len(codes) != 73 || !slices.IsSorted(codes) {
		t.Errorf("%d codes", len(codes))
	}
	for _, c := range append(codes, 199, 200, 99) {
		if c.Success() != (c == 0 || c >= 100 && c < 200) {
			t.Error(c)
		}
	}
}

func TestRights(t *testing.T) {
	t.Parallel()
	if n := len(AccountRights()); n != 35 {
		t.Errorf("%d rights of accounts", n)
	}
	if n := len(SpecialRights()); n != 8 {
		t.Errorf("%d rights of special users", n)
	}
	rights, unknown := Expand([]string{"overforced", "nonsense", "die"}, false)
	if !slices.Equal(rights.Sorted(), []string{"forced", "overforced"}) || !slices.Equal(unknown, []string{"nonsense", "die"}) {
		t.Error(rights, unknown)
	}
	if all, _ := Expand([]string{"root"}, false); len(all) != 35 || all.Has("die") {
		t.Error(all)
	}
	if all, _ := Expand([]string{"all"}, true); len(all) != 43 {
		t.Error(all)
	}
	for text, want := range map[string]bool{"": true, "login,search": true, "login, search": false, ",": false, "a": false, "Login": false} {
		if _, ok := SplitRights(text); ok != want {
			t.Errorf("%q: %v", text, ok)
		}
	}
}

func TestCents(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Cents{"4,20": 420, "4.2": 420, "-0,05": -5, "12": 1200, "0": 0} {
		if got, err := ParseCents(text); got != want || err != nil {
			t.Errorf("%q: %d %v", text, got, err)
		}
	}
	for _, text := range []string{"", "-", "4,205", "1e2", "4,", ",5", "4,-5", "+4", "--4", "1.000,00", "99999999999999999999"} {
		if got, err := ParseCents(text); err == nil {
			t.Errorf("%q is %d", text, got)
		}
	}
	for c, want := range map[Cents]string{420: "4,20 €", -5: "-0,05 €", 0: "0,00 €", -1 << 63: "-92233720368547758,08 €"} {
		if got := c.String(); got != want {
			t.Errorf("%d: %s", int64(c), got)
		}
	}
}
