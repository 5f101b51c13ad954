package backup

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var morning = time.Date(2025, time.November, 17, 6, 0, 0, 0, time.UTC)

func newRotation(t *testing.T) Rotation {
	return Rotation{
		Dir: filepath.Join(t.TempDir(), "backups"), Title: "pronote", Every: 24 * time.Hour, Keep: 3,
		Write: func(_ context.Context, file string) error { return os.WriteFile(file, nil, 0o600) },
	}
}

func (r Rotation) names(t *testing.T) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(r.Dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestCopiesFollowEachOtherAndTheOldestGo(t *testing.T) {
	t.Parallel()
	r := newRotation(t)
	made := 0
	for now := morning; now.Before(morning.Add(10 * 24 * time.Hour)); {
		if wait := r.Wait(now); wait > 0 {
			now = now.Add(min(wait, 7*time.Hour))
			continue
		}
		if err := r.Turn(t.Context(), now); err != nil {
			t.Fatal(err)
		}
		made++
	}
	if made != 10 {
		t.Errorf("%d copies were made in ten days", made)
	}
	want := []string{"pronote-auto-20251124T060000Z.db", "pronote-auto-20251125T060000Z.db", "pronote-auto-20251126T060000Z.db"}
	if diff := cmp.Diff(want, r.names(t)); diff != "" {
		t.Errorf("kept are (-want +got):\n%s", diff)
	}
}

func TestOnlyItsOwnCopiesGo(t *testing.T) {
	t.Parallel()
	r := newRotation(t)
	r.Keep = 1
	others := []string{
		"other-auto-20251101T060000Z.db", "pronote-20251101T060000Z.db", "pronote-auto-20251101T060000Z.db.before", "pronote-auto-20251399T060000Z.db",
		"pronote-auto-20251101.db", "pronote-auto-.db", "pronote.db", "photos.zip",
	}
	own := []string{"pronote-auto-20251101T060000Z.db", "pronote-auto-20251102T060000Z.db", "pronote-auto-20251102T070000Z.db.part"}
	if err := os.Mkdir(r.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Concat(others, own) {
		if err := os.WriteFile(filepath.Join(r.Dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	folder := "pronote-auto-20251103T060000Z.db"
	if err := os.Mkdir(filepath.Join(r.Dir, folder), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := r.Turn(t.Context(), morning); err != nil {
		t.Fatal(err)
	}
	want := append(others, folder, "pronote-auto-20251117T060000Z.db")
	slices.Sort(want)
	if diff := cmp.Diff(want, r.names(t)); diff != "" {
		t.Errorf("left are (-want +got):\n%s", diff)
	}
}

// Where there is no room for a new copy, the old ones are all there is.
func TestNothingGoesForACopyThatFailed(t *testing.T) {
	t.Parallel()
	r := newRotation(t)
	for day := range 3 {
		if err := r.Turn(t.Context(), morning.AddDate(0, 0, day)); err != nil {
			t.Fatal(err)
		}
	}
	before, full := r.names(t), errors.New("the disk is full")
	r.Write = func(context.Context, string) error { return full }
	if err := r.Turn(t.Context(), morning.AddDate(0, 0, 3)); !errors.Is(err, full) {
		t.Errorf("%v, want %v", err, full)
	}
	if diff := cmp.Diff(before, r.names(t)); diff != "" {
		t.Errorf("the copies changed (-before +after):\n%s", diff)
	}
	if wait := r.Wait(morning.AddDate(0, 0, 3)); wait != 0 {
		t.Errorf("the next try is %s away", wait)
	}
}

// A clock that was ahead leaves a copy of a time to come, which neither holds up the next
// one nor pushes it out.
func TestACopyOfATimeToComeHoldsUpNothing(t *testing.T) {
	t.Parallel()
	r := newRotation(t)
	r.Keep = 1
	for _, step := range []struct {
		at   time.Time
		wait time.Duration
	}{{morning.AddDate(10, 0, 0), 0}, {morning, 0}, {morning.Add(time.Hour), 23 * time.Hour}, {morning.AddDate(0, 0, 2), 0}} {
		wait := r.Wait(step.at)
		if wait != step.wait {
			t.Errorf("at %s the next copy is %s away, want %s", step.at, wait, step.wait)
		}
		if wait > 0 {
			continue
		}
		if err := r.Turn(t.Context(), step.at); err != nil {
			t.Fatal(err)
		}
		if name := "pronote-auto-" + step.at.Format(Stamped) + ".db"; !slices.Contains(r.names(t), name) {
			t.Errorf("%s went at once", name)
		}
	}
}
