package pronoteapi

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// maxBody bounds the body of a request, in bytes, before and after it is unpacked.
const maxBody = 102_400

// A bareError is answered as a text without a type.
type bareError struct {
	status  int
	message string
}

// Error implements error.
func (e *bareError) Error() string { return e.message }

// readBody reads the object that a request carries. Anything but JSON counts as an
// empty one.
func readBody(w http.ResponseWriter, r *http.Request) (map[string]any, error) {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter) || kind != "application/json" {
		return map[string]any{}, nil
	}
	if charset := strings.ToLower(params["charset"]); charset != "" && !strings.HasPrefix(charset, "utf-") {
		return nil, &bareError{http.StatusUnsupportedMediaType, "unsupported charset " + strconv.Quote(strings.ToUpper(charset))}
	}
	text, err := unpack(w, r)
	if err != nil {
		return nil, err
	}
	return decodeBody(text)
}

func unpack(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	var from io.Reader = http.MaxBytesReader(w, r.Body, maxBody)
	var err error
	switch encoding := strings.ToLower(r.Header.Get("Content-Encoding")); encoding {
	case "", "identity":
	case "gzip":
		from, err = gzip.NewReader(from)
	case "deflate":
		from, err = zlib.NewReader(from)
	default:
		return nil, &bareError{http.StatusUnsupportedMediaType, "unsupported content encoding " + strconv.Quote(encoding)}
	}
	var text []byte
	if err == nil {
		text, err = io.ReadAll(io.LimitReader(from, maxBody+1))
	}
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge), len(text) > maxBody:
		return nil, errTooBig
	case err != nil:
		return nil, &bareError{http.StatusBadRequest, "the body could not be read"}
	}
	return text, nil
}

// decodeBody reads a JSON object; a list is one without members, as is no text at
// all.
func decodeBody(text []byte) (map[string]any, error) {
	text = bytes.TrimSpace(bytes.TrimPrefix(text, []byte("\ufeff")))
	if len(text) == 0 {
		return map[string]any{}, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil || decoder.More() {
		return nil, &bareError{http.StatusBadRequest, "the body is not valid JSON"}
	}
	switch v := v.(type) {
	case map[string]any:
		return v, nil
	case []any:
		return map[string]any{}, nil
	}
	return nil, &bareError{http.StatusBadRequest, "the body is neither a JSON object nor a list"}
}

// reply answers with JSON.
func reply(w http.ResponseWriter, status int, v any) {
	var b bytes.Buffer
	var err error
	if a, ok := v.(answer); ok {
		var text []byte
		text, err = a.MarshalJSON()
		b.Write(text)
	} else {
		err = write(&b, v)
	}
	if err != nil {
		status = errInternal.status
		b.Reset()
		_ = write(&b, errInternal.members()) // texts always marshal
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(b.Len()))
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // a client that hangs up wants no more
}
