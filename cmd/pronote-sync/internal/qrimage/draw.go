package qrimage

import (
	"strings"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// Draw makes a QR code of a text for a terminal: two rows of the code on each line, black on white
// whatever the colours of the terminal.
func Draw(text string) (string, error) {
	code, err := qrcode.NewQRCodeWriter().Encode(text, gozxing.BarcodeFormat_QR_CODE, 0, 0, map[gozxing.EncodeHintType]any{gozxing.EncodeHintType_MARGIN: 2})
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for y := 0; y < code.GetHeight(); y += 2 {
		b.WriteString("\x1b[30;47m")
		for x := range code.GetWidth() {
			upper, lower := code.Get(x, y), y+1 < code.GetHeight() && code.Get(x, y+1)
			switch {
			case upper && lower:
				b.WriteString("█")
			case upper:
				b.WriteString("▀")
			case lower:
				b.WriteString("▄")
			default:
				b.WriteString(" ")
			}
		}
		b.WriteString("\x1b[0m\n")
	}
	return b.String(), nil
}
