package pronote_test

import (
	"errors"
	"testing"
	"testing/synctest"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

func openInDecember(t *testing.T, options pronotetest.Options) (*pronote.Session, *pronotetest.Server) {
	t.Helper()
	server := pronotetest.NewServer(schoolInDecember(t), options)
	session, err := pronote.Login(t.Context(), pronotetest.Address, student, &pronote.Options{Transport: server.Transport()})
	if err != nil {
		t.Fatal(err)
	}
	return session, server
}

// wantUnchanged reads the marks of the first period.
func wantUnchanged(t *testing.T, session *pronote.Session, what string, want bool) {
	t.Helper()
	if err := ask(t.Context(), session); errors.Is(err, pronote.ErrUnchanged) != want || !want && err != nil {
		t.Errorf("%s: %v, want unchanged %t", what, err, want)
	}
}

func TestOnlyARememberedAnswerIsUnchanged(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]pronotetest.Options{"plain": {}, "sealed": {Encrypt: true, Compress: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				session, server := openInDecember(t, options)
				wantUnchanged(t, session, "the first answer", false)
				wantUnchanged(t, session, "an answer that the caller may not have taken in", false)
				session.Remember()
				wantUnchanged(t, session, "the same answer", true)
				wantUnchanged(t, session, "and again", true)
				pupil := session.Students()[0]
				if _, _, err := session.Marks(t.Context(), pupil, pupil.Periods[1]); err != nil {
					t.Errorf("another question: %v", err)
				}
				server.Inject(pronotetest.Fault{Kind: "error", Function: marks})
				var refused *pronote.ServerError
				if err := ask(t.Context(), session); !errors.As(err, &refused) {
					t.Errorf("a refusal: %v", err)
				}
				wantUnchanged(t, session, "the answer after a refusal", true)
				server.Inject(pronotetest.Fault{Kind: "half", Function: marks})
				wantUnchanged(t, session, "another answer", false)
				wantUnchanged(t, session, "the one before that, which is not the last", false)
				session.Remember()
				session.Forget()
				wantUnchanged(t, session, "what was forgotten", false)
				session.Forget()
				session.Remember()
				wantUnchanged(t, session, "what was forgotten before it was remembered", false)
			})
		})
	}
}

// Days that one answer covers are another question, for other rows are kept of it.
func TestOtherDaysAreAnotherQuestion(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		session, server := openInDecember(t, pronotetest.Options{})
		pupil, monday := session.Students()[0], server.School().Now().Monday()
		read := func(from pronote.Date) error {
			_, err := session.Homework(t.Context(), pupil, from, monday.AddDays(6))
			return err
		}
		if err := read(monday.AddDays(1)); err != nil {
			t.Fatal(err)
		}
		session.Remember()
		if err := read(monday.AddDays(1)); !errors.Is(err, pronote.ErrUnchanged) {
			t.Errorf("the same days: %v", err)
		}
		if err := read(monday); err != nil {
			t.Errorf("a day more: %v", err)
		}
	})
}

// Opening an item of a list may have failed, and must be tried again.
func TestAListFromWhichSomethingWasOpenedIsNotUnchanged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		session, server := openInDecember(t, pronotetest.Options{Profile: pronotetest.Profiles[len(pronotetest.Profiles)-1]})
		pupil := session.Students()[0]
		list, err := session.Infos(t.Context(), pupil)
		if err != nil || len(list) == 0 || list[0].Opened {
			t.Fatalf("%d infos, %v, want some that are not open", len(list), err)
		}
		server.Inject(pronotetest.Fault{Kind: "error", Function: infos})
		if err := session.OpenInfo(t.Context(), pupil, &list[0]); err == nil {
			t.Fatal("an information is opened though the server refuses")
		}
		session.Remember()
		if _, err := session.Infos(t.Context(), pupil); err != nil {
			t.Errorf("the list again: %v", err)
		}
		session.Remember()
		if _, err := session.Infos(t.Context(), pupil); !errors.Is(err, pronote.ErrUnchanged) {
			t.Errorf("the list of which nothing was opened: %v", err)
		}
	})
}
