package world

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// FileContent is what a file of the school has in it. The same name of the same
// thing always has the same, of some kilobytes.
func (s *School) FileContent(owner int, a pronote.Attachment) []byte {
	hash := fnv.New64a()
	_, _ = fmt.Fprintf(hash, "%d %d %s %s", s.seed, owner, a.Role, a.Name) // a hash accepts every write
	rng := rand.New(rand.NewPCG(s.seed, hash.Sum64()))
	content := []byte("%PDF-1.4\n% " + a.Name + "\n")
	for range 256 + rng.IntN(2048) {
		content = strconv.AppendUint(content, rng.Uint64(), 36)
	}
	return content
}

// documents completes the attachments of a thing.
func documents(list []pronote.Attachment) []pronote.Attachment {
	made := []pronote.Attachment{}
	for _, a := range list {
		a.Kind, a.Role = cmp.Or(a.Kind, "file"), "document"
		made = append(made, a)
	}
	return made
}

// AttachmentsOf are those of an object, by its number, as a page of a pupil shows
// them to a viewer.
func (s *School) AttachmentsOf(owner int, viewer Viewer, pupil string) (list []pronote.Attachment) {
	s = s.holder(owner)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch o := s.objects[owner].(type) {
	case *Homework:
		row, _ := o.work(s, pupil)
		return row.Attachments
	case *Info:
		row, _ := o.info(s, viewer, pupil)
		return row.Attachments
	case *Content:
		row, _ := o.content(s, pupil)
		return row.Attachments
	case *Test:
		row, _ := o.mark(s, pupil)
		return row.Attachments
	case *AgendaEntry:
		row, _ := o.entry(s, viewer, pupil)
		return row.Attachments
	case *Absence:
		if o.Pupil == pupil {
			return o.Attachments
		}
	case *Punishment:
		if o.Pupil == pupil {
			return o.Attachments
		}
	}
	return nil
}

// Enclosure is the content of a file of a message, which says no where the message
// is gone, or encloses a link there.
func (s *School) Enclosure(message, index int) ([]byte, bool) {
	for _, m := range s.MessagesOf(DiscussionOf(message)) {
		if m.ID == message && m.Value.Attachments[index].URL == "" {
			return s.FileContent(message, m.Value.Attachments[index]), true
		}
	}
	return nil, false
}

// attachmentText is the attachments of a thing as one fact.
func attachmentText(all []pronote.Attachment) string {
	var text strings.Builder
	for _, a := range all {
		fmt.Fprintf(&text, "%q %q %q %q\n", a.Name, a.Kind, a.Role, a.URL)
	}
	return text.String()
}
