package qrimage

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"
)

// A telephone reads from the screen what was drawn.
func TestWhatIsDrawnCanBeRead(t *testing.T) {
	t.Parallel()
	const text = "https://ntfy.sh/pronote-g5ur5l4eyfdzhq347ehtlt3fbi"
	drawn, err := Draw(text)
	if err != nil {
		t.Fatal(err)
	}
	const size = 8 // pixels of a module
	lines := strings.Split(strings.TrimSuffix(drawn, "\n"), "\n")
	picture := image.NewGray(image.Rect(0, 0, 60*size, 60*size))
	for i := range picture.Pix {
		picture.Pix[i] = 0xff
	}
	fill := func(x, y int) {
		for i := range size * size {
			picture.SetGray(x*size+i%size, y*size+i/size, color.Gray{})
		}
	}
	for y, line := range lines {
		line = strings.TrimSuffix(strings.TrimPrefix(line, "\x1b[30;47m"), "\x1b[0m")
		x := 0
		for _, r := range line {
			if r == '█' || r == '▀' {
				fill(x, 2*y)
			}
			if r == '█' || r == '▄' {
				fill(x, 2*y+1)
			}
			x++
		}
		if x > 60 {
			t.Fatalf("a line has %d characters", x)
		}
	}
	var encoded bytes.Buffer
	if err := png.Encode(&encoded, picture); err != nil {
		t.Fatal(err)
	}
	got, err := Read(encoded.Bytes(), func(string) bool { return true })
	if err != nil || got != text {
		t.Errorf("read %q, %v", got, err)
	}
}
