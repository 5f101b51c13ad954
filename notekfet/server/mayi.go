package server

import "github.com/pronote-sync/pronote-sync/notekfet"

// mayi says what the caller may do, after the mask. An alias is held when all its
// members are.
func (c *call) mayi() (any, error) {
	var s shape
	switch {
	case c.raw == nil:
		return map[string]any{"droits": c.effective(c.held.rights, c.who.mask.rights), "surdroits": c.effective(c.held.over, c.who.mask.over), "supreme": c.isSupreme()}, nil
	case starts(c.raw, '['):
		answer := map[string]bool{}
		for _, word := range s.texts(c.raw) {
			answer[word] = c.hasAll(word)
		}
		return answer, s.err
	}
	word := s.text(c.raw)
	return c.hasAll(word), s.err
}

func (c *call) effective(held, masked notekfet.Rights) []string {
	list := []string{}
	for _, right := range held.Sorted() {
		if !masked.Has(right) {
			list = append(list, right)
		}
	}
	return list
}

func (c *call) hasAll(word string) bool {
	members, _ := notekfet.Expand([]string{word}, c.who.special)
	for right := range members {
		if !c.has(right) {
			return false
		}
	}
	return len(members) > 0
}
