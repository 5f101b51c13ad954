package qrimage

import (
	"image"
	"image/color"
)

// A plane is a part of a picture in shades of grey.
type plane struct {
	pixels                   []byte // of the whole picture
	stride                   int    // width of the whole picture
	left, top, width, height int
}

// grey takes the colours out of a picture, and puts white behind what is
// transparent.
func grey(full image.Image) plane {
	bounds := full.Bounds()
	p := plane{stride: bounds.Dx(), width: bounds.Dx(), height: bounds.Dy()}
	p.pixels = make([]byte, p.width*p.height)
	if photo, ok := full.(*image.YCbCr); ok { // whose brightness stands apart already
		for y := range p.height {
			copy(p.pixels[y*p.width:(y+1)*p.width], photo.Y[photo.YOffset(bounds.Min.X, bounds.Min.Y+y):])
		}
		return p
	}
	for y := range p.height {
		for x := range p.width {
			p.pixels[y*p.width+x] = shade(full.At(bounds.Min.X+x, bounds.Min.Y+y))
		}
	}
	return p
}

func shade(c color.Color) byte {
	r, g, b, a := c.RGBA() // 16 bits each, and darkened by what is transparent
	light := (299*r+587*g+114*b)/1000 + (0xffff - a)
	return byte(min(light, 0xffff) >> 8)
}

// fit makes the picture smaller, so that neither side is much longer than a
// limit, or leaves a smaller one as it is. It reports whether that makes sense: a
// picture that is shorter than half the limit has been looked at already, unless
// it is the first time.
func (p plane) fit(side int) (plane, bool) {
	longest := max(p.width, p.height)
	if longest <= side/2 && side != 1000 {
		return p, false
	}
	step := max(1, (longest+side-1)/side)
	if step == 1 {
		return p, true
	}
	small := plane{stride: max(1, p.width/step), width: max(1, p.width/step), height: max(1, p.height/step)}
	small.pixels = make([]byte, small.width*small.height)
	for y := range small.height {
		for x := range small.width {
			small.pixels[y*small.width+x] = p.mean(x*step, y*step, step)
		}
	}
	return small, true
}

// mean is the shade of a square, as far as it is in the picture.
func (p plane) mean(left, top, side int) byte {
	sum, n := 0, 0
	for y := top; y < min(top+side, p.height); y++ {
		for x := left; x < min(left+side, p.width); x++ {
			sum += int(p.pixels[y*p.stride+x])
			n++
		}
	}
	return byte(sum / max(n, 1))
}

// parts are the picture, then halves of it in each direction that overlap by
// half: what disturbs a reader in the whole is seldom in each of them.
func (p plane) parts() []plane {
	parts := []plane{p}
	if min(p.width, p.height) < 100 {
		return parts
	}
	for row := range 3 {
		for column := range 3 {
			part := p
			part.left, part.top = column*p.width/4, row*p.height/4
			part.width, part.height = p.width/2, p.height/2
			parts = append(parts, part)
		}
	}
	return parts
}
