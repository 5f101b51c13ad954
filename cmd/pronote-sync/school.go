package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

// A schoolFlags is the command line of the school.
type schoolFlags struct {
	listen, control, day, version string
	seed                          uint64
	children                      int
	encrypt, compress             bool
}

func (a *app) schoolCommand() *cobra.Command {
	var f schoolFlags
	cmd := &cobra.Command{
		Use:   "school",
		Short: "Serve an invented school as PRONOTE does, for trying clients",
		Long: "school serves an invented school year. The accounts are demonstration / pronotevs, a pupil on " +
			"eleve.html and a parent of two, or of three, on parent.html. It prints one line of JSON with its addresses once " +
			"it listens. Time stands still until --control is told to advance it.",
		Args: arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.serve(cmd.Context(), cmd)
		},
	}
	cmd.Flags().StringVar(&f.listen, "listen", "127.0.0.1:0", "`address` to serve PRONOTE on")
	cmd.Flags().StringVar(&f.control, "control", "", "loopback `address` to be controlled on (default none)")
	cmd.Flags().StringVar(&f.day, "day", "", "`day` on whose evening time stands, like 17/11/2025 (default: the eve of the school year)")
	cmd.Flags().StringVar(&f.version, "version", "2026.1.3", "`version` of PRONOTE to speak")
	cmd.Flags().Uint64Var(&f.seed, "seed", 1, "which school year")
	cmd.Flags().IntVar(&f.children, "children", 2, "`number` of the parent's children: 2 are in one class, a third in another")
	cmd.Flags().BoolVar(&f.encrypt, "encrypt", false, "encrypt requests and answers")
	cmd.Flags().BoolVar(&f.compress, "compress", false, "compress requests and answers")
	return cmd
}

func (f schoolFlags) serve(ctx context.Context, cmd *cobra.Command) error {
	server, err := f.open()
	if err != nil {
		return mistaken(cmd, "%w", err)
	}
	listener, err := net.Listen("tcp", f.listen)
	if err != nil {
		return usageError{say.Errorf("cannot listen on %s, give another address with --listen: %w", f.listen, err)}
	}
	site := "http://" + listener.Addr().String() + "/pronote/"
	addresses := map[string]string{
		"url": site, "student": site + "eleve.html", "parent": site + "parent.html",
		"username": pronotetest.Username, "password": pronotetest.Password,
	}
	servers := []*http.Server{serveOn(listener, server)}
	if f.control != "" {
		control, err := listenLoopback(f.control)
		if err != nil {
			return errors.Join(err, listener.Close())
		}
		addresses["control"] = "http://" + control.Addr().String()
		servers = append(servers, serveOn(control, server.Control(site)))
	}
	if err := json.NewEncoder(cmd.OutOrStdout()).Encode(addresses); err != nil {
		return err
	}
	<-ctx.Done()
	var errs []error
	for _, s := range servers {
		errs = append(errs, s.Close())
	}
	return errors.Join(errs...)
}

// open makes the school as the flags want it.
func (f schoolFlags) open() (*pronotetest.Server, error) {
	profile, err := pronotetest.ProfileOf(f.version)
	if err != nil {
		return nil, fmt.Errorf("--version: %w", err)
	}
	build, ok := map[int]func(uint64, int) *world.School{2: world.NewSchool, 3: world.NewFamily}[f.children]
	if !ok {
		return nil, say.Errorf("--children: there are families of 2 and of 3, not of %d", f.children)
	}
	year := 2025
	var day pronote.Date
	if f.day != "" {
		if day, ok = psync.DaySince(f.day, pronote.DateOf(time.Now())); !ok {
			return nil, say.Errorf(notADay, "--day", f.day)
		}
		year = day.Year
		if day.Month < time.August {
			year--
		}
	}
	school := build(f.seed, year)
	if !day.IsZero() {
		school.AdvanceTo(pronote.DateTime{Date: day, Hour: 18})
	}
	return pronotetest.NewServer(school, pronotetest.Options{Profile: profile, Encrypt: f.encrypt, Compress: f.compress}), nil
}

func listenLoopback(address string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, usageError{say.Errorf("cannot listen on %s, give another address with --control: %w", address, err)}
	}
	if tcp, ok := listener.Addr().(*net.TCPAddr); !ok || !tcp.IP.IsLoopback() {
		return nil, errors.Join(usageError{say.Errorf("%s can be reached from other machines, and whoever reaches the control rules the school: write --control 127.0.0.1:0", address)}, listener.Close())
	}
	return listener, nil
}

// serveOn serves until the server is closed.
func serveOn(listener net.Listener, handler http.Handler) *http.Server {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }() // ends when it is closed
	return server
}
