package pronote

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/maphash"
	"maps"
	"strings"
	"sync"

	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// Remember says that the caller is done with all that the session has returned:
// Marks, Homework, Lessons, Contents, Infos, Discussions, Menus, SchoolLife,
// Agenda, Evaluations, Staff, Home, Report and Person then return ErrUnchanged, and read
// nothing, where the school answers a question byte for byte as it did the last time.
// A question is a method with its arguments. An answer that was never remembered is returned.
func (s *Session) Remember() { s.answers.remember() }

// Forget undoes Remember: the next answer to each question is returned, changed or
// not.
func (s *Session) Forget() { s.answers.forget() }

// answers are the sums of what was last answered to each question, sealed as it
// came: one session has one key, under which the same text is the same bytes.
type answers struct {
	seed maphash.Seed

	mu         sync.Mutex
	remembered map[string]uint64
	returned   map[string]uint64 // since the last Remember
}

func newAnswers() *answers {
	return &answers{seed: maphash.MakeSeed(), remembered: map[string]uint64{}, returned: map[string]uint64{}}
}

func (a *answers) remember() {
	a.mu.Lock()
	defer a.mu.Unlock()
	maps.Copy(a.remembered, a.returned)
	clear(a.returned)
}

func (a *answers) forget() {
	a.mu.Lock()
	defer a.mu.Unlock()
	clear(a.remembered)
	clear(a.returned)
}

// drop forgets the questions of one function: what the caller makes of its answers
// takes other requests too, and any of them may fail.
func (a *answers) drop(function string) {
	of := func(question string, _ uint64) bool { return strings.HasPrefix(question, `["`+function+`"`) }
	a.mu.Lock()
	defer a.mu.Unlock()
	maps.DeleteFunc(a.remembered, of)
	maps.DeleteFunc(a.returned, of)
}

// known reports whether an answer is the one that is remembered.
func (a *answers) known(question string, answer wire.Body) bool {
	if question == "" || answer.Error != nil {
		return false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	sum, ok := a.remembered[question]
	return ok && sum == maphash.Bytes(a.seed, answer.Secured)
}

// note takes down an answer that could be read and is not the one remembered,
// which is no longer the last.
func (a *answers) note(question string, answer wire.Body) {
	if question == "" {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.remembered, question)
	a.returned[question] = maphash.Bytes(a.seed, answer.Secured)
}

// requestNew is Request for answers that may be skipped if they are unchanged.
// About is what the caller's reading depends on besides the call.
func (s *Session) requestNew(ctx context.Context, call Call, about ...any) (Answer, error) {
	var err error
	if call.question, err = question(call, about...); err != nil {
		return Answer{}, fmt.Errorf("%s: %w", call.Function, err)
	}
	return s.Request(ctx, call)
}

// question is a text that two calls share if they ask the same. It begins with
// the function.
func question(call Call, about ...any) (string, error) {
	var of Element
	if call.Student != nil {
		of = call.Student.element
	}
	text, err := json.Marshal([]any{call.Function, call.Tab, of, call.Data, about})
	return string(text), err
}
