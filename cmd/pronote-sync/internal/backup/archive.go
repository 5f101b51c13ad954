package backup

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"filippo.io/age"
)

// Head begins each sealed archive.
const Head = "age-encryption.org/v1\n"

// The cost of a guess at a passphrase, as the power of two of scrypt's N: 64 MiB of
// memory, which the smallest machine has. Archives that somebody else sealed may cost
// four times that; more would let a file exhaust the machine.
const (
	workFactor = 16
	mostWork   = 18
)

// Errors of Unseal.
var (
	// ErrPassphrase: it is not the one that the archive was sealed with.
	ErrPassphrase = errors.New("the passphrase is wrong")

	// ErrDamaged: the archive is not as it was written, or ends too early.
	ErrDamaged = errors.New("the archive is damaged")
)

// A Sealer writes a tar archive that only a passphrase opens, as age does: "age -d FILE |
// tar x" opens it too.
type Sealer struct {
	tar    *tar.Writer
	sealed io.WriteCloser
}

// Seal begins an archive.
func Seal(w io.Writer, passphrase string) (*Sealer, error) { return seal(w, passphrase, workFactor) }

func seal(w io.Writer, passphrase string, work int) (*Sealer, error) {
	recipient, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		return nil, err
	}
	recipient.SetWorkFactor(work)
	sealed, err := age.Encrypt(w, recipient)
	if err != nil {
		return nil, err
	}
	return &Sealer{tar.NewWriter(sealed), sealed}, nil
}

// Add puts a file into the archive, whose name has slashes.
func (s *Sealer) Add(name string, size int64, content io.Reader) error {
	if err := s.tar.WriteHeader(&tar.Header{Name: name, Size: size, Mode: 0o600, Format: tar.FormatPAX}); err != nil {
		return err
	}
	_, err := io.Copy(s.tar, content)
	return err
}

// Close ends the archive. One that was not closed is damaged.
func (s *Sealer) Close() error { return errors.Join(s.tar.Close(), s.sealed.Close()) }

// Unseal calls take for each file of an archive, with a name that leads nowhere outside.
// Only when it returns nil was the archive whole. Errors of take end it, and pass.
func Unseal(r io.Reader, passphrase string, take func(name string, content io.Reader) error) error {
	identity, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		return ErrPassphrase // an empty one
	}
	identity.SetMaxWorkFactor(mostWork)
	open, err := age.Decrypt(r, identity)
	var none *age.NoIdentityMatchError
	switch {
	case errors.As(err, &none), errors.Is(err, age.ErrIncorrectIdentity):
		return ErrPassphrase
	case err != nil:
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	files := tar.NewReader(open)
	for {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		name := filepath.FromSlash(header.Name)
		if header.Typeflag != tar.TypeReg || !filepath.IsLocal(name) || filepath.Clean(name) != name {
			return fmt.Errorf("%w: it has %q", ErrDamaged, header.Name)
		}
		content := &noted{Reader: files}
		if err := take(name, content); err != nil {
			if content.err != nil {
				return fmt.Errorf("%w: %w", ErrDamaged, content.err)
			}
			return err
		}
	}
	if _, err := io.Copy(io.Discard, open); err != nil { // whose last part says that it is the last
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return nil
}

// A noted reader remembers its own error.
type noted struct {
	io.Reader
	err error
}

// Read implements io.Reader.
func (n *noted) Read(p []byte) (int, error) {
	read, err := n.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		n.err = err
	}
	return read, err
}
