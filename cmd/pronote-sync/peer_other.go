//go:build !linux

package main

import (
	"errors"
	"net"
)

// knowsPeers: such a socket is for its owner alone.
const knowsPeers = false

func peerOf(net.Conn) (int, error) { return 0, errors.ErrUnsupported }
