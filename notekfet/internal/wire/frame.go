package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"
)

// AppendFrame appends an answer to dst: the size of its JSON in decimal, a line
// feed, and the JSON. The JSON is pure ASCII, so that bytes and characters agree.
func AppendFrame(dst []byte, code int, errmsg string, msg any) ([]byte, error) {
	var body bytes.Buffer
	body.WriteString(`{"retcode": ` + strconv.Itoa(code) + `, "errmsg": `)
	if err := encode(&body, errmsg); err != nil {
		return nil, err
	}
	body.WriteString(`, "msg": `)
	if err := encode(&body, msg); err != nil {
		return nil, err
	}
	body.WriteByte('}')
	text := ASCII(body.Bytes())
	dst = append(strconv.AppendInt(dst, int64(len(text)), 10), '\n')
	return append(dst, text...), nil
}

// encode writes a value without the escapes that browsers want and without the
// line feed that the library adds.
func encode(body *bytes.Buffer, v any) error {
	e := json.NewEncoder(body)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err
	}
	body.Truncate(body.Len() - 1)
	return nil
}

// ASCII writes what is above U+007E in a JSON text as escapes.
func ASCII(text []byte) []byte {
	if !bytes.ContainsFunc(text, func(r rune) bool { return r > '~' }) {
		return text
	}
	out := make([]byte, 0, len(text)+len(text)/2)
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		text = text[size:]
		switch {
		case r <= '~':
			out = append(out, byte(r))
		case r > 0xffff:
			r -= 0x10000
			out = fmt.Appendf(out, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
	}
	return out
}

// Spaced writes a JSON text on one line, with a blank behind each comma and
// colon, as the original server wrote it, in ASCII. The text must be valid.
func Spaced(text []byte) []byte {
	out := make([]byte, 0, len(text))
	inside := false
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case inside && c == '\\':
			out = append(out, c, text[i+1])
			i++
			continue
		case c == '"':
			inside = !inside
		case !inside && space(c):
			continue
		}
		out = append(out, c)
		if !inside && (c == ',' || c == ':') {
			out = append(out, ' ')
		}
	}
	return ASCII(out)
}

// A Frame is an answer, or a message that nobody asked for.
type Frame struct {
	Code   int
	Errmsg string
	Msg    json.RawMessage
}

// What can be wrong with an answer.
var (
	ErrSize  = errors.New("the size of the answer is not a number of one to nine digits on a line of its own")
	ErrLarge = errors.New("the answer is larger than the client takes")
	ErrFrame = errors.New("the answer is not an object with retcode, errmsg and msg")
)

// A FrameReader is what ReadFrame reads from: a bufio.Reader, for example.
type FrameReader interface {
	io.Reader
	io.ByteReader
}

// ReadFrame reads one answer of at most max bytes.
func ReadFrame(r FrameReader, max int) (Frame, error) {
	size, err := readSize(r)
	switch {
	case err != nil:
		return Frame{}, err
	case size > max:
		return Frame{}, ErrLarge
	}
	// What is announced need not come: memory grows with what does.
	var body bytes.Buffer
	if _, err := io.CopyN(&body, r, int64(size)); err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return Frame{}, err
	}
	return decodeFrame(body.Bytes())
}

func readSize(r io.ByteReader) (int, error) {
	size := 0
	for digits := 0; ; digits++ {
		c, err := r.ReadByte()
		switch {
		case errors.Is(err, io.EOF) && digits > 0:
			return 0, io.ErrUnexpectedEOF
		case err != nil:
			return 0, err
		case c == '\n' && digits > 0:
			return size, nil
		case c < '0' || c > '9' || digits == 9:
			return 0, ErrSize
		}
		size = 10*size + int(c-'0')
	}
}

func decodeFrame(body []byte) (Frame, error) {
	var keys map[string]json.RawMessage
	if !utf8.Valid(body) || json.Unmarshal(body, &keys) != nil {
		return Frame{}, ErrFrame
	}
	var f Frame
	var errmsg *string
	code, text, msg := keys["retcode"], keys["errmsg"], keys["msg"]
	if code == nil || text == nil || msg == nil {
		return Frame{}, ErrFrame
	}
	number, err := strconv.ParseInt(string(code), 10, 32)
	if err != nil || json.Unmarshal(text, &errmsg) != nil {
		return Frame{}, ErrFrame
	}
	if errmsg != nil {
		f.Errmsg = *errmsg
	}
	f.Code, f.Msg = int(number), msg
	return f, nil
}
