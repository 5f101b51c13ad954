package db

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Known is how much the mirror holds of a pupil.
type Known struct {
	Rows  int      // that it has now, and had
	Files []string // downloaded, below the folder of the files
	Shown []string // accounts that show the pupil still

	pupils, whole []int64  // rows of the pupil, and accounts that are of the pupil alone
	names         []string // that messages may use
}

// Known counts what the mirror holds of the pupil whom the views call so, in one account,
// or in all for "".
func (tx *Tx) Known(ctx context.Context, account, student string) (k Known, err error) {
	rows, err := tx.query(ctx, `
		SELECT student.id, account.id, account.name,
			account.kind = 'student' AND NOT EXISTS (
				SELECT 1 FROM _student AS other WHERE other.account_id = account.id AND other.holder = 0 AND coalesce(other.alias, other.name) <> ?1),
			student.left_on IS NULL, student.name
		FROM _student AS student JOIN _account AS account ON account.id = student.account_id
		WHERE holder = 0 AND coalesce(alias, student.name) = ?1 AND ?2 IN ('', account.name) ORDER BY student.id`, student, account)
	if err != nil {
		return k, err
	}
	k.names = append(strings.Fields(student), student)
	for rows.Next() {
		var pupil, of int64
		var in, name string
		var own, shown bool
		if err := rows.Scan(&pupil, &of, &in, &own, &shown, &name); err != nil {
			return k, errors.Join(err, rows.Close())
		}
		if k.pupils = append(k.pupils, pupil); own {
			k.whole = append(k.whole, of)
		}
		if shown {
			k.Shown = append(k.Shown, in)
		}
		k.names = append(append(k.names, name), strings.Fields(name)...)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return k, err
	}
	if err := tx.queryRow(ctx, `SELECT count(*) FROM _item WHERE `+k.theirs("student_id"), nil, &k.Rows); err != nil {
		return k, err
	}
	_, err = tx.Ask(ctx, `SELECT path FROM _file JOIN _item ON _item.id = item_id WHERE `+k.theirs("student_id")+` ORDER BY path`, func(_ []string, values []any) error {
		path, _ := values[0].(string)
		k.Files = append(k.Files, path)
		return nil
	})
	return k, err
}

// theirs is the condition that a row is of the pupil.
func (k Known) theirs(column string) string {
	return fmt.Sprintf("(%[1]s IN (%[2]s) OR %[1]s IN (SELECT id FROM _student WHERE account_id IN (%[3]s)))", column, listed(k.pupils), listed(k.whole))
}

func listed(ids []int64) string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(ids), " ", ", "), "[]")
}

// Forget takes away what Known counts, and what is told of it: messages about nobody else,
// and the text of those that also tell of others; what is still to be told of others is
// composed anew. An account that is of the pupil alone goes with it. Before that is
// final, remove is called, which may still prevent it. What is gone is overwritten, not
// only released.
func (s *Store) Forget(ctx context.Context, account, student string, remove func(Known) error) error {
	if _, err := s.writer.ExecContext(ctx, `PRAGMA secure_delete = 1`); err != nil {
		return explain(s.path, err)
	}
	err := s.Update(ctx, func(tx *Tx) error {
		k, err := tx.Known(ctx, account, student)
		if err != nil {
			return err
		}
		if len(k.pupils) == 0 {
			return &WhoError{What: "pupil", Name: student}
		}
		if err := tx.forgetLetters(ctx, k); err != nil {
			return err
		}
		for _, statement := range []string{
			`DELETE FROM _student WHERE id IN (` + listed(k.pupils) + `)`, `DELETE FROM _account WHERE id IN (` + listed(k.whole) + `)`,
		} {
			if _, err := tx.exec(ctx, statement); err != nil {
				return fmt.Errorf("forget: %w", err)
			}
		}
		return remove(k)
	})
	if err != nil {
		return err
	}
	_, err = s.writer.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`) // the log has the old pages, too
	return explain(s.path, err)
}

// forgetLetters takes away the messages about a pupil.
func (tx *Tx) forgetLetters(ctx context.Context, k Known) error {
	about := `SELECT letter_id FROM _delivery JOIN _event ON _event.id = event_id WHERE letter_id IS NOT NULL AND `
	mine, others := about+k.theirs("_event.student_id"), about+`NOT coalesce(`+k.theirs("_event.student_id")+`, false)`
	for _, statement := range []string{
		`DELETE FROM _letter WHERE id IN (` + mine + `) AND id NOT IN (` + others + `)`,
		`UPDATE _letter SET title = '', text = '' WHERE state <> 'pending' AND coalesce(first_id, id) IN (` + mine + `)`,
		`UPDATE _delivery SET state = 'pending' WHERE letter_id IN (SELECT id FROM _letter WHERE state = 'pending' AND id IN (` + mine + `))`,
		`DELETE FROM _letter WHERE state = 'pending' AND id IN (` + mine + `)`,
	} {
		if _, err := tx.exec(ctx, statement); err != nil {
			return fmt.Errorf("forget messages: %w", err)
		}
	}
	// A digest says more than what happened: whichever names the pupil loses its text.
	var named []int64
	_, err := tx.Ask(ctx, `SELECT id, title || char(10) || text FROM _letter WHERE state <> 'pending' AND kind <> 'news'`, func(_ []string, values []any) error {
		id, isID := values[0].(int64)
		text, isText := values[1].(string)
		if isID && isText && mentions(text, k.names) {
			named = append(named, id)
		}
		return nil
	})
	if err == nil {
		_, err = tx.exec(ctx, `UPDATE _letter SET title = '', text = '' WHERE id IN (`+listed(named)+`)`)
	}
	return err
}

// mentions reports whether a text has one of the names as a word. Family names, which
// others of the household share, are written in capitals.
func mentions(text string, names []string) bool {
	for _, name := range names {
		if name == strings.ToUpper(name) {
			continue
		}
		for rest := text; ; {
			before, after, found := strings.Cut(rest, name)
			if !found {
				break
			}
			last, _ := utf8.DecodeLastRuneInString(before)
			next, _ := utf8.DecodeRuneInString(after)
			if !unicode.IsLetter(last) && !unicode.IsLetter(next) {
				return true
			}
			rest = after
		}
	}
	return false
}
