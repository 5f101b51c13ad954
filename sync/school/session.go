package school

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// A Session is one of PRONOTE. It reads domains; the session inside does
// everything else.
type Session struct {
	*pronote.Session
	source    *Source
	people    []psync.Enrolled // as the engine has enrolled them
	household *household       // what the pupils share
}

var (
	_ psync.Session    = (*Session)(nil)
	_ psync.Downloader = (*Session)(nil)
)

// Learned implements psync.Session.
func (s *Session) Learned() (psync.Learned, error) {
	school := s.School()
	calendar, err := json.Marshal(school)
	return psync.Learned{School: school.Name, Version: s.Version().String(), Calendar: string(calendar)}, err
}

// People implements psync.Session: they are the pupils.
func (s *Session) People() []db.Student {
	people := make([]db.Student, len(s.Students()))
	for i, student := range s.Students() {
		people[i] = db.Student{
			Name: student.Name, Class: student.Class, School: student.School,
			CurrentPeriod: student.Current, Groups: strings.Join(student.Groups, ", "),
		}
	}
	return people
}

// Read implements psync.Session.
func (s *Session) Read(ctx context.Context, name string, w psync.Window) ([]mirror.Snapshot, error) {
	i := slices.IndexFunc(domains, func(d domain) bool { return d.Name == name })
	if i < 0 {
		return nil, fmt.Errorf("PRONOTE has no %q", name)
	}
	snapshots, err := domains[i].read(ctx, s.visit(w))
	if errors.Is(err, pronote.ErrUnchanged) {
		err = nil // the mirror has it
	}
	return snapshots, err
}

func (s *Session) visit(w psync.Window) *visit {
	spans := s.source.Spans
	return &visit{
		session: s.Session, student: s.Students()[w.Person],
		owner: w.Owner, holder: w.Holder, number: w.Person, first: w.Person == 0, household: s.household,
		today: w.Now.Date, now: w.Now, opening: s.source.Opening, spans: spans, restore: w.Restore, store: w.Store,
		due:    func(span db.Span) bool { return w.Due(span, age(spans.Past)) },
		seldom: func(span db.Span) bool { return w.Due(span, age(spans.Rest)) },
	}
}

// Remember implements psync.Session.
func (s *Session) Remember(whole bool) {
	if whole {
		s.Session.Remember()
	} else {
		s.Forget()
	}
}
