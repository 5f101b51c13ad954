package sync

import (
	"context"
	"time"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// A Source is where the data of one account comes from: how to log in there, what
// there is to read, and what its errors mean. One goroutine at a time uses it, and
// the sessions that it opens.
type Source interface {
	// Name is the word for the kind of source in the view account.
	Name() string

	// Title is what people call it.
	Title() string

	// Domains are what can be read.
	Domains() Domains

	// Open makes a session, with as many logins as that takes. Its errors are those
	// that Judge knows, and those of spend.
	Open(ctx context.Context, spend Spend) (Session, error)

	// Resume is a session of a source of the same kind and the same credentials, which
	// goes on as one of this source: a reload costs no login.
	Resume(Session) Session

	// Off reads what Session.Learned gave as the calendar, "" for nothing, and reports
	// on which days nothing new is expected.
	Off(calendar string) (func(civil.Date) bool, error)

	// Newer reports whether what Session.Learned gave as the version is one that this
	// program does not know.
	Newer(version string) bool

	// Judge finds the verdict of an error of this source, the zero Verdict for any
	// other.
	Judge(err error) Verdict
}

// A Greeter is a Source whose server tells its time to anybody.
type Greeter interface {
	// Greet asks for that, without a login. The Timekeeper hears it.
	Greet(context.Context) error
}

// Spend takes out of the account's budget what a Source is about to cost the server.
// Both return a *BudgetError where that is spent.
type Spend struct {
	Login   func(context.Context) error // before each login
	Request func(context.Context) error // before each request; waits out the spacing
}

// A Session is a Source that has let us in.
type Session interface {
	// Learned is what the login told of the server.
	Learned() (Learned, error)

	// People are those whose rows there will be, always in the same order. Their ID and
	// their alias are for the engine to fill in.
	People() []db.Student

	// Enrol tells the session who they are in the mirror. It returns what the login has
	// told of them and what is to be told to people, both for the transaction that
	// enrols them.
	Enrol(Enrolment) ([]Snapshot, []db.Event)

	// Read reads one domain for one person. Snapshots that it returns beside an error
	// are stored too.
	Read(ctx context.Context, domain string, w Window) ([]Snapshot, error)

	// Remember says after a poll whether all that was read is in the mirror: only then
	// may the next poll leave out what is as it was.
	Remember(whole bool)

	// Touch keeps the session alive.
	Touch(context.Context) error

	// Close logs out.
	Close(context.Context) error
}

// A Downloader is a Session whose rows have files.
type Downloader interface {
	// Download fetches a file of at most that many bytes, from where an earlier
	// download has ended.
	Download(ctx context.Context, file pronote.Attachment, most int64, from pronote.Resume) (*pronote.File, error)
}

// A Snapshot is what one poll saw of one domain for one owner.
type Snapshot = mirror.Snapshot

// Learned is what a login tells of a server.
type Learned struct {
	School   string // or whatever the account is with; another name is another mirror
	Version  string // of the software
	Calendar string // for Source.Off
}

// An Enrolment is who the people of a session are in the mirror.
type Enrolment struct {
	People  []Enrolled // in the order of Session.People
	Holder  db.Owner   // of rows that are addressed to the account and to no person; the only person's own owner
	Afresh  bool       // nobody was known before: nothing is news
	Version string     // that the mirror remembers
}

// Enrolled is one person.
type Enrolled struct {
	db.Student
	Owner  db.Owner
	Joined bool // since the last login: nothing that was there before is news
}

// A Window is what reading a domain may know of the mirror and of the plan.
type Window struct {
	Person  int      // whose rows, by the place in Session.People
	Owner   db.Owner // of those rows
	Holder  db.Owner // as in Enrolment
	Now     civil.DateTime
	Store   *db.Store       // to look at
	Restore map[string]bool // tables whose known rows are opened again because files are missing

	// Due reports whether a span was last read so long ago that it must be read again.
	// Saying so counts as reading, if all goes well.
	Due func(span db.Span, age time.Duration) bool
}
