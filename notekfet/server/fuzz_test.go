package server

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"net"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/notekfet/internal/wire"
)

// directly answers a request without a network: the code, and whether it was
// expected.
func (b *bar) directly(t testing.TB, who *identity, request string) notekfet.Code {
	t.Helper()
	here, there := net.Pipe()
	defer here.Close()
	defer there.Close()
	c := &call{conn: newConn(b.Server, 1, here, "127.0.0.1")}
	c.client, c.conn.who = "manual", who
	r, err := wire.ParseRequest([]byte(request))
	if err != nil {
		return notekfet.Malformed
	}
	c.raw = r.Parameter
	msg, err := c.run(r.Command)
	code, errmsg := c.code, c.errmsg
	if err != nil {
		code, errmsg = c.explain(r.Command, err)
	}
	if _, err := wire.AppendFrame(nil, int(code), errmsg, msg); err != nil {
		t.Error(err)
	}
	return code
}

// identities are who asks in the fuzzing: nobody, a member, a treasurer, a service.
func fuzzIdentities() []*identity {
	acl, _ := notekfet.Expand([]string{"all"}, true)
	return []*identity{nil, {id: 2, name: "bob"}, {id: 3, name: "carl"}, {id: 1, name: "alice"}, {special: true, name: "vincent", acl: acl}}
}

// FuzzCommands gives any parameter to any command: the answer is a code of the
// list, and never that the server or its database has broken.
func FuzzCommands(f *testing.F) {
	for _, c := range readCases(f) {
		for _, step := range c.Steps {
			if text, ok := step["send"].(string); ok && len(text) < 4096 {
				if r, err := wire.ParseRequest([]byte(text)); err == nil {
					f.Add(uint(slices.Index(commandNames(), r.Command)), uint(3), string(r.Parameter))
				}
			}
		}
	}
	b := open(f, func(c *Config) {
		c.Die, c.Mail, c.Login = false, []string{"true"}, LoginRules{}
	})
	names, users := commandNames(), fuzzIdentities()
	f.Fuzz(func(t *testing.T, command, user uint, parameter string) {
		name := names[command%uint(len(names))]
		request := `["` + name + `"]`
		if parameter != "" {
			request = `["` + name + `", ` + parameter + `]`
		}
		code := b.directly(t, users[user%uint(len(users))], request)
		if !slices.Contains(notekfet.Codes(), code) || code == notekfet.Crashed || code == notekfet.DatabaseFailed {
			t.Errorf("%s: code %d: %s", request, code, lastLine(b.log.String()))
		}
	})
}

func lastLine(log string) string {
	lines := strings.Split(strings.TrimSpace(log), "\n")
	return lines[len(lines)-1]
}

// FuzzPhotos gives anything as a photo: it is refused, or it becomes a PNG of the
// size that is kept.
func FuzzPhotos(f *testing.F) {
	picture := image.NewPaletted(image.Rect(0, 0, 900, 3), []color.Color{image.White, image.Black})
	var asPNG, asGIF bytes.Buffer
	if err := png.Encode(&asPNG, picture); err != nil {
		f.Fatal(err)
	}
	if err := gif.Encode(&asGIF, picture, nil); err != nil {
		f.Fatal(err)
	}
	f.Add(asPNG.Bytes())
	f.Add(asGIF.Bytes())
	f.Add([]byte("BM"))
	f.Add([]byte("\xff\xd8\xff"))
	f.Add([]byte("RIFF\x24\x00\x00\x00WEBPVP8 "))
	s := New(Config{Photos: PhotoRules{Folder: f.TempDir(), Formats: PhotoFormats(), Side: 64}, Limits: Limits{Photo: 1 << 20}})
	f.Fuzz(func(t *testing.T, raw []byte) {
		err := s.storePhoto(7, []byte(base64.StdEncoding.EncodeToString(raw)), "")
		if refusal, ok := err.(*notekfet.Error); ok {
			if refusal.Code < 802 || refusal.Code > 805 {
				t.Error(refusal)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		file, err := os.Open(s.photo(7))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		config, format, err := image.DecodeConfig(file)
		if err != nil || format != "png" || max(config.Width, config.Height) > 64 {
			t.Error(config, format, err)
		}
	})
}
