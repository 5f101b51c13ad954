package pronote

import (
	"errors"
	"net/url"
	"testing"
)

func TestAddressOfAPDF(t *testing.T) {
	t.Parallel()
	root := &url.URL{Scheme: "https", Host: "0000001x.example.org", Path: "/pronote"}
	for data, want := range map[string]string{
		`{"url":{"_T":23,"V":"FichiersExternes/ab/Bulletin Trimestre 1.pdf?Session=7"}}`: "https://0000001x.example.org/pronote/FichiersExternes/ab/Bulletin%20Trimestre%201.pdf?Session=7",
		`{"url":"cheminsecurise/é%20.pdf"}`:                                              "https://0000001x.example.org/pronote/cheminsecurise/%C3%A9%20.pdf",
	} {
		if got, err := decodePDF([]byte(data), root); got != want || err != nil {
			t.Errorf("%s is at %q, %v; want %q", data, got, err, want)
		}
	}
	for _, data := range []string{`{}`, `null`, `{"url":""}`, `{"url":":"}`, `{"url":[]}`} {
		if got, err := decodePDF([]byte(data), root); !errors.Is(err, ErrUnreadable) {
			t.Errorf("%s is at %q, %v; want ErrUnreadable", data, got, err)
		}
	}
	for _, data := range []string{
		`{"url":"https://elsewhere.example/x.pdf"}`, `{"url":"//elsewhere.example/x.pdf"}`, `{"url":"http://0000001x.example.org/x"}`, `{"url":"file:///etc/passwd"}`,
	} {
		if got, err := decodePDF([]byte(data), root); !errors.Is(err, ErrNoFile) {
			t.Errorf("%s is at %q, %v", data, got, err)
		}
	}
}

func FuzzDecodePDF(f *testing.F) {
	root := &url.URL{Scheme: "https", Host: "0000001x.example.org", Path: "/pronote"}
	f.Add([]byte(`{"url":{"_T":23,"V":"FichiersExternes/ab/Bulletin 1.pdf?Session=7"}}`))
	f.Add([]byte(`{"url":"../..//x"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		address, err := decodePDF(data, root)
		if err != nil {
			return
		}
		if u, err := url.Parse(address); err != nil || u.Host != root.Host || u.Scheme != "https" {
			t.Errorf("a file is at %q, %v", address, err)
		}
	})
}
