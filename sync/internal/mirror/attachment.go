package mirror

import (
	"context"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
)

// Attached are the attachments of a row, with what tells people where they belong.
type Attached struct {
	List    []pronote.Attachment // nil where the answer does not say
	Subject string               // "" where the row has none
	Day     pronote.Date
}

// A ListedFile is a file that a poll has seen and could download.
type ListedFile struct {
	Item    int64 // of the attachment
	File    pronote.Attachment
	Domain  string // of what it hangs on
	Student string // "" for what is addressed to the parents
	Attached
}

// attachmentMatcher knows the attachments of one row by what they are. A file of
// another name is another file.
var attachmentMatcher = Matcher[pronote.Attachment]{
	Identities: []func(pronote.Attachment) string{
		func(a pronote.Attachment) string { return Identity(a.Role, a.Kind, a.Name, a.URL) },
		func(a pronote.Attachment) string { return Identity(a.Role, a.Kind, a.Name) },
	},
}

// Attachments are a child: the files and links attached to rows. The outcome lists
// the files that were seen, and counts what was written apart from the rows of the
// domain.
type Attachments[T any] struct {
	of func(T) Attached
	Parts[T, pronote.Attachment]
}

// AttachmentsOf declares the attachments of the rows of a list.
func AttachmentsOf[T any](of func(T) Attached) *Attachments[T] {
	return &Attachments[T]{of: of, Parts: Parts[T, pronote.Attachment]{
		Of:    func(v T) []pronote.Attachment { return of(v).List },
		Table: db.Attachments, Matcher: attachmentMatcher,
		Exact: true, // a row either says what hangs on it or does not
	}}
}

// StoreOf implements Child.
func (c *Attachments[T]) StoreOf(ctx context.Context, tx *db.Tx, at pronote.DateTime, whole *List[T]) (Outcome, error) {
	o, err := c.Parts.StoreOf(ctx, tx, at, whole)
	if err != nil {
		return o, err
	}
	from := map[int64]Attached{}
	for i, item := range whole.Items {
		from[item] = c.of(whole.Rows[i])
	}
	for i, part := range c.stored.Rows {
		if part.Value.Downloadable() {
			o.Files = append(o.Files, ListedFile{c.stored.Items[i], part.Value, whole.Table.Name, whole.Owner.StudentName, from[part.Of]})
		}
	}
	o.Others, o.Added, o.Changed, o.Removed = o.Added+o.Changed+o.Removed, 0, 0, 0
	return o, nil
}

// ToldAttachments leaves out what the pupil handed in, and therefore knows.
func ToldAttachments(changes []Change[db.Part[pronote.Attachment]]) (told []Change[db.Part[pronote.Attachment]]) {
	for _, c := range changes {
		if c.Old.Value.Role != "returned" && c.New.Value.Role != "returned" {
			told = append(told, c)
		}
	}
	return told
}
