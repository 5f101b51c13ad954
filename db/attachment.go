package db

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// AttachmentsView lists files and links.
var AttachmentsView = View{
	Name:  "attachments",
	About: "The files and links attached to homework and other things",
	None:  "There are no files",
	Shown: "student owner_domain role kind name local_path url",
	when:  "first_seen_at",
	order: "first_seen_at DESC, owner_domain, owner_uid, name, uid",
}

// Attachments keeps the files and links attached to rows of other tables.
var Attachments = parts("attachments", "owner_id",
	[]string{"name", "kind", "role", "url"},
	func(a *pronote.Attachment) []any { return []any{&a.Name, &a.Kind, &a.Role, (*text)(&a.URL)} }).listedAs(AttachmentsView)

// A KeptFile is the file of an attachment on this machine.
type KeptFile struct {
	Item   int64  // of the attachment
	Path   string // below the folder of the files, with slashes
	Size   int64  // in bytes
	SHA256 string // in hexadecimal
	At     pronote.DateTime

	Outdated bool // the school has changed it since
}

// KeepFile remembers where the file of an attachment is; what was remembered
// before is replaced.
func (tx *Tx) KeepFile(ctx context.Context, f KeptFile) error {
	_, err := tx.exec(ctx, `INSERT INTO _file (item_id, path, folded, size, sha256, kept_at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (item_id) DO UPDATE SET path = excluded.path, folded = excluded.folded, size = excluded.size, sha256 = excluded.sha256, kept_at = excluded.kept_at, outdated = 0`,
		f.Item, f.Path, strings.ToLower(f.Path), f.Size, f.SHA256, f.At.String())
	return err
}

// KeptFile is what is remembered of the file of an attachment; its Path is empty
// when nothing is.
func (tx *Tx) KeptFile(ctx context.Context, item int64) (f KeptFile, err error) {
	rows, err := tx.query(ctx, `SELECT item_id, path, size, sha256, kept_at, outdated FROM _file WHERE item_id = ?`, item)
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := rows.Scan(&f.Item, &f.Path, &f.Size, &f.SHA256, (*instant)(&f.At), &f.Outdated); err != nil {
			return f, err
		}
	}
	return f, rows.Err()
}

// OutdateFiles notes that the school has changed the files of some items'
// attachments: the files that are remembered are out of date.
func (tx *Tx) OutdateFiles(ctx context.Context, owners []int64) error {
	list, err := json.Marshal(owners)
	if err != nil || len(owners) == 0 {
		return err
	}
	_, err = tx.exec(ctx, `UPDATE _file SET outdated = 1 WHERE outdated = 0 AND item_id IN (
		SELECT id FROM _attachments WHERE valid_to IS NULL AND owner_id IN (SELECT value FROM json_each(?)))`, string(list))
	return err
}

// PathTaken reports whether a file is remembered at a path, in any case of
// letters, for another attachment than item.
func (tx *Tx) PathTaken(ctx context.Context, path string, item int64) (bool, error) {
	var others int
	err := tx.queryRow(ctx, `SELECT count(*) FROM _file WHERE folded = ? AND item_id <> ?`, []any{strings.ToLower(path), item}, &others)
	return others > 0, err
}
