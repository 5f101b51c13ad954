package state

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pronote-sync/pronote-sync/pronote"
)

const canary = "CanaryToken2718"

func deviceOf(n int) pronote.Device {
	return pronote.Device{
		UUID: "11111111-2222-4333-8444-555555555555", Browser: "AB12", Username: "l.martin",
		Token: pronote.NewSecret(fmt.Sprint(canary, n)), Unanswered: pronote.NewSecret(strings.Repeat("x", n)),
	}
}

func equal(a, b pronote.Device) bool {
	return a.UUID == b.UUID && a.Browser == b.Browser && a.Username == b.Username && a.Name == b.Name &&
		a.Token.Reveal() == b.Token.Reveal() && a.Unanswered.Reveal() == b.Unanswered.Reveal()
}

func TestDeviceIsKept(t *testing.T) {
	t.Parallel()
	d := Dir(filepath.Join(t.TempDir(), "deep", "state"))
	if got, err := d.Device("léa", pronote.KindStudent); err != nil || !equal(got, pronote.Device{}) {
		t.Fatalf("before the first login: %+v, %v", got, err)
	}
	for n := range 3 {
		if err := d.KeepDevice("léa", pronote.KindStudent, deviceOf(n)); err != nil {
			t.Fatal(err)
		}
		if got, err := d.Device("léa", pronote.KindStudent); err != nil || !equal(got, deviceOf(n)) {
			t.Fatalf("got %+v, %v", got, err)
		}
	}
	for path, want := range map[string]fs.FileMode{string(d): 0o700 | fs.ModeDir, d.DeviceFile("léa"): 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode() != want {
			t.Errorf("%s has mode %v, want %v: %v", path, info.Mode(), want, err)
		}
	}
	if entries, err := os.ReadDir(string(d)); err != nil || len(entries) != 1 {
		t.Errorf("the folder holds %v, want one file: %v", entries, err)
	}
}

// A run that was killed leaves a file beside the good one, which nobody reads.
func TestHalfAFileOfAKilledRun(t *testing.T) {
	t.Parallel()
	d := Dir(t.TempDir())
	if err := d.KeepDevice("lea", pronote.KindStudent, deviceOf(1)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(d.DeviceFile("lea")+".new", []byte(`{"acc`), 0o644); err != nil {
		t.Fatal(err)
	}
	if got, err := d.Device("lea", pronote.KindStudent); err != nil || !equal(got, deviceOf(1)) {
		t.Fatalf("got %+v, %v", got, err)
	}
	if err := d.KeepDevice("lea", pronote.KindStudent, deviceOf(2)); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(d.DeviceFile("lea")); err != nil || info.Mode() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

// What is wrong with a file is said in one sentence, without what is in it.
func TestFilesThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		make func(path string) error
		want string
	}{
		"empty":   {func(p string) error { return os.WriteFile(p, nil, 0o600) }, "is damaged: delete it, and run pronote-sync login lea"},
		"cut off": {func(p string) error { return os.WriteFile(p, []byte(`{"account":"lea","token":"`+canary), 0o600) }, "is damaged: delete it"},
		"zeroes":  {func(p string) error { return os.WriteFile(p, make([]byte, 4096), 0o600) }, "is damaged: delete it"},
		"of another": {func(p string) error {
			return os.WriteFile(p, []byte(`{"account":"tom","uuid":"u","token":"`+canary+`"}`), 0o600)
		}, "is damaged: delete it"},
		"of a parent": {func(p string) error {
			return os.WriteFile(p, []byte(`{"account":"lea","uuid":"u","kind":"parent"}`), 0o600)
		}, "is for a parent account: correct kind"},
		"wrong type": {func(p string) error {
			return os.WriteFile(p, []byte(`{"account":"lea","uuid":1,"token":"`+canary+`"}`), 0o600)
		}, "is damaged: delete it"},
		"huge":     {func(p string) error { return os.WriteFile(p, bytes.Repeat([]byte(" "), maxFile+1), 0o600) }, "cannot be read, correct its owner and its rights: larger than 256 KiB"},
		"a folder": {func(p string) error { return os.Mkdir(p, 0o700) }, "cannot be read, correct its owner and its rights: not an ordinary file"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := Dir(t.TempDir())
			if err := tt.make(d.DeviceFile("lea")); err != nil {
				t.Fatal(err)
			}
			_, err := d.Device("lea", pronote.KindStudent)
			if err == nil || !strings.Contains(err.Error(), d.DeviceFile("lea")+" "+tt.want) || strings.ContainsAny(err.Error(), "\n") {
				t.Fatalf("got  %v\nwant %s", err, tt.want)
			}
			if strings.Contains(err.Error(), canary) {
				t.Errorf("a secret is in %q", err)
			}
		})
	}
}

func TestFolderThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "state")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	err := Dir(file).KeepDevice("lea", pronote.KindStudent, deviceOf(1))
	if err == nil || !strings.Contains(err.Error(), "cannot be written, check the rights of its folder") || strings.Contains(err.Error(), canary) {
		t.Errorf("got %v", err)
	}
}

// FuzzDevice reads damaged files.
func FuzzDevice(f *testing.F) {
	seeds := Dir(f.TempDir())
	if err := seeds.KeepDevice("lea", pronote.KindStudent, deviceOf(3)); err != nil {
		f.Fatal(err)
	}
	text, err := os.ReadFile(seeds.DeviceFile("lea"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add(text[:len(text)/2])
	f.Add([]byte(`{"account":"lea","kind":"student","uuid":"u","token":7}`))
	f.Add([]byte("\x00\x00"))
	f.Fuzz(func(t *testing.T, text []byte) {
		d := Dir(t.TempDir())
		if err := os.WriteFile(d.DeviceFile("lea"), text, 0o600); err != nil {
			t.Fatal(err)
		}
		device, err := d.Device("lea", pronote.KindStudent)
		if err != nil {
			return
		}
		if err := d.KeepDevice("lea", pronote.KindStudent, device); err != nil {
			t.Fatal(err)
		}
		if again, err := d.Device("lea", pronote.KindStudent); err != nil || !equal(again, device) {
			t.Errorf("%+v became %+v, %v", device, again, err)
		}
	})
}
