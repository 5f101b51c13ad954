package config

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"runtime"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
)

// read returns a file of at most max bytes, and its mode.
func read(path string, max int64) ([]byte, fs.FileMode, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, 0, say.Errorf("%s does not exist: create it, or correct its name", path)
	case err != nil:
		return nil, 0, unreadable(path, err)
	case info.IsDir():
		return nil, 0, say.Errorf("%s is a folder: name a file in it", path)
	case !info.Mode().IsRegular(): // opening it might wait for ever
		return nil, 0, say.Errorf("%s is not an ordinary file: name one that is", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, unreadable(path, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, max+1))
	switch {
	case err != nil:
		return nil, 0, unreadable(path, err)
	case int64(len(data)) > max:
		return nil, 0, say.Errorf("%s has more than %d KiB: name the right file", path, max>>10)
	}
	return data, info.Mode(), nil
}

// unreadable drops what the system's error repeats.
func unreadable(path string, err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	if errors.Is(err, fs.ErrPermission) {
		return say.Errorf("%s cannot be read, %w: run the command with sudo, or correct its owner or its mode", path, err)
	}
	return say.Errorf("%s cannot be read, %w: correct its owner or its mode", path, err)
}

// openToAll reports whether a mode lets everyone read. Windows has no modes.
func openToAll(mode fs.FileMode) bool { return mode&0o004 != 0 && runtime.GOOS != "windows" }
