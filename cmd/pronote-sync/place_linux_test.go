package main

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

// A household is an installed program: its configuration is root's, its data is of a
// user of its own, and a group may read the mirror.
type household struct {
	*home
	etc, data string // folders
	service   *syscall.Credential
	member    *syscall.Credential // of the group
	stranger  *syscall.Credential
	group     string
}

func newHousehold(t *testing.T) *household {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root can be several users")
	}
	group, err := user.LookupGroup("games")
	if err != nil {
		t.Skip("there is no group to try with: ", err)
	}
	gid, err := strconv.ParseUint(group.Gid, 10, 32)
	if err != nil {
		t.Fatal(err)
	}
	h := &household{
		home:     &home{t: t, dir: t.TempDir(), campus: openCampus(t, 1, autumn, pronotetest.Options{}), mail: openMailroom(t)},
		service:  &syscall.Credential{Uid: 64101, Gid: uint32(gid)},
		member:   &syscall.Credential{Uid: 64102, Gid: 64102, Groups: []uint32{uint32(gid)}},
		stranger: &syscall.Credential{Uid: 64103, Gid: 64103},
		group:    group.Name,
	}
	h.etc, h.data = h.path("etc"), h.path("data")
	for _, dir := range []string{filepath.Dir(h.dir), h.dir} {
		if err := os.Chmod(dir, 0o711); err != nil { // tests keep theirs to themselves
			t.Fatal(err)
		}
	}
	h.folder(h.etc, 0, int(gid))
	h.folder(h.data, int(h.service.Uid), int(gid))
	text := "database = \"../data/pronote.db\"\ndatabase_group = \"games\"\n" + h.settings("pronotevs", "maman")
	if err := os.WriteFile(filepath.Join(h.etc, "config.toml"), []byte(text), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(filepath.Join(h.etc, "config.toml"), 0, int(gid)); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *household) folder(path string, uid, gid int) {
	h.t.Helper()
	if err := os.Mkdir(path, 0o750); err != nil {
		h.t.Fatal(err)
	}
	if err := os.Chown(path, uid, gid); err != nil {
		h.t.Fatal(err)
	}
}

// as starts the program as a user, nil for root, with the installed configuration.
func (h *household) as(who *syscall.Credential, args ...string) *process {
	h.t.Helper()
	return h.launchAs("pronote-sync", func(cmd *exec.Cmd) {
		cmd.Path, cmd.Err = "/proc/self/exe", nil // which every user can run
		cmd.Dir = "/"
		cmd.Env = append(cmd.Env, "PRONOTE_SYNC_CONFIG="+filepath.Join(h.etc, "config.toml"))
		if who != nil {
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: who}
		}
	}, args...)
}

// asks runs a command to its end.
func (h *household) asks(who *syscall.Credential, want int, args ...string) *process {
	h.t.Helper()
	p := h.as(who, args...)
	if code := p.wait(); code != want {
		h.t.Errorf("%v exits with %d, want %d: %s", args, code, want, p.stderr.String())
	}
	return p
}

// reads counts marks with Debian's sqlite3.
func (h *household) reads(who *syscall.Credential) (string, error) {
	cmd := exec.Command("sqlite3", "-readonly", filepath.Join(h.data, "pronote.db"), "SELECT count(*) > 0 FROM marks")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: who}
	cmd.Dir = "/"
	out, err := cmd.CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

// isWhole fails where a file of the service's is not the service's, or where there is
// a second mirror.
func (h *household) isWhole() {
	h.t.Helper()
	err := filepath.WalkDir(h.dir, func(path string, _ fs.DirEntry, err error) error {
		info, failed := os.Lstat(path)
		if err != nil || failed != nil { // a socket or a temporary file that has gone
			return nil
		}
		uid := info.Sys().(*syscall.Stat_t).Uid
		if strings.HasPrefix(path, h.data) && uid != h.service.Uid {
			h.t.Errorf("%s belongs to %d", path, uid)
		}
		if strings.HasPrefix(filepath.Base(path), "pronote.db") != strings.HasPrefix(path, h.data+"/pronote.db") {
			h.t.Errorf("there is %s", path)
		}
		return nil
	})
	if err != nil {
		h.t.Error(err)
	}
}

