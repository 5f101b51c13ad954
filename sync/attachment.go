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

// attachments are a child: the files and links that hang on rows. The outcome has
// the files that were seen, and counts what was written as other things than rows
// of the domain.
type attachments[T any] struct {
	of func(T) attached
	parts[T, pronote.Attachment]
}

// attachmentsOf declares what hangs on the rows of a list.
func attachmentsOf[T any](of func(T) attached) *attachments[T] {
	return &attachments[T]{of: of, parts: parts[T, pronote.Attachment]{
		of:    func(v T) []pronote.Attachment { return of(v).list },
		table: db.Attachments, matcher: attachmentMatcher,
		exact: true, // a row either says what hangs on it or does not
	}}
}

func (c *attachments[T]) storeOf(ctx context.Context, tx *db.Tx, at pronote.DateTime, whole *list[T]) (outcome, error) {
	o, err := c.parts.storeOf(ctx, tx, at, whole)
	if err != nil {
		return o, err
	}
	from := map[int64]attached{}
	for i, item := range whole.items {
		from[item] = c.of(whole.rows[i])
	}
	for i, part := range c.stored.rows {
		if part.Value.Downloadable() {
			o.files = append(o.files, listedFile{c.stored.items[i], part.Value, whole.table.Name, whole.owner.StudentName, from[part.Of]})
		}
	}
	o.others, o.added, o.changed, o.removed = o.added+o.changed+o.removed, 0, 0, 0
	return o, nil
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
