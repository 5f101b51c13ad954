//go:build unix

package main

import (
	"cmp"
	"errors"
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

// groupName is the name of the group of a folder; "" for root's, and for one without.
func groupName(folder string) string {
	info, err := os.Stat(folder)
	if err != nil {
		return ""
	}
	stat, known := info.Sys().(*syscall.Stat_t)
	if !known || stat.Gid == 0 {
		return ""
	}
	group, err := user.LookupGroupId(strconv.Itoa(int(stat.Gid)))
	if err != nil {
		return ""
	}
	return group.Name
}

// giveToOwner gives what root wrote to the owner of a folder. Others own what they write.
func giveToOwner(folder string, paths ...string) error {
	info, err := os.Stat(folder)
	if err != nil || os.Geteuid() != 0 {
		return err
	}
	stat, known := info.Sys().(*syscall.Stat_t)
	for _, path := range paths {
		if known {
			err = errors.Join(err, os.Lchown(path, int(stat.Uid), int(stat.Gid)))
		}
	}
	return err
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
