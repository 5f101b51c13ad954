package server

import (
	"fmt"

	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/notekfet/internal/wire"
)

// speak sends a message to one connection.
func (c *call) speak() (any, error) {
	var s shape
	p := s.list(c.raw, 2, 2)
	id := s.integer(p[0])
	if s.err != nil {
		return nil, s.err
	}
	frame, err := c.message(notekfet.Message, "Message", p[1])
	if err != nil {
		return nil, err
	}
	c.s.mu.Lock()
	other := c.s.conns[id]
	c.s.mu.Unlock()
	if other == nil || !other.greeted() || !other.push(frame) {
		return nil, notekfet.Refuse(notekfet.NoSuchClient, "Ce client n'existe pas ou a été déconnecté.")
	}
	return "Done", nil
}

// broadcast sends a message to everyone who said hello but the caller.
func (c *call) broadcast() (any, error) {
	frame, err := c.message(notekfet.Broadcast, "Broadcast", c.raw)
	if err != nil {
		return nil, err
	}
	for _, other := range c.s.connections() {
		if other.greeted() && other != c.conn {
			other.push(frame)
		}
	}
	return nil, nil
}

// greeted reports whether a connection has said hello.
func (c *conn) greeted() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.client != ""
}

// message is a frame that nobody asked for, with the JSON as the original wrote
// it.
func (c *call) message(code notekfet.Code, what string, raw []byte) ([]byte, error) {
	return wire.AppendFrame(nil, int(code), "", fmt.Sprintf("%s from %s (%d) :\n%s", what, c.who.name, c.id, wire.Spaced(raw)))
}
