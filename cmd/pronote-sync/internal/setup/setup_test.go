package setup

import (
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/pronote-sync/pronote-sync/notifiers"
)

func draft(t *testing.T, channel string, pairs ...string) *Draft {
	t.Helper()
	d, err := New(channel, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(pairs); i += 2 {
		if err := d.Set(pairs[i], pairs[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

// Whatever a channel's settings are, there are questions about them.
func TestEachChannelCanBeAskedFor(t *testing.T) {
	t.Parallel()
	for _, channel := range notifiers.Kinds() {
		d := draft(t, channel)
		if len(d.Fields) == 0 || len(d.Asked()) == 0 {
			t.Errorf("%s has no keys", channel)
		}
		if Intro(channel, "fr") == "" || Intro(channel, "en") == "" {
			t.Errorf("%s has no introduction", channel)
		}
		for _, f := range d.Fields {
			for _, language := range []string{"fr", "en"} {
				if Question(channel, f.Key, language) == "" {
					t.Errorf("%s %s: no question in %s", channel, f.Key, language)
				}
			}
			typed := "1"
			if err := d.Set(f.Key, typed); err != nil || !d.Has(f.Key) || f.kind.Kind() != reflect.Bool && d.Text(f.Key) != typed {
				t.Errorf("%s %s: %q, %v", channel, f.Key, d.Text(f.Key), err)
			}
		}
		_, _ = d.Open() // whatever it says of such values, it can be asked
	}
}

// Words for keys that no channel has would never be read.
func TestWordsAreOfChannelsThatExist(t *testing.T) {
	t.Parallel()
	for channel, w := range channels {
		d := draft(t, channel)
		for _, key := range append(slices.Collect(maps.Keys(w.ask)), w.skip...) {
			if _, ok := d.field(key); !ok {
				t.Errorf("%s has no key %s", channel, key)
			}
		}
		if w.intro.fr == "" || w.intro.en == "" {
			t.Errorf("%s has no introduction", channel)
		}
	}
}

func TestWrongTellsOfAnAnswerAsSoonAsItIsGiven(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		channel string
		pairs   []string
		asked   string
		want    string // of the sentence, or "" for nothing
	}{
		{"telegram", []string{"token", "x"}, "token", "token is not that of a bot"},
		{"telegram", []string{"token", "1:x"}, "token", ""},
		{"telegram", []string{"token", "1:x"}, "token chat_id", "chat_id is missing"},
		{"telegram", []string{"token", "1:x", "chat_id", "maman"}, "token chat_id", "chat_id is neither"},
		{"telegram", []string{"token", "1:x", "chat_id", "-42"}, "token chat_id", ""},
		{"telegram", []string{"token", "1:x", "chat_id", "@canal"}, "token chat_id", ""},
		{"email", []string{"host", "https://x"}, "host", "host is missing or not"},
		{"email", []string{"host", "x", "username", "lea"}, "host username", ""},
		{"email", []string{"host", "x", "username", "lea"}, "host username password", "username and password go together"},
		{"email", []string{"host", "x", "from", "lea"}, "host from", "from is not one e-mail address"},
		{"email", []string{"host", "x", "from", "a@b.fr"}, "host from to", "to is not one e-mail address"},
		{"ntfy", []string{"topic", "a b"}, "topic", "topic has a character"},
		{"command", nil, "command", "command is missing"},
	} {
		err := draft(t, test.channel, test.pairs...).Wrong(strings.Fields(test.asked))
		if err == nil && test.want != "" || err != nil && (test.want == "" || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s %q after %s: %v, want %q", test.channel, test.pairs, test.asked, err, test.want)
		}
	}
}

func TestEntriesPointToSecretsThatAreInFiles(t *testing.T) {
	t.Parallel()
	d := draft(t, "telegram", "chat_id", "-100123", "silent", "true", "thread_id", "7")
	if err := os.WriteFile(filepath.Join(d.dir, "token"), []byte("1:x\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := d.Set("token_file", "token"); err != nil {
		t.Fatal(err)
	}
	want := []Entry{{Name: "token_file", Value: "token"}, {Name: "chat_id", Value: int64(-100123)}, {Name: "thread_id", Value: int64(7)}, {Name: "silent", Value: true}}
	if got := d.Entries(); !reflect.DeepEqual(got, want) || d.Text("token") != "1:x" {
		t.Errorf("%v and %q, want %v", got, d.Text("token"), want)
	}
	if err := d.Set("token", "2:y"); err != nil {
		t.Fatal(err)
	}
	if got := d.Entries()[0]; got != (Entry{"token", "2:y", true}) {
		t.Errorf("%v", got)
	}
	for _, bad := range [][2]string{{"token_file", "absent"}, {"token_file", "."}, {"tokn", "x"}, {"chat_id_file", "token"}, {"thread_id", "x"}, {"silent", "maybe"}} {
		if err := d.Set(bad[0], bad[1]); err == nil {
			t.Errorf("%v is taken", bad)
		}
	}
}

func TestProviders(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"lea@gmail.com": "smtp.gmail.com", "Lea@Wanadoo.FR ": "smtp.orange.fr", "lea@free.fr": "smtp.free.fr", "lea@laposte.net": "smtp.laposte.net", "lea@outlook.fr": "",
	} {
		if p, ok := ProviderOf(address); !ok || p.Host != want || p.Note.In("fr") == "" || p.Note.In("en") == "" {
			t.Errorf("%s: %+v, %t", address, p, ok)
		}
	}
	for _, address := range []string{"", "lea", "lea@example.org", "lea@notgmail.com"} {
		if p, ok := ProviderOf(address); ok {
			t.Errorf("%q: %+v", address, p)
		}
	}
	for _, p := range providers {
		if p.Host == "" {
			continue
		}
		d := draft(t, "email", "host", p.Host, "tls", p.TLS, "from", "a@b.fr", "to", "a@b.fr", "username", "a", "password", "b")
		if _, err := d.Open(); err != nil || p.TLS == "implicit" != (p.Port == 465) {
			t.Errorf("%s: %v", p.Name, err)
		}
	}
}
