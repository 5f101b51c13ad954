// Package qrimage finds QR codes in photographs and screenshots, and draws them on terminals.
package qrimage

import (
	"bytes"
	"image"
	_ "image/jpeg"
	_ "image/png"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/multi/qrcode"
	single "github.com/makiuchi-d/gozxing/qrcode"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
)

// MaxFile bounds a picture, in bytes, and maxPixels what it may unfold to: the
// usual photographs of telephones have half as many, and the memory of the
// smallest machines still holds that.
const (
	MaxFile   = 32 << 20
	maxPixels = 24 << 20
)

// What may be wrong with a picture.
var (
	ErrNotPicture = say.Errorf("this is not a picture in PNG or JPEG: save the picture as one of these")
	ErrTooLarge   = say.Errorf("the picture is too large: cut the QR code out of it")
	ErrNoCode     = say.Errorf("there is no QR code to be seen in the picture: take it again from nearer by, or cut the code out of the screenshot")
)

// Read finds a QR code whose text is wanted in a picture, which is in PNG or
// JPEG. The code may be small, turned, and among other things. Where there are
// only others, Read returns the text of one of them.
func Read(picture []byte, wanted func(text string) bool) (text string, err error) {
	if len(picture) > MaxFile {
		return "", ErrTooLarge
	}
	config, _, err := image.DecodeConfig(bytes.NewReader(picture)) // before any memory is taken for it
	if err != nil {
		return "", ErrNotPicture
	}
	if config.Width <= 0 || config.Height <= 0 || config.Width > maxPixels/config.Height {
		return "", ErrTooLarge
	}
	full, _, err := image.Decode(bytes.NewReader(picture))
	if err != nil {
		return "", say.Errorf("the picture is damaged: %w", ErrNotPicture)
	}
	whole := grey(full)
	other := ""
	for _, side := range []int{1000, 1800, 600, 3000} { // most codes are found in the first, small ones in the last
		scaled, ok := whole.fit(side)
		if !ok {
			continue
		}
		for _, part := range scaled.parts() {
			for _, text := range part.read() {
				if wanted(text) {
					return text, nil
				}
				other = text
			}
		}
	}
	if other == "" {
		return "", ErrNoCode
	}
	return other, nil
}

// read lists the texts of the codes in a plane.
func (p plane) read() (texts []string) {
	// The library was written for pictures of codes. A picture made to break it counts
	// as one without a code.
	defer func() {
		if recover() != nil {
			texts = nil
		}
	}()
	source, err := gozxing.NewPlanarYUVLuminanceSource(p.pixels, p.stride, len(p.pixels)/p.stride, p.left, p.top, p.width, p.height, false)
	if err != nil {
		return nil
	}
	for _, binarizer := range []gozxing.Binarizer{
		gozxing.NewHybridBinarizer(source), gozxing.NewGlobalHistgramBinarizer(source), gozxing.NewHybridBinarizer(source.Invert()),
	} {
		hints := map[gozxing.DecodeHintType]any{
			gozxing.DecodeHintType_TRY_HARDER:                 true,
			gozxing.DecodeHintType_NEED_RESULT_POINT_CALLBACK: gozxing.ResultPointCallback(countCorners()),
		}
		bitmap, err := gozxing.NewBinaryBitmap(binarizer)
		if err != nil {
			continue
		}
		if result, err := single.NewQRCodeReader().Decode(bitmap, hints); err == nil {
			texts = append(texts, result.GetText())
		}
		results, _ := qrcode.NewQRCodeMultiReader().DecodeMultiple(bitmap, hints) // none, or those that were found
		for _, result := range results {
			texts = append(texts, result.GetText())
		}
		if len(texts) > 0 {
			break
		}
	}
	return texts
}

// countCorners gives a part up that has more corners of codes in it than any
// picture of a code: the library tries each three of them. Both readers and the
// same corner seen again count.
func countCorners() func(gozxing.ResultPoint) {
	const most = 60
	seen := 0
	return func(gozxing.ResultPoint) {
		if seen++; seen > most {
			panic("too many corners") // it is caught in read
		}
	}
}
