package state

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// maxFile bounds a file, in bytes; real ones have a few thousand.
const maxFile = 256 << 10

func (d Dir) path(name string) string { return filepath.Join(string(d), name) }

// read reads a file of ours.
func read(path string) ([]byte, error) {
	if err := ordinary(path); err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(text) > maxFile {
		err = fmt.Errorf("larger than %d KiB", maxFile>>10)
	}
	return text, errors.Join(err, f.Close())
}

// ordinary refuses what is no file, since opening it might wait for ever, and links,
// which are none of ours.
func ordinary(path string) error {
	info, err := os.Lstat(path)
	if err == nil && !info.Mode().IsRegular() {
		return errors.New("not an ordinary file")
	}
	return err
}

// write replaces a file by another, which it first writes beside it. The folder
// is synced too: until then, a rename may be undone by a power cut.
func (d Dir) write(path string, text []byte) error {
	if err := os.MkdirAll(string(d), 0o700); err != nil {
		return err
	}
	beside := path + ".new"
	if err := writeSynced(beside, text); err != nil {
		return err
	}
	if err := os.Rename(beside, path); err != nil {
		return err
	}
	if runtime.GOOS == "windows" { // which cannot, and need not
		return nil
	}
	folder, err := os.Open(string(d))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// writeSynced writes a new file for ourselves alone, and waits for the disk.
func writeSynced(path string, text []byte) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) { // of a run that was killed
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// reason drops the path from an error of the system, for it is said already.
func reason(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	var link *os.LinkError
	if errors.As(err, &link) {
		return link.Err
	}
	return err
}
