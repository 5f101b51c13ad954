package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/notekfet/internal/password"
)

// A Special is a user who logs in with an entry of a file, and not with an account.
type Special struct {
	Password string   `json:"passwd"` // the stored text
	ACL      []string `json:"acl"`
	IPs      []string `json:"ips,omitempty"` // networks in CIDR notation, none for any
}

// Specials are the special users in a file. Programs that change it take a lock
// beside it; a change by another program is seen at the next look.
type Specials struct {
	path string

	mu    sync.Mutex
	stamp stamp
	users map[string]Special
}

// A stamp tells one state of a file from another.
type stamp struct {
	at   time.Time
	size int64
}

// OpenSpecials reads the file, which need not exist.
func OpenSpecials(path string) (*Specials, error) {
	s := &Specials{path: path}
	_, err := s.All()
	return s, err
}

// All returns the users by name.
func (s *Specials) All() (map[string]Special, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.read(); err != nil {
		return nil, err
	}
	return maps.Clone(s.users), nil
}

// read brings what is known up to the file.
func (s *Specials) read() error {
	info, err := os.Stat(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		s.users, s.stamp = map[string]Special{}, stamp{}
		return nil
	}
	if err != nil {
		return err
	}
	now := stamp{info.ModTime(), info.Size()}
	if s.users != nil && s.stamp == now {
		return nil
	}
	text, err := os.ReadFile(s.path)
	if err != nil {
		return err
	}
	users := map[string]Special{}
	if err := json.Unmarshal(text, &users); err != nil {
		return fmt.Errorf("%s cannot be read as a list of special users: correct it, or restore a backup: %w", s.path, err)
	}
	for name, user := range users {
		if !password.IsStored(user.Password) {
			return fmt.Errorf("%s: the password of %q is not a hash: give a new one with notekfet-server special passwd", s.path, name)
		}
	}
	s.users, s.stamp = users, now
	return nil
}

// Change applies a change to the users and writes them durably. An error of change
// leaves everything as it was.
func (s *Specials) Change(change func(map[string]Special) error) error {
	lock := flock.New(s.path + ".lock")
	if err := lock.Lock(); err != nil {
		return err
	}
	defer func() { _ = lock.Unlock() }()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users = nil // two changes may share a time stamp
	if err := s.read(); err != nil {
		return err
	}
	users := maps.Clone(s.users)
	if err := change(users); err != nil {
		return err
	}
	text, err := json.MarshalIndent(users, "", "  ")
	if err != nil {
		return err
	}
	if err := replaceFile(s.path, append(text, '\n'), 0o600); err != nil {
		return err
	}
	s.users = nil
	return s.read()
}

// CheckACL refuses words that cannot be rights.
func CheckACL(acl []string) error {
	if slices.ContainsFunc(acl, func(w string) bool { return !notekfet.IsRightWord(w) }) {
		return notekfet.Refuse(notekfet.BadParameter, "un droit est un mot de lettres minuscules")
	}
	return nil
}

// replaceFile writes a file so that after a power cut it is the old one or the new
// one.
func replaceFile(path string, content []byte, mode fs.FileMode) (err error) {
	temporary, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(temporary.Name())
		}
	}()
	_, err = temporary.Write(content)
	err = errors.Join(err, temporary.Chmod(mode), temporary.Sync(), temporary.Close())
	if err != nil {
		return err
	}
	if err := os.Rename(temporary.Name(), path); err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// within reports whether an address is in one of some networks, or whether there
// are none.
func within(address string, networks []string) bool {
	if len(networks) == 0 {
		return true
	}
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(networks, func(cidr string) bool {
		network, err := ParseNetwork(cidr)
		return err == nil && network.Contains(ip.Unmap().WithZone(""))
	})
}

// ParseNetwork reads a network in CIDR notation, or an address alone.
func ParseNetwork(cidr string) (netip.Prefix, error) {
	if ip, err := netip.ParseAddr(cidr); err == nil {
		return ip.Prefix(ip.BitLen())
	}
	network, err := netip.ParsePrefix(cidr)
	if err != nil {
		return netip.Prefix{}, fmt.Errorf("%q is not a network: write one like 192.0.2.0/24", cidr)
	}
	return network.Masked(), nil
}
