package school

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// maxTalks bounds the discussions opened in one poll; the next goes on.
const maxTalks = 30

// oldNews is the age in days at which a message is no news any more: somebody
// was let into a discussion that is older.
const oldNews = 30

// discussions reads the list in one request for the whole account, and the
// messages of those that have moved since. Opening a discussion leaves its
// messages unread.
var discussions = domain{
	Domain: psync.Domain{
		Name:     "discussions",
		Schedule: "20 7-22 * * *",
		Tables:   []db.View{db.Discussions.Listed(), db.Messages.Listed()},
		Events:   []string{"message.new"},
		Files:    []string{db.Messages.Name},
	},
	read: func(ctx context.Context, v *visit) ([]mirror.Snapshot, error) {
		if !v.first {
			return nil, nil // they are the account's, and were read with the first pupil
		}
		listed, err := v.session.Discussions(ctx, v.today)
		if err != nil {
			return nil, err
		}
		rows, begun, err := mirroredDiscussions(ctx, v)
		if err != nil {
			return nil, err
		}
		seen, err := openDiscussions(ctx, v, rows, listed, begun)
		if seen == nil {
			return nil, err
		}
		return []mirror.Snapshot{&discussionSnapshot{mirror.ListOf(db.Discussions, discussionMatcher, v.holder, db.Span{}, seen)}}, err
	},
}

// mirroredDiscussions are what the mirror has, and whether it has looked at any
// before.
func mirroredDiscussions(ctx context.Context, v *visit) (rows []db.Row[pronote.Discussion], begun bool, err error) {
	err = v.store.View(ctx, func(tx *db.Tx) error {
		spans, err := tx.Coverage(ctx, v.holder.Student, db.Discussions.Name)
		if err != nil {
			return err
		}
		begun = len(spans) > 0
		rows, err = db.Discussions.Load(ctx, tx, v.holder.Student, db.Span{})
		return err
	})
	return rows, begun, err
}

// openDiscussions completes a list: with what the mirror knows of a discussion
// that has not moved, with the messages of one that has. A discussion that cannot
// be opened now stays as the mirror has it, so that the next poll tries again; a
// new one is left out until then, or its messages would never be news. The error
// is about those that could not be read.
func openDiscussions(ctx context.Context, v *visit, rows []db.Row[pronote.Discussion], listed []pronote.Discussion, begun bool) ([]pronote.Discussion, error) {
	matcher := discussionMatcher
	matcher.Key = db.Discussions.Key
	_, items := mirror.Diff(rows, listed, matcher)
	known := map[int64]pronote.Discussion{}
	for _, row := range rows {
		known[row.ID] = row.Value
	}
	moved := movedTopics(known, listed)
	seen := make([]pronote.Discussion, 0, len(listed))
	var unread error
	opened := 0
	for i, d := range listed {
		before, has := known[items[i]]
		if opened < maxTalks && (moved[topic(d)] || v.doubtful(before, d) || v.restore["messages"]) {
			opened++
			switch err := v.session.OpenDiscussion(ctx, &d); {
			case err == nil:
			case errors.Is(err, pronote.ErrUnreadable):
				unread = err
			case !errors.Is(err, pronote.ErrStale):
				return nil, err
			}
		}
		switch {
		case d.Opened:
		case has && moved[topic(d)]:
			d = before
		case has:
			d.StartedAt, d.LastAt = before.StartedAt, before.LastAt
		case begun:
			continue
		}
		seen = append(seen, d)
	}
	return seen, unread
}

func topic(d pronote.Discussion) string { return mirror.Identity(d.Creator, d.Subject) }

// movedTopics are those whose entries in the list differ from the mirror. Where
// two discussions have one subject, the list does not tell which of them has
// moved.
func movedTopics(known map[int64]pronote.Discussion, listed []pronote.Discussion) map[string]bool {
	balance := map[string]int{}
	topics := map[string]string{}
	weigh := func(d pronote.Discussion, weight int) {
		says := listedKey(d)
		topics[says] = topic(d)
		balance[says] += weight
	}
	for _, d := range known {
		weigh(d, -1)
	}
	for _, d := range listed {
		weigh(d, 1)
	}
	moved := map[string]bool{}
	for says, weight := range balance {
		if weight != 0 {
			moved[topics[says]] = true
		}
	}
	return moved
}

// listedKey is equal for discussions that the list describes alike, apart from the
// time, which it states less and less exactly.
func listedKey(d pronote.Discussion) string {
	d.StartedAt, d.LastAt = pronote.DateTime{}, pronote.DateTime{}
	return db.Discussions.Key(&d)
}

// doubtful reports whether a discussion that the list describes as before may have
// moved all the same: because it was never opened, or because the list dates the
// last message later. Once in a while is enough to make sure.
func (v *visit) doubtful(before, d pronote.Discussion) bool {
	if !before.StartedAt.IsZero() && !isLater(d.LastAt, before.LastAt) {
		return false
	}
	return v.due(db.Span{Low: "discussion " + mirror.Identity(topic(before), before.StartedAt.String()), High: d.LastAt.String()})
}

