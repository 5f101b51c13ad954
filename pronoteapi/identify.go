package pronoteapi

import (
	"bytes"
	"strconv"
	"time"

	"github.com/cespare/xxhash/v2"
)

// identify is the id that clients know a thing by: a hash of some of its members,
// as the original wrote them.
func identify(of ...member) string {
	var b bytes.Buffer
	for i, m := range of {
		if t, ok := m.value.(time.Time); ok {
			of[i].value = t.UTC().Format("2006-01-02T15:04:05.000Z")
		}
	}
	if err := write(&b, append(members{}, of...)); err != nil {
		return ""
	}
	return strconv.FormatUint(xxhash.Sum64(b.Bytes()), 16)
}

// tellApart makes the ids of one list differ: those that are the same get their
// rank in the place of the last character.
func tellApart(list []object) {
	groups := map[string][]object{}
	for _, o := range list {
		id, _ := o["id"].(string)
		groups[id] = append(groups[id], o)
	}
	for id, group := range groups {
		if len(group) < 2 || id == "" {
			continue
		}
		for rank, o := range group {
			o["id"] = id[:len(id)-1] + strconv.Itoa(rank)
		}
	}
}
