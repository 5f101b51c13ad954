package school

import "github.com/pronote-sync/pronote-sync/pronote"

// A household holds the notices of a parent that are addressed to none of the
// children, as the session last read them. Most are in the list of each child;
// those for the parents of one class may only be in the list of the child who is
// in it.
type household struct {
	names   []string         // of the children, in the session's order
	lists   [][]pronote.Info // by the number of the child
	joined  map[int]bool     // children who were not there before: their lists are no news
	read    int              // how many children of this poll are known, from the first on
	renewed bool             // a list was read since they were last put together
}

func householdOf(children int) *household {
	return &household{names: make([]string, children), lists: make([][]pronote.Info, children), joined: map[int]bool{}}
}

// unread are the names of the children who joined, and whose lists were not put
// together with the others since.
func (h *household) unread() map[string]bool {
	unread := map[string]bool{}
	for i, name := range h.names {
		unread[name] = h.joined[i]
	}
	return unread
}

// begin notes that a poll begins, which knows of no child yet.
func (h *household) begin() { h.read = 0 }

// enter takes over the list of a child.
func (h *household) enter(child int, list []pronote.Info) { h.lists[child], h.renewed = list, true }

// leaveOut forgets a child to whom the school shows no notices: those of the
// others are all there are.
func (h *household) leaveOut(child int) { h.lists[child] = nil }

// seen notes that the list of a child is known, and reports whether it is time to
// put all lists together: the last child of a poll was read, after all others, and
// there is anything new.
func (h *household) seen(child int) bool {
	if child == h.read {
		h.read++
	}
	return child == len(h.lists)-1 && h.read == len(h.lists) && h.renewed
}

// together has each notice once, and tells which of them are no news. Where
// several share their second and their author, the list with the most of them is
// right; of two such lists, the one read last.
func (h *household) together() (all []pronote.Info, known func(pronote.Info) bool) {
	name, same := infoMatcher.Identities[0], infoMatcher.Identities[1]
	most, order, news := map[string][]pronote.Info{}, []string{}, map[string]bool{}
	for child, list := range h.lists {
		alike := map[string][]pronote.Info{}
		for _, info := range list {
			if _, has := most[same(info)]; !has {
				most[same(info)] = nil
				order = append(order, same(info))
			}
			alike[same(info)] = append(alike[same(info)], info)
			news[name(info)] = news[name(info)] || !h.joined[child]
		}
		for key, infos := range alike {
			if len(infos) >= len(most[key]) {
				most[key] = infos
			}
		}
	}
	all = []pronote.Info{}
	for _, key := range order {
		all = append(all, most[key]...)
	}
	h.renewed = false
	clear(h.joined)
	return all, func(info pronote.Info) bool { return !news[name(info)] }
}

// open fills in the content of a notice that was opened for another child.
func (h *household) open(info *pronote.Info) {
	name := infoMatcher.Identities[0]
	for _, list := range h.lists {
		for _, other := range list {
			same := other.PublishedAt == info.PublishedAt && other.Answered == info.Answered
			if !info.Opened && other.Opened && same && name(other) == name(*info) {
				info.Opened, info.Content, info.HTML = true, other.Content, other.HTML
				info.Attachments, info.Questions = other.Attachments, other.Questions
			}
		}
	}
}
