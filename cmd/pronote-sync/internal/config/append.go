package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
)

// A Key is a key of a new table with its value, or a secret that goes into a file of
// its own.
type Key struct {
	Name   string
	Value  any
	Secret bool // Value is a string that the configuration only points to
}

// CheckName says what is wrong with the name of a new recipient of a configuration;
// nil when nothing is.
func (c *Config) CheckName(name string) error {
	var taken []string
	for _, r := range c.Recipients {
		taken = append(taken, r.Name)
	}
	return CheckName(name, taken)
}

// CheckName says what is wrong with a new name beside others; nil when nothing is.
func CheckName(name string, taken []string) error {
	if !isName(name) {
		return say.Errorf(`name %q cannot be used: write at most 32 letters, digits, "-" and "_", a letter or digit first`, name)
	}
	for _, other := range taken {
		if inCapitals(other) == inCapitals(name) {
			return say.Errorf("name %q is too much like %q above: choose another", name, other)
		}
	}
	return nil
}

// Append adds a table to a list of tables at the end of the file, such as "notify", and
// changes nothing else there. Secrets go into files of the folder secrets beside it,
// named after the recipient. The file is replaced as a whole once the new one has been
// read without a mistake; otherwise nothing is left behind. Owner and mode stay.
func (c *Config) Append(list, name string, keys []Key) error {
	path, err := filepath.EvalSymlinks(c.Path)
	if err != nil {
		return unreadable(c.Path, err)
	}
	before, _, err := read(path, maxFile)
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return unreadable(path, err)
	}
	return add(c.Path, path, before, before, info, list, name, keys)
}

// add writes a file anew with a table behind some text. What is there now is before, nil
// for nothing. The file gets owner and mode of another; it is at a path, to which named
// may be a link.
func add(named, path string, before, text []byte, like fs.FileInfo, list, name string, keys []Key) (err error) {
	var written []string
	defer func() {
		if err != nil {
			for _, file := range written {
				err = errors.Join(err, os.Remove(file))
			}
		}
	}()
	owner := ownerOfSecrets(named, text, like)
	var lines []string
	for _, k := range keys {
		if k.Secret {
			file, err := writeSecret(filepath.Join(filepath.Dir(named), "secrets"), name+"-"+k.Name, fmt.Sprint(k.Value), owner)
			if err != nil {
				return err
			}
			written = append(written, file)
			k = Key{Name: k.Name + inFile, Value: "secrets/" + filepath.Base(file)}
		}
		value, err := json.Marshal(k.Value) // of texts, numbers, truths and lists of texts, which TOML writes alike
		if err != nil {
			return err
		}
		lines = append(lines, k.Name+" = "+string(value)+"\n")
	}
	after := text
	if len(lines) > 0 {
		after = appended(text, "[["+list+"]]\n"+strings.Join(lines, ""))
	}
	root, err := parse(named, after, like.Mode(), system)
	if err == nil {
		_, err = root.checked()
	}
	if err != nil {
		return err
	}
	return replace(path, before, after, like)
}

// ownerOfSecrets is a file whose owner must be able to read the secrets: the folder of
// the mirror, which is the service's, or else the configuration.
func ownerOfSecrets(path string, text []byte, like fs.FileInfo) fs.FileInfo {
	root, err := parse(path, text, like.Mode(), system)
	if err != nil {
		return like // it is said later
	}
	folder, err := os.Stat(filepath.Dir(root.database()))
	if err != nil {
		return like
	}
	return folder
}

// appended is a text with a table after it, whose lines end as those of the text do.
func appended(text []byte, table string) []byte {
	end := "\n"
	if bytes.Contains(text, []byte("\r\n")) {
		end = "\r\n"
	}
	table = strings.ReplaceAll("\n"+table, "\n", end)
	if len(text) > 0 && !bytes.HasSuffix(text, []byte("\n")) {
		table = end + table
	}
	return slices.Concat(text, []byte(table))
}

// writeSecret writes a new file for its owner alone, under the first name that is free.
func writeSecret(folder, name, secret string, like fs.FileInfo) (path string, err error) {
	if err := os.Mkdir(folder, 0o700); err == nil {
		inherit(folder, like)
	} else if !errors.Is(err, fs.ErrExist) {
		return "", unwritable(folder, err)
	}
	for n := 1; ; n++ {
		path = filepath.Join(folder, name)
		if n > 1 {
			path += fmt.Sprintf("-%d", n)
		}
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, fs.ErrExist) && n < 1000 {
			continue
		}
		if err != nil {
			return "", unwritable(path, err)
		}
		if err := fill(f, []byte(secret+"\n"), like); err != nil {
			return "", unwritable(path, errors.Join(err, os.Remove(path)))
		}
		return path, syncFolder(folder)
	}
}

// replace puts a new text in the place of a file, if that has not changed meanwhile.
func replace(path string, before, after []byte, like fs.FileInfo) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".config-*.toml")
	if err != nil {
		return unwritable(path, err)
	}
	beside := f.Name()
	err = fill(f, after, like)
	if err == nil {
		err = os.Chmod(beside, like.Mode().Perm())
	}
	if err != nil {
		return unwritable(path, errors.Join(err, os.Remove(beside)))
	}
	now, _, err := read(path, maxFile)
	if _, there := os.Lstat(path); before == nil && errors.Is(there, fs.ErrNotExist) {
		now, err = nil, nil
	}
	if err == nil && (!bytes.Equal(now, before) || (now == nil) != (before == nil)) {
		err = say.Errorf("%s has been changed meanwhile: run the command again", path)
	}
	if err == nil {
		if err = os.Rename(beside, path); err == nil {
			return syncFolder(filepath.Dir(path))
		}
		err = unwritable(path, err)
	}
	return errors.Join(err, os.Remove(beside))
}

// fill writes a new file, and waits for the disk.
func fill(f *os.File, text []byte, like fs.FileInfo) error {
	_, err := f.Write(text)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		inherit(f.Name(), like)
	}
	return err
}

// syncFolder makes a new name last: until then, a power cut may undo it.
func syncFolder(path string) error {
	if runtime.GOOS == "windows" { // which cannot, and need not
		return nil
	}
	folder, err := os.Open(path)
	if err != nil {
		return unwritable(path, err)
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// unwritable drops what the system's error repeats.
func unwritable(path string, err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return say.Errorf("%s cannot be written, %w: run the command as the owner of the configuration, or correct the rights of the folder", path, err)
}