// isLater reports whether a time of the list, which is to the minute or to the day
// with a clock of 0:00, is after an exact one.
func isLater(listed, exact pronote.DateTime) bool {
	if listed.Hour == 0 && listed.Minute == 0 {
		return listed.Date.Compare(exact.Date) > 0
	}
	exact.Second = 0
	return listed.Compare(exact) > 0
}

// discussionMatcher knows an opened discussion by the second in which it began,
// which never changes. The list does not say when that was, and neither does the
// mirror before it was opened: then likeness decides.
var discussionMatcher = mirror.Matcher[pronote.Discussion]{
	Identities: []func(pronote.Discussion) string{
		func(d pronote.Discussion) string { return mirror.Identity(d.Creator, d.StartedAt.String(), d.Subject) },
		func(d pronote.Discussion) string { return mirror.Identity(d.Creator, d.StartedAt.String()) },
	},
	Group: func(d pronote.Discussion) string { return d.Creator },
	Alike: func(a, b pronote.Discussion) int {
		if !a.StartedAt.IsZero() && !b.StartedAt.IsZero() {
			return 0
		}
		score := 1
		for _, same := range []struct {
			yes    bool
			weight int
		}{
			{a.Subject == b.Subject, 16},
			{listedKey(a) == listedKey(b), 8},
			{!isLater(b.LastAt, a.LastAt) && a.LastAt.Date == b.LastAt.Date, 4},
			{a.Count == b.Count, 2},
			{a.Public == b.Public, 1},
		} {
			if same.yes {
				score += same.weight
			}
		}
		return score
	},
}

// messageMatcher compares messages of one discussion. Nobody can edit one that
// was sent.
var messageMatcher = mirror.Matcher[pronote.Message]{
	Identities: []func(pronote.Message) string{
		func(m pronote.Message) string { return mirror.Identity(m.SentAt.String(), m.Author, m.Content) },
		func(m pronote.Message) string { return mirror.Identity(m.SentAt.String(), m.Author) },
	},
}

type discussionSnapshot struct {
	mirror.List[pronote.Discussion]
}

func (s *discussionSnapshot) Store(ctx context.Context, tx *db.Tx, at pronote.DateTime) (mirror.Outcome, error) {
	enclosed := mirror.AttachmentsOf(func(m db.Part[pronote.Message]) mirror.Attached {
		return mirror.Attached{List: m.Value.Attachments, Day: m.Value.SentAt.Date}
	})
	messages := &mirror.Parts[pronote.Discussion, pronote.Message]{
		Of: func(d pronote.Discussion) []pronote.Message { return d.Messages }, Table: db.Messages, Matcher: messageMatcher,
		Exact:    true, // the client has counted them
		Children: []mirror.Child[db.Part[pronote.Message]]{enclosed},
	}
	s.Children = []mirror.Child[pronote.Discussion]{messages}
	changes, o, err := s.StoreRows(ctx, tx, at)
	if err != nil {
		return o, err
	}
	s.overlook(changes)
	if err := s.StoreChildren(ctx, tx, at, &o); err != nil {
		return o, err
	}
	o.Events = s.tell(messages.News, enclosed.Told(), at)
	return o, nil
}

// overlook sees to it that the messages of discussions that were in the mirror
// and are opened for the first time are no news.
func (s *discussionSnapshot) overlook(changes []mirror.Change[pronote.Discussion]) {
	first := map[string]bool{}
	name := s.Matcher.Identities[0]
	for _, c := range changes {
		if c.Kind == mirror.Changed && c.Old.StartedAt.IsZero() {
			first[name(c.New)] = true
		}
	}
	fresh := s.Fresh
	s.Fresh = func(d pronote.Discussion) bool { return fresh(d) && !first[name(d)] }
}

// tell makes events of messages, the oldest first. A message that a person wrote
// or has thrown away is no news to that person.
func (s *discussionSnapshot) tell(messages []mirror.Change[db.Part[pronote.Message]], enclosed map[int64][]mirror.Part, at pronote.DateTime) (events []db.Event) {
	of := map[int64]pronote.Discussion{}
	for i, item := range s.Items {
		of[item] = s.Rows[i]
	}
	slices.SortStableFunc(messages, func(a, b mirror.Change[db.Part[pronote.Message]]) int {
		return a.New.Value.SentAt.Compare(b.New.Value.SentAt)
	})
	for _, c := range messages {
		m, d := c.New.Value, of[c.New.Of]
		old := m.SentAt.Date.Compare(at.AddDays(-oldNews)) < 0
		if c.Kind != mirror.Added || m.Own || old || slices.Contains(d.Labels, "trash") {
			continue
		}
		t := mirror.TellingOf(db.Messages, c)
		t.Parts = enclosed[c.Item]
		t.Of = db.Discussions.JSON(d, "subject", "participants", "kind")
		cause := "discussion " + strconv.FormatInt(c.New.Of, 10)
		events = append(events, t.Complete(db.Event{Kind: "message.new", Cause: cause}, s.Owner))
	}
	return events
}
