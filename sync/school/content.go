package school

import (
	"context"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// contents reads what was done in some weeks up to this one, when teachers still
// write it down, and the whole year now and then. It is no news: nobody is told.
var contents = domain{
	Domain: psync.Domain{
		Name:     "contents",
		Schedule: "50 12,18 * * *",
		Tables:   []db.View{db.Contents.Listed()},
		Files:    []string{db.Contents.Name},
	},
	read: func(ctx context.Context, v *visit) ([]mirror.Snapshot, error) {
		school := v.session.School()
		to := v.today.Monday().AddDays(6)
		from := to.AddDays(1 - 7*v.spans.Contents)
		if from.Compare(school.Starts) < 0 || v.seldom(db.DaySpan(school.Starts, school.Ends)) {
			from = school.Starts
		}
		if from.Compare(to) > 0 || from.Compare(school.Ends) > 0 {
			return nil, nil // the year has not begun, or is over
		}
		contents, err := v.session.Contents(ctx, v.student, from, to)
		if err != nil {
			return nil, err
		}
		return []mirror.Snapshot{contentSnapshot{mirror.ListOf(db.Contents, contentMatcher, v.owner, db.DaySpan(from, to), contents)}}, nil
	},
}

var contentMatcher = mirror.Matcher[pronote.Content]{
	Identities: []func(pronote.Content) string{
		func(c pronote.Content) string {
			return mirror.Identity(c.Starts.String(), c.Subject, c.Title, c.Description)
		},
		func(c pronote.Content) string { return mirror.Identity(c.Starts.String(), c.Subject, c.Description) },
		func(c pronote.Content) string { return mirror.Identity(c.Starts.String(), c.Subject, c.Title) },
	},
	Group: func(c pronote.Content) string { return mirror.Identity(c.Starts.String(), c.Subject) },
	// Another part of a lesson shares next to nothing with the first.
	Alike: func(a, b pronote.Content) int {
		return mirror.Overlap(a.Title+" "+a.Description, b.Title+" "+b.Description) - 40
	},
	Keep: func(old pronote.Content, seen *pronote.Content) {
		if seen.Attachments == nil { // the answer did not have them
			seen.Attachments = old.Attachments
		}
	},
}

type contentSnapshot struct{ mirror.List[pronote.Content] }

func (s contentSnapshot) Store(ctx context.Context, tx *db.Tx, at pronote.DateTime) (mirror.Outcome, error) {
	mirror.ConsistsOf(&s.List, func(c *pronote.Content) *[]pronote.Attachment { return &c.Attachments }, db.Attachments)
	s.Children = []mirror.Child[pronote.Content]{mirror.AttachmentsOf(func(c pronote.Content) mirror.Attached {
		return mirror.Attached{List: c.Attachments, Subject: c.Subject, Day: c.Starts.Date}
	})}
	_, o, err := s.List.Store(ctx, tx, at)
	return o, err
}
