//go:build unix

package db

import (
	"io/fs"
	"syscall"
)

// owned reports whether a file is a group's.
func owned(info fs.FileInfo, gid int) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Gid) == gid
}
