package school

import (
	"context"
	"errors"
	"strconv"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// Opening says which notices may be opened where that counts as reading.
type Opening string

// The two policies.
const (
	OpenRead   Opening = "read"   // only those that a person has read
	OpenAlways Opening = "always" // all, which marks them as read
)

// maxOpened bounds the notices opened in one poll; the next goes on.
const maxOpened = 20

// infos reads the list for each pupil. A notice addressed to a pupil is the
// pupil's; the others are the account's, and known once all pupils were read.
var infos = domain{
	Domain: psync.Domain{
		Name:     "infos",
		Schedule: "20 7-22 * * *",
		Tables:   []db.View{db.Infos.Listed(), db.Questions.Listed()},
		Events:   []string{"info.new", "info.changed", "survey.new"},
		Files:    []string{db.Infos.Name},
	},
	read: func(ctx context.Context, v *visit) ([]mirror.Snapshot, error) {
		if v.first {
			v.household.begin()
		}
		all, err := v.session.Infos(ctx, v.student)
		if err == nil {
			err = openInfos(ctx, v, all)
		}
		var snapshots []mirror.Snapshot
		switch {
		case errors.Is(err, pronote.ErrUnchanged):
		case errors.Is(err, pronote.ErrNotAvailable):
			v.household.leaveOut(v.number)
		case err != nil:
			return nil, err
		default:
			own, shared := v.divide(all)
			v.household.enter(v.number, shared)
			snapshots = append(snapshots, infoSnapshot{mirror.ListOf(db.Infos, infoMatcher, v.owner, db.Span{}, own)})
		}
		if v.holder != v.owner && v.household.seen(v.number) {
			all, known := v.household.together()
			shared := mirror.ListOf(db.Infos, infoMatcher, v.holder, db.Span{}, all)
			shared.Known = known
			snapshots = append(snapshots, infoSnapshot{shared})
		}
		return snapshots, err
	},
}

// divide tells what is addressed to the pupil from what is addressed to no pupil,
// which is a parent's.
func (v *visit) divide(all []pronote.Info) (own, shared []pronote.Info) {
	if v.holder == v.owner {
		return all, nil
	}
	for _, info := range all {
		if info.Recipient == v.student.Name {
			own = append(own, info)
		} else if !v.sibling(info.Recipient) {
			shared = append(shared, info)
		}
	}
	return own, shared
}

// sibling reports whether a name is that of another pupil of the account.
func (v *visit) sibling(name string) bool {
	for _, s := range v.session.Students() {
		if s.Name == name && name != v.student.Name {
			return true
		}
	}
	return false
}

// openInfos asks for the contents that the mirror lacks and the policy allows.
func openInfos(ctx context.Context, v *visit, all []pronote.Info) error {
	var known map[string]pronote.Info
	asked := 0
	for i := range all {
		info := &all[i]
		v.household.open(info)
		if info.Opened || asked == maxOpened || !info.Read && v.opening != OpenAlways || v.sibling(info.Recipient) {
			continue
		}
		if known == nil {
			var err error
			if known, err = openedInfos(ctx, v); err != nil {
				return err
			}
		}
		if before, has := known[infoMatcher.Identities[0](*info)]; has && before.Answered == info.Answered {
			continue // nothing was answered since
		}
		asked++
		if err := v.session.OpenInfo(ctx, v.student, info); err != nil && !errors.Is(err, pronote.ErrStale) {
			return err
		}
	}
	return nil
}

// openedInfos are those whose content the mirror has, by identity.
func openedInfos(ctx context.Context, v *visit) (map[string]pronote.Info, error) {
	known := map[string]pronote.Info{}
	err := v.store.View(ctx, func(tx *db.Tx) error {
		for _, owner := range []db.Owner{v.owner, v.holder} {
			rows, err := db.Infos.Load(ctx, tx, owner.Student, db.Span{})
			if err != nil {
				return err
			}
			for _, row := range rows {
				lacks := false
				if v.restore["infos"] {
					if lacks, err = lacksFiles(ctx, tx, row.ID); err != nil {
						return err
					}
				}
				if row.Value.Opened && !lacks {
					known[infoMatcher.Identities[0](row.Value)] = row.Value
				}
			}
		}
		return nil
	})
	return known, err
}

// lacksFiles reports whether a notice has a file that was not downloaded. Only a
// session that has opened the notice can download it.
func lacksFiles(ctx context.Context, tx *db.Tx, info int64) (bool, error) {
	attachments, err := db.Attachments.LoadParts(ctx, tx, []int64{info})
	for _, a := range attachments {
		if a.Value.Value.Kind != "file" {
			continue
		}
		if kept, err := tx.KeptFile(ctx, a.ID); err != nil || kept.Path == "" {
			return err == nil, err
		}
	}
	return false, err
}

var infoMatcher = mirror.Matcher[pronote.Info]{
	Identities: []func(pronote.Info) string{
		func(i pronote.Info) string {
			return mirror.Identity(i.PublishedAt.String(), i.Author, i.Title, i.Recipient)
		},
		func(i pronote.Info) string { return mirror.Identity(i.PublishedAt.String(), i.Author) },
	},
	// Among items that one person published in the same second, the title or the
	// content tells which was edited. The second itself never changes, and the same
	// title every week is another item every week.
	Group: func(i pronote.Info) string { return mirror.Identity(i.PublishedAt.String(), i.Author) },
	Alike: func(a, b pronote.Info) int {
		return 1 + mirror.Overlap(a.Title, b.Title) + mirror.Overlap(a.Content, b.Content)
	},
	// A list without contents does not unsay what was opened before.
	Keep: func(old pronote.Info, seen *pronote.Info) {
		if !seen.Opened && old.Opened {
			seen.Opened, seen.Content, seen.HTML = true, old.Content, old.HTML
		}
	},
}

// questionMatcher compares questions of one survey.
var questionMatcher = mirror.Matcher[pronote.Question]{
	Identities: []func(pronote.Question) string{
		func(q pronote.Question) string { return mirror.Identity(q.Kind, q.Title, q.Content) },
		func(q pronote.Question) string { return mirror.Identity(strconv.Itoa(q.Position)) },
	},
}

type infoSnapshot struct{ mirror.List[pronote.Info] }

func (s infoSnapshot) Store(ctx context.Context, tx *db.Tx, at pronote.DateTime) (mirror.Outcome, error) {
	files := mirror.AttachmentsOf(func(i pronote.Info) mirror.Attached {
		return mirror.Attached{List: i.Attachments, Day: i.PublishedAt.Date}
	})
	s.Children = []mirror.Child[pronote.Info]{
		files,
		&mirror.Parts[pronote.Info, pronote.Question]{
			Of: func(i pronote.Info) []pronote.Question { return i.Questions }, Table: db.Questions, Matcher: questionMatcher,
		},
	}
	changes, o, err := s.List.Store(ctx, tx, at)
	if err != nil {
		return o, err
	}
	parts := mirror.PartsOf(db.Attachments, files.News)
	for _, c := range s.withFiles(changes, parts) {
		t := mirror.TellingOf(db.Infos, c)
		t.Parts = parts[c.Item]
		opened := c.Kind == mirror.Changed && !c.Old.Opened && c.New.Content != ""
		if opened {
			if opened, err = tx.WasNews(ctx, c.Item); err != nil {
				return o, err
			}
		}
		switch {
		case c.Kind == mirror.Added && c.New.Survey:
			o.Events = append(o.Events, t.Complete(db.Event{Kind: "survey.new", Over: offTheBoard(c.New, at)}, s.Owner))
		case c.Kind == mirror.Added:
			o.Events = append(o.Events, t.Complete(db.Event{Kind: "info.new", Over: offTheBoard(c.New, at)}, s.Owner))
		case c.Kind == mirror.Changed && (opened || t.Touches([]string{"title"}) || c.Old.Opened && (c.Old.Content != c.New.Content || t.Parts != nil)):
			o.Events = append(o.Events, t.Complete(db.Event{Kind: "info.changed", Over: offTheBoard(c.New, at), Minor: minorInfo(t)}, s.Owner))
		}
	}
	return o, nil
}

// withFiles adds to some changes the notices of which only the files changed.
func (s infoSnapshot) withFiles(changes []mirror.Change[pronote.Info], parts map[int64][]mirror.Part) []mirror.Change[pronote.Info] {
	changed := map[int64]bool{}
	for _, c := range changes {
		changed[c.Item] = true
	}
	for i, item := range s.Items {
		if row := s.Rows[i]; parts[item] != nil && !changed[item] {
			changes = append(changes, mirror.Change[pronote.Info]{Kind: mirror.Changed, Item: item, Old: row, New: row, At: i})
		}
	}
	return changes
}

// offTheBoard is when PRONOTE no longer shows a notice, zero where it does not say, or
// shows it all the same.
func offTheBoard(i pronote.Info, at pronote.DateTime) pronote.DateTime {
	if i.EndsOn.Compare(at.Date) < 0 {
		return pronote.DateTime{}
	}
	return pronote.DateTime{Date: i.EndsOn.AddDays(1)}
}

// minorInfo is why a change of a notice is hardly worth a message. One of its title
// that is no mere call for attention is worth one.
func minorInfo(t mirror.Telling) string {
	told := []string{"title", "content"}
	if t.Only(told, "title") && t.Like("title", mirror.Prefixed) {
		return db.MinorPrefix
	}
	return t.Minor(told, told...)
}
