package config

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/pronote-sync/pronote-sync/notifiers"
)

// maxSecret bounds what a file or a command may give, in bytes.
const maxSecret = 64 << 10

// The ways to give a secret in the file, by what follows its key.
const (
	inFile       = "_file"
	byCommand    = "_command"
	asCredential = "_credential"
)

// secret is the value of a secret, and whether it was given at all. If it was
// given and cannot be read, a problem is noted.
func (t *table) secret(key string) (secret string, given bool) {
	ways := []string{key, key + inFile, key + byCommand, key + asCredential}
	t.known = append(t.known, ways...)
	if secret, ok := t.override(key); ok {
		return secret, true
	}
	ways = slices.DeleteFunc(ways, func(way string) bool { return !t.has(way) })
	if t.blind {
		return "", len(ways) > 0
	}
	if len(ways) == 0 {
		return "", false
	}
	way := ways[0]
	if len(ways) > 1 {
		t.problem(ways[1], "%s and %s are both given: keep one", way, ways[1])
		return "", true
	}
	secret = strings.TrimRight(t.open(key, way), "\r\n")
	if secret == "" {
		t.problem(way, "%s gives an empty secret: put the secret there", way)
	}
	if strings.ContainsAny(secret, "\r\n") {
		t.problem(way, "%s gives several lines: leave the secret alone there", way)
	}
	t.spot.enter(key, t.spot.find(way).place) // what is wrong with the secret is wrong there
	return secret, true
}

// open gets a secret in one way.
func (t *table) open(key, way string) string {
	switch strings.TrimPrefix(way, key) {
	case inFile:
		return t.readSecret(way, t.absolute(t.text(way, "")))
	case byCommand:
		return t.runSecret(way, t.texts(way))
	case asCredential:
		return t.readCredential(way, t.text(way, ""))
	}
	t.warnShared(way)
	return t.text(way, "")
}

func (t *table) readSecret(key, path string) string {
	data, mode, err := read(path, maxSecret)
	if err != nil {
		t.problem(key, "%s: %v", key, err)
	}
	if openToAll(mode) {
		t.warn(key, "all users of this machine can read %s: run chmod 600 on it", path)
	}
	return string(data)
}

func (t *table) runSecret(key string, argv []string) string {
	if len(argv) == 0 {
		t.problem(key, `%s is empty: write the program and its arguments, like ["pass", "show", "pronote"]`, key)
		return ""
	}
	stdout, err := t.run(argv, commandTimeout)
	if err != nil {
		t.problem(key, "%s: %v", key, err)
	}
	return strings.TrimSpace(stdout)
}

// readCredential reads a file that systemd shows to the service alone.
func (t *table) readCredential(key, name string) string {
	dir := t.env("CREDENTIALS_DIRECTORY")
	if name != filepath.Base(name) {
		t.problem(key, "%s %q is not the name of a credential: write it as in LoadCredential=", key, name)
		return ""
	}
	if dir == "" {
		t.problem(key, "%s needs systemd: add LoadCredential=%s:/path/to/the/secret to the service", key, name)
		return ""
	}
	data, _, err := read(filepath.Join(dir, name), maxSecret)
	if err != nil {
		t.problem(key, "%s: %v", key, err)
	}
	return string(data)
}

// secrets is a table of secrets, which can only be given as they are.
func (t *table) secrets(key string) map[string]notifiers.Secret {
	secrets := map[string]notifiers.Secret{}
	for name, value := range t.pairs(key) {
		secrets[name] = notifiers.NewSecret(value)
	}
	if len(secrets) > 0 {
		t.warnShared(key)
	}
	return secrets
}

// warnShared warns that a secret is in a file that others can read.
func (t *table) warnShared(key string) {
	if t.shared {
		t.warn(key, "all users of this machine can read %s in this file: run chmod 600 %s", key, t.path)
	}
}
