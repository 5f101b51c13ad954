package server

func (c *call) myconnection() (any, error) { return c.describe(), nil }

// describe is what may be known of a connection.
func (c *conn) describe() map[string]any {
	c.mu.Lock()
	defer c.mu.Unlock()
	d := map[string]any{"idServer": c.id, "ip": c.origin, "port": c.port, "client": c.clientName()}
	if c.who != nil {
		d["userid"], d["username"] = c.who.userid(), c.who.name
	}
	return d
}

// clientName is what hello said, and a word for who said nothing.
func (c *conn) clientName() string {
	if c.client == "" {
		return "None"
	}
	return c.client
}
