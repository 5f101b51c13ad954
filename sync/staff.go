package sync

import (
	"context"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
)

// staff is kept, and told to nobody: who teaches a child is said by the school.
var staff = Domain{
	Name:     "staff",
	Schedule: "50 7 * * 1",
	Tables:   []string{db.Staff.Name},
	read: func(ctx context.Context, v *visit) ([]snapshot, error) {
		people, err := v.session.Staff(ctx, v.student)
		if err != nil {
			return nil, err
		}
		return []snapshot{staffSnapshot{listOf(db.Staff, staffMatcher, v.owner, db.Span{}, people)}}, nil
	},
}

var staffMatcher = Matcher[pronote.Colleague]{
	Identities: []func(pronote.Colleague) string{
		func(c pronote.Colleague) string { return identity(c.Name, c.Role) },
	},
}

type staffSnapshot struct{ list[pronote.Colleague] }

func (s staffSnapshot) store(ctx context.Context, tx *db.Tx, at pronote.DateTime) (outcome, error) {
	_, o, err := s.list.store(ctx, tx, at)
	return o, err
}
