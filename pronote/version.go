package pronote

import (
	"cmp"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// Version is a version of PRONOTE: year, minor, patch, build. The year names
// the release, which serves the school year that begins in it. Build is -1 when
// the server did not say; the zero Version is unknown altogether.
type Version struct{ Year, Minor, Patch, Build int }

// Newest is the last version whose protocol this package was checked against.
// Later ones are spoken to as if they were it.
var Newest = Version{2026, 2, 5, 7}

var versionText = regexp.MustCompile(`(\d{4})\.(\d+)\.(\d+)(?:\.(\d+))?`)

// ParseVersion finds a version such as "2025.2.8" or "2026.2.5.7" in a text.
func ParseVersion(text string) (Version, bool) {
	m := versionText.FindStringSubmatch(text)
	if m == nil {
		return Version{}, false
	}
	part := func(i int) int { n, _ := strconv.Atoi(m[i]); return n }
	v := Version{part(1), part(2), part(3), -1}
	if m[4] != "" {
		v.Build = part(4)
	}
	return v, true
}

// IsZero reports whether the version is unknown.
func (v Version) IsZero() bool { return v == Version{} }

// Compare orders versions; an unknown build counts as lower than any.
func (v Version) Compare(w Version) int {
	return cmp.Or(cmp.Compare(v.Year, w.Year), cmp.Compare(v.Minor, w.Minor),
		cmp.Compare(v.Patch, w.Patch), cmp.Compare(v.Build, w.Build))
}

// String writes the version as PRONOTE does, or "unknown".
func (v Version) String() string {
	switch {
	case v.IsZero():
		return "unknown"
	case v.Build < 0:
		return fmt.Sprintf("%d.%d.%d", v.Year, v.Minor, v.Patch)
	default:
		return fmt.Sprintf("%d.%d.%d.%d", v.Year, v.Minor, v.Patch, v.Build)
	}
}

// release is the version without its build.
func (v Version) release() Version {
	if !v.IsZero() {
		v.Build = -1
	}
	return v
}

// Newer reports whether the version is past Newest in a part that the server
// stated.
func (v Version) Newer() bool {
	known := Newest
	if v.Build < 0 {
		known.Build = -1
	}
	return v.Compare(known) > 0
}

// The steps at which the protocol changed, each with what it brought.
var (
	versionPageKey   = Version{2022, 0, 0, -1} // the last year to print an RSA key in the page
	versionData      = Version{2024, 3, 9, -1} // "data" for "donnees", Navigation for Presence
	versionSkip      = Version{2025, 1, 2, -1} // the last one with flags that say "skip"
	versionEnvelope  = Version{2025, 1, 3, -1} // short envelope names, flags that say "do"
	versionRawBefore = Version{2026, 2, 5, -1} // of some build: the challenge depends on which
	versionRaw       = Version{2026, 2, 5, 6}  // the challenge is no longer wrapped in noise
)

// atLeast treats an unknown version as the newest.
func (v Version) atLeast(w Version) bool { return v.IsZero() || v.Compare(w) >= 0 }

func (v Version) generation() wire.Generation {
	switch {
	case v.atLeast(versionEnvelope):
		return wire.GenerationNew
	case v.atLeast(versionData):
		return wire.GenerationMiddle
	default:
		return wire.GenerationOld
	}
}

// codec reads the page's flags in the sense of the version.
func (v Version) codec(p wire.Page) wire.Codec {
	if v.atLeast(versionEnvelope) {
		return wire.Codec{Encrypt: p.DoEncrypt, Compress: p.DoCompress}
	}
	return wire.Codec{Encrypt: !p.SkipEncrypt, Compress: !p.SkipCompress}
}

// challenge says which form the login challenge has.
func (v Version) challenge() challengeForm {
	switch {
	case v.IsZero(), v == versionRawBefore:
		return challengeUnknown
	case v.Compare(versionRaw) >= 0:
		return challengeRaw
	default:
		return challengeWrapped
	}
}

type challengeForm int

const (
	challengeUnknown challengeForm = iota
	challengeWrapped
	challengeRaw
)

// pageVersion is the version of the server that sent a page: from the header,
// from the text of the page, or as far as the page gives an old server away.
func pageVersion(p wire.Page, header http.Header) Version {
	if rest, ok := strings.CutPrefix(header.Get("Server"), "PRONOTE "); ok {
		if v, ok := ParseVersion(rest); ok { // "PRONOTE 2025.2.8.0 Microsoft-HTTPAPI/2.0"
			return v
		}
	}
	if v, ok := ParseVersion(p.Version); ok {
		return v
	}
	switch {
	case p.Modulus != "":
		return versionPageKey
	case p.SkipEncrypt || p.SkipCompress:
		return versionSkip
	}
	return Version{}
}
