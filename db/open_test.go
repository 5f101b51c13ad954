package db

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOpenCreatesForItsOwnerAlone(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "état de l'élève", "50 % #1?")
	path := filepath.Join(folder, "pronote.db")
	store := open(t, path)
	store.write(t, func(tx *Tx) error { tx.owner(t, "lea", "MARTIN Léa"); return nil })
	for name, want := range map[string]os.FileMode{
		filepath.Dir(folder): 0o700 | os.ModeDir,
		folder:               0o700 | os.ModeDir,
		path:                 0o600,
		path + "-wal":        0o600,
		path + "-shm":        0o600,
	} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode() != want {
			t.Errorf("%s has mode %v, want %v", name, info.Mode(), want)
		}
	}
}

func TestOpenAgain(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "pronote.db")
	store, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	store.write(t, func(tx *Tx) error { tx.owner(t, "lea", "MARTIN Léa"); return nil })
	shut(t, store)
	before := hashes(t, filepath.Dir(path))

	store, err = Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	store.read(t, func(tx *Tx) error {
		if got := column[string](t, tx, `SELECT name FROM students`); !cmp.Equal(got, []string{"MARTIN Léa"}) {
			t.Errorf("students are %q", got)
		}
		return nil
	})
	shut(t, store)
	if diff := cmp.Diff(before, hashes(t, filepath.Dir(path))); diff != "" {
		t.Errorf("opening wrote something (-before +after):\n%s", diff)
	}
}

func TestOpenTakesAnEmptyFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "pronote.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenReadOnly(t.Context(), path); !errors.Is(err, ErrMissing) {
		t.Errorf("OpenReadOnly: %v, want ErrMissing", err)
	}
	open(t, path)
}

// TestOpenRefuses opens what cannot be opened, and looks whether it was left as
// it was.
func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	good, err := emptyMirror()
	if err != nil {
		t.Fatal(err)
	}
	garbage := make([]byte, len(good))
	chance := rand.New(rand.NewPCG(1, 2))
	for i := range garbage {
		garbage[i] = byte(chance.Uint32())
	}
	file := func(content ...[]byte) func(t *testing.T, path string) {
		return func(t *testing.T, path string) {
			if err := os.WriteFile(path, bytes.Join(content, nil), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, test := range map[string]struct {
		prepare           func(t *testing.T, path string)
		want, wantReading error
	}{
		"random bytes":          {file(garbage), ErrCorrupt, ErrCorrupt},
		"text":                  {file([]byte(strings.Repeat("Ceci n'est pas une base de données. ", 100))), ErrCorrupt, ErrCorrupt},
		"all but the header":    {file(good[:100], garbage[100:]), ErrCorrupt, ErrCorrupt},
		"cut short":             {file(good[:len(good)/3/4096*4096]), ErrCorrupt, ErrCorrupt},
		"of a newer program":    {tinker(good, `INSERT INTO _schema (version_id, is_applied) VALUES (99999, 1)`), ErrNewer, ErrNewer},
		"of an early checkout":  {tinker(nil, `CREATE TABLE goose_db_version (version_id INTEGER)`), ErrUnreleased, ErrUnreleased},
		"of yesterday's step":   {tinker(good, `UPDATE _schema SET digest = 'another' WHERE version_id = 1`), ErrUnreleased, ErrUnreleased},
		"of another program":    {tinker(nil, `CREATE TABLE bookmarks (url TEXT)`), ErrCorrupt, ErrCorrupt},
		"first step not taken":  {tinker(good, `DELETE FROM _schema WHERE version_id > 0`), ErrMigration, ErrMissing},
		"a folder":              {func(t *testing.T, path string) { mkdir(t, path) }, ErrCorrupt, ErrCorrupt},
		"a folder for its log":  {func(t *testing.T, path string) { file(good)(t, path); mkdir(t, path+"-wal") }, ErrReadOnly, ErrReadOnly},
		"a file for its folder": {func(t *testing.T, path string) { file(nil)(t, filepath.Dir(path)) }, ErrReadOnly, ErrReadOnly},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			top := t.TempDir()
			path := filepath.Join(top, "data", "pronote.db")
			if name != "a file for its folder" {
				mkdir(t, filepath.Dir(path))
			}
			test.prepare(t, path)
			before := hashes(t, top)
			for _, try := range []struct {
				what string
				open func() (*Store, error)
				want error
			}{
				{"Open", func() (*Store, error) { return Open(t.Context(), path) }, test.want},
				{"OpenReadOnly", func() (*Store, error) { return OpenReadOnly(t.Context(), path) }, test.wantReading},
			} {
				_, err := try.open()
				if !errors.Is(err, try.want) {
					t.Errorf("%s: %v, want %v", try.what, err, try.want)
				}
				checkSentence(t, path, err)
			}
			if diff := cmp.Diff(before, hashes(t, top)); diff != "" {
				t.Errorf("something was written (-before +after):\n%s", diff)
			}
		})
	}
}

