package config

import (
	"io/fs"
	"os/user"
	"strconv"

	"github.com/pronote-sync/pronote-sync/db"
)

// groupMode is the mode of the files of a mirror that a group may read.
const groupMode = 0o640

// readers reads who may look at the mirror besides the user whose it is.
func (t *table) readers() (r db.Readers) {
	if name := t.text("database_group", ""); name != "" {
		group, err := user.LookupGroup(name)
		if err != nil {
			t.problem("database_group", "database_group: there is no group %s on this machine: create it with groupadd %[1]s, or correct the name", name)
			return r
		}
		gid, err := strconv.Atoi(group.Gid)
		if err != nil { // of a system whose groups have no numbers
			t.problem("database_group", "database_group has no use on this system: take it away")
			return r
		}
		r = db.Readers{Group: name, GID: gid, Mode: groupMode}
	}
	if text := t.text("database_mode", ""); text != "" {
		mode, err := strconv.ParseUint(text, 8, 32)
		r.Mode = fs.FileMode(mode)
		if err != nil || r.Mode&0o600 != 0o600 || r.Mode&^0o644 != 0 {
			t.problem("database_mode", `database_mode %q cannot be used: write "0600", "0640" or "0644", others may only read`, text)
		}
	}
	return r
}
