package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
)

// onADisk runs a command that sees a folder as a disk of its own, which nobody
// else sees and which is gone afterwards:
//
//	on-a-disk 300k FOLDER COMMAND…   an empty disk of that size
//	on-a-disk readonly FOLDER COMMAND…   the folder, as on a disk that cannot be written to
//
// It takes rights that few have: exit code 125 says that they are missing.
func onADisk() {
	runtime.LockOSThread() // mounts belong to a thread, and to what it starts
	kind, folder, argv := os.Args[1], os.Args[2], os.Args[3:]
	err := syscall.Unshare(syscall.CLONE_NEWNS)
	if err == nil {
		err = syscall.Mount("none", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, "")
	}
	if err == nil && kind == "readonly" {
		err = syscall.Mount(folder, folder, "", syscall.MS_BIND, "")
		if err == nil {
			err = syscall.Mount("none", folder, "", syscall.MS_REMOUNT|syscall.MS_BIND|syscall.MS_RDONLY, "")
		}
	} else if err == nil {
		err = syscall.Mount("tmpfs", folder, "tmpfs", 0, "size="+kind)
	}
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "on-a-disk:", err)
		os.Exit(125)
	}
	path, err := exec.LookPath(argv[0])
	if err == nil {
		err = syscall.Exec(path, argv, os.Environ())
	}
	panic(fmt.Sprintf("%s: %v", strings.Join(argv, " "), err))
}
