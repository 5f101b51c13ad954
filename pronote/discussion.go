package pronote

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// A Discussion is an exchange of messages between people of the school.
type Discussion struct {
	Subject  string
	Creator  string // who began it; "" for the account's own person
	Public   string // who takes part, as PRONOTE sums it up: "Mme FABRE O."
	People   int    // how many take part; 0 when not stated
	Kind     string // "discussion", "school_life", "conversation", "alert", "harassment" or "other"
	Labels   []string
	Count    int // of messages
	Unread   int // of messages
	Closed   bool
	CanReply bool

	// StartedAt is when the first message was sent, zero until the discussion is
	// opened. LastAt is when the last one was: before that to the minute, or to
	// the day with a clock of 0:00:00, as the list says it.
	StartedAt DateTime
	LastAt    DateTime

	Opened   bool      // whether Messages is known
	Messages []Message // in PRONOTE's order

	possessions []wire.Possession // what a request for the messages must repeat
}

// A Message is one message of a discussion.
type Message struct {
	SentAt    DateTime
	Author    string // as PRONOTE shows it: "Mme FABRE O.", "Moi"
	Role      string // what the author is, as the school calls it: "Professeur"
	Recipient string // as PRONOTE sums them up
	People    int    // how many it was sent to; 0 when not stated
	Own       bool   // the account's own person wrote it
	Read      bool
	Aside     bool   // not shown to all who take part
	Content   string // plain text
	HTML      string // as the author wrote it, untrusted; "" where that was plain text

	Attachments []Attachment // nil where the answer lacks the list
}

// MaxMessages bounds the messages of one discussion that are read.
const MaxMessages = 5000

// maxPages bounds the requests for the messages of one discussion. Every server
// known so far gives all of them at once.
const maxPages = 20

const (
	functionDiscussions = "ListeMessagerie"
	functionMessages    = "ListeMessages"
)

var (
	discussionKinds = map[int]string{0: "discussion", 1: "school_life", 2: "conversation", 3: "alert", 4: "harassment"}
	labels          = map[int]string{
		1: "inbox", 2: "archive", 3: "sent", 4: "drafts", 5: "trash", 6: "reported", 7: "blue", 8: "green", 9: "red", 10: "liaison",
		11: "alert", 12: "school_life", 13: "conversation", 14: "hidden", 15: "harassment", 16: "shown",
	}
)

// Discussions returns those of the account, in PRONOTE's order, without their
// messages. They belong to the person who logged in: the children of a parent
// have none of their own. The day is today's at the school, for PRONOTE dates
// the last message as people speak: "lundi 15h50".
func (s *Session) Discussions(ctx context.Context, today Date) ([]Discussion, error) {
	answer, err := s.requestNew(ctx, Call{
		Function: functionDiscussions, Tab: TabDiscussions,
		Data: map[string]any{"avecMessage": true, "avecLu": true, "possessionMessageDiscussionUnique": nil},
	}, today)
	if err != nil {
		return nil, err
	}
	return decodeDiscussions(answer.Data, today)
}

// OpenDiscussion asks for the messages of a discussion that Discussions of this
// session returned, and fills them in. They stay unread if they were. Drafts are
// left out, and of a discussion of more than MaxMessages those beyond. The next
// list is read whether it is unchanged or not.
func (s *Session) OpenDiscussion(ctx context.Context, d *Discussion) error {
	s.answers.drop(functionDiscussions)
	var got []wire.Message
	known := map[wire.Text]bool{}
	for range maxPages {
		answer, err := s.Request(ctx, Call{
			Function: functionMessages, Tab: TabDiscussions,
			Data: map[string]any{"listePossessionsMessages": d.possessions, "marquerCommeLu": false, "nbMessagesVus": len(got)},
		})
		if err != nil {
			return err
		}
		page, total, err := decodeMessages(answer.Data)
		if err != nil {
			return err
		}
		before := len(got)
		for _, m := range page {
			if m.Number == "" || !known[m.Number] {
				known[m.Number] = true
				got = append(got, m)
			}
		}
		if len(got) >= min(total, MaxMessages) {
			d.fill(got[:min(len(got), MaxMessages)])
			return nil
		}
		if len(got) == before {
			break
		}
	}
	return unreadable(functionMessages, errors.New("fewer messages than there are"))
}

