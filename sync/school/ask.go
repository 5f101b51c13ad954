package school

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

// ErrNoStudent: the account has no pupil of the name that was given.
var ErrNoStudent = errors.New("no pupil is called")

// A StudentError is an ErrNoStudent that says whom the account has.
type StudentError struct {
	Called string
	Pupils []string // as the school names them
}

// Error implements error.
func (e *StudentError) Error() string {
	return fmt.Sprintf("%v %q: there are %s", ErrNoStudent, e.Called, strings.Join(e.Pupils, ", "))
}

// Unwrap makes it an ErrNoStudent.
func (e *StudentError) Unwrap() error { return ErrNoStudent }

// ErrNotSchool: the account is not one of PRONOTE.
var ErrNotSchool = errors.New("not an account of PRONOTE")

// Request makes one low-level call. Student names the child it is about, where
// there are several; it returns ErrNoStudent when there is none of that name, and
// the errors of Engine.Do.
func Request(ctx context.Context, e *psync.Engine, account, student string, call pronote.Call) (answer pronote.Answer, err error) {
	err = about(ctx, e, account, student, func(ctx context.Context, session *Session, pupil pronote.Student) (err error) {
		call.Student = &pupil
		answer, err = session.Request(ctx, call)
		return err
	})
	return answer, err
}

// Calendar asks for the address of a pupil's timetable as a calendar, and says
// whose it is. Student is as for Request. The address is not kept.
func Calendar(ctx context.Context, e *psync.Engine, account, student string) (pupil string, address pronote.Secret, err error) {
	err = about(ctx, e, account, student, func(ctx context.Context, session *Session, of pronote.Student) (err error) {
		pupil = of.Name
		address, err = session.Calendar(ctx, of)
		return err
	})
	return pupil, address, err
}

// about puts a question about the pupil of a name, or about the first of all if
// there is no name.
func about(ctx context.Context, e *psync.Engine, account, student string, f func(context.Context, *Session, pronote.Student) error) error {
	return e.Do(ctx, account, func(ctx context.Context, open psync.Session) error {
		session, ok := open.(*Session)
		if !ok {
			return ErrNotSchool
		}
		var names []string
		for i, s := range session.Students() {
			if student == "" && i == 0 || session.people[i].Called(student) {
				return f(ctx, session, s)
			}
			names = append(names, s.Name)
		}
		return &StudentError{student, names}
	})
}

// LoginWith is Engine.TryLogin with other credentials than those of the
// configuration. The device that it leaves is kept. A refusal says nothing about
// the credentials that are configured, and leaves the phase as it is.
func LoginWith(ctx context.Context, e *psync.Engine, account string, c pronote.Credentials) (psync.Welcome, error) {
	return e.LoginBy(ctx, account, func(ctx context.Context, of psync.Source, spend psync.Spend) (psync.Session, error) {
		source, ok := of.(*Source)
		if !ok {
			return nil, ErrNotSchool
		}
		c.Device.Name = source.Device
		return source.open(ctx, c, spend)
	})
}
