package config

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
)

// Find says which file is the configuration: the one that the flag names, else
// the one that $PRONOTE_SYNC_CONFIG names, whether they exist or not; else the
// first there is of ./config.toml, pronote-sync/config.toml in the user's folder
// of configurations, and /etc/pronote-sync/config.toml.
func Find(flag string) (path string, err error) {
	if named := cmp.Or(flag, os.Getenv("PRONOTE_SYNC_CONFIG")); named != "" {
		return named, nil
	}
	places := []string{"config.toml"}
	if user, err := os.UserConfigDir(); err == nil { // a service may have no home
		places = append(places, filepath.Join(user, "pronote-sync", "config.toml"))
	}
	places = append(places, "/etc/pronote-sync/config.toml")
	for _, place := range places {
		// A file that cannot be looked at is not passed over in silence: Load
		// will say what is wrong with it.
		if _, err := os.Stat(place); !errors.Is(err, fs.ErrNotExist) {
			return place, nil
		}
	}
	return "", say.Errorf("there is no configuration, neither %s: run pronote-sync init, which writes one, or name another file with --config",
		strings.Join(places, " nor "))
}
