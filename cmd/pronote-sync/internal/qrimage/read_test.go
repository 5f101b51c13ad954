package qrimage

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	single "github.com/makiuchi-d/gozxing/qrcode"
)

var wantedText = `{"avecPageConnexion":false,"jeton":"` + strings.Repeat("0123456789abcdef", 10) + `","login":"` +
	strings.Repeat("0f", 16) + `","url":"https://0123456a.index-education.net/pronote/mobile.eleve.html"}`

func wanted(text string) bool { return strings.HasPrefix(text, "{") }

// code draws a QR code of a size, with the white around it.
func code(t testing.TB, text string, size int) image.Image {
	t.Helper()
	matrix, err := single.NewQRCodeWriter().EncodeWithoutHint(text, gozxing.BarcodeFormat_QR_CODE, size, size)
	if err != nil {
		t.Fatal(err)
	}
	return matrix
}

// desk is a screen full of other things.
func desk(width, height int) *image.RGBA {
	r := rand.New(rand.NewPCG(1, 2))
	canvas := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(canvas, canvas.Bounds(), image.NewUniform(color.RGBA{230, 240, 250, 255}), image.Point{}, draw.Src)
	for range 400 {
		x, y := r.IntN(width), r.IntN(height)
		box := image.Rect(x, y, x+r.IntN(120), y+r.IntN(20))
		draw.Draw(canvas, box, image.NewUniform(color.RGBA{uint8(r.IntN(256)), uint8(r.IntN(256)), uint8(r.IntN(256)), 255}), image.Point{}, draw.Src)
	}
	for i := range 6 { // squares in squares, as in the corners of a code
		for inset := range 3 {
			box := image.Rect(40+i*90, 40, 100+i*90, 100).Inset(inset * 10)
			draw.Draw(canvas, box, image.NewUniform([]color.Color{color.Black, color.White, color.Black}[inset]), image.Point{}, draw.Src)
		}
	}
	return canvas
}

func put(canvas *image.RGBA, code image.Image, x, y int) *image.RGBA {
	draw.Draw(canvas, code.Bounds().Add(image.Pt(x, y)), code, image.Point{}, draw.Src)
	return canvas
}

// turned turns a picture by an angle, as a photograph is.
func turned(picture image.Image, degrees float64) *image.RGBA {
	b := picture.Bounds()
	side := b.Dx() + b.Dy()
	canvas := image.NewRGBA(image.Rect(0, 0, side, side))
	draw.Draw(canvas, canvas.Bounds(), image.White, image.Point{}, draw.Src)
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	for y := range side {
		for x := range side {
			dx, dy := float64(x-side/2), float64(y-side/2)
			at := image.Pt(int(dx*cos+dy*sin)+b.Dx()/2, int(dy*cos-dx*sin)+b.Dy()/2)
			if at.In(b) {
				canvas.Set(x, y, picture.At(at.X, at.Y))
			}
		}
	}
	return canvas
}

// noisy adds what a bad camera adds.
func noisy(picture *image.RGBA) *image.RGBA {
	r := rand.New(rand.NewPCG(3, 4))
	for i := range picture.Pix {
		if i%4 != 3 {
			picture.Pix[i] = uint8(max(0, min(255, int(picture.Pix[i])/2+60+r.IntN(50))))
		}
	}
	return picture
}

// inverted is a code in white on black.
func inverted(picture image.Image) *image.RGBA {
	canvas := put(image.NewRGBA(picture.Bounds()), picture, 0, 0)
	for i := range canvas.Pix {
		if i%4 != 3 {
			canvas.Pix[i] = 255 - canvas.Pix[i]
		}
	}
	return canvas
}

