package server

import (
	"encoding/json"
	"net/netip"
	"slices"

	"github.com/pronote-sync/pronote-sync/notekfet"
)

// accepted are the clients that may say hello.
var accepted = []string{"manual", "Python Client alpha", "test_client", "HTTP Django", "Basile", "digicode"}

// hello takes the client's name, and from a trusted proxy also the address of its
// user.
func (c *call) hello() (any, error) {
	var s shape
	name, origin := c.raw, json.RawMessage(nil)
	if starts(c.raw, '[') {
		both := s.list(c.raw, 2, 2)
		name, origin = both[0], both[1]
	}
	client := s.text(name)
	address := ""
	if origin != nil {
		address = s.text(origin)
	}
	if s.err != nil {
		return nil, s.err
	}
	if !slices.Contains(accepted, client) {
		return nil, notekfet.Refuse(notekfet.ClientRefused, "Clients acceptés : manual, Python Client alpha, test_client, HTTP Django, Basile, digicode")
	}
	proxied := origin != nil && len(c.s.Login.Proxies) > 0 && within(c.host, c.s.Login.Proxies)
	ip, err := netip.ParseAddr(address)
	if proxied && err != nil {
		return nil, notekfet.Refuse(notekfet.BadParameter, "ce n'est pas une adresse")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.client = client
	if proxied {
		c.origin = ip.Unmap().WithZone("").String()
	}
	return nil, nil
}
