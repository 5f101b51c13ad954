//go:build unix

package config

import (
	"io/fs"
	"os"
	"syscall"
)

// inherit gives a file the owner of another: what root writes, the daemon must be able
// to read. Others than root own what they write already.
func inherit(path string, like fs.FileInfo) {
	if owner, ok := like.Sys().(*syscall.Stat_t); ok {
		_ = os.Lchown(path, int(owner.Uid), int(owner.Gid))
	}
}
