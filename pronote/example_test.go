package pronote_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// The examples log in to a school of pronotetest, in place of one on the network.
const (
	address  = pronotetest.Address  // as the browser shows it
	username = pronotetest.Username // of PRONOTE itself
	password = pronotetest.Password
)

func Example() {
	ctx := context.Background()
	school := exampleSchool()

	session, err := pronote.Login(ctx, address, pronote.Credentials{
		Username: username, Password: pronote.NewSecret(password),
	}, &pronote.Options{Transport: school.Transport()}) // programs for real schools need no transport
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = session.Close(ctx) }()

	for _, student := range session.Students() {
		fmt.Println(student.Name, student.Class)
		for _, period := range student.Periods {
			marks, _, err := session.Marks(ctx, student, period)
			if err != nil {
				fmt.Println(err)
				return
			}
			for _, m := range marks {
				fmt.Printf("%s %s: %s out of %v, %s\n", m.GivenOn, m.Subject, m.Score.Text, m.OutOf.Value, m.Title)
			}
		}
	}
	// Output:
	// PARENT Fanny 4B
	// 2025-11-17 MATHEMATIQUES: 14,5 out of 20, Contrôle n°2
	// 2025-11-17 ANGLAIS LV1: Abs out of 10, Vocabulaire
}

// The first login is by a QR code and gives a token; each one after it uses the
// token up and gives the next. A program keeps the Device in a file.
func ExampleLogin_token() {
	ctx := context.Background()
	school := exampleSchool()

	var file []byte // stands for one that only its owner may read
	keep := func(d pronote.Device) (err error) {
		// A Secret does not marshal, so that it cannot leak: reveal it on purpose.
		file, err = json.Marshal([]string{d.UUID, d.Name, d.Browser, d.Username, d.Token.Reveal(), d.Unanswered.Reveal()})
		return err // write, sync, rename and sync the folder before returning
	}
	kept := func() pronote.Device {
		var part [6]string
		if err := json.Unmarshal(file, &part); err != nil {
			panic(err)
		}
		return pronote.Device{
			UUID: part[0], Name: part[1], Browser: part[2], Username: part[3],
			Token: pronote.NewSecret(part[4]), Unanswered: pronote.NewSecret(part[5]),
		}
	}
	options := &pronote.Options{Transport: school.Transport(), KeepDevice: keep}

	qr, err := pronote.ParseQR(school.QR(pronote.KindStudent, "1234", address)) // the text of the picture
	if err != nil {
		fmt.Println(err)
		return
	}
	first, err := qr.Open(pronote.NewSecret("1234"))
	if err != nil {
		fmt.Println(err)
		return
	}
	first.Device.Name = "kitchen"
	for i, credentials := range []func() pronote.Credentials{
		func() pronote.Credentials { return first },
		func() pronote.Credentials { return pronote.Credentials{Kind: qr.Kind, Device: kept()} },
		func() pronote.Credentials { return pronote.Credentials{Kind: qr.Kind, Device: kept()} },
	} {
		session, err := pronote.Login(ctx, qr.Address, credentials(), options)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println("login", i+1, session.Students()[0].Name, session.Device().Token)
	}
	// Output:
	// login 1 PARENT Fanny [redacted]
	// login 2 PARENT Fanny [redacted]
	// login 3 PARENT Fanny [redacted]
}

// A parent sees the homework of all children in one session.
func ExampleSession_Homework() {
	ctx := context.Background()
	session := loggedIn(pronote.KindParent)

	monday := pronote.Date{Year: 2025, Month: time.November, Day: 17}
	for _, child := range session.Students() {
		homework, err := session.Homework(ctx, child, monday, monday.AddDays(6))
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, h := range homework {
			fmt.Printf("%s: %s for %s, %s\n", child.Name, h.Subject, h.DueOn, h.Description)
		}
	}
	// Output:
	// PARENT Fanny: MATHEMATIQUES for 2025-11-20, Exercice 12
	// PARENT Gabin: MATHEMATIQUES for 2025-11-20, Exercice 12
}

func ExampleSession_Lessons() {
	ctx := context.Background()
	session := loggedIn(pronote.KindStudent)

	monday := pronote.Date{Year: 2025, Month: time.November, Day: 19}.Monday()
	week, err := session.Lessons(ctx, session.Students()[0], monday, monday.AddDays(6))
	if err != nil {
		fmt.Println(err)
		return
	}
	count := 0
	for _, l := range week {
		if l.Cancelled {
			fmt.Printf("cancelled on %s at %02d:%02d: %s\n", l.Starts.Weekday(), l.Starts.Hour, l.Starts.Minute, l.Status)
			continue
		}
		count++
	}
	fmt.Println(count, "lessons")
	// Output:
	// cancelled on Tuesday at 08:00: Prof. absent
	// 25 lessons
}

