package sync

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/sync/internal/today"
	"github.com/pronote-sync/pronote-sync/sync/internal/wording"
)

// A Topic is what a person asks about.
type Topic = wording.Topic

// The topics.
const (
	AskMarks     = wording.AskMarks
	AskHomework  = wording.AskHomework
	AskTimetable = wording.AskTimetable
	AskAbsences  = wording.AskAbsences
	AskMenu      = wording.AskMenu
	AskWeek      = wording.AskWeek
	AskWhy       = wording.AskWhy
)

// A TopicName is how people name a topic.
type TopicName struct {
	Topic           Topic
	French, English string
	HasDay          bool // a day may follow
}

// TopicNames are those of all topics, in the order in which they are offered.
var TopicNames = []TopicName{
	{AskMarks, "notes", "marks", false},
	{AskHomework, "devoirs", "homework", true},
	{AskTimetable, "edt", "timetable", true},
	{AskAbsences, "absences", "absences", false},
	{AskMenu, "menu", "menu", true},
	{AskWeek, "semaine", "week", false},
	{AskWhy, "pourquoi", "why", false},
}

// In is the name in a language, "fr" or "en".
func (n TopicName) In(language string) string {
	if language == "en" {
		return n.English
	}
	return n.French
}

// TopicOf finds the topic that a word names in either language, case-insensitively.
func TopicOf(word string) (TopicName, bool) {
	i := slices.IndexFunc(TopicNames, func(n TopicName) bool {
		return strings.EqualFold(word, n.French) || strings.EqualFold(word, n.English)
	})
	if i < 0 {
		return TopicName{}, false
	}
	return TopicNames[i], true
}

// A Reply is what answers a question. A title is one line; the text may have the runes
// that cover what is hidden until it is tapped, as that of a message.
type Reply struct{ Title, Text string }

// Uncovered is the reply as it is once all was tapped.
func (r Reply) Uncovered() Reply { return Reply{wording.Uncovered(r.Title), wording.Uncovered(r.Text)} }

// Split cuts a reply into parts of at most so many characters.
func (r Reply) Split(most int) (parts []Reply) {
	for _, m := range (wording.Message{Title: r.Title, Body: r.Text}).Split(most) {
		parts = append(parts, Reply{m.Title, m.Body})
	}
	return parts
}

// Answers says what the mirror holds to those who ask. It asks no school.
type Answers struct {
	Store    *db.Store
	Accounts []string          // in the order of the configuration
	Wording  *Wording          // that of the program when nil
	Subjects map[string]string // a person's names of subjects, by those of the school
	Now      func() time.Time
}

// Answer words for a recipient what the mirror says of a topic, on a day where one is
// given, about those whom the recipient follows.
func (a Answers) Answer(ctx context.Context, to Recipient, topic Topic, day civil.Date) (Reply, error) {
	now := civil.DateTimeOf(a.Now().In(to.Location))
	words := a.Wording
	if words == nil {
		words = NewWording(nil, nil)
	}
	reader := to.reads(now)
	reader.Subjects.Own = a.Subjects
	var answer wording.Answer
	err := a.Store.View(ctx, func(tx *db.Tx) (err error) {
		if reader.Subjects.Known, err = tx.SubjectNames(ctx); err != nil {
			return err
		}
		if answer, err = to.looks(now, a.Accounts).Answer(ctx, tx, topic, day); err != nil || topic != AskWhy {
			return err
		}
		answer.Why, err = fates(ctx, tx, to)
		return err
	})
	if err != nil {
		return Reply{}, err
	}
	m, err := words.In(to.Language).Answer(answer, reader)
	return Reply{m.Title, m.Body}, err
}

// ofNoInterest are the reasons of silence that tell somebody about their configuration
// and nothing about an event.
var ofNoInterest = []string{ReasonNotInPreset, ReasonNotChosen, ReasonOtherStudent, ReasonAdmin}

// fewFates is how many events an answer to why is about.
const fewFates = 10

// fates are what became of the last events for a recipient.
func fates(ctx context.Context, tx *db.Tx, to Recipient) (list []wording.Reason, err error) {
	last, err := tx.Fates(ctx, to.Name, ofNoInterest, fewFates)
	for _, f := range last {
		r := wording.Reason{Event: wording.Event{Kind: f.Event.Kind, Data: f.Event.Data}, At: f.At, Fate: f.State, Reason: Why(f.Reason, to.Language), Sent: f.SentAt}
		if f.Children > 1 && f.Student != "" {
			r.Event.Child = firstName(f.Student)
		}
		switch {
		case f.State == db.Pending:
			r.Fate = "waiting"
		case f.State == db.Sent && f.Way == db.Digest:
			r.Fate = "digest"
		}
		list = append(list, r)
	}
	return list, err
}

// looks is how a recipient looks at the mirror, at a time on the recipient's clock.
func (r Recipient) looks(now civil.DateTime, accounts []string) today.Reader {
	return today.Reader{
		Now: now, Accounts: accounts, Call: firstName,
		Follows: func(_ string, pupil db.Student) bool {
			return len(r.Students) == 0 || slices.ContainsFunc(r.Students, pupil.Called)
		},
	}
}

// reads is how a recipient reads, at a time on the recipient's clock.
func (r Recipient) reads(now civil.DateTime) wording.Reader {
	return wording.Reader{Reveal: r.Reveal, NoClass: r.NoClass, Admin: r.Admin, Now: now}
}
