package wire

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// addSeeds adds the files of a pattern to a fuzzer's corpus. Without any, the
// fuzzer would quietly start from nothing.
func addSeeds(f *testing.F, pattern string) {
	f.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds in %s: %v", pattern, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
}

func FuzzParsePage(f *testing.F) {
	addSeeds(f, "testdata/pages/*.html")
	f.Fuzz(func(t *testing.T, page []byte) {
		p, err := ParsePage(page)
		if err != nil && p != (Page{}) {
			t.Errorf("ParsePage = %+v beside %v", p, err)
		}
		for _, text := range []string{p.Modulus, p.Exponent, p.Name, p.Secret, p.Version} {
			if len(text) > 2*maxStart {
				t.Errorf("a value of %d bytes", len(text))
			}
		}
		if p.Modulus != "" {
			if uuid, err := SealedUUID(make([]byte, 16), p.Modulus, p.Exponent); err == nil && uuid == "" {
				t.Error("SealedUUID returns nothing and no error")
			}
		}
		if got := ReadRefusal(string(page)); got < NotPRONOTE || got > SiteBusy {
			t.Errorf("ReadRefusal = %d", got)
		}
	})
}

// FuzzDecodeBody takes its input for a body, for the text that is sealed in one
// and for the bytes that its hexadecimal stands for.
func FuzzDecodeBody(f *testing.F) {
	addSeeds(f, "testdata/bodies/*.json")
	f.Fuzz(func(t *testing.T, text []byte) {
		checkPayload(t, text)
		checkBody(t, text)
		raw, err := json.Marshal(hex.EncodeToString(text))
		if err != nil {
			t.Fatal(err)
		}
		checkSealed(t, raw)
	})
}

// fuzzCipher is the one under which what fuzzers find is opened.
var fuzzCipher = Cipher{}.WithIV([]byte("0123456789abcdef")).WithKey([]byte("fedcba9876543210"))

var codecs = []Codec{{}, {Encrypt: true}, {Compress: true}, {Encrypt: true, Compress: true}}

func checkSealed(t *testing.T, sealed json.RawMessage) {
	t.Helper()
	for _, codec := range codecs {
		for _, way := range []Direction{Request, Answer} {
			if opened, err := codec.Open(way, fuzzCipher, sealed); err == nil {
				checkPayload(t, opened)
			}
		}
	}
}

func checkBody(t *testing.T, text []byte) {
	t.Helper()
	body, err := DecodeBody(text)
	if err != nil {
		return
	}
	checkSealed(t, body.Secured)
	for generation := range generationNames {
		again, err := EncodeBody(generation, body)
		if err != nil {
			t.Fatalf("EncodeBody of what was decoded: %v", err)
		}
		if got, err := DecodeBody(again); err != nil || got.Function != body.Function || got.Session != body.Session {
			t.Errorf("body %s became %s (%v)", text, again, err)
		}
	}
}

func checkPayload(t *testing.T, text []byte) {
	t.Helper()
	if len(text) > MaxText {
		t.Errorf("a text of %d bytes", len(text))
	}
	p, err := DecodePayload(text)
	if err != nil {
		return
	}
	for _, part := range []json.RawMessage{p.Data, p.Signature, p.Wait} {
		if part != nil && !json.Valid(part) {
			t.Errorf("a part is no JSON: %q", part)
		}
	}
}

// FuzzUnwrap compares the value that is cut out of a typed one with what
// encoding/json finds there.
func FuzzUnwrap(f *testing.F) {
	for _, seed := range []string{
		`{"_T":24,"V":[1,{"_T":20,"V":"2"}]}`, ` { "V" : "}\\\"" , "_T" : 3 } `, `{"_T":24}`, `{"V":1}`, `{}`, `[]`, `""`,
		`{"L":"x","V":{"_T":1,"V":2}}`, `{"_T":1,"V":{"a":"]}"},"V":[[],{}],"x":0}`, `{"V":1,"x":2,"_T":3}`, `{"_T"`, `{"V":"`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got := unwrap(text)
		if !json.Valid(text) {
			return // nothing to find, but no harm done
		}
		want := bytes.TrimSpace(text)
		if value, typed := typedByTokens(want); typed {
			want = value
		}
		if !bytes.Equal(got, want) {
			t.Errorf("unwrap(%s) = %s, want %s", text, got, want)
		}
	})
}

// typedByTokens is the last V of an object that says its type before anything
// else but V.
func typedByTokens(text []byte) (value []byte, typed bool) {
	tokens := json.NewDecoder(bytes.NewReader(text))
	if start, err := tokens.Token(); err != nil || start != json.Delim('{') {
		return nil, false
	}
	for tokens.More() {
		from := tokens.InputOffset()
		if _, err := tokens.Token(); err != nil {
			return nil, false
		}
		name := bytes.Trim(text[from:tokens.InputOffset()], ", \t\r\n") // as it is written
		var inner json.RawMessage
		if tokens.Decode(&inner) != nil {
			return nil, false
		}
		switch string(name) {
		case `"_T"`:
			typed = true
		case `"V"`:
			value = inner
		default:
			if !typed {
				return nil, false
			}
		}
	}
	return value, typed
}
