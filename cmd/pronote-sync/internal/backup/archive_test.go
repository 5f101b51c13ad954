package backup

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"
)

const words = "quatre mots bien choisis"

func sealed(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	s, err := seal(&out, words, 4) // what costs a guesser costs a test
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := s.Add(name, int64(len(text)), strings.NewReader(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func unseal(archive []byte, passphrase string) (map[string]string, error) {
	files := map[string]string{}
	err := Unseal(bytes.NewReader(archive), passphrase, func(name string, content io.Reader) error {
		text, err := io.ReadAll(content)
		files[name] = string(text)
		return err
	})
	return files, err
}

func TestAnArchiveOpensWithItsPassphraseAlone(t *testing.T) {
	t.Parallel()
	files := map[string]string{"config.toml": "language = \"fr\"\n", "secrets/léa": "s3cret", "mirror.db": strings.Repeat("row ", 50_000), "empty": ""}
	archive := sealed(t, files)
	if bytes.Contains(archive, []byte("s3cret")) || !bytes.HasPrefix(archive, []byte(Head)) {
		t.Errorf("it begins with %q, or shows a secret", archive[:30])
	}
	got, err := unseal(archive, words)
	if diff := cmp.Diff(files, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for _, wrong := range []string{"quatre mots mal choisis", ""} {
		if _, err := unseal(archive, wrong); !errors.Is(err, ErrPassphrase) {
			t.Errorf("with %q: %v, want ErrPassphrase", wrong, err)
		}
	}
}

func TestADamagedArchiveIsNotWhole(t *testing.T) {
	t.Parallel()
	archive := sealed(t, map[string]string{"mirror.db": strings.Repeat("row ", 50_000)})
	for _, at := range []int{len(Head) + 70, len(archive) / 2, len(archive) - 1} {
		torn := bytes.Clone(archive)
		torn[at] ^= 1
		if _, err := unseal(torn, words); err == nil {
			t.Errorf("with another byte at %d of %d it opens", at, len(archive))
		}
	}
	for _, length := range []int{0, 10, len(archive) / 2, len(archive) - 1} {
		if _, err := unseal(archive[:length], words); !errors.Is(err, ErrDamaged) {
			t.Errorf("%d bytes of %d: %v, want ErrDamaged", length, len(archive), err)
		}
	}
}

// Whoever knows the passphrase could write such an archive: no file of it gets out of
// the folder that it is unpacked into.
func TestAnArchiveLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	for _, header := range []tar.Header{
		{Name: "../config.toml", Typeflag: tar.TypeReg}, {Name: "/etc/passwd", Typeflag: tar.TypeReg}, {Name: "config/../../x", Typeflag: tar.TypeReg},
		{Name: "config/x", Typeflag: tar.TypeSymlink, Linkname: "/etc"}, {Name: "config/x", Typeflag: tar.TypeFifo}, {Name: "config/", Typeflag: tar.TypeDir},
	} {
		var out bytes.Buffer
		recipient, err := age.NewScryptRecipient(words)
		if err != nil {
			t.Fatal(err)
		}
		recipient.SetWorkFactor(1)
		w, err := age.Encrypt(&out, recipient)
		if err != nil {
			t.Fatal(err)
		}
		files := tar.NewWriter(w)
		if err := errors.Join(files.WriteHeader(&header), files.Close(), w.Close()); err != nil {
			t.Fatal(err)
		}
		if _, err := unseal(out.Bytes(), words); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s of type %c: %v, want ErrDamaged", header.Name, header.Typeflag, err)
		}
	}
}

func TestATakersErrorPasses(t *testing.T) {
	t.Parallel()
	full := errors.New("the disk is full")
	err := Unseal(bytes.NewReader(sealed(t, map[string]string{"a": "b"})), words, func(string, io.Reader) error { return full })
	if !errors.Is(err, full) || errors.Is(err, ErrDamaged) {
		t.Errorf("%v, want %v", err, full)
	}
}
