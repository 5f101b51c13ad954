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
// there are several; it returns ErrNoStudent when there is none of that name.
func (e *Engine) Request(ctx context.Context, account, student string, call pronote.Call) (pronote.Answer, error) {
	session, pupil, err := e.session(ctx, account, student)
	if err != nil {
		return pronote.Answer{}, err
	}
	call.Student = &pupil
	return session.Request(ctx, call)
}

// Calendar asks for the address of a pupil's timetable as a calendar, and says
// whose it is. Student is as for Request. The address is not kept.
func (e *Engine) Calendar(ctx context.Context, account, student string) (pupil string, address pronote.Secret, err error) {
	session, of, err := e.session(ctx, account, student)
	if err != nil {
		return "", pronote.Secret{}, err
	}
	address, err = session.Calendar(ctx, of)
	return of.Name, address, err
}

// session opens an account, unless it is suspended or banned, and finds the pupil of a name, the first of all if
// there is no name.
func (e *Engine) session(ctx context.Context, account, student string) (*pronote.Session, pronote.Student, error) {
	w, err := e.find(account)
	if err != nil {
		return nil, pronote.Student{}, err
	}
	if err := w.barred(); err != nil {
		return nil, pronote.Student{}, err
	}
	if err := w.open(ctx); err != nil {
		return nil, pronote.Student{}, w.settle(ctx, &poll{watcher: w}, err) // a refusal is one, whoever asked
	}
	var names []string
	for i, s := range w.session.Students() {
		if student == "" && i == 0 || w.students[i].Called(student) {
			return w.session, s, nil
		}
		names = append(names, s.Name)
	}
	return nil, pronote.Student{}, fmt.Errorf("%w %q: choose %s", ErrNoStudent, student, strings.Join(names, " or "))
}
