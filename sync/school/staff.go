package school

import (
	"context"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// staff is kept, and told to nobody: who teaches a child is said by the school.
var staff = domain{
	Domain: psync.Domain{
		Name:     "staff",
		Schedule: "50 7 * * 1",
		Tables:   []db.View{db.Staff.Listed()},
	},
	read: func(ctx context.Context, v *visit) ([]mirror.Snapshot, error) {
		people, err := v.session.Staff(ctx, v.student)
		if err != nil {
			return nil, err
		}
		return []mirror.Snapshot{staffSnapshot{mirror.ListOf(db.Staff, staffMatcher, v.owner, db.Span{}, people)}}, nil
	},
}

var staffMatcher = mirror.Matcher[pronote.Colleague]{
	Identities: []func(pronote.Colleague) string{
		func(c pronote.Colleague) string { return mirror.Identity(c.Name, c.Role) },
	},
}

type staffSnapshot struct{ mirror.List[pronote.Colleague] }

func (s staffSnapshot) Store(ctx context.Context, tx *db.Tx, at pronote.DateTime) (mirror.Outcome, error) {
	_, o, err := s.List.Store(ctx, tx, at)
	return o, err
}
