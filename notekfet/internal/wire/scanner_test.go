package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

func limited(n int) func([]byte) int { return func([]byte) int { return n } }

// scanAll reads a stream to its end: requests, and what was wrong between them.
func scanAll(r io.Reader, limit int) (list []string, err error) {
	s := NewScanner(r, limited(limit))
	for {
		request, err := s.Next()
		switch {
		case err == nil:
			list = append(list, string(request))
		case errors.Is(err, ErrMalformed):
			list = append(list, "malformed")
		default:
			return list, err
		}
	}
}

func TestRequestsAreCutByTheirBrackets(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		stream string
		want   []string
	}{
		{`["help"]`, []string{`["help"]`}},
		{" \t\r\n[\"help\"]\n[1]", []string{`["help"]`, `[1]`}},
		{`["help"]["who"]`, []string{`["help"]`, `["who"]`}},
		{`["a]\"]", {"b": [1, "}"]}]x`, []string{`["a]\"]", {"b": [1, "}"]}]`, "malformed"}},
		{`["help" 1]["who"]`, []string{`["help" 1]`, `["who"]`}},
		{`[}["who"]`, []string{`[}`, `["who"]`}},
		{`5`, []string{"malformed"}},
		{`{"a": 1}["who"]`, []string{"malformed"}},
		{`["unfinished`, nil},
	} {
		got, err := scanAll(strings.NewReader(test.stream), 1000)
		if !slices.Equal(got, test.want) || !errors.Is(err, io.EOF) {
			t.Errorf("%s: %q %v, want %q", test.stream, got, err, test.want)
		}
	}
}

func TestALongRequestIsRefusedAtTheLimit(t *testing.T) {
	t.Parallel()
	for size := 60; size < 70; size++ {
		request := `["` + strings.Repeat("x", size-4) + `"]`
		for _, r := range []io.Reader{strings.NewReader(request), iotest.OneByteReader(strings.NewReader(request))} {
			got, err := scanAll(r, 64)
			if want := size <= 64; (len(got) == 1) != want || errors.Is(err, ErrTooLong) == want {
				t.Errorf("%d bytes: %q %v", size, got, err)
			}
		}
	}
}

func TestAScannerHoldsNoMoreThanTheLimit(t *testing.T) {
	t.Parallel()
	s := NewScanner(io.MultiReader(strings.NewReader(`["`), endless('x')), limited(10_000))
	if _, err := s.Next(); !errors.Is(err, ErrTooLong) {
		t.Fatal(err)
	}
	if got := cap(s.buf); got > 10_000+2*chunk {
		t.Errorf("it holds %d bytes", got)
	}
}

type endless byte

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(e)
	}
	return len(p), nil
}

func TestAPayloadFollowsItsRequest(t *testing.T) {
	t.Parallel()
	for _, r := range []io.Reader{
		strings.NewReader(`["a"]payload["b"]`), iotest.OneByteReader(strings.NewReader(`["a"]payload["b"]`)),
	} {
		s := NewScanner(r, limited(100))
		if _, err := s.Next(); err != nil {
			t.Fatal(err)
		}
		payload, err := s.Payload(7)
		if string(payload) != "payload" || err != nil {
			t.Errorf("%q %v", payload, err)
		}
		if request, err := s.Next(); string(request) != `["b"]` || err != nil {
			t.Errorf("%q %v", request, err)
		}
		if payload, err := s.Payload(7); len(payload) != 0 || !errors.Is(err, io.EOF) {
			t.Errorf("%q %v", payload, err)
		}
	}
}

func TestAnErrorThatTimeMendsLosesNothing(t *testing.T) {
	t.Parallel()
	s := NewScanner(iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader(`["a"]`))), limited(100))
	_, err := s.Next()
	if !errors.Is(err, iotest.ErrTimeout) || !s.Pending() {
		t.Fatal(err)
	}
	if request, err := s.Next(); string(request) != `["a"]` {
		t.Errorf("%q %v", request, err)
	}
}

// FuzzScanner cuts a stream at every byte, and compares what is cut out with what
// the library's decoder takes from the same place.
func FuzzScanner(f *testing.F) {
	for _, seed := range []string{
		`["help"]["who", {"a": [1]}]`, `["a\"]", "\u00e9\ud83d\ude00"] [`, `[]5`, `["help" 1]["x"]`, `[[[[]]]]]`, `["é", -0.5e3, null, true]`, "[\"\x00\"]\n[\"\xff\"]",
	} {
		f.Add([]byte(seed), uint(3))
	}
	f.Fuzz(func(t *testing.T, stream []byte, cut uint) {
		whole, err := scanAll(bytes.NewReader(stream), 200)
		// Garbage is answered as often as it comes in pieces: what is before it counts.
		if i := slices.Index(whole, "malformed"); i >= 0 {
			whole = whole[:i]
		}
		for _, r := range []io.Reader{iotest.OneByteReader(bytes.NewReader(stream)), &cutting{stream, 1 + int(cut%64)}} {
			got, again := scanAll(r, 200)
			if len(got) < len(whole) || !slices.Equal(got[:len(whole)], whole) || errors.Is(err, ErrTooLong) && len(got) == len(whole) && !errors.Is(again, ErrTooLong) {
				t.Errorf("%q %v, want %q %v", got, again, whole, err)
			}
		}
		rest := stream
		for _, text := range whole {
			rest = bytes.TrimLeft(rest, " \t\r\n")
			if !bytes.HasPrefix(rest, []byte(text)) {
				t.Fatalf("%q does not follow", text)
			}
			var value json.RawMessage
			decoder := json.NewDecoder(bytes.NewReader(rest))
			if decoder.Decode(&value) == nil && string(value) != text {
				t.Errorf("%q, the library cuts %q", text, value)
			}
			if request, err := ParseRequest([]byte(text)); err == nil && !json.Valid([]byte(text)) {
				t.Errorf("%q is no JSON and became %v", text, request)
			}
			rest = rest[len(text):]
		}
	})
}

// A cutting reader gives a few bytes at a time.
type cutting struct {
	rest []byte
	size int
}

func (c *cutting) Read(p []byte) (int, error) {
	if len(c.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(p, c.rest[:min(len(c.rest), c.size)])
	c.rest = c.rest[n:]
	return n, nil
}
