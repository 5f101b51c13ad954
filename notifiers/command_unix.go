//go:build unix

package notifiers

import (
	"os/exec"
	"syscall"
)

// killGroup makes the program lead a process group, which is killed as one: a script does its work in children.
func killGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