// checkSentence wants an error to name the file and the next thing to do, once.
func checkSentence(t *testing.T, path string, err error) {
	t.Helper()
	if err == nil {
		return
	}
	if got := strings.Count(err.Error(), "the database "+path+" cannot be used: "); got != 1 {
		t.Errorf("%d sentences, want 1: %v", got, err)
	}
}

func TestOpenOfAnExistingMirrorMakesNone(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(context.Context, string) (*Store, error){"OpenReadOnly": OpenReadOnly, "OpenExisting": OpenExisting} {
		dir := t.TempDir()
		missing, empty := filepath.Join(dir, "missing.db"), filepath.Join(dir, "empty.db")
		if err := os.WriteFile(empty, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		before := hashes(t, dir)
		for _, path := range []string{missing, empty} {
			_, err := open(t.Context(), path)
			if !errors.Is(err, ErrMissing) {
				t.Errorf("%s of %s: %v, want ErrMissing", name, path, err)
			}
			checkSentence(t, path, err)
		}
		if diff := cmp.Diff(before, hashes(t, dir)); diff != "" {
			t.Errorf("%s changes files (-before +after):\n%s", name, diff)
		}
	}
}

func TestOpenWithoutRights(t *testing.T) {
	t.Parallel()
	if os.Geteuid() == 0 {
		t.Skip("root may write everywhere")
	}
	path := newFile(t)
	folder := filepath.Dir(path)
	t.Cleanup(func() { _ = os.Chmod(folder, 0o700) }) // for TempDir to remove it
	work := func(store *Store, err error, work func(*Store, func(*Tx) error) error) error {
		if err == nil {
			err = work(store, func(tx *Tx) error { _, err := tx.Account(t.Context(), "lea", "pronote", "", "student"); return err })
			shut(t, store)
		}
		return err
	}
	for _, rights := range []struct {
		folder, file  os.FileMode
		write, reader error
	}{
		{0o700, 0o400, ErrReadOnly, nil},
		{0o500, 0o600, ErrReadOnly, nil}, // SQLite needs files beside this one to write
		{0o700, 0o000, ErrReadOnly, ErrReadOnly},
		{0o000, 0o600, ErrReadOnly, ErrReadOnly},
	} {
		if err := errors.Join(os.Chmod(path, rights.file), os.Chmod(folder, rights.folder)); err != nil {
			t.Fatal(err)
		}
		store, err := Open(t.Context(), path)
		err = work(store, err, func(s *Store, fn func(*Tx) error) error { return s.Update(t.Context(), fn) })
		if !errors.Is(err, rights.write) {
			t.Errorf("file %v in folder %v: Open and Update: %v, want %v", rights.file, rights.folder, err, rights.write)
		}
		checkSentence(t, path, err)
		store, err = OpenReadOnly(t.Context(), path)
		err = work(store, err, func(s *Store, _ func(*Tx) error) error {
			return s.View(t.Context(), func(tx *Tx) error { _, err := tx.Accounts(t.Context()); return err })
		})
		if !errors.Is(err, rights.reader) {
			t.Errorf("file %v in folder %v: OpenReadOnly and View: %v, want %v", rights.file, rights.folder, err, rights.reader)
		}
		checkSentence(t, path, err)
		if err := errors.Join(os.Chmod(folder, 0o700), os.Chmod(path, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestExplainFileErrors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ err, want error }{
		{syscall.EACCES, ErrReadOnly}, {syscall.EPERM, ErrReadOnly}, {syscall.EROFS, ErrReadOnly}, {syscall.ENOTDIR, ErrReadOnly},
		{syscall.EISDIR, ErrCorrupt}, {syscall.ENOSPC, ErrFull}, {syscall.EIO, ErrDisk},
	} {
		err := explain("x.db", &os.PathError{Op: "open", Path: "x.db", Err: test.err})
		if !errors.Is(err, test.want) || !errors.Is(err, test.err) {
			t.Errorf("explained %v as %v, want %v", test.err, err, test.want)
		}
		if again := explain("x.db", fmt.Errorf("save: %w", err)); strings.Count(again.Error(), "cannot be used") != 1 {
			t.Errorf("explained twice: %v", again)
		}
	}
	other := errors.New("the dog ate it")
	if got := explain("x.db", other); got != other {
		t.Errorf("explained %v as %v", other, got)
	}
	if got := explain("x.db", nil); got != nil {
		t.Errorf("explained no error as %v", got)
	}
}

func TestLockedFileIsBusy(t *testing.T) {
	t.Parallel()
	path := newFile(t)
	hurried := func(options string) string {
		return strings.Replace(options, "busy_timeout(10000)", "busy_timeout(0)", 1)
	}
	if hurried(writing) == writing || hurried(reading) == reading {
		t.Fatal("the options have no busy_timeout")
	}
	store, err := connect(t.Context(), path, hurried(writing), hurried(reading))
	if err != nil {
		t.Fatal(err)
	}
	defer shut(t, store)
	other, err := sql.Open("sqlite", dsn(path, "_pragma=busy_timeout(0)"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }()
	other.SetMaxOpenConns(1)
	if _, err := other.Exec(`BEGIN EXCLUSIVE`); err != nil {
		t.Fatal(err)
	}
	err = store.Update(t.Context(), func(*Tx) error { t.Error("the transaction began"); return nil })
	if !errors.Is(err, ErrBusy) {
		t.Errorf("Update: %v, want ErrBusy", err)
	}
	checkSentence(t, path, err)
	store.read(t, func(tx *Tx) error { _, err := tx.Accounts(t.Context()); return err }) // readers need not wait
	if _, err := other.Exec(`ROLLBACK`); err != nil {
		t.Fatal(err)
	}
	store.write(t, func(tx *Tx) error { tx.owner(t, "lea", "MARTIN Léa"); return nil })
}

func TestFullDiskLosesNothing(t *testing.T) {
	t.Parallel()
	path := newFile(t)
	store, err := connect(t.Context(), path, writing+"&_pragma=max_page_count(300)", reading)
	if err != nil {
		t.Fatal(err)
	}
	add := func(store *Store, name string) error {
		return store.Update(t.Context(), func(tx *Tx) error {
			for i := range 10 {
				a, err := tx.Account(t.Context(), fmt.Sprint(name, i), "pronote", strings.Repeat("x", 1000), "student")
				if err != nil {
					return err
				}
				if _, err := tx.SaveStudent(t.Context(), a.ID, Student{Name: "MARTIN Léa"}); err != nil {
					return err
				}
			}
			return nil
		})
	}
	stored := 0
	for err == nil {
		if err = add(store, fmt.Sprint("account", stored, " ")); err == nil {
			stored++
		}
	}
	if !errors.Is(err, ErrFull) || stored == 0 {
		t.Fatalf("after %d transactions: %v, want ErrFull", stored, err)
	}
	checkSentence(t, path, err)
	check := func(store *Store, want int) {
		t.Helper()
		store.read(t, func(tx *Tx) error {
			sound(t, tx)
			accounts, students := one[int](t, tx, `SELECT count(*) FROM _account`), one[int](t, tx, `SELECT count(*) FROM _student`)
			if accounts != 10*want || students != 10*want {
				t.Errorf("%d accounts and %d students, want %d", accounts, students, 10*want)
			}
			return nil
		})
	}
	check(store, stored)
	shut(t, store)

	store = open(t, path) // space was freed
	check(store, stored)
	if err := add(store, "again"); err != nil {
		t.Error(err)
	}
	check(store, stored+1)
}

// sound runs SQLite's own checks.
func sound(t fataler, tx *Tx) {
	t.Helper()
	if got := column[string](t, tx, `PRAGMA integrity_check`); !cmp.Equal(got, []string{"ok"}) {
		t.Fatalf("integrity_check: %q", got)
	}
	if got := column[string](t, tx, `SELECT "table" FROM pragma_foreign_key_check`); got != nil {
		t.Fatalf("foreign_key_check: %q", got)
	}
}

func TestOpenReadOnlyBesideAWriter(t *testing.T) {
	t.Parallel()
	path := newFile(t)
	store := open(t, path)
	store.write(t, func(tx *Tx) error { tx.owner(t, "lea", "MARTIN Léa"); return nil })
	before := hashes(t, filepath.Dir(path))
	beside, err := OpenReadOnly(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	students := func() (names []string) {
		beside.read(t, func(tx *Tx) error { names = column[string](t, tx, `SELECT name FROM students`); return nil })
		return names
	}
	if got, want := students(), []string{"MARTIN Léa"}; !cmp.Equal(got, want) {
		t.Errorf("students are %q, want %q", got, want)
	}
	err = beside.Update(t.Context(), func(tx *Tx) error { _, err := tx.Account(t.Context(), "noe", "pronote", "", "student"); return err })
	if !errors.Is(err, ErrReadOnly) {
		t.Errorf("Update: %v, want ErrReadOnly", err)
	}
	if diff := cmp.Diff(before, hashes(t, filepath.Dir(path))); diff != "" {
		t.Errorf("the reader wrote (-before +after):\n%s", diff)
	}
	store.write(t, func(tx *Tx) error { tx.owner(t, "noe", "MARTIN Noé"); return nil })
	if got, want := students(), []string{"MARTIN Léa", "MARTIN Noé"}; !cmp.Equal(got, want) {
		t.Errorf("students are %q, want %q", got, want)
	}
	before = hashes(t, filepath.Dir(path))
	shut(t, beside)
	if diff := cmp.Diff(before, hashes(t, filepath.Dir(path))); diff != "" {
		t.Errorf("the reader wrote when it was closed (-before +after):\n%s", diff)
	}
}

func TestOpenReadOnlyAlone(t *testing.T) {
	t.Parallel()
	path := newFile(t)
	before := hashes(t, filepath.Dir(path))
	store, err := OpenReadOnly(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	store.read(t, func(tx *Tx) error { _, err := tx.Accounts(t.Context()); return err })
	shut(t, store)
	if diff := cmp.Diff(before, hashes(t, filepath.Dir(path))); diff != "" {
		t.Errorf("something was written (-before +after):\n%s", diff)
	}
}

// tinker writes a database after some SQL.
func tinker(content []byte, query string) func(t *testing.T, path string) {
	return func(t *testing.T, path string) {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		execute(t, path, query)
	}
}

// execute runs SQL on a file as another program would.
func execute(t *testing.T, path, query string) {
	t.Helper()
	conn, err := sql.Open("sqlite", dsn(path, "mode=rwc"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = conn.ExecContext(t.Context(), query)
	if err := errors.Join(err, conn.Close()); err != nil {
		t.Fatal(err)
	}
}

func mkdir(t *testing.T, path string) {
	t.Helper()
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
}

// hashes digests all files below a folder but SQLite's shared memory, whose
// content is only locks.
func hashes(t *testing.T, folder string) map[string]string {
	t.Helper()
	digests := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(path, "-shm") {
			return err
		}
		content, err := os.ReadFile(path)
		sum := sha256.Sum256(content)
		digests[path] = fmt.Sprint(len(content), " ", hex.EncodeToString(sum[:8]))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return digests
}
