package config

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pelletier/go-toml/v2"
)

const appendable = "# ours\n[[account]]\nname = \"lea\" # a comment\nurl = \"https://0123456a.index-education.net/pronote/\"\nusername = \"a\"\npassword = \"b\""

// loaded writes a configuration with a text and loads it.
func loaded(t *testing.T, text string) *Config {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(text), 0o640); err != nil {
		t.Fatal(err)
	}
	c, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func text(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// names are the files of a folder and of those in it.
func names(t *testing.T, folder string) (all []string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			all = append(all, strings.TrimPrefix(path, folder+"/"))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestAppendTouchesNothingElse(t *testing.T) {
	t.Parallel()
	for _, before := range []string{appendable, appendable + "\n", "\uFEFF" + strings.ReplaceAll(appendable+"\n", "\n", "\r\n"), appendable + "\n[schedule]\n[[notify]]\nname=\"papa\"\nchannel=\"command\"\ncommand=[\"true\"]\n"} {
		c := loaded(t, before)
		keys := []Key{{Name: "name", Value: "maman"}, {Name: "channel", Value: "telegram"}, {Name: "token", Value: "123:abc", Secret: true}, {Name: "chat_id", Value: int64(-42)}, {Name: "silent", Value: true}}
		if err := c.Append("notify", "maman", keys); err != nil {
			t.Fatal(err)
		}
		after := text(t, c.Path)
		rest, ok := strings.CutPrefix(after, before)
		want := "\n\n[[notify]]\nname = \"maman\"\nchannel = \"telegram\"\ntoken_file = \"secrets/maman-token\"\nchat_id = -42\nsilent = true\n"
		if strings.HasSuffix(before, "\n") {
			want = want[1:]
		}
		if strings.Contains(before, "\r") {
			want = strings.ReplaceAll(want, "\n", "\r\n")
		}
		if !ok || rest != want {
			t.Errorf("after %q came %q, want %q", before, rest, want)
		}
		again, err := Load(c.Path)
		if err != nil || again.Recipients[len(again.Recipients)-1].Name != "maman" {
			t.Errorf("the new configuration: %v", err)
		}
		secret := filepath.Join(filepath.Dir(c.Path), "secrets", "maman-token")
		info, err := os.Stat(secret)
		if err != nil || info.Mode().Perm() != 0o600 || text(t, secret) != "123:abc\n" {
			t.Errorf("the secret: %v, %v", info, err)
		}
		if info, err := os.Stat(c.Path); err != nil || info.Mode().Perm() != 0o640 {
			t.Errorf("the configuration has the mode %v, %v", info.Mode(), err)
		}
		if got := names(t, filepath.Dir(c.Path)); !cmp.Equal(got, []string{"config.toml", "secrets/maman-token"}) {
			t.Errorf("there are %v", got)
		}
	}
}

func TestAppendLeavesNothingBehindWhenItFails(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		before string
		keys   []Key
		want   string
	}{
		"a mistake":      {appendable, []Key{{Name: "name", Value: "maman"}, {Name: "channel", Value: "telegram"}, {Name: "token", Value: "123:abc", Secret: true}}, "chat_id is missing"},
		"an inline list": {"notify = []\n" + appendable, []Key{{Name: "name", Value: "maman"}, {Name: "channel", Value: "command"}, {Name: "command", Value: []string{"true"}}}, "this is not TOML"},
	} {
		c := loaded(t, test.before)
		err := c.Append("notify", "maman", test.keys)
		if err == nil || !strings.Contains(err.Error(), test.want) || text(t, c.Path) != test.before {
			t.Errorf("%s: %v, want %s", name, err, test.want)
		}
		if got := names(t, filepath.Dir(c.Path)); !cmp.Equal(got, []string{"config.toml"}) {
			t.Errorf("%s: there are %v", name, got)
		}
	}
}

func TestAppendRefusesAFileThatChangesMeanwhile(t *testing.T) {
	t.Parallel()
	c := loaded(t, appendable)
	info, err := os.Stat(c.Path)
	if err != nil {
		t.Fatal(err)
	}
	err = replace(c.Path, []byte("something else"), appended([]byte(appendable), "# x\n"), info)
	if err == nil || !strings.Contains(err.Error(), "has been changed meanwhile") || text(t, c.Path) != appendable {
		t.Errorf("%v", err)
	}
}

func TestAppendFollowsALinkAndKeepsIt(t *testing.T) {
	t.Parallel()
	c := loaded(t, appendable)
	link := filepath.Join(t.TempDir(), "config.toml")
	if err := os.Symlink(c.Path, link); err != nil {
		t.Fatal(err)
	}
	linked, err := Load(link)
	if err == nil {
		err = linked.Append("notify", "maman", []Key{{Name: "name", Value: "maman"}, {Name: "channel", Value: "ntfy"}, {Name: "topic", Value: "word", Secret: true}})
	}
	info, failed := os.Lstat(link)
	if err = errors.Join(err, failed); err != nil || info.Mode()&os.ModeSymlink == 0 || !strings.Contains(text(t, c.Path), "topic_file = \"secrets/maman-topic\"") {
		t.Errorf("%v, %v", info, err)
	}
	if got := names(t, filepath.Dir(link)); !cmp.Equal(got, []string{"config.toml", "secrets/maman-topic"}) {
		t.Errorf("beside the link are %v", got)
	}
}

func TestAppendDoesNotOverwriteASecret(t *testing.T) {
	t.Parallel()
	c := loaded(t, appendable)
	folder := filepath.Join(filepath.Dir(c.Path), "secrets")
	if err := errors.Join(os.Mkdir(folder, 0o755), os.WriteFile(filepath.Join(folder, "maman-topic"), []byte("old\n"), 0o600)); err != nil {
		t.Fatal(err)
	}
	err := c.Append("notify", "maman", []Key{{Name: "name", Value: "maman"}, {Name: "channel", Value: "ntfy"}, {Name: "topic", Value: "new", Secret: true}})
	if err != nil || text(t, filepath.Join(folder, "maman-topic")) != "old\n" || text(t, filepath.Join(folder, "maman-topic-2")) != "new\n" ||
		!strings.Contains(text(t, c.Path), "topic_file = \"secrets/maman-topic-2\"") {
		t.Errorf("%v\n%s", err, text(t, c.Path))
	}
}

func TestCheckName(t *testing.T) {
	t.Parallel()
	c := loaded(t, appendable+"\n[[notify]]\nname=\"papa-1\"\nchannel=\"command\"\ncommand=[\"true\"]\n")
	for name, good := range map[string]bool{"maman": true, "Zoé": true, "papa-1": false, "PAPA_1": false, "": false, "a b": false, "../x": false} {
		if err := c.CheckName(name); (err == nil) != good {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// Values are written as JSON, which TOML reads alike.
func TestWhatIsAppendedIsReadBack(t *testing.T) {
	t.Parallel()
	for _, want := range []any{
		`Léa "PRONOTE" <lea@example.org>`, `C:\secrets\t`, "tab\t, line\n, bell\a & \u2028 \U0001f469\u200d\U0001f393 'x'", "", int64(-42), true,
		[]any{"show", `--to="kitchen"`},
	} {
		value, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got map[string]any
		if err := toml.Unmarshal([]byte("k = "+string(value)), &got); err != nil || !reflect.DeepEqual(got["k"], want) {
			t.Errorf("%s is read as %#v: %v", value, got["k"], err)
		}
	}
}

// Root wrote secrets that the service's user could not read.
func TestSecretsAreOfTheUserWhoseTheMirrorIs(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root can give files away")
	}
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	if err := os.Mkdir(data, 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(data, 64101, 64101); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "etc", "config.toml")
	keys := []Key{{Name: "name", Value: "lea"}, {Name: "url", Value: "https://0123456a.index-education.net/pronote/"}, {Name: "username", Value: "a"}, {Name: "password", Value: "b", Secret: true}}
	if err := Create(path, "database = \"../data/pronote.db\"\n", "lea", keys); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(dir, "etc", "secrets", "lea-password"))
	if err != nil {
		t.Fatal(err)
	}
	if owner := info.Sys().(*syscall.Stat_t).Uid; owner != 64101 || info.Mode() != 0o600 {
		t.Errorf("the password belongs to %d, with mode %v", owner, info.Mode())
	}
	if err := Create(path, "", "lea", keys); err == nil {
		t.Error("a configuration was overwritten")
	}
}

// What init writes is read without a mistake, says where the mirror is, and keeps its
// comments in the person's language.
func TestABeginningIsWhole(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"fr", "en"} {
		path := filepath.Join(t.TempDir(), "new", "config.toml")
		keys := []Key{{Name: "name", Value: "lea"}, {Name: "url", Value: "https://0123456a.index-education.net/pronote/"}, {Name: "login", Value: "token"}}
		if err := Create(path, Begin(path, language, ""), "lea", keys); err != nil {
			t.Fatal(err)
		}
		c, err := Load(path)
		if err != nil || c.Language != language || c.Database != UsualDatabase(path) || len(c.Warnings) > 0 {
			t.Errorf("%+v, %v", c, err)
		}
	}
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte("# mine\nlanguage = \"en\""), 0o600); err != nil || !Vacant(path) {
		t.Fatal("a file without accounts is not vacant", err)
	}
	keys := []Key{{Name: "name", Value: "lea"}, {Name: "url", Value: "https://0123456a.index-education.net/pronote/"}, {Name: "login", Value: "token"}}
	if err := Create(path, Begin(path, "fr", ""), "lea", keys); err != nil || !strings.HasPrefix(text(t, path), "# mine\nlanguage = \"en\"\n\n[[account]]\n") || Vacant(path) {
		t.Errorf("%v: %s", err, text(t, path))
	}
	if begin := Begin("/etc/pronote-sync/config.toml", "fr", "famille"); !strings.Contains(begin, "database = \"/var/lib/pronote-sync/pronote.db\"") || !strings.Contains(begin, "database_group = \"famille\"") {
		t.Error(begin)
	}
}
