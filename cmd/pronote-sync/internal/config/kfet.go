package config

import (
	"crypto/x509"
	"net"
	"net/url"
	"os"
	"strings"
	"unicode"

	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/secret"
	"github.com/pronote-sync/pronote-sync/sync/kfet"
)

// kfetKind is the kind of the accounts of student bars.
const kfetKind = "notekfet"

// The logins of a day that a bar allows: a server may end the connection after each
// look.
const (
	kfetLogins    = 200
	maxKfetLogins = 1440
)

// kfet is the account of a student bar. Its URL is as the view account shows it, and
// trust is the text by which its server is known.
func (t *table) kfet(name string) (address string, a *kfet.Account, trust string) {
	a = &kfet.Account{Label: titled(name), Username: strings.TrimSpace(t.text("username", ""))}
	address = t.text("url", "")
	root, err := url.Parse(address)
	if err != nil || root.Scheme != kfetKind || root.Hostname() == "" || root.Port() == "" || strings.Trim(root.Path, "/") != "" || root.User != nil {
		t.problem("url", "url is not the address of a bar: write one like notekfet://note.example.org:4242")
	} else {
		a.Address = net.JoinHostPort(root.Hostname(), root.Port())
	}
	if a.Username == "" {
		t.problem("username", `username is missing: add username = "…", the pseudo at the bar`)
	}
	password, given := t.secret("password")
	a.Password = secret.New(password)
	if !given {
		t.problem("password", `password is missing: write it into a file and add password_file = "…"`)
	}
	a.Options, trust = t.verification()
	if a.BalanceLow, err = notekfet.ParseCents(t.text("balance_low", "5,00")); err != nil || a.BalanceLow < 0 {
		t.problem("balance_low", `balance_low is not an amount: write euros like "5,00"`)
	}
	return address, a, trust
}

// verification says by what the server is known: an authority of its own, one
// certificate, or else the authorities of the system.
func (t *table) verification() (o notekfet.Options, trust string) {
	file, fingerprint := t.text("ca_file", ""), t.text("fingerprint", "")
	if file != "" && fingerprint != "" {
		t.problem("fingerprint", "fingerprint has no use beside ca_file: take one of them away")
	}
	if fingerprint != "" {
		if notekfet.CheckFingerprint(fingerprint) != nil {
			t.problem("fingerprint", "fingerprint is not sha256: and 64 hexadecimal digits: compute it with openssl x509 -fingerprint -sha256")
		}
		o.Fingerprint, trust = fingerprint, fingerprint
	}
	if file != "" {
		text, err := os.ReadFile(t.absolute(file))
		o.RootCAs, trust = x509.NewCertPool(), string(text)
		if err != nil {
			t.problem("ca_file", "ca_file cannot be read: %v", err)
		} else if !o.RootCAs.AppendCertsFromPEM(text) {
			t.problem("ca_file", "ca_file has no certificate: give the file ca.pem that whoever runs the bar hands out")
		}
	}
	return o, trust
}

// titled is a name as a title begins.
func titled(name string) string {
	first := []rune(name)
	if len(first) > 0 {
		first[0] = unicode.ToUpper(first[0])
	}
	return string(first)
}
