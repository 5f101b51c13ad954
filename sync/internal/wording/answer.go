package wording

import "github.com/pronote-sync/pronote-sync/civil"

// A Topic is what a person asks about.
type Topic string

// The topics, as a bot and the command line know them.
const (
	AskMarks     Topic = "marks"
	AskHomework  Topic = "homework"
	AskTimetable Topic = "timetable"
	AskAbsences  Topic = "absences"
	AskMenu      Topic = "menu"
	AskWeek      Topic = "week" // Digest says it
	AskWhy       Topic = "why"  // why something was told, or not
)

// An Answer is what the mirror says about a topic. It is data only; what is empty is
// said to be nothing.
type Answer struct {
	Topic    Topic
	Day      civil.Date     // the day asked about; zero for several
	Children []Answered     // in the order of the configuration
	Menu     []Meal         // AskMenu
	Week     Digest         // AskWeek, of Kind Week
	Why      []Reason       // AskWhy, newest first
	AsOf     civil.DateTime // when PRONOTE last answered; zero for unknown
}

// An Answered is what is answered about a child.
type Answered struct {
	Name    string         // "" where the account has one child
	Rows    []Event        // AskMarks: as mark.new, newest first; AskAbsences: as absence.new, delay.new, punishment.new, observation.new
	Overall any            // AskMarks: the overall average as float64; nil for unknown
	Work    []Work         // AskHomework, by the day on which it is due
	Days    []TimetableDay // AskTimetable
}

// A TimetableDay is a day with its lessons, in order.
type TimetableDay struct {
	Day     civil.Date
	Lessons []Lesson
}

// A Lesson is one of a timetable.
type Lesson struct {
	From, To  civil.DateTime
	Subject   string // the school's name, or its title
	Rooms     string
	Cancelled bool
	Test      bool
	Status    string // as the school says, "Prof. absent"
}

// A Meal is what there is to eat on a day.
type Meal struct {
	Day    civil.Date
	Dinner bool
	Dishes []string
}

// A Reason is why an event was told, or not.
type Reason struct {
	Event  Event
	At     civil.DateTime // when it was seen
	Fate   string         // "sent", "digest", "merged", "silent", "expired", "failed", "waiting"
	Reason string         // in the reader's language
	Sent   civil.DateTime // when it was told; zero for not
}
