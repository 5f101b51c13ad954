package sync

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// ErrNoStudent: the account has no pupil of the name that was given.
var ErrNoStudent = errors.New("no pupil is called")

// Request makes one low-level call. Student names the child it is about, where
// there are several; it returns ErrNoStudent when there is none of that name, and
// the errors of Do.
func (e *Engine) Request(ctx context.Context, account, student string, call pronote.Call) (answer pronote.Answer, err error) {
	err = e.about(ctx, account, student, func(ctx context.Context, session *pronote.Session, pupil pronote.Student) (err error) {
		call.Student = &pupil
		answer, err = session.Request(ctx, call)
		return err
	})
	return answer, err
}

// Calendar asks for the address of a pupil's timetable as a calendar, and says
// whose it is. Student is as for Request. The address is not kept.
func (e *Engine) Calendar(ctx context.Context, account, student string) (pupil string, address pronote.Secret, err error) {
	err = e.about(ctx, account, student, func(ctx context.Context, session *pronote.Session, of pronote.Student) (err error) {
		pupil = of.Name
		address, err = session.Calendar(ctx, of)
		return err
	})
	return pupil, address, err
}

// about puts a question about the pupil of a name, or about the first of all if
// there is no name.
func (e *Engine) about(ctx context.Context, account, student string, f func(context.Context, *pronote.Session, pronote.Student) error) error {
	w, err := e.find(account)
	if err != nil {
		return err
	}
	return e.Do(ctx, account, func(ctx context.Context, session *pronote.Session) error {
		var names []string
		for i, s := range session.Students() {
			if student == "" && i == 0 || w.students[i].Called(student) {
				return f(ctx, session, s)
			}
			names = append(names, s.Name)
		}
		return fmt.Errorf("%w %q: choose %s", ErrNoStudent, student, strings.Join(names, " or "))
	})
}