func asPNG(t testing.TB, picture image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asJPEG(t testing.TB, picture image.Image, quality int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRead(t *testing.T) {
	t.Parallel()
	for name, picture := range map[string][]byte{
		"the code alone":          asPNG(t, code(t, wantedText, 300)),
		"as small as it can be":   asPNG(t, code(t, wantedText, 0)),
		"a large one":             asPNG(t, code(t, wantedText, 1900)),
		"a screenshot":            asPNG(t, put(desk(1920, 1080), code(t, wantedText, 240), 1200, 700)),
		"in a corner":             asPNG(t, put(desk(2560, 1440), code(t, wantedText, 260), 2300, 1180)),
		"beside another code":     asPNG(t, put(put(desk(1920, 1080), code(t, "https://www.example.org/", 300), 100, 500), code(t, wantedText, 300), 1300, 500)),
		"a photograph":            asJPEG(t, noisy(put(desk(1600, 1200), code(t, wantedText, 500), 500, 400)), 60),
		"a large photograph":      asJPEG(t, put(desk(4000, 3000), code(t, wantedText, 1400), 1300, 800), 70),
		"upside down":             asPNG(t, turned(code(t, wantedText, 300), 180)),
		"on its side":             asPNG(t, turned(code(t, wantedText, 300), 90)),
		"a photograph, by a hand": asJPEG(t, noisy(turned(code(t, wantedText, 420), 17)), 70),
		"white on black":          asPNG(t, inverted(code(t, wantedText, 400))),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if text, err := Read(picture, wanted); err != nil || text != wantedText {
				t.Errorf("got %q, %v", text, err)
			}
		})
	}
}

func TestOtherPictures(t *testing.T) {
	t.Parallel()
	blank := image.NewGray(image.Rect(0, 0, 300, 300))
	cut := asPNG(t, desk(300, 200))
	for name, tt := range map[string]struct {
		picture []byte
		want    error
	}{
		"nothing":         {nil, ErrNotPicture},
		"a text":          {[]byte(wantedText), ErrNotPicture},
		"cut off":         {cut[:len(cut)/2], ErrNotPicture},
		"black":           {asPNG(t, blank), ErrNoCode},
		"one pixel":       {asPNG(t, image.NewGray(image.Rect(0, 0, 1, 1))), ErrNoCode},
		"a line":          {asPNG(t, image.NewGray(image.Rect(0, 0, 5000, 1))), ErrNoCode},
		"a screenshot":    {asPNG(t, desk(800, 600)), ErrNoCode},
		"full of corners": {asPNG(t, corners()), ErrNoCode},
		"too many bytes":  {make([]byte, MaxFile+1), ErrTooLarge},
		"too many pixels": {claims(1<<16, 1<<16), ErrTooLarge},
		"one side of all": {claims(1<<31-1, 1), ErrTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := Read(tt.picture, wanted)
			if !errors.Is(err, tt.want) || text != "" {
				t.Errorf("got %q, %v, want %v", text, err, tt.want)
			}
		})
	}
	if text, err := Read(asPNG(t, code(t, "https://www.example.org/", 200)), wanted); err != nil || text != "https://www.example.org/" {
		t.Errorf("another code: %q, %v", text, err)
	}
}

// corners is a picture full of what looks like the corners of codes. Trying each
// three of them once took minutes.
func corners() image.Image {
	canvas := image.NewRGBA(image.Rect(0, 0, 1000, 1000))
	for i := range 25 * 25 {
		box := image.Rect(0, 0, 36, 36).Add(image.Pt(i%25*40, i/25*40))
		for inset, shade := range []color.Color{color.White, color.Black, color.White, color.Black} {
			draw.Draw(canvas, box.Inset(inset*4), image.NewUniform(shade), image.Point{}, draw.Src)
		}
	}
	return canvas
}

// claims is a PNG that says that it is large, and is not.
func claims(width, height uint32) []byte {
	header := []byte("IHDR")
	header = binary.BigEndian.AppendUint32(header, width)
	header = binary.BigEndian.AppendUint32(header, height)
	header = append(header, 8, 0, 0, 0, 0)
	file := append([]byte("\x89PNG\r\n\x1a\n"), 0, 0, 0, 13)
	file = append(file, header...)
	return binary.BigEndian.AppendUint32(file, crc32.ChecksumIEEE(header))
}

func FuzzRead(f *testing.F) {
	f.Add(asPNG(f, code(f, wantedText, 100)))
	f.Add(asJPEG(f, code(f, "x", 60), 50))
	f.Add(asPNG(f, desk(120, 110)))
	f.Add(claims(100_000, 100_000))
	f.Add([]byte("GIF89a"))
	f.Fuzz(func(t *testing.T, picture []byte) {
		text, err := Read(picture, wanted)
		if (text == "") != (err != nil) {
			t.Errorf("got %q, %v", text, err)
		}
	})
}
