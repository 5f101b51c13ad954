package main

import (
	"errors"
	"net"

	"golang.org/x/sys/unix"
)

// knowsPeers: the system tells whose process is at the other end of a socket.
const knowsPeers = true

// peerOf is the user at the other end: who connected, or who listens.
func peerOf(conn net.Conn) (uid int, err error) {
	local, ok := conn.(*net.UnixConn)
	if !ok {
		return 0, errors.New("not a local socket")
	}
	raw, err := local.SyscallConn()
	if err != nil {
		return 0, err
	}
	var peer *unix.Ucred
	failed := raw.Control(func(fd uintptr) { peer, err = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED) })
	if err = errors.Join(failed, err); err != nil {
		return 0, err
	}
	return int(peer.Uid), nil
}
