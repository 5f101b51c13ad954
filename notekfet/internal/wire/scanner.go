// Package wire cuts requests out of a stream and writes answers. It knows no
// command.
//
// A request is one JSON array. Nothing announces its length and nothing ends it:
// its end is where its brackets close, wherever reads and writes were cut.
package wire

import (
	"bytes"
	"errors"
	"io"
)

// MaxDepth is how deeply a request may be nested.
const MaxDepth = 32

// What can be wrong with a stream.
var (
	// ErrMalformed means that no request could be read; the scanner goes on
	// behind what it dropped.
	ErrMalformed = errors.New("not a request")
	// ErrTooLong means that a request exceeds the limit. Nothing can be read after
	// it, because its end is not known.
	ErrTooLong = errors.New("request too long")
)

// A Scanner reads the requests of one connection. It holds at most one request
// and one read.
type Scanner struct {
	r     io.Reader
	limit func(start []byte) int
	buf   []byte // what was read and is not yet used
	head  int    // where it starts in buf
	seen  int    // how much of a request that is not whole was looked at
	depth int
	text  bool // inside a string
	slash bool // behind a backslash, in a string
	err   error
}

// chunk is how much a read asks for.
const chunk = 4096

// NewScanner reads from r. Limit says how many bytes a request may have that
// starts with the given bytes; it is asked while the request grows.
func NewScanner(r io.Reader, limit func(start []byte) int) *Scanner {
	return &Scanner{r: r, limit: limit}
}

// Next returns the bytes of the next request: an array by its brackets, JSON or
// not. They are valid until the next call. ErrMalformed and ErrTooLong are
// returned as they are; other errors are those of the reader, and those that time
// may mend, such as a deadline, leave what was read in place.
func (s *Scanner) Next() ([]byte, error) {
	for {
		request, err := s.scan()
		if request != nil || err != nil {
			return request, err
		}
		if err := s.fill(); err != nil {
			return nil, err
		}
	}
}

// Pending reports whether the beginning of a request waits for its end.
func (s *Scanner) Pending() bool { return s.head < len(s.buf) }

// Starts reports whether what was read of a request that is not whole begins as
// test says.
func (s *Scanner) Starts(test func(start []byte) bool) bool { return test(s.buf[s.head:]) }

// Drop forgets what was read of a request that is not whole.
func (s *Scanner) Drop() { s.reset(len(s.buf)) }

// Payload returns up to n raw bytes that follow a request. Fewer come with the
// reader's error.
func (s *Scanner) Payload(n int) ([]byte, error) {
	var payload bytes.Buffer
	payload.Write(s.buf[s.head:min(len(s.buf), s.head+n)])
	s.reset(s.head + payload.Len())
	if payload.Len() == n || s.err != nil {
		return payload.Bytes(), s.err
	}
	// What is announced need not come: memory grows with what does.
	_, err := io.CopyN(&payload, s.r, int64(n-payload.Len()))
	return payload.Bytes(), err
}

// scan looks for the end of a request in what was read; nil when it is not
// there yet.
func (s *Scanner) scan() ([]byte, error) {
	if s.seen == 0 {
		for s.head < len(s.buf) && space(s.buf[s.head]) {
			s.head++
		}
		if s.head < len(s.buf) && s.buf[s.head] != '[' {
			s.reset(len(s.buf))
			return nil, ErrMalformed
		}
	}
	rest := s.buf[s.head:]
	for i := s.seen; i < len(rest); i++ {
		if s.closes(rest[i]) {
			if i+1 > s.limit(rest) {
				return nil, ErrTooLong
			}
			s.reset(s.head + i + 1)
			return rest[: i+1 : i+1], nil
		}
	}
	s.seen = len(rest)
	if s.seen > 0 && s.seen > s.limit(rest) {
		return nil, ErrTooLong
	}
	return nil, nil
}

// closes takes one byte of a request and reports whether it is the last.
func (s *Scanner) closes(c byte) bool {
	switch {
	case s.slash:
		s.slash = false
	case s.text:
		s.slash = c == '\\'
		s.text = c != '"'
	case c == '"':
		s.text = true
	case c == '[', c == '{':
		s.depth++
	case c == ']', c == '}':
		s.depth--
		return s.depth == 0
	}
	return false
}

// reset makes head the place where the next request is looked for.
func (s *Scanner) reset(head int) {
	s.head, s.seen, s.depth, s.text, s.slash = head, 0, 0, false, false
}

// fill reads once, behind what is there.
func (s *Scanner) fill() error {
	if s.err != nil {
		return s.err
	}
	if s.head > 0 {
		s.buf = append(s.buf[:0], s.buf[s.head:]...)
		s.head = 0
	}
	if len(s.buf) == 0 && cap(s.buf) > 2*chunk {
		s.buf = nil // an idle connection keeps no large request
	}
	if len(s.buf) == cap(s.buf) {
		larger := make([]byte, len(s.buf), max(chunk, min(2*cap(s.buf), s.limit(s.buf)+chunk)))
		copy(larger, s.buf)
		s.buf = larger
	}
	read, err := s.r.Read(s.buf[len(s.buf):cap(s.buf)])
	s.buf = s.buf[:len(s.buf)+read]
	if errors.Is(err, io.EOF) {
		s.err = io.EOF
	}
	if read > 0 {
		return nil // an error that remains comes again
	}
	return err
}

func space(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }
