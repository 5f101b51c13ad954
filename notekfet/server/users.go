package server

// users lists the special users with their rights, and nothing else of them.
func (c *call) users() (any, error) {
	users, err := c.s.Specials.All()
	if err != nil {
		return nil, err
	}
	list := map[string][]string{}
	for name, user := range users {
		list[name] = append([]string{}, user.ACL...)
	}
	return list, nil
}
