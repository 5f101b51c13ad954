package db

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// Student is a pupil of an account, or its holder, whose name is then the
// account's.
type Student struct {
	ID            int64
	Name          string // as PRONOTE writes it
	Alias         string // as configured; "" when not
	Class         string
	School        string
	CurrentPeriod string
	Groups        string // as the mirror writes names, "4B gr1, 4B LATIN"; "" for none
	Holder        bool
	LeftOn        pronote.Date // when the account no longer showed the pupil; zero while it does
}

// Called reports whether a person means this pupil by a name: the whole one, the
// alias, or a part of it, case-insensitively.
func (s Student) Called(name string) bool {
	return slices.ContainsFunc(append(strings.Fields(s.Name), s.Name, s.Alias), func(known string) bool {
		return strings.EqualFold(known, name)
	})
}

// Students lists the pupils and the holder of an account, oldest row first.
func (tx *Tx) Students(ctx context.Context, account int64) (list []Student, err error) {
	rows, err := tx.query(ctx, `
		SELECT id, name, alias, class, school, current_period, groups, holder, left_on
		FROM _student WHERE account_id = ? ORDER BY id`, account)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var s Student
		err := rows.Scan(&s.ID, &s.Name, (*text)(&s.Alias), (*text)(&s.Class), (*text)(&s.School), (*text)(&s.CurrentPeriod), (*text)(&s.Groups), &s.Holder, (*day)(&s.LeftOn))
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, rows.Err()
}

// SaveStudent adds a student, whose ID is 0, or updates one. It returns the
// student with its ID.
func (tx *Tx) SaveStudent(ctx context.Context, account int64, s Student) (Student, error) {
	if s.ID == 0 {
		result, err := tx.exec(ctx, `INSERT INTO _student (account_id, name, holder) VALUES (?, ?, ?)`, account, s.Name, s.Holder)
		if err != nil {
			return s, fmt.Errorf("add student: %w", err)
		}
		if s.ID, err = result.LastInsertId(); err != nil {
			return s, err
		}
	}
	_, err := tx.exec(ctx, `UPDATE _student SET name = ?, alias = ?, class = ?, school = ?, current_period = ?, groups = ?, left_on = ? WHERE id = ?`,
		s.Name, text(s.Alias), text(s.Class), text(s.School), text(s.CurrentPeriod), text(s.Groups), day(s.LeftOn), s.ID)
	if err != nil {
		return s, fmt.Errorf("save student: %w", err)
	}
	return s, nil
}
