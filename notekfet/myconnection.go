package notekfet

import (
	"context"
	"encoding/json"
)

// A Connection is one client of the server. UserID is a number, "special", or
// nothing before the login.
type Connection struct {
	ID       int64           `json:"idServer"`
	IP       string          `json:"ip"`
	Port     int             `json:"port"`
	Client   string          `json:"client"`
	UserID   json.RawMessage `json:"userid"`
	Username string          `json:"username"`
}

// MyConnection tells what the server knows of this connection.
func (c *Client) MyConnection(ctx context.Context) (Connection, error) {
	return read[Connection](ctx, c, "myconnection", nil)
}
