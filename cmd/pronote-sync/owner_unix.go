//go:build unix

package main

import (
	"cmp"
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// ownerOf is the user whose a file is.
func ownerOf(path string) (uid int, known bool) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, false
	}
	stat, known := info.Sys().(*syscall.Stat_t)
	if !known {
		return 0, false
	}
	return int(stat.Uid), true
}

func userName(uid int) string {
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		return u.Username
	}
	return strconv.Itoa(uid)
}

// become makes this process, which is root's, a user's. A user that the system does
// not know by name has the group of the same number.
func become(uid int) error {
	gid, groups := uid, []int(nil)
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		if gid, err = strconv.Atoi(u.Gid); err != nil {
			return err
		}
		ids, _ := u.GroupIds() // without them, the user has but one
		for _, id := range ids {
			if n, err := strconv.Atoi(id); err == nil {
				groups = append(groups, n)
			}
		}
	}
	return cmp.Or(syscall.Setgroups(groups), syscall.Setgid(gid), syscall.Setuid(uid))
}
