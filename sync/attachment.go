package sync

import (
	"context"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
)

// attached is what hangs on a row, with what tells people where it belongs.
type attached struct {
	list    []pronote.Attachment // nil where the answer does not say
	subject string               // "" where the row has none
	day     pronote.Date
}

// A listedFile is a file that a poll has seen and could download.
type listedFile struct {
	item    int64 // of the attachment
	file    pronote.Attachment
	domain  string // of what it hangs on
	student string // "" for what is addressed to the parents
	attached
}

// attachmentMatcher knows the attachments of one row by what they are. A file of
// another name is another file.
var attachmentMatcher = Matcher[pronote.Attachment]{
	Identities: []func(pronote.Attachment) string{
		func(a pronote.Attachment) string { return identity(a.Role, a.Kind, a.Name, a.URL) },
		func(a pronote.Attachment) string { return identity(a.Role, a.Kind, a.Name) },
	},
}

// storeAttachments stores what hangs on the rows of a list, once the list itself
// is stored. The outcome has the files that were seen, and counts what was
// written as other things than rows of the domain.
func storeAttachments[T any](ctx context.Context, tx *db.Tx, at pronote.DateTime, whole *list[T], of func(T) attached) ([]Change[db.Part[pronote.Attachment]], outcome, error) {
	exact := whole.partsExact
	whole.partsExact = true // a row either says what hangs on it or does not
	defer func() { whole.partsExact = exact }()
	parts, news, o, err := storePartList(ctx, tx, at, whole, func(v T) []pronote.Attachment { return of(v).list }, db.Attachments, attachmentMatcher)
	if err != nil {
		return nil, o, err
	}
	from := map[int64]attached{}
	for i, item := range whole.items {
		from[item] = of(whole.rows[i])
	}
	for i, part := range parts.rows {
		if part.Value.Downloadable() {
			o.files = append(o.files, listedFile{parts.items[i], part.Value, whole.table.Name, whole.owner.StudentName, from[part.Of]})
		}
	}
	o.others, o.added, o.changed, o.removed = o.added+o.changed+o.removed, 0, 0, 0
	return news, o, nil
}

// toldAttachments leaves out what the pupil handed in, who knows of it.
func toldAttachments(changes []Change[db.Part[pronote.Attachment]]) (told []Change[db.Part[pronote.Attachment]]) {
	for _, c := range changes {
		if c.Old.Value.Role != "returned" && c.New.Value.Role != "returned" {
			told = append(told, c)
		}
	}
	return told
}
