package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"runtime"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/notekfet-server/internal/config"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
	"github.com/pronote-sync/pronote-sync/notekfet/server"
)

func (a *app) runCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "run",
		Short: "Serve the ledger",
		Long: "run listens, and says so with one line of JSON on standard output. SIGTERM lets what has begun finish\n" +
			"and ends with 0; SIGHUP reads the certificate, its key and the limits again.",
		Args: arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, stop := signal.NotifyContext(cmd.Context(), syscall.SIGTERM, syscall.SIGINT)
			defer stop()
			return a.with(cmd, ledger.Options{Exclusive: true}, func(c *config.Config, l *ledger.Ledger) error {
				return a.serve(ctx, cmd, c, l)
			})
		},
	}
}

func (a *app) serve(ctx context.Context, cmd *cobra.Command, c *config.Config, l *ledger.Ledger) error {
	log := slog.New(slog.NewJSONHandler(cmd.ErrOrStderr(), nil))
	users, err := specials(c)
	if err != nil {
		return err
	}
	var current atomic.Pointer[tls.Certificate]
	certificate, err := loadCertificate(c)
	if err != nil {
		return configError{err}
	}
	current.Store(certificate)
	if err := stillValid(c, certificate); err != nil {
		log.Warn(err.Error())
	}
	if err := os.MkdirAll(c.Photos.Folder, 0o700); err != nil {
		return configError{fmt.Errorf("the folder of photos cannot be made, %w: correct photos, or its mode", err)}
	}
	s := server.New(server.Config{
		Ledger: l, Specials: users, Certificate: func() (*tls.Certificate, error) { return current.Load(), nil }, Log: log,
		Limits: c.Limits, Login: c.Login, Photos: c.Photos, Mail: c.Mail, Die: c.Die, CutChangedSpecials: c.Cut,
	})
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.Listen)
	if err != nil {
		return cannotListen(c.Listen, err)
	}
	defer a.reload(log, s, &current)()
	if err := json.NewEncoder(cmd.OutOrStdout()).Encode(map[string]string{"listen": listener.Addr().String()}); err != nil {
		return errors.Join(err, listener.Close())
	}
	return s.Serve(ctx, listener)
}

func cannotListen(address string, err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%s is taken by another program: stop that one, or change listen", address)
	}
	return fmt.Errorf("%s cannot be listened on, %w: correct listen", address, errors.Unwrap(err))
}

// reload reads the certificate and the limits again at each SIGHUP. What cannot be
// read leaves everything as it is.
func (a *app) reload(log *slog.Logger, s *server.Server, current *atomic.Pointer[tls.Certificate]) (stop func()) {
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	go func() {
		for range hangup {
			c, err := a.load()
			if err == nil {
				var certificate *tls.Certificate
				if certificate, err = loadCertificate(c); err == nil {
					current.Store(certificate)
					s.SetLimits(c.Limits)
					log.Info("certificate and limits read again")
					continue
				}
			}
			log.Error("nothing is changed", "error", oneLine(err))
		}
	}()
	return func() {
		signal.Stop(hangup)
		close(hangup)
	}
}

// loadCertificate reads the certificate and its key, which only its owner and
// group may read.
func loadCertificate(c *config.Config) (*tls.Certificate, error) {
	for _, f := range []struct{ key, path string }{{"certfile", c.CertFile}, {"keyfile", c.KeyFile}} {
		if _, err := os.Stat(f.path); errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%s %s does not exist: run notekfet-server init, or correct %s", f.key, f.path, f.key)
		}
	}
	if err := private(c.KeyFile, "keyfile"); err != nil {
		return nil, err
	}
	certificate, err := tls.LoadX509KeyPair(c.CertFile, c.KeyFile)
	if err != nil {
		return nil, fmt.Errorf("the certificate %s and the key %s do not fit or cannot be read, %w: correct certfile and keyfile", c.CertFile, c.KeyFile, err)
	}
	return &certificate, nil
}

// private refuses a file that everybody may read.
func private(path, key string) error {
	info, err := os.Stat(path)
	if err == nil && info.Mode()&0o007 != 0 && runtime.GOOS != "windows" {
		return fmt.Errorf("%s %s can be read by others: run chmod 600 on it", key, path)
	}
	return nil
}

// stillValid is an error for a certificate that is not valid today.
func stillValid(c *config.Config, certificate *tls.Certificate) error {
	leaf, err := x509.ParseCertificate(certificate.Certificate[0])
	if err != nil {
		return err
	}
	now := time.Now()
	switch {
	case now.After(leaf.NotAfter):
		return fmt.Errorf("the certificate %s expired on %s: make a new one", c.CertFile, leaf.NotAfter.Format(time.DateOnly))
	case now.Before(leaf.NotBefore):
		return fmt.Errorf("the certificate %s is valid from %s on only: check the clock", c.CertFile, leaf.NotBefore.Format(time.DateOnly))
	}
	return nil
}
