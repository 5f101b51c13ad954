package db

import "github.com/pronote-sync/pronote-sync/pronote"

// DiscussionsView lists discussions.
var DiscussionsView = View{
	Name:  "discussions",
	About: "Discussions, the one with the last message first",
	None:  "There are no discussions",
	Shown: "last_message_at participants message_count unread subject",
	when:  "last_message_at",
	order: "last_message_at DESC, uid",
}

// Discussions keeps discussions. Their messages are apart.
var Discussions = Table[pronote.Discussion]{
	Name: "discussions",
	View: DiscussionsView,
	Columns: []string{
		"subject", "creator", "participants", "people", "kind", "labels", "message_count", "unread", "closed", "can_reply",
		"started_at", "last_message_at",
	},
	Fields: func(d *pronote.Discussion) []any {
		return []any{
			&d.Subject, &d.Creator, &d.Public, (*count)(&d.People), &d.Kind, (*names)(&d.Labels), &d.Count, &d.Unread,
			&d.Closed, &d.CanReply, (*instant)(&d.StartedAt), (*instant)(&d.LastAt),
		}
	},
}

// MessagesView lists messages of all discussions.
var MessagesView = View{
	Name:  "messages",
	About: "The messages of all discussions, newest first",
	None:  "There are no messages",
	Shown: "sent_at author recipient read content",
	when:  "sent_at",
	order: "sent_at DESC, uid",
}

// Messages keeps the messages of discussions.
var Messages = parts("messages", "discussion_id",
	[]string{"sent_at", "author", "role", "recipient", "people", "own", "read", "aside", "content", "content_html"},
	func(m *pronote.Message) []any {
		return []any{
			(*instant)(&m.SentAt), &m.Author, &m.Role, &m.Recipient, (*count)(&m.People), &m.Own, &m.Read, &m.Aside,
			&m.Content, (*text)(&m.HTML),
		}
	}).listedAs(MessagesView)
