// Package backup keeps copies of a mirror against the day on which the card fails.
package backup

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A Rotation is a folder of copies that follow each other. Their names say whose they
// are and when they were made, such as pronote-auto-20251118T060000Z.db; no other file
// is counted or touched.
type Rotation struct {
	Dir   string
	Title string        // of the mirror: its copies begin with it
	Every time.Duration // between two copies
	Keep  int           // copies at most, at least 1

	// Write makes a sound copy of the mirror in a new file, or leaves nothing.
	Write func(ctx context.Context, file string) error
}

// Stamped is how the time of a copy is written, in UTC: the names sort by it.
const Stamped = "20060102T150405Z"

const (
	unfinished = ".part" // follows the name of a copy that is being written
	ending     = ".db"
)

// Wait is how long there is still time for the next copy: none where there is no copy
// yet. Those of a time to come, which a wrong clock has left, do not count.
func (r Rotation) Wait(now time.Time) time.Duration {
	names, err := r.own(ending)
	if err != nil {
		return 0
	}
	for _, name := range slices.Backward(names) {
		if at := r.timeOf(name); !at.After(now) {
			return max(0, at.Add(r.Every).Sub(now))
		}
	}
	return 0
}

// Turn makes a copy, and then removes the oldest ones that are too many. Where it cannot
// make one it removes none.
func (r Rotation) Turn(ctx context.Context, now time.Time) error {
	if err := os.MkdirAll(r.Dir, 0o700); err != nil {
		return err
	}
	left, err := r.own(ending + unfinished)
	if err != nil {
		return err
	}
	if err := r.remove(left); err != nil { // of a daemon that was killed
		return err
	}
	made := r.Title + infix + now.UTC().Format(Stamped) + ending
	if err := r.Write(ctx, filepath.Join(r.Dir, made)); err != nil {
		return err
	}
	names, err := r.own(ending)
	if err != nil {
		return err
	}
	names = slices.DeleteFunc(names, func(n string) bool { return n == made })
	return r.remove(names[:max(0, len(names)+1-r.Keep)])
}

// infix tells copies of the rotation from those that a person makes.
const infix = "-auto-"

// own are the names of the copies, from the oldest to the newest.
func (r Rotation) own(end string) (names []string, err error) {
	entries, err := os.ReadDir(r.Dir) // sorted by name
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), end)
		if ok && e.Type().IsRegular() && !r.timeOf(name+ending).IsZero() {
			names = append(names, e.Name())
		}
	}
	return names, err
}

// timeOf is when a copy was made, zero for a file that is none.
func (r Rotation) timeOf(name string) time.Time {
	stamp, ok := strings.CutPrefix(strings.TrimSuffix(name, ending), r.Title+infix)
	at, err := time.Parse(Stamped, stamp)
	if !ok || err != nil {
		return time.Time{}
	}
	return at
}

func (r Rotation) remove(names []string) error {
	var errs []error
	for _, name := range names {
		errs = append(errs, os.Remove(filepath.Join(r.Dir, name)))
	}
	return errors.Join(errs...)
}