// With the unit installed to the letter and the daemon running, status as root said
// that the database did not exist and advised sync, which made a second login, a second
// mirror and a second state, as root, elsewhere.
func TestRootAndTheGroupFindTheRunningDaemonAndItsMirror(t *testing.T) {
	t.Parallel()
	h := newHousehold(t)
	daemon := h.as(h.service, "run")
	daemon.says(polled, 1)

	for name, who := range map[string]*syscall.Credential{"root": nil, "a member": h.member} {
		h.asks(who, exitOK, "status", "--healthy")
		if status := h.asks(who, exitOK, "status", "--json"); !strings.Contains(status.stdout.String(), `"running": true`) {
			t.Errorf("%s does not find the daemon: %s", name, status.stdout.String())
		}
		if marks := h.asks(who, exitOK, "marks"); strings.Count(marks.stdout.String(), "\n") < 5 {
			t.Errorf("%s does not find the mirror: %s", name, marks.stdout.String())
		}
	}
	h.asks(nil, exitOK, "sync")
	if refused := h.asks(h.member, exitDatabase, "sync"); !strings.Contains(refused.stderr.String(), "sudo") {
		t.Errorf("a member is told %s", refused.stderr.String())
	}
	if refused := h.asks(h.stranger, exitConfig, "status"); !strings.Contains(refused.stderr.String(), "sudo") {
		t.Errorf("a stranger is told %s", refused.stderr.String())
	}
	h.isWhole()
	if accepted, refused := h.logins(); accepted != 1 || refused != 0 {
		t.Errorf("%d logins and %d refused, want that of the daemon", accepted, refused)
	}
	daemon.leaves(syscall.SIGTERM)
}

func TestRootActsForTheServiceThatIsStopped(t *testing.T) {
	t.Parallel()
	h := newHousehold(t)
	h.asks(nil, exitOK, "sync", "--dry-run")
	h.asks(nil, exitOK, "sync")
	h.asks(nil, exitOK, "status")
	if refused := h.asks(h.member, exitDatabase, "sync"); !strings.Contains(refused.stderr.String(), "sudo") {
		t.Errorf("a member is told %s", refused.stderr.String())
	}
	h.isWhole()
	h.asks(h.service, exitOK, "sync")

	// A folder that is missing is not made by root, who cannot know for whom.
	if err := os.RemoveAll(h.data); err != nil {
		t.Fatal(err)
	}
	if refused := h.asks(nil, exitDatabase, "sync"); !strings.Contains(refused.stderr.String(), "install -d -m 0750") {
		t.Errorf("root is told %s", refused.stderr.String())
	}
	if _, err := os.Stat(h.data); !os.IsNotExist(err) {
		t.Errorf("root made %s", h.data)
	}
}

func TestTheGroupReadsTheMirrorWithOtherPrograms(t *testing.T) {
	t.Parallel()
	h := newHousehold(t)
	if _, err := exec.LookPath("sqlite3"); err != nil {
		t.Skip(err)
	}
	readable := func(when string) {
		t.Helper()
		if got, err := h.reads(h.member); err != nil || got != "1" {
			t.Errorf("%s: a member reads %q, %v", when, got, err)
		}
		if got, err := h.reads(h.stranger); err == nil {
			t.Errorf("%s: a stranger reads %q", when, got)
		}
		for _, part := range []string{"", "-wal", "-shm"} {
			info, err := os.Stat(filepath.Join(h.data, "pronote.db"+part))
			if err != nil {
				t.Error(when, err)
				continue
			}
			stat := info.Sys().(*syscall.Stat_t)
			if got := fmt.Sprintf("%o %d %d", info.Mode().Perm(), stat.Uid, stat.Gid); got != fmt.Sprintf("640 %d %d", h.service.Uid, h.service.Gid) {
				t.Errorf("%s: pronote.db%s is %s", when, part, got)
			}
		}
	}
	h.service.Gid, h.service.Groups = 64101, h.member.Groups // the group is not its own one
	want := h.member.Groups[0]
	daemon := h.as(h.service, "run")
	daemon.says(polled, 1)
	h.service.Gid = want
	readable("running")
	daemon.leaves(syscall.SIGTERM)
	readable("stopped")
	h.asks(h.member, exitOK, "marks")
	h.asks(nil, exitOK, "status") // whoever closes the mirror last leaves its log
	readable("after root")
}

// What root restores, the service's user must be able to use, and nothing of the archive
// may stay behind.
func TestWhatRootRestoresBelongsToTheService(t *testing.T) {
	t.Parallel()
	h := newHousehold(t)
	h.asks(nil, 0, "sync")
	words, archive, fresh := h.path("words"), h.path("all.age"), h.path("new")
	if err := os.WriteFile(words, []byte("quatre mots bien choisis\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	h.asks(nil, 0, "backup", "--all", archive, "--passphrase-file", words)
	h.folder(fresh, int(h.service.Uid), int(h.service.Gid))
	place := filepath.Join(fresh, "config.toml")
	h.asks(nil, 0, "restore", archive, "--passphrase-file", words, "--config", place)
	h.asks(h.service, 0, "sync", "--config", place)
	err := filepath.WalkDir(fresh, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := os.Lstat(path)
		if err != nil {
			return err
		}
		if uid := info.Sys().(*syscall.Stat_t).Uid; uid != h.service.Uid {
			t.Errorf("%s belongs to %d", path, uid)
		}
		if strings.Contains(path, "unpacked") {
			t.Errorf("%s is left", path)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
