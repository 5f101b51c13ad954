package pronote

import (
	"net/http"
	"testing"

	"pgregory.net/rapid"

	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

func TestParseVersion(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Version{
		"2025.2.8":   {2025, 2, 8, -1},
		"2026.2.5.7": {2026, 2, 5, 7},
		"PRONOTE 2025.2.8.0 Microsoft-HTTPAPI/2.0": {2025, 2, 8, 0},
		"2025.2.8.":      {2025, 2, 8, -1},
		"2025.12.18.123": {2025, 12, 18, 123},
	} {
		if got, ok := ParseVersion(text); !ok || got != want {
			t.Errorf("ParseVersion(%q) = %v, %t, want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "2025", "2025.2", "25.2.8", "a.b.c", "2025-2-8"} {
		if got, ok := ParseVersion(text); ok {
			t.Errorf("ParseVersion(%q) = %v, want none", text, got)
		}
	}
}

// anyVersion draws versions close enough to meet.
func anyVersion(t *rapid.T, name string) Version {
	return Version{
		rapid.IntRange(2022, 2027).Draw(t, name+" year"), rapid.IntRange(0, 3).Draw(t, name+" minor"),
		rapid.IntRange(0, 9).Draw(t, name+" patch"), rapid.IntRange(-1, 8).Draw(t, name+" build"),
	}
}

func TestVersionProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		v, w := anyVersion(t, "v"), anyVersion(t, "w")
		if got, ok := ParseVersion(v.String()); !ok || got != v {
			t.Errorf("ParseVersion(%s) = %s", v, got)
		}
		if v.Compare(w) != -w.Compare(v) || (v.Compare(w) == 0) != (v == w) {
			t.Errorf("%s.Compare(%s) = %d", v, w, v.Compare(w))
		}
		if v.Compare(w) <= 0 && v.generation() > w.generation() {
			t.Errorf("%s speaks a newer generation than %s", v, w)
		}
	})
}

func TestNewer(t *testing.T) {
	t.Parallel()
	for v, want := range map[Version]bool{
		{}: false, {2022, 0, 3, 0}: false, Newest: false, {2026, 2, 5, -1}: false, {2026, 2, 5, 6}: false,
		{2026, 2, 5, 8}: true, {2026, 2, 6, -1}: true, {2026, 3, 0, 0}: true, {2027, 0, 0, -1}: true,
	} {
		if got := v.Newer(); got != want {
			t.Errorf("%s is newer: %t, want %t", v, got, want)
		}
	}
}

func TestVersionsSpeakAsTheyShould(t *testing.T) {
	t.Parallel()
	page := wire.Page{DoEncrypt: true, SkipEncrypt: true} // a flag of each sense
	do, skip := wire.Codec{Encrypt: true}, wire.Codec{Compress: true}
	for _, tt := range []struct {
		version    Version
		generation wire.Generation
		codec      wire.Codec
		challenge  challengeForm
	}{
		{Version{}, wire.GenerationNew, do, challengeUnknown},
		{Version{2022, 0, 3, 0}, wire.GenerationOld, skip, challengeWrapped},
		{Version{2024, 3, 8, 9}, wire.GenerationOld, skip, challengeWrapped},
		{Version{2024, 3, 9, 0}, wire.GenerationMiddle, skip, challengeWrapped},
		{Version{2025, 1, 2, -1}, wire.GenerationMiddle, skip, challengeWrapped},
		{Version{2025, 1, 3, -1}, wire.GenerationNew, do, challengeWrapped},
		{Version{2026, 2, 4, -1}, wire.GenerationNew, do, challengeWrapped},
		{Version{2026, 2, 5, -1}, wire.GenerationNew, do, challengeUnknown},
		{Version{2026, 2, 5, 5}, wire.GenerationNew, do, challengeWrapped},
		{Version{2026, 2, 5, 6}, wire.GenerationNew, do, challengeRaw},
		{Version{2026, 2, 6, -1}, wire.GenerationNew, do, challengeRaw},
		{Version{2027, 0, 0, -1}, wire.GenerationNew, do, challengeRaw},
	} {
		if got := tt.version.generation(); got != tt.generation {
			t.Errorf("%s: generation %d, want %d", tt.version, got, tt.generation)
		}
		if got := tt.version.codec(page); got != tt.codec {
			t.Errorf("%s: codec %+v, want %+v", tt.version, got, tt.codec)
		}
		if got := tt.version.challenge(); got != tt.challenge {
			t.Errorf("%s: challenge form %d, want %d", tt.version, got, tt.challenge)
		}
	}
}

func TestPageVersion(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		header string
		page   wire.Page
		want   Version
	}{
		{"the header", "PRONOTE 2026.2.5.7 Microsoft-HTTPAPI/2.0", wire.Page{Version: "2026.2.5"}, Version{2026, 2, 5, 7}},
		{"a header of three parts", "PRONOTE 2025.2.8", wire.Page{}, Version{2025, 2, 8, -1}},
		{"another server's header", "nginx/2025.2.8", wire.Page{Version: "2026.2.5"}, Version{2026, 2, 5, -1}},
		{"no header", "", wire.Page{Version: "2026.2.5"}, Version{2026, 2, 5, -1}},
		{"a key in the page", "", wire.Page{Modulus: "AB", SkipEncrypt: true}, versionPageKey},
		{"flags that say skip", "", wire.Page{SkipCompress: true}, versionSkip},
		{"nothing", "", wire.Page{DoEncrypt: true}, Version{}},
	} {
		if got := pageVersion(tt.page, http.Header{"Server": {tt.header}}); got != tt.want {
			t.Errorf("%s: version %s, want %s", tt.name, got, tt.want)
		}
	}
}