func decodeDiscussions(data []byte, today Date) ([]Discussion, error) {
	var w wire.Messagerie
	if err := json.Unmarshal(data, &w); err != nil {
		return nil, unreadable(functionDiscussions, err)
	}
	if !w.ListeMessagerie.Present {
		return nil, unreadable(functionDiscussions, errors.New("no list of discussions"))
	}
	named := map[wire.Text]string{}
	for _, e := range w.ListeEtiquettes.Items {
		name := labels[int(e.Genre.Value)]
		if name == "" {
			name = label(e.Label) // one of the user's own
		}
		named[e.Number] = name
	}
	rows := w.ListeMessagerie.Items
	discussions := make([]Discussion, 0, len(rows))
	for _, row := range rows {
		if !row.EstUneDiscussion {
			continue // a message, which its discussion has
		}
		d := discussionOf(row, today)
		for _, e := range row.ListeEtiquettes.Items {
			if name := named[e.Number]; name != "" {
				d.Labels = append(d.Labels, name)
			}
		}
		slices.Sort(d.Labels)
		if parent := row.IndicePere; d.Subject == "" && parent.Known && parent.Value >= 0 && int(parent.Value) < len(rows) {
			d.Subject = label(rows[int(parent.Value)].Objet)
		}
		discussions = append(discussions, d)
	}
	return discussions, nil
}

func discussionOf(row wire.LigneMessagerie, today Date) Discussion {
	kind := discussionKinds[int(row.GenreDiscussion.Value)]
	if kind == "" {
		kind = "other"
	}
	return Discussion{
		Subject: label(row.Objet), Creator: label(row.Initiateur), Public: label(row.Public),
		People: max(0, int(row.NbPublic)), Kind: kind, Count: max(0, int(row.NombreMessages)), Unread: max(0, int(row.NbNonLus)),
		Closed: bool(row.Ferme), CanReply: bool(row.AvecReponse), LastAt: parseSpoken(label(row.LibelleDate), today),
		possessions: row.ListePossessionsMessages.Items,
	}
}

func decodeMessages(data []byte) (messages []wire.Message, total int, err error) {
	var w wire.Messages
	if err := json.Unmarshal(data, &w); err != nil {
		return nil, 0, unreadable(functionMessages, err)
	}
	if !w.ListeMessages.Present {
		return nil, 0, unreadable(functionMessages, errors.New("no list of messages"))
	}
	return w.ListeMessages.Items, int(w.NbPossessionsMessage.Value), nil
}

// fill adds the messages, and from them the exact times of the first and the last.
func (d *Discussion) fill(messages []wire.Message) {
	d.Opened, d.Messages = true, make([]Message, 0, len(messages))
	var first, last DateTime
	for _, m := range messages {
		if m.Brouillon {
			continue
		}
		message := messageOf(m)
		d.Messages = append(d.Messages, message)
		if at := message.SentAt; !at.IsZero() {
			if first.IsZero() || at.Compare(first) < 0 {
				first = at
			}
			if at.Compare(last) > 0 {
				last = at
			}
		}
	}
	if !first.IsZero() {
		d.StartedAt, d.LastAt = first, last
	}
}

func messageOf(m wire.Message) Message {
	message := Message{
		SentAt: dateTimeOf(m.Date), Author: label(m.PublicGauche), Role: label(m.HintGauche), Recipient: label(m.PublicDroite),
		People: max(0, int(m.NbPublic)), Own: bool(m.Emetteur), Read: bool(m.Lu), Aside: bool(m.EstUnAparte),
		Attachments: attachmentsOf(m.ListeDocumentsJoints),
	}
	if m.EstHTML {
		message.HTML, message.Content = string(m.Contenu), textOf(string(m.Contenu))
	} else {
		message.Content = tidy(string(m.Contenu))
	}
	return message
}
