package pronote_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// compareDiscussions reads all discussions and compares them with the truth.
func compareDiscussions(t *testing.T, session *pronote.Session, today pronote.Date, truth world.Truth) {
	t.Helper()
	discussions, err := session.Discussions(t.Context(), today)
	if err != nil {
		t.Fatalf("discussions: %v", err)
	}
	for i := range discussions {
		d := &discussions[i]
		listed := d.LastAt
		if err := session.OpenDiscussion(t.Context(), d); err != nil {
			t.Fatalf("open %q: %v", d.Subject, err)
		}
		if listed.Date != d.LastAt.Date || listed.Hour+listed.Minute > 0 && (listed.Hour != d.LastAt.Hour || listed.Minute != d.LastAt.Minute) {
			t.Errorf("the list dates %q on %s, its last message is of %s", d.Subject, listed, d.LastAt)
		}
	}
	same(t, "discussions", discussions, truth.Discussions)
	if len(discussions) < 2 {
		t.Errorf("%d discussions prove nothing", len(discussions))
	}
}

// talk is a discussion of the pupil with some messages.
func talk(messages int) world.Discussion {
	d := world.Discussion{Subject: "Exposé", With: "Mme FAURELLE S.", To: pronote.KindStudent}
	for i := range messages {
		d.Messages = append(d.Messages, world.Message{Text: []string{fmt.Sprint("Message ", i)}})
	}
	return d
}

// onlyTalk logs in to a school with nothing but a discussion, and lists it.
func onlyTalk(t *testing.T, messages int) (*pronotetest.Server, *pronote.Session, *pronote.Discussion) {
	t.Helper()
	school := world.NewSchool(1, 2025).Quiet()
	school.Do(world.Add(talk(messages)))
	server := pronotetest.NewServer(school, pronotetest.Options{})
	session := mustLogin(t, server.Transport())
	discussions, err := session.Discussions(t.Context(), school.Now().Date)
	if err != nil || len(discussions) != 1 {
		t.Fatalf("%d discussions, %v, want 1", len(discussions), err)
	}
	return server, session, &discussions[0]
}

func TestReadingMessagesLeavesThemUnread(t *testing.T) {
	t.Parallel()
	server, session, d := onlyTalk(t, 3)
	if err := session.OpenDiscussion(t.Context(), d); err != nil || d.Unread != 3 {
		t.Fatalf("discussion = %+v, %v", d, err)
	}
	school := server.School()
	if got := school.Truth(pronote.KindStudent, school.Pupil()).Discussions[0].Value.Unread; got != 3 {
		t.Errorf("%d messages are unread after they were read, want 3", got)
	}
}

var halfOfMessages = pronotetest.Fault{Kind: "half", Function: "ListeMessages"}

func TestMessagesOfSeveralPages(t *testing.T) {
	t.Parallel()
	server, session, d := onlyTalk(t, 9)
	server.Inject(halfOfMessages, halfOfMessages)
	if err := session.OpenDiscussion(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	school := server.School()
	same(t, "messages", d.Messages, school.Truth(pronote.KindStudent, school.Pupil()).Messages)
}

// A server that gives fewer messages than it counts must not make the others
// look withdrawn.
func TestMissingMessagesAreUnreadable(t *testing.T) {
	t.Parallel()
	server, session, d := onlyTalk(t, 1)
	server.Inject(halfOfMessages)
	if err := session.OpenDiscussion(t.Context(), d); !errors.Is(err, pronote.ErrUnreadable) || d.Opened {
		t.Errorf("%+v, %v, want ErrUnreadable", d, err)
	}
}

func TestEndlessDiscussionsAreCut(t *testing.T) {
	t.Parallel()
	_, session, d := onlyTalk(t, pronote.MaxMessages+10)
	if err := session.OpenDiscussion(t.Context(), d); err != nil || len(d.Messages) != pronote.MaxMessages {
		t.Fatalf("%d messages, %v, want %d", len(d.Messages), err, pronote.MaxMessages)
	}
	if newest := fmt.Sprint("Message ", pronote.MaxMessages+9); d.Messages[0].Content != newest {
		t.Errorf("the first is %q, want %q", d.Messages[0].Content, newest)
	}
}

func TestADiscussionOfAnotherSessionIsStale(t *testing.T) {
	t.Parallel()
	server, _, d := onlyTalk(t, 1)
	if err := mustLogin(t, server.Transport()).OpenDiscussion(t.Context(), d); !errors.Is(err, pronote.ErrStale) {
		t.Errorf("OpenDiscussion: %v, want ErrStale", err)
	}
}
