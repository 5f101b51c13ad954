// Package castest has fake portals for package cas: a small internet on the
// loopback interface, with the real names of hosts, certificates of an
// authority of its own, EduConnect, and one portal at a time. The portals
// refuse what real ones refuse.
package castest

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"time"
)

// A Net is an internet of HTTPS servers with names.
type Net struct {
	server    *httptest.Server
	key       *ecdsa.PrivateKey // one for all, the authority included
	authority *x509.Certificate

	mu           sync.Mutex
	certificates map[string]*tls.Certificate
	hosts        map[string]http.Handler
	dialled      []string
	requests     []Request
}

// A Request is one that a server of the Net received.
type Request struct {
	Method, Host, Path, Query string
	Header                    http.Header
	Body                      string
}

// NewNet starts an internet without hosts. Close ends it.
func NewNet() *Net {
	n := &Net{certificates: map[string]*tls.Certificate{}, hosts: map[string]http.Handler{}}
	var err error
	if n.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		panic(err) // crypto/rand never fails
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "castest"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	n.authority = n.sign(template, template)
	n.server = httptest.NewUnstartedServer(http.HandlerFunc(n.serve))
	n.server.Config.ErrorLog = log.New(io.Discard, "", 0) // clients that refuse the rest of a page
	n.server.TLS = &tls.Config{GetCertificate: n.certificate}
	n.server.StartTLS()
	return n
}

func (n *Net) sign(template, parent *x509.Certificate) *x509.Certificate {
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &n.key.PublicKey, n.key)
	if err != nil {
		panic(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	return certificate
}

func (n *Net) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if known := n.certificates[hello.ServerName]; known != nil {
		return known, nil
	}
	now := time.Now()
	leaf := n.sign(&x509.Certificate{
		SerialNumber: big.NewInt(int64(len(n.certificates) + 2)), DNSNames: []string{hello.ServerName},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(24 * time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}, n.authority)
	n.certificates[hello.ServerName] = &tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: n.key}
	return n.certificates[hello.ServerName], nil
}

// Address is where all hosts are, for a process that makes its own way there.
func (n *Net) Address() string { return n.server.Listener.Addr().String() }

// Authority is the certificate that all hosts' are signed with, in DER.
func (n *Net) Authority() []byte { return n.authority.Raw }

// Close ends all servers.
func (n *Net) Close() { n.server.Close() }

// Serve gives a host a server; one with a port other than 443 has it in its
// name.
func (n *Net) Serve(host string, handler http.Handler) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.hosts[strings.ToLower(host)] = handler
}

// Transport carries requests on this Net, and to nowhere else: a name that it
// does not know, or a port without TLS, cannot be reached. It trusts the
// authority of the Net alone.
func (n *Net) Transport() *http.Transport {
	pool := x509.NewCertPool()
	pool.AddCert(n.authority)
	return &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, DialContext: n.dial}
}

func (n *Net) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host := strings.ToLower(strings.TrimSuffix(address, ":443"))
	n.mu.Lock()
	n.dialled = append(n.dialled, host)
	_, known := n.hosts[host]
	n.mu.Unlock()
	if !known {
		return nil, &net.OpError{Op: "dial", Net: network, Err: fmt.Errorf("no such host %s", host)}
	}
	return (&net.Dialer{}).DialContext(ctx, network, n.server.Listener.Addr().String())
}

// Dialled are the hosts that a connection was asked for, once each.
func (n *Net) Dialled() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	hosts := slices.Clone(n.dialled)
	slices.Sort(hosts)
	return slices.Compact(hosts)
}

// Requests are those received so far.
func (n *Net) Requests() []Request {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.requests)
}

func (n *Net) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	host := strings.TrimSuffix(strings.ToLower(r.Host), ":443")
	n.mu.Lock()
	n.requests = append(n.requests, Request{
		Method: r.Method, Host: host, Path: r.URL.Path, Query: r.URL.RawQuery, Header: r.Header.Clone(), Body: string(body),
	})
	handler := n.hosts[host]
	n.mu.Unlock()
	if handler == nil {
		http.Error(w, "no such host", http.StatusMisdirectedRequest)
		return
	}
	handler.ServeHTTP(w, r)
}