// Files can only be had from the session that listed them.
func ExampleSession_Download() {
	ctx := context.Background()
	session := loggedIn(pronote.KindStudent)

	const most = 20_000_000 // bytes
	today := pronote.Date{Year: 2025, Month: time.November, Day: 17}
	homework, err := session.Homework(ctx, session.Students()[0], today, today.AddDays(7))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, a := range homework[0].Attachments {
		if !a.Downloadable() {
			fmt.Println(a.Name, "is at", a.URL)
			continue
		}
		file, err := session.Download(ctx, a, most, pronote.Resume{})
		if err != nil {
			fmt.Println(err)
			return
		}
		// A name is the server's: do not take it for a path. An error here may be
		// pronote.ErrTruncated, and Resume goes on from what came.
		size, err := io.Copy(io.Discard, file)
		if err := errors.Join(err, file.Close()); err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(a.Name, "came whole:", size == file.Size)
	}
	// Output:
	// exercice 12.pdf came whole: true
	// Vidéo is at https://videos.example.org/12
}

// The answer itself has everything that the methods leave out, in the server's
// words.
func ExampleSession_Request() {
	ctx := context.Background()
	session := loggedIn(pronote.KindStudent)

	_, err := session.Request(ctx, pronote.Call{
		Function: "DernieresNotes", Tab: pronote.TabMarks, Student: &session.Students()[0],
		Data: map[string]any{"Periode": map[string]any{"N": "of another session", "G": 2}},
	})
	var refused *pronote.ServerError
	if errors.As(err, &refused) {
		fmt.Println(refused.Function, "is refused with code", refused.Code)
	}

	answer, err := session.Request(ctx, pronote.Call{
		Function: "PageEquipePedagogique", Tab: pronote.TabStaff, Student: &session.Students()[0], Data: struct{}{},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	var page struct {
		People struct {
			V []struct {
				Name  string `json:"L"`
				Genre int    `json:"G"`
			}
		} `json:"liste"`
	}
	if err := json.Unmarshal(answer.Data, &page); err != nil {
		fmt.Println(err)
		return
	}
	for _, person := range page.People.V {
		fmt.Println(person.Genre, person.Name)
	}
	// Output:
	// DernieresNotes is refused with code 22
	// 34 M. DELMASSE É.
}

// What to do next depends on the error.
func ExampleLogin_errors() {
	school := exampleSchool()
	for _, attempt := range []struct{ password, fault string }{
		{"a wrong one", ""},
		{password, "banned"},
		{password, "closed"},
		{password, "503"},
	} {
		if attempt.fault != "" {
			school.Inject(pronotetest.Fault{Kind: attempt.fault, Function: "page"})
		}
		_, err := pronote.Login(context.Background(), address, pronote.Credentials{
			Username: username, Password: pronote.NewSecret(attempt.password),
		}, &pronote.Options{Transport: school.Transport()})

		var blocked *pronote.BlockedError
		var status *pronote.HTTPError
		switch {
		case errors.Is(err, pronote.ErrCredentials):
			fmt.Println("a person must correct the password; it is not tried again")
		case errors.As(err, &blocked):
			fmt.Println("for hours nothing is asked:", blocked.Reason)
		case errors.Is(err, pronote.ErrClosed), errors.Is(err, pronote.ErrBusy):
			fmt.Println("tomorrow")
		case errors.As(err, &status) && status.Status == http.StatusServiceUnavailable:
			fmt.Println("in some minutes")
		default:
			fmt.Println(err)
		}
	}
	// Output:
	// a person must correct the password; it is not tried again
	// for hours nothing is asked: Votre adresse IP est provisoirement suspendue
	// tomorrow
	// in some minutes
}

// loggedIn is a session at the school of the examples.
func loggedIn(kind pronote.Kind) *pronote.Session {
	session, err := pronote.Login(context.Background(), address, pronote.Credentials{
		Kind: kind, Username: username, Password: pronote.NewSecret(password),
	}, &pronote.Options{Transport: exampleSchool().Transport()})
	if err != nil {
		panic(err)
	}
	return session
}

// exampleSchool is a school on the evening of 17 November 2025, where little has
// happened.
func exampleSchool() *pronotetest.Server {
	school := world.NewSchool(1, 2025).Quiet()
	today := pronote.Date{Year: 2025, Month: time.November, Day: 17}
	school.AdvanceTo(pronote.DateTime{Date: today, Hour: 18})
	score := func(text string) map[string]pronote.Score {
		return map[string]pronote.Score{school.Pupil(): pronote.ParseScore(text)}
	}
	school.Do(
		world.Add(world.Test{Subject: "ANGLAIS LV1", Title: "Vocabulaire", OutOf: 10, Scores: score("|1")}),
		world.Add(world.Test{Subject: "MATHEMATIQUES", Title: "Contrôle n°2", Scores: score("14,5")}),
		world.Add(world.Colleague{Name: "M. DELMASSE É.", Function: "Principal"}),
		world.Add(world.Homework{
			Subject: "MATHEMATIQUES", DueOn: today.AddDays(3), Text: []string{"Exercice 12"},
			Files: []pronote.Attachment{{Name: "exercice 12.pdf"}, {Name: "Vidéo", Kind: "link", URL: "https://videos.example.org/12"}},
		}),
	)
	lesson := school.Timetable(school.Pupil(), today.AddDays(1))[0]
	school.Do(world.Amend(lesson.ID, func(l *world.Lesson) { l.Cancelled, l.Status = true, "Prof. absent" }))
	return pronotetest.NewServer(school, pronotetest.Options{})
}
