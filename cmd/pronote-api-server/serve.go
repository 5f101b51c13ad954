package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/hostname"
	"github.com/pronote-sync/pronote-sync/pronoteapi"
)

// flags are those of the command line.
type flags struct {
	hosts            []string
	sessions, rate   int
	zone             string
	certificate, key string
	log              string
}

// Where the original listened.
const (
	usualPort = "21727"
	usualHost = "127.0.0.1"
)

func (f flags) run(cmd *cobra.Command, args []string) error {
	address, err := addressOf(args)
	if err != nil {
		return err
	}
	options, err := f.options(cmd.ErrOrStderr())
	if err != nil {
		return err
	}
	if !loopback(address) && len(options.Hosts) == 0 {
		return mistaken("other machines would reach %s and could have any school asked: name the schools with --allow-host, or listen on %s", address, usualHost)
	}
	settings, err := f.tls()
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(cmd.Context(), "tcp", address)
	if err != nil {
		return cannotListen(address, err)
	}
	scheme := "http"
	if settings != nil {
		listener, scheme = tls.NewListener(listener, settings), "https"
	} else if !loopback(address) {
		options.Log.Warn("passwords travel in the clear: give --tls-cert, or put a proxy with TLS in front")
	}
	api, err := pronoteapi.New(options)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	if _, err := fmt.Fprintf(cmd.OutOrStdout(), "pronote-api-server listens on %s://%s\n", scheme, listener.Addr()); err != nil {
		return errors.Join(err, listener.Close())
	}
	return serve(cmd.Context(), api, listener, options.Log)
}

// addressOf reads the port and the host, in this order.
func addressOf(args []string) (string, error) {
	port, host := usualPort, usualHost
	if len(args) > 0 {
		port = args[0]
	}
	if len(args) > 1 {
		host = args[1]
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return "", mistaken("%q is no port, which is a number up to 65535", port)
	}
	return net.JoinHostPort(host, port), nil
}

// loopback reports whether only this machine reaches an address.
func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

func (f flags) options(stderr io.Writer) (pronoteapi.Options, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(f.log)); err != nil {
		return pronoteapi.Options{}, mistaken("--log is error, warn, info or debug, not %q", f.log)
	}
	zone, err := time.LoadLocation(f.zone)
	if err != nil || f.zone == "" {
		return pronoteapi.Options{}, mistaken("--time-zone %q is unknown, an example is Europe/Paris", f.zone)
	}
	if f.sessions < 1 || f.rate < 1 {
		return pronoteapi.Options{}, mistaken("--max-sessions and --rate are at least 1")
	}
	for _, host := range f.hosts {
		if hostname.Of(&url.URL{Scheme: "https", Host: host}) == "" {
			return pronoteapi.Options{}, mistaken("--allow-host %q is no host, an example is 0123456a.index-education.net", host)
		}
	}
	log := slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: level}))
	return pronoteapi.Options{Hosts: f.hosts, MaxSessions: f.sessions, Rate: f.rate, Zone: zone, Log: log}, nil
}

// tls reads the certificate, nil when there is none.
func (f flags) tls() (*tls.Config, error) {
	if f.certificate == "" {
		if f.key != "" {
			return nil, mistaken("--tls-key needs --tls-cert")
		}
		return nil, nil
	}
	certificate, err := tls.LoadX509KeyPair(f.certificate, cmp.Or(f.key, f.certificate))
	if err != nil {
		return nil, configError{fmt.Errorf("the certificate and its key cannot be used, %w: correct --tls-cert and --tls-key", err)}
	}
	return &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}, nil
}

func cannotListen(address string, err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%s is taken by another program: stop that one, or give another port", address)
	}
	return fmt.Errorf("%s cannot be listened on, %w: give another port or host", address, errors.Unwrap(err))
}

// How long the end may take: for queries that run, and for all of it, logouts
// included.
const (
	lastAnswers = 3 * time.Second
	lastLogouts = 5 * time.Second
)

// serve answers until ctx ends, and then logs all sessions out.
func serve(ctx context.Context, api *pronoteapi.Server, listener net.Listener, log *slog.Logger) error {
	server := &http.Server{
		Handler: api, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	var failed error
	select {
	case <-ctx.Done():
	case failed = <-ended:
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastLogouts)
	defer cancel()
	answering, enough := context.WithTimeout(last, lastAnswers)
	defer enough()
	if server.Shutdown(answering) != nil {
		_ = server.Close() // which cuts the queries that are still running off
	}
	if err := api.Close(last); err != nil {
		log.Warn("not every session could be logged out", "error", oneLine(err))
	}
	return failed
}
