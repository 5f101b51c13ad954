package wording

import "github.com/pronote-sync/pronote-sync/civil"

// A DigestKind says what a digest is about.
type DigestKind string

// The kinds of digests.
const (
	Evening DigestKind = "evening" // the next school day, and what came since the last one
	Morning DigestKind = "morning" // the day that begins
	Week    DigestKind = "week"    // the days to come, and those that went by
	Outage  DigestKind = "outage"  // PRONOTE answers again
	Silence DigestKind = "silence" // nothing has changed for long
	Welcome DigestKind = "welcome" // the first message
)

// A Digest is what one message tells together. It is data only: what the mirror says of
// the days to come, and the events that are due. What is zero is not said.
type Digest struct {
	Kind DigestKind
	Day  civil.Date // the school day it is about: tomorrow, Monday on a Friday; of a week its first day
	Last civil.Date // Week: its last day

	Children []Pupil     // in the order of the configuration
	Explain  []Unsettled // absences and late arrivals that wait for an explanation
	Sign     []Unsigned  // what a parent is to confirm to have read
	Unread   []string    // who wrote the messages that nobody has opened; one for each
	Surveys  []Survey    // without an answer
	News     []Event     // due in this digest, gravest first, each about one child; what Children says already is not repeated

	Since, Until civil.DateTime // Outage: from when to when there was no answer
	Changes      int            // Outage: how many there were meanwhile, of which News are those that matter

	LastEvent Event      // Silence: the last change, Kind "" for none
	LastDay   civil.Date // Silence: its day

	Copied  Copied    // Welcome: what is in the mirror
	AtOnce  []string  // Welcome: the families of kinds told at once: "absence", "punishment", "lesson", "mark"
	Evening string    // Welcome: when the digest comes, "18:30"; "" for never
	Quiet   [2]string // Welcome: the quiet hours, "21:30" and "06:45"
}

// A Pupil is a child on the days of a digest.
type Pupil struct {
	Name          string // "" where the account has one child
	Class, School string // Welcome

	Day                civil.Date     // whose hours these are, usually that of the digest
	From, To           civil.DateTime // the first and the last hour of the day; zero without lessons
	UsualFrom, UsualTo civil.DateTime // as they would be: of the same weekday; zero where unknown or the same
	Off                bool           // no lessons, because of a holiday or a day off
	Tests              []Test         // of the day
	Work               []Work         // due on the day
	Changes            []Event        // of the timetable of the day: lesson.*, as events of this child
	Menu               []string       // what there is to eat, Morning

	Ahead []Ahead // Week: tests, outings and work due, by day
	Past  Past    // Week: what went by
}

// A Test is one on the timetable.
type Test struct {
	Subject string // the school's name
	At      civil.DateTime
	Kind    string // "Contrôle", as the school says; "" for unknown
	Title   string
}

// A Work is a piece of homework.
type Work struct {
	Subject string // the school's name
	Text    string
	Due     civil.Date
	Given   civil.Date
	Minutes int
	Return  string // "paper", "pronote", "audio", "kiosk", "" for nothing to hand in
	Files   int
	Done    bool
}

// An Unsettled is an absence or a late arrival that is to be explained.
type Unsettled struct {
	Child    string
	Late     bool
	Minutes  int            // late
	From, To civil.DateTime // of an absence
}

// An Unsigned is a punishment, an observation or a notice that a parent is to confirm to
// have read.
type Unsigned struct {
	Child string     // "" for the parent's
	Kind  string     // "punishment", "observation", "info"
	Title string     // as the school calls it; "" for unknown
	Day   civil.Date // of a punishment or an observation
}

// A Survey is one without an answer.
type Survey struct {
	Child string // "" for the parent's
	Title string
	Until civil.Date // zero for unknown
}

// An Ahead is something on a day to come.
type Ahead struct {
	Day      civil.Date
	Kind     string         // "test", "homework", "outing", "council"
	Subject  string         // the school's name; of an outing its title
	From, To civil.DateTime // of an outing
}

// A Past is what a week brought a child.
type Past struct {
	Marks           int
	Overall, Before any // the overall average as float64, now and a week ago; nil for unknown
	Absences        int
	AbsentMinutes   int
	Late            int
	LateMinutes     int
	Lost            int // minutes of cancelled lessons
}

// A Copied is what a mirror began with.
type Copied struct{ Marks, Homework, Infos, Transactions int }
