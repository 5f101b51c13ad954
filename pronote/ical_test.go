package pronote

import (
	"errors"
	"net/url"
	"testing"
)

func TestCalendarAddress(t *testing.T) {
	t.Parallel()
	root := &url.URL{Scheme: "https", Host: "0000001x.example.org", Path: "/pronote"}
	version := Version{2026, 2, 5, 7}
	const offered = `{"iCal":{"liste":{"_T":24,"V":[{"paramICal":"A&B","paramSuppl":"266f","G":0}]}}}`
	const agenda = `{"iCal":{"liste":[{"paramICal":"B","G":1},{"paramICal":"A&B","paramSuppl":"266f"}]}}`
	const address = "https://0000001x.example.org/pronote/ical/pronote.ics?icalsecurise=A%26B&param=266f&version="
	for text, want := range map[string]string{
		offered: address + "2026.2.5", // three parts, as all clients write it
		agenda:  address + "2026.2.5",
		`{"iCal":{"liste":[{"paramICal":"B","G":1}]}}`: "",
		`{"Informations":{}}`:                          "",
		`{"iCal":{"liste":[]}}`:                        "",
		`{"iCal":{"liste":[{}]}}`:                      "",
	} {
		address, err := decodeCalendar([]byte(text), root, version)
		if address.Reveal() != want || errors.Is(err, ErrNotAvailable) != (want == "") {
			t.Errorf("the calendar of %s is at %q, %v; want %q", text, address.Reveal(), err, want)
		}
	}
}

func FuzzDecodeCalendar(f *testing.F) {
	root := &url.URL{Scheme: "https", Host: "0000001x.example.org", Path: "/pronote"}
	for _, seed := range []string{`{"iCal":{"liste":[{"paramICal":"a#b","paramSuppl":"\n"}]}}`, `{}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		address, err := decodeCalendar(data, root, Version{2026, 2, 5, 7})
		if errors.Is(err, ErrNotAvailable) || !decoded(t, err) {
			return
		}
		if u, err := url.Parse(address.Reveal()); err != nil || !address.IsZero() && (u.Host != root.Host || u.Path != "/pronote/ical/pronote.ics") {
			t.Errorf("a calendar is elsewhere: %v", err)
		}
	})
}
