package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
)

// actAsOwner makes root the user whose folder the mirror is in, for good: what root
// wrote there, the service could not write any more. In a folder that is missing, root
// makes no mirror for a configuration that is elsewhere, since it cannot know for whom.
func actAsOwner(c *config.Config) error {
	if os.Geteuid() != 0 {
		return nil
	}
	folder := filepath.Dir(c.Database)
	there := existing(folder)
	switch owner, known := ownerOf(there); {
	case !known:
		return nil
	case owner != 0:
		if err := become(owner); err != nil {
			return stateError{say.Errorf("root cannot become user %s, whose the mirror is: run the command as that user: %w", userName(owner), err)}
		}
	case there != folder && !strings.HasPrefix(folder+"/", filepath.Dir(c.Path)+"/"):
		return stateError{say.Errorf("the folder %s, where the mirror belongs, does not exist: start the service, which makes it, or make it as its user with install -d -m 0750 -o USER %[1]s", folder)}
	}
	return nil
}

// existing is a folder, or the nearest one above it that there is.
func existing(folder string) string {
	for {
		_, err := os.Stat(folder)
		above := filepath.Dir(folder)
		if !errors.Is(err, fs.ErrNotExist) || above == folder {
			return folder
		}
		folder = above
	}
}

// ofAnother says whose the mirror is to somebody who lacks the rights; nil where rights
// are not what is missing.
func ofAnother(c *config.Config, err error) error {
	folder := existing(filepath.Dir(c.Database))
	owner, known := ownerOf(folder)
	if !errors.Is(err, fs.ErrPermission) || !known || owner == os.Geteuid() {
		return nil
	}
	return stateError{say.Errorf("the folder %s belongs to %s, whose the mirror is: run the command with sudo, or as %[2]s", folder, userName(owner))}
}
