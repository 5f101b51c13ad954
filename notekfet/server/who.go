package server

import (
	"encoding/json"
	"slices"
	"strings"
)

// A filter chooses among the connections; nil lets everything through.
type filter struct {
	ip, username, client []string
	userid               []any // numbers and texts
}

// who lists the connections; it takes the same filter as whowith, and needs none.
func (c *call) whoIs() (any, error) {
	if c.raw == nil {
		return c.present(func(map[string]any) bool { return true }), nil
	}
	return c.whowith()
}

func (c *call) whowith() (any, error) {
	var s shape
	f := s.object(c.raw, "ip", "userid", "username", "client")
	var want filter
	set(f, "ip", &want.ip, s.texts)
	set(f, "username", &want.username, s.texts)
	set(f, "client", &want.client, s.texts)
	set(f, "userid", &want.userid, s.userids)
	if s.err != nil {
		return nil, s.err
	}
	return c.present(func(d map[string]any) bool {
		return listed(f, "ip", want.ip, d["ip"]) && listed(f, "username", want.username, d["username"]) &&
			listed(f, "client", want.client, d["client"]) && (f["userid"] == nil || want.hasUser(d))
	}), nil
}

// userids are numbers of accounts, "special", or names of special users.
func (s *shape) userids(raw json.RawMessage) []any {
	list := []any{}
	for _, e := range s.any(raw) {
		if starts(e, '"') {
			list = append(list, s.text(e))
		} else {
			list = append(list, s.integer(e))
		}
	}
	return list
}

func listed(f fields, key string, list []string, value any) bool {
	text, _ := value.(string)
	return f[key] == nil || slices.Contains(list, text)
}

func (w filter) hasUser(d map[string]any) bool {
	id := d["userid"]
	return id != nil && (slices.Contains(w.userid, id) || id == "special" && slices.Contains(w.userid, d["username"]))
}

func (c *call) whospecial() (any, error) {
	return c.present(func(d map[string]any) bool { return d["userid"] == "special" }), nil
}

func (c *call) whomanualclient() (any, error) {
	return c.present(func(d map[string]any) bool { return d["client"] == "manual" }), nil
}

// whohttpclient knows the name that the page gives, and the one that is accepted.
func (c *call) whohttpclient() (any, error) {
	return c.present(func(d map[string]any) bool {
		name, _ := d["client"].(string)
		return name == "http" || strings.HasPrefix(name, "HTTP ")
	}), nil
}

func (c *call) whononeclient() (any, error) {
	return c.present(func(d map[string]any) bool { return d["client"] == "None" }), nil
}

// present describes the connections that pass.
func (c *call) present(pass func(map[string]any) bool) []map[string]any {
	list := []map[string]any{}
	for _, other := range c.s.connections() {
		if d := other.describe(); pass(d) {
			list = append(list, d)
		}
	}
	return list
}
