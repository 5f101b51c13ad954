package server

// die stops the server: this request and those that have begun are still answered.
func (c *call) die() (any, error) {
	if !c.s.Die {
		return nil, forbidden()
	}
	c.s.Log.Warn("die", "user", c.who.name, "peer", c.origin)
	c.closing = true
	defer c.s.shut()
	return nil, nil
}
