package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/doctor"
)

// diskOf asks the system about the disk that a folder is on.
func diskOf(folder string) (d disk, err error) {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(folder, &fs); err != nil {
		return d, err
	}
	const readOnly = 1 // ST_RDONLY
	d.free = doctor.Size(fs.Bavail * uint64(fs.Bsize))
	d.noFiles = fs.Files > 0 && fs.Ffree == 0
	d.readOnly = fs.Flags&readOnly != 0
	d.errors = errorsOf(folder)
	return d, nil
}

// errorsOf is what ext4 has noted of the device; 0 for other file systems.
func errorsOf(folder string) int {
	info, err := os.Stat(folder)
	if err != nil {
		return 0
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0
	}
	dev := uint64(stat.Dev)
	major, minor := (dev>>8)&0xfff|(dev>>32)&^0xfff, dev&0xff|(dev>>12)&^0xff
	device, err := os.Readlink(fmt.Sprintf("/sys/dev/block/%d:%d", major, minor))
	if err != nil {
		return 0
	}
	text, err := os.ReadFile(filepath.Join("/sys/fs/ext4", filepath.Base(device), "errors_count"))
	if err != nil {
		return 0
	}
	count, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0
	}
	return count
}
