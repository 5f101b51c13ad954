// Package password stores passwords as Argon2id, and still reads the salted
// SHA-256 of the original server.
package password

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"runtime"
	"strings"

	"golang.org/x/crypto/argon2"
)

// None is the stored text of an account that has no password.
const None = "*|*"

// parameters are what a hash costs. They are part of the stored text, so that
// they can grow.
type parameters struct {
	memory  uint32 // KiB
	time    uint32
	threads uint8
}

var current = parameters{memory: 19 << 10, time: 2, threads: 1}

// TestOnlyWeaken makes hashes cheap in the tests of a process, while it makes none,
// until undo is called.
func TestOnlyWeaken() (undo func()) {
	was := current
	current = parameters{memory: 8, time: 1, threads: 1}
	return func() { current = was }
}

// Limits on what a stored text may ask of the machine.
const (
	mostMemory = 1 << 20 // KiB
	mostTime   = 100
)

// running bounds how many hashes are made at once: each takes its memory.
var running = make(chan struct{}, runtime.NumCPU())

var encoding = base64.RawStdEncoding

// Hash makes the stored text of a password.
func Hash(password string) string {
	salt := make([]byte, 16)
	_, _ = rand.Read(salt) // it never fails
	p := current
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.memory, p.time, p.threads,
		encoding.EncodeToString(salt), encoding.EncodeToString(p.key(password, salt, 32)))
}

func (p parameters) key(password string, salt []byte, size uint32) []byte {
	running <- struct{}{}
	defer func() { <-running }()
	return argon2.IDKey([]byte(password), salt, p.time, p.memory, p.threads, size)
}

// Verify reports whether a password is that of a stored text, and whether that
// text should be replaced by a new hash. It takes as long for a text that no
// password fits, or for one of the original server, as for any other.
func Verify(stored, password string) (ok, outdated bool) {
	if p, salt, sum, err := parse(stored); err == nil {
		ok = subtle.ConstantTimeCompare(p.key(password, salt, uint32(len(sum))), sum) == 1
		return ok, ok && p != current
	}
	salt, sum, found := strings.Cut(stored, "|")
	want, err := hex.DecodeString(sum)
	if found && err == nil && len(want) == sha256.Size {
		got := sha256.Sum256([]byte(salt + password))
		ok = subtle.ConstantTimeCompare(got[:], want) == 1
	}
	current.key(password, make([]byte, 16), 32)
	return ok, ok
}

// IsStored reports whether a text is one that Verify can read.
func IsStored(text string) bool {
	if _, _, _, err := parse(text); err == nil || text == None {
		return true
	}
	_, sum, found := strings.Cut(text, "|")
	digits, err := hex.DecodeString(sum)
	return found && err == nil && len(digits) == sha256.Size
}

func parse(stored string) (p parameters, salt, sum []byte, err error) {
	parts := strings.Split(stored, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return p, nil, nil, fmt.Errorf("not a stored password")
	}
	if _, err = fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.memory, &p.time, &p.threads); err != nil {
		return p, nil, nil, err
	}
	if salt, err = encoding.DecodeString(parts[4]); err != nil {
		return p, nil, nil, err
	}
	if sum, err = encoding.DecodeString(parts[5]); err != nil {
		return p, nil, nil, err
	}
	if p.memory < 8 || p.memory > mostMemory || p.time < 1 || p.time > mostTime || p.threads < 1 || len(salt) < 8 || len(sum) < 16 || len(sum) > 64 {
		return p, nil, nil, fmt.Errorf("not a stored password")
	}
	return p, salt, sum, nil
}
