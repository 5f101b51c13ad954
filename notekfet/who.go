package notekfet

import "context"

// A Filter chooses among connections. A nil list lets everything through, an empty
// one nothing.
type Filter struct {
	IP       []string
	UserID   []any // numbers of accounts, "special", names of special users
	Username []string
	Client   []string
}

// Who lists the connections that pass a filter.
func (c *Client) Who(ctx context.Context, f Filter) ([]Connection, error) {
	parameter := map[string]any{}
	if f.IP != nil {
		parameter["ip"] = f.IP
	}
	if f.UserID != nil {
		parameter["userid"] = f.UserID
	}
	if f.Username != nil {
		parameter["username"] = f.Username
	}
	if f.Client != nil {
		parameter["client"] = f.Client
	}
	return read[[]Connection](ctx, c, "whowith", parameter)
}
