package server

import (
	"bytes"
	"encoding/base64"
	"errors"
	"image"
	_ "image/gif"  // decoders of what may be configured
	_ "image/jpeg" // …
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	_ "golang.org/x/image/bmp" // …
	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // …

	"github.com/pronote-sync/pronote-sync/notekfet"
)

// PhotoRules say where photos are kept, and which are taken.
type PhotoRules struct {
	Folder  string
	Formats []string // of PhotoFormats
	Side    int      // longest side that is kept, in pixels
}

// PhotoFormats are the formats that can be configured.
func PhotoFormats() []string { return []string{"png", "jpg", "gif", "bmp", "webp"} }

const (
	mostPixels = 50_000_000
	manyPixels = 4_000_000 // from here on, the memory is given back at once
)

// converting bounds the memory of decoded pictures: one at a time.
var converting = make(chan struct{}, 1)

func (s *Server) photo(id int64) string {
	return filepath.Join(s.Photos.Folder, strconv.FormatInt(id, 10)+".png")
}

// allowed reports whether a format is configured; jpeg is jpg.
func (s *Server) allowed(format string) bool {
	format = strings.ToLower(format)
	if format == "jpeg" {
		format = "jpg"
	}
	return slices.Contains(s.Photos.Formats, format)
}

// convert makes a PNG of a picture, scaled down where it is large. How many pixels
// it has is known before any is decoded.
func (s *Server) convert(raw []byte) (_ []byte, err error) {
	converting <- struct{}{}
	defer func() { <-converting }()
	defer func() {
		if recover() != nil { // a decoder that breaks is the picture's fault
			err = notekfet.Refuse(notekfet.PhotoNotConverted, "la photo ne peut pas être convertie")
		}
	}()
	config, format, err := image.DecodeConfig(bytes.NewReader(raw))
	pixels := int64(config.Width) * int64(config.Height)
	switch {
	case errors.Is(err, image.ErrFormat), format != "" && !s.allowed(format):
		return nil, notekfet.Refuse(notekfet.PhotoFormat, "ce format de photo n'est pas admis")
	case err != nil, config.Width <= 0, config.Height <= 0:
		return nil, notekfet.Refuse(notekfet.PhotoNotConverted, "la photo ne peut pas être convertie")
	case config.Width > mostPixels, config.Height > mostPixels, pixels > mostPixels:
		return nil, notekfet.Refuse(notekfet.PhotoNotResized, "la photo a trop de pixels")
	case pixels > manyPixels:
		defer debug.FreeOSMemory()
	}
	picture, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, notekfet.Refuse(notekfet.PhotoNotConverted, "la photo ne peut pas être convertie")
	}
	var out bytes.Buffer
	if err := png.Encode(&out, scaled(picture, s.Photos.Side)); err != nil {
		return nil, notekfet.Refuse(notekfet.PhotoNotConverted, "la photo ne peut pas être convertie")
	}
	return out.Bytes(), nil
}

// scaled keeps the shape of a picture and makes its longest side at most side.
func scaled(picture image.Image, side int) image.Image {
	b := picture.Bounds()
	width, height := b.Dx(), b.Dy()
	if longest := max(width, height); longest > side {
		width, height = max(1, width*side/longest), max(1, height*side/longest)
	}
	to := image.NewNRGBA(image.Rect(0, 0, width, height))
	draw.ApproxBiLinear.Scale(to, to.Bounds(), picture, b, draw.Src, nil)
	return to
}

// getPhoto is the photo of an account, as base64 of a PNG.
func (c *call) getPhoto() (any, error) {
	path, err := c.photoPath()
	if err != nil {
		return nil, err
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, noPhoto(err)
	}
	return base64.StdEncoding.EncodeToString(content), nil
}

// photoTime is when the photo of an account was changed, in seconds since 1970.
func (c *call) photoTime() (any, error) {
	path, err := c.photoPath()
	if err != nil {
		return nil, err
	}
	info, err := os.Lstat(path)
	if err != nil {
		return nil, noPhoto(err)
	}
	return info.ModTime().Unix(), nil
}

// photoPath is where the photo of the account is that the parameter names.
func (c *call) photoPath() (string, error) {
	var s shape
	id := s.integer(c.raw)
	if s.err != nil {
		return "", s.err
	}
	if err := c.about(id); err != nil {
		return "", err
	}
	if err := c.photographed(id); err != nil {
		return "", err
	}
	path := c.s.photo(id)
	if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() {
		return "", noPhoto(errors.Join(err, fs.ErrNotExist))
	}
	return path, nil
}

func noPhoto(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return notekfet.Refuse(notekfet.NotFound, "ce compte n'a pas de photo")
	}
	return err
}
