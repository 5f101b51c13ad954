// Command image writes a container image of pronote-sync, as an archive in the format
// of OCI, without a container engine:
//
//	image PROGRAM ARCHITECTURE[/VARIANT] VERSION OUT.tar
//
// There is nothing in the image but the program, which is linked statically, the
// certificates of the authorities that it trusts, and an empty folder /data for a
// volume. The bytes depend on these, and on SOURCE_DATE_EPOCH, alone.
package main

import (
	"archive/tar"
	"bytes"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"golang.org/x/crypto/x509roots/fallback/bundle"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "image:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 4 {
		return errors.New("the arguments are PROGRAM ARCHITECTURE[/VARIANT] VERSION OUT.tar")
	}
	seconds, err := strconv.ParseInt(os.Getenv("SOURCE_DATE_EPOCH"), 10, 64)
	if err != nil {
		return fmt.Errorf("SOURCE_DATE_EPOCH is no number of seconds: %w", err)
	}
	made := time.Unix(seconds, 0).UTC()
	program, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	architecture, variant, _ := strings.Cut(args[1], "/")
	image, err := imageOf(program, v1.Platform{OS: "linux", Architecture: architecture, Variant: variant}, args[2], made)
	if err != nil {
		return err
	}
	return writeArchive(args[3], image, args[2], made)
}

// user is who the program runs as. Nobody has this number on a usual machine.
const user = 65532

// imageOf makes the image of a program.
func imageOf(program []byte, platform v1.Platform, version string, made time.Time) (v1.Image, error) {
	files, err := layerOf(program, made)
	if err != nil {
		return nil, err
	}
	layer, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(files)), nil }, tarball.WithMediaType(types.OCILayer))
	if err != nil {
		return nil, err
	}
	image := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON)
	image, err = mutate.Append(image, mutate.Addendum{Layer: layer, History: v1.History{Created: v1.Time{Time: made}, CreatedBy: "packaging/build"}})
	if err != nil {
		return nil, err
	}
	return mutate.ConfigFile(image, withConfig(image, platform, version, made))
}

// withConfig says how the image is run, beside what it has of its layers already.
func withConfig(image v1.Image, platform v1.Platform, version string, made time.Time) *v1.ConfigFile {
	file, err := image.ConfigFile()
	if err != nil {
		panic(err) // it is in memory
	}
	file = file.DeepCopy()
	file.OS, file.Architecture, file.Variant, file.Created = platform.OS, platform.Architecture, platform.Variant, v1.Time{Time: made}
	file.Config = v1.Config{
		User:       fmt.Sprintf("%d:%d", user, user),
		Env:        []string{"PRONOTE_SYNC_CONFIG=/data/config.toml"},
		Entrypoint: []string{"/pronote-sync"},
		Cmd:        []string{"run"},
		WorkingDir: "/data",
		Volumes:    map[string]struct{}{"/data": {}},
		Healthcheck: &v1.HealthConfig{
			Test: []string{"CMD", "/pronote-sync", "status", "--healthy"}, Interval: 5 * time.Minute, Timeout: 10 * time.Second, StartPeriod: time.Minute, Retries: 3,
		},
		Labels: map[string]string{
			"org.opencontainers.image.title":    "pronote-sync",
			"org.opencontainers.image.version":  version,
			"org.opencontainers.image.source":   "https://github.com/pronote-sync/pronote-sync",
			"org.opencontainers.image.licenses": "MIT",
		},
	}
	return file
}

// layerOf is the one layer.
func layerOf(program []byte, made time.Time) ([]byte, error) {
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	var errs []error
	add := func(h tar.Header, content []byte) {
		h.ModTime, h.Size, h.Format = made, int64(len(content)), tar.FormatPAX
		err := w.WriteHeader(&h)
		if err == nil {
			_, err = w.Write(content)
		}
		errs = append(errs, err)
	}
	folder := func(name string, mode int64, owner int) {
		add(tar.Header{Typeflag: tar.TypeDir, Name: name, Mode: mode, Uid: owner, Gid: owner}, nil)
	}
	folder("data/", 0o700, user)
	folder("etc/", 0o755, 0)
	folder("etc/ssl/", 0o755, 0)
	folder("etc/ssl/certs/", 0o755, 0)
	add(tar.Header{Typeflag: tar.TypeReg, Name: "etc/ssl/certs/ca-certificates.crt", Mode: 0o644}, authorities())
	add(tar.Header{Typeflag: tar.TypeReg, Name: "pronote-sync", Mode: 0o755}, program)
	folder("tmp/", 0o1777, 0)
	return out.Bytes(), errors.Join(append(errs, w.Close())...)
}

// authorities are those that Mozilla trusts, in the form that programs of Go read.
// Those that it trusts on a condition are left out: the form has no room for one.
func authorities() []byte {
	var out bytes.Buffer
	for root := range bundle.Roots() {
		if root.Constraint == nil {
			_ = pem.Encode(&out, &pem.Block{Type: "CERTIFICATE", Bytes: root.Certificate}) // memory takes all
		}
	}
	return out.Bytes()
}

// writeArchive writes the image and its index, each file of them in turn, into one tar.
func writeArchive(path string, image v1.Image, version string, made time.Time) (err error) {
	folder, err := os.MkdirTemp("", "image")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	index, err := layout.Write(folder, empty.Index)
	if err != nil {
		return err
	}
	tag := strings.ReplaceAll(version, "+", "-") // which a tag cannot have
	err = index.AppendImage(image, layout.WithAnnotations(map[string]string{
		"io.containerd.image.name":          "pronote-sync:" + tag, // the name that Docker gives it
		"org.opencontainers.image.ref.name": tag,
	}))
	if err != nil {
		return err
	}
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(archive(out, folder, made), out.Close())
}

// archive writes the files below a folder as a tar.
func archive(out io.Writer, folder string, made time.Time) error {
	w := tar.NewWriter(out)
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == folder {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return w.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: name + "/", Mode: 0o755, ModTime: made})
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o644, ModTime: made, Size: int64(len(content))}); err != nil {
			return err
		}
		_, err = w.Write(content)
		return err
	})
	return errors.Join(err, w.Close())
}
