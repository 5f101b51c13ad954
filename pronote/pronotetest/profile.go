package pronotetest

import (
	"fmt"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// A Profile is how one version of PRONOTE speaks. The differences are those
// that the field's clients have had to learn.
type Profile struct {
	Version       string // four parts, as in the Server header
	Generation    wire.Generation
	SkipFlags     bool   // the page says what to skip, not what to do
	QuotedSession bool   // the page quotes the session's number
	PageKey       bool   // the page carries its own RSA key, and the vector is always sealed
	StartInScript bool   // Start stands in a script, as strict JSON
	RawChallenge  bool   // the challenge goes back as it came
	PhonesOnly    bool   // logins by QR code and by token are for telephones alone
	KeepAlive     string // the function that keeps a session alive
	NewsDetails   bool   // the list of news leaves the contents out
	TestGenre     int    // resource genre of a test
}

// Profiles are the versions that the fake speaks, oldest first, one for each
// change of the protocol.
var Profiles = []Profile{
	{Version: "2022.0.3.0", Generation: wire.GenerationOld, SkipFlags: true, QuotedSession: true, PageKey: true, KeepAlive: "Presence", TestGenre: 60},
	{Version: "2023.0.2.5", Generation: wire.GenerationOld, SkipFlags: true, QuotedSession: true, KeepAlive: "Presence", TestGenre: 60},
	{Version: "2024.1.8.0", Generation: wire.GenerationOld, SkipFlags: true, QuotedSession: true, KeepAlive: "Presence", TestGenre: 60},
	{Version: "2024.3.9.0", Generation: wire.GenerationMiddle, SkipFlags: true, QuotedSession: true, KeepAlive: "Navigation", TestGenre: 60},
	{Version: "2025.1.3.0", Generation: wire.GenerationNew, KeepAlive: "Navigation", TestGenre: 59},
	{Version: "2025.2.8.0", Generation: wire.GenerationNew, KeepAlive: "Navigation", TestGenre: 59},
	{Version: "2026.1.3.0", Generation: wire.GenerationNew, KeepAlive: "Navigation", TestGenre: 59},
	{Version: "2026.2.4.0", Generation: wire.GenerationNew, KeepAlive: "Navigation", TestGenre: 59, StartInScript: true, PhonesOnly: true, NewsDetails: true},
	{Version: "2026.2.5.7", Generation: wire.GenerationNew, KeepAlive: "Navigation", TestGenre: 59, StartInScript: true, PhonesOnly: true, NewsDetails: true, RawChallenge: true},
}

// Newest is the profile of today's real servers.
func Newest() Profile { return Profiles[len(Profiles)-1] }

// ProfileOf finds the profile of a version, given whole or without its build.
func ProfileOf(version string) (Profile, error) {
	var known []string
	for _, p := range Profiles {
		short := p.Version[:strings.LastIndex(p.Version, ".")]
		if version == p.Version || version == short {
			return p, nil
		}
		known = append(known, short)
	}
	return Profile{}, fmt.Errorf("no profile for version %q: there are %s", version, strings.Join(known, ", "))
}

// short is the version as the page prints it, without the build.
func (p Profile) short() string { return p.Version[:strings.LastIndex(p.Version, ".")] }
