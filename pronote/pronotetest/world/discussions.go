package world

import (
	"cmp"
	"slices"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// A Discussion is an exchange of messages between the person of an account and
// somebody at the school. A new one has at least one message.
type Discussion struct {
	Subject  string
	With     string // whom the account's person talks to: "Mme FABRE O."
	Role     string // what that is; "Professeur" when left out
	To       Viewer // whose messages these are: the pupil's, or the parent's when left out
	Own      bool   // the account's person began it
	Messages []Message
	Closed   bool
	Trashed  bool // put into the bin
	Kind     string

	id   int
	last int // number of the last message
}

// A Message is one of a Discussion. It is sent when it is added.
type Message struct {
	Text  []string // tidy lines; one that starts with "- " is an item of a list
	Own   bool     // the account's person wrote it
	Read  bool
	Aside bool
	Draft bool // not sent yet
	Files []pronote.Attachment

	id    int // 0 until it is sent
	at    pronote.DateTime
	style style

	text, html string
}

func (*Discussion) domain() string { return "discussions" }

func (d *Discussion) enter(id int, _ pronote.DateTime) {
	d.id = id
	d.Role = cmp.Or(d.Role, "Professeur")
	d.To = cmp.Or(d.To, pronote.KindParent)
	d.Kind = cmp.Or(d.Kind, "discussion")
	d.Messages = slices.Clone(d.Messages)
}

// perDiscussion is more than the messages of any: their numbers are made of its
// own.
const perDiscussion = 10_000

// DiscussionOf is the number of the discussion that a message belongs to.
func DiscussionOf(message int) int { return message / perDiscussion }

// settle sends the messages that are new. Seconds tell apart what is sent in the
// same minute, as far as they go.
func (d *Discussion) settle(s *School) {
	for i := range d.Messages {
		if m := &d.Messages[i]; m.id == 0 {
			d.last++
			m.id, m.at = perDiscussion*d.id+d.last, s.now
			m.at.Second = (7*d.id + d.last) % 60
			if m.text = plainText(m.Text); m.style != bare {
				m.html = htmlText(m.Text, m.style)
			}
		}
	}
}

// discussion is the row on one page. A pupil other than that of the student
// account has a page of which nothing is known.
func (d *Discussion) discussion(s *School, viewer Viewer, pupil string) (row pronote.Discussion, shown bool) {
	if d.To != viewer || viewer == pronote.KindStudent && pupil != s.Pupil() {
		return row, false
	}
	row = pronote.Discussion{
		Subject: d.Subject, Public: d.With, People: 2, Kind: d.Kind, Closed: d.Closed, CanReply: !d.Closed, Opened: true,
	}
	if !d.Own {
		row.Creator = d.With
	}
	if d.Trashed {
		row.Labels = []string{"trash"}
	}
	for _, m := range d.messages() {
		row.Messages = append(row.Messages, m.Value)
		if !m.Value.Read {
			row.Unread++
		}
	}
	row.Count = len(row.Messages)
	if row.Count > 0 {
		row.LastAt, row.StartedAt = row.Messages[0].SentAt, row.Messages[row.Count-1].SentAt
	}
	return row, true
}

// messages are those that were sent, newest first.
func (d *Discussion) messages() []Row[pronote.Message] {
	var rows []Row[pronote.Message]
	for _, m := range d.Messages {
		if m.Draft {
			continue
		}
		row := pronote.Message{
			SentAt: m.at, Author: d.With, Role: d.Role, Recipient: "Moi", People: 1,
			Own: m.Own, Read: m.Read || m.Own, Aside: m.Aside, Content: m.text, HTML: m.html, Attachments: documents(m.Files),
		}
		if m.Own {
			row.Author, row.Role, row.Recipient = "Moi", "", d.With
		}
		rows = append(rows, Row[pronote.Message]{m.id, row})
	}
	slices.Reverse(rows)
	return rows
}

// newest is when the last message was sent.
func (d *Discussion) newest() (at pronote.DateTime) {
	for _, m := range d.Messages {
		if !m.Draft {
			at = m.at
		}
	}
	return at
}

func (d *Discussion) facts(s *School, viewer Viewer, pupil string) []fact {
	row, shown := d.discussion(s, viewer, pupil)
	if !shown {
		return nil
	}
	return []fact{
		{"subject", row.Subject}, {"participants", row.Public}, {"labels", strings.Join(row.Labels, ", ")}, {"message_count", row.Count},
		{"unread", row.Unread}, {"closed", row.Closed}, {"last_message_at", row.LastAt},
	}
}

// ReadDiscussion is the person of the account who reads all messages of a
// discussion.
func ReadDiscussion(discussion int) Change {
	return Amend(discussion, func(d *Discussion) {
		for i := range d.Messages {
			d.Messages[i].Read = true
		}
	})
}

// Reply is a further message of a discussion.
func Reply(discussion int, m Message) Change {
	return Amend(discussion, func(d *Discussion) { d.Messages = append(slices.Clip(d.Messages), m) })
}
