package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"slices"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/db"
)

// letAsk lets the group that may read the mirror connect to the daemon, where the
// system tells who connects.
func letAsk(socket string, readers db.Readers) error {
	if readers.Group == "" || !knowsPeers {
		return os.Chmod(socket, 0o600)
	}
	if err := os.Chown(socket, -1, readers.GID); err != nil {
		return err
	}
	return os.Chmod(socket, 0o660)
}

type peerKey struct{}

// withPeer remembers which user connects.
func withPeer(ctx context.Context, conn net.Conn) context.Context {
	uid, err := peerOf(conn)
	if err != nil {
		return ctx
	}
	return context.WithValue(ctx, peerKey{}, uid)
}

// ownersOnly answers root and our own user. Others may ask for the status.
func ownersOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		uid, known := r.Context().Value(peerKey{}).(int)
		if knowsPeers && !(known && (uid == 0 || uid == os.Geteuid())) && (r.Method != http.MethodGet || r.URL.Path != "/status" && r.URL.Path != "/healthy") {
			http.Error(w, "not yours to ask", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// dialDaemon connects to a daemon that is root's, our own or that of the owner of the
// mirror. A socket of anybody else would learn what is typed.
func dialDaemon(ctx context.Context, c *config.Config) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "unix", socketPath(c))
	if err != nil || !knowsPeers {
		return conn, err
	}
	trusted := []int{0, os.Geteuid()}
	if owner, known := ownerOf(c.Database); known {
		trusted = append(trusted, owner)
	}
	if uid, err := peerOf(conn); err != nil || !slices.Contains(trusted, uid) {
		return nil, errors.Join(errors.New("the daemon is another user's"), err, conn.Close())
	}
	return conn, nil
}
