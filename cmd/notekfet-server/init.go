package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/notekfet-server/internal/config"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
	"github.com/pronote-sync/pronote-sync/notekfet/server"
)

func (a *app) initCommand() *cobra.Command {
	var name, file string
	var hosts []string
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Make a configuration, a certificate, an empty ledger and the first special user",
		Long: "init writes beside the configuration: cert.pem and key.pem for the server, ca.pem to hand to clients, ca-key.pem\n" +
			"to renew the certificate with (keep it elsewhere), an empty ledger, and a special user with all rights.\n" +
			"Nothing that exists is overwritten.",
		Args: arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			folder := filepath.Dir(a.path)
			for _, f := range []string{a.path, "notekfet.db", "special.json", "cert.pem", "key.pem", "ca.pem", "ca-key.pem"} {
				if f != a.path {
					f = filepath.Join(folder, f)
				}
				if _, err := os.Lstat(f); !errors.Is(err, fs.ErrNotExist) {
					return fmt.Errorf("%s exists already: choose an empty folder with --config, or move it away", f)
				}
			}
			word, err := readPassword(cmd, file)
			if err != nil {
				return err
			}
			if err := os.MkdirAll(folder, 0o700); err != nil {
				return err
			}
			if err := makeCertificates(folder, hosts); err != nil {
				return err
			}
			if err := os.WriteFile(a.path, []byte(firstConfig), 0o600); err != nil {
				return err
			}
			return a.with(cmd, ledger.Options{Create: true, Exclusive: true}, func(c *config.Config, _ *ledger.Ledger) error {
				users, err := specials(c)
				if err != nil {
					return err
				}
				hash := ledger.HashPassword(word)
				err = users.Change(func(users map[string]server.Special) error {
					users[name] = server.Special{Password: hash, ACL: []string{"all"}}
					return nil
				})
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s is ready: hand %s to clients, and start notekfet-server run --config %s\n",
					a.path, filepath.Join(folder, "ca.pem"), a.path)
				return err
			})
		},
	}
	cmd.Flags().StringVar(&name, "special", "admin", "`name` of the first special user")
	cmd.Flags().StringSliceVar(&hosts, "host", []string{"localhost", "127.0.0.1", "::1"}, "`names` and addresses that clients use for the server")
	passwordFlag(cmd, &file)
	return cmd
}

const firstConfig = `# See notekfet.toml.example for everything that can be set.
listen = "127.0.0.1:4242"
database = "notekfet.db"
certfile = "cert.pem"
keyfile = "key.pem"
authfile = "special.json"
photos = "photos"
`

// makeCertificates writes an authority and a certificate of it for some hosts.
func makeCertificates(folder string, hosts []string) error {
	authorityKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	now := time.Now()
	authority := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: "NoteKfet authority"}, NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(10, 0, 0),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	leaf := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: hosts[0]}, NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(2, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, host := range hosts {
		if ip := net.ParseIP(host); ip != nil {
			leaf.IPAddresses = append(leaf.IPAddresses, ip)
		} else {
			leaf.DNSNames = append(leaf.DNSNames, host)
		}
	}
	authorityDER, err := x509.CreateCertificate(rand.Reader, authority, authority, &authorityKey.PublicKey, authorityKey)
	if err != nil {
		return err
	}
	leafDER, err := x509.CreateCertificate(rand.Reader, leaf, authority, &key.PublicKey, authorityKey)
	if err != nil {
		return err
	}
	return errors.Join(
		writeKey(filepath.Join(folder, "ca-key.pem"), authorityKey), writeKey(filepath.Join(folder, "key.pem"), key),
		writePEM(filepath.Join(folder, "ca.pem"), 0o644, authorityDER), writePEM(filepath.Join(folder, "cert.pem"), 0o644, leafDER, authorityDER),
	)
}

func serial() *big.Int {
	n, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		panic(err) // the system has no randomness
	}
	return n
}

func writeKey(path string, key *ecdsa.PrivateKey) error {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	return os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600)
}

func writePEM(path string, mode fs.FileMode, certificates ...[]byte) error {
	var text bytes.Buffer
	for _, der := range certificates {
		if err := pem.Encode(&text, &pem.Block{Type: "CERTIFICATE", Bytes: der}); err != nil {
			return err
		}
	}
	return os.WriteFile(path, text.Bytes(), mode)
}
