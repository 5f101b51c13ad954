package pronote

// Kind tells whose account it is.
type Kind string

// The two kinds of accounts that this package logs in.
const (
	KindStudent Kind = "student"
	KindParent  Kind = "parent"
)

// Tab is a page of PRONOTE's menu. Each request names the tab it comes from,
// and the school decides which tabs an account has.
type Tab int

// The tabs that this package uses, by the numbers of the protocol.
const (
	TabHome        Tab = 7
	TabInfos       Tab = 8
	TabAgenda      Tab = 9
	TabMenus       Tab = 10
	TabSchoolLife  Tab = 19
	TabStaff       Tab = 37
	TabLessons     Tab = 16
	TabPerson      Tab = 49
	TabHomework    Tab = 88
	TabContents    Tab = 89
	TabDiscussions Tab = 131
	TabMarks       Tab = 198
	TabEvaluations Tab = 201
	TabReports     Tab = 13
)

// School is what a server says about itself and its calendar.
type School struct {
	Name     string
	Year     string // "2025-2026"
	Starts   Date   // first day of the school year
	Ends     Date   // last day of the school year
	Holidays []Holiday
	Weeks    []Week
	Weekdays []int // days with lessons, 1 is Monday
	Sites    []Site

	periods     []Period
	firstMonday Date       // origin of week numbers
	firstWeek   int        // number of that week
	slots       []DateTime // of a day: when each begins, without the day
	slotEnds    []DateTime // when each ends
}

// Week is a week of a school where weeks differ, as A and B do.
type Week struct {
	Year   string // school year, "2025-2026"
	Starts Date   // its Monday
	Label  string // as the school calls its kind: "A", "Q1"
}

// A Site is a school behind an account, and where it is: several where a collège
// and a lycée share a PRONOTE. Unknown fields are empty.
type Site struct {
	Name       string // as Student.School has it
	Address    string // street, in one line
	PostalCode string
	City       string
	Province   string
	Country    string
	Website    string
	Logo       string // address of its image, which anybody may look at
}

// Holiday is a school holiday or a public one, both days included.
type Holiday struct {
	Year         string // school year, "2025-2026"
	Name         string
	Starts, Ends Date
}

// firstDay is the Monday of a week by the server's number.
func (s School) firstDay(week int) Date { return s.firstMonday.AddDays(7 * (week - s.firstWeek)) }

// Open reports whether the school has lessons on a day, as far as its calendar
// says.
func (s School) Open(day Date) bool {
	for _, h := range s.Holidays {
		if day.Compare(h.Starts) >= 0 && day.Compare(h.Ends) <= 0 {
			return false
		}
	}
	weekday := (int(day.Weekday())+6)%7 + 1
	for _, d := range s.Weekdays {
		if d == weekday {
			return true
		}
	}
	return false
}

// WeekNumber is the server's number for the week of a day, as a Call has it. Days before the first
// Monday have none.
func (s School) WeekNumber(day Date) int {
	return s.firstWeek + max(0, day.DaysSince(s.firstMonday))/7
}

// Student is a pupil, as the session's own object: it holds identifiers that
// are void in any other session.
type Student struct {
	Name   string // as PRONOTE writes it: "LEMOINE Tristan"
	Class  string
	School string
	Groups []string // of lessons, that the pupil is in: "4B gr1"

	// Periods are those of the page of marks or, for a pupil without, of the first of
	// reports, evaluations and school life that has any, in the school's order. They are
	// not all: another page may have fewer, more, or semesters where these are terms. Ask
	// for a page by its own, which PeriodsOf has.
	Periods []Period
	Current string // name of the current one of Periods, "" when unknown

	element Element
	tabs    map[Tab]tabPeriods // of the tabs that have periods of their own
	lacks   map[Tab]bool       // tabs that the account has for another child only
}

// tabPeriods are the periods that one tab has for a pupil.
type tabPeriods struct {
	periods []Period
	current string
}

// PeriodsOf are the periods by which a tab can be asked about the pupil, in the
// school's order, and the name of the current one, "" when unknown. Siblings may have
// others. For a tab without a list of its own they are those of Student.Periods. An
// entry that only adds up terms, and has no dates, is left out.
func (s Student) PeriodsOf(tab Tab) (periods []Period, current string) {
	if own, ok := s.tabs[tab]; ok {
		return own.periods, own.current
	}
	return s.Periods, s.Current
}

// Period is a term, a semester or the year, as the session's own object.
type Period struct {
	Name   string
	Year   string // the school year it belongs to: "2025-2026"
	Starts Date
	Ends   Date
	Kind   string // "term", "semester", "year" or "other"

	element Element
}

// Holds reports whether a day belongs to the period.
func (p Period) Holds(day Date) bool { return day.Compare(p.Starts) >= 0 && day.Compare(p.Ends) <= 0 }

// An Element is PRONOTE's own reference to an object, and good in one session only.
// It marshals to what a Call about the object carries.
type Element struct {
	Number string `json:"N,omitempty"` // an empty one would name an object that is not there
	Genre  int    `json:"G"`
	Label  string `json:"L,omitempty"`
}

// Element is PRONOTE's reference to the pupil.
func (s Student) Element() Element { return s.element }

// PeriodElement is PRONOTE's reference to a period in requests of a tab about the
// pupil: the one in that tab's own list. PRONOTE answers nothing to another, even of
// the same number.
func (s Student) PeriodElement(tab Tab, in Period) Element {
	for _, p := range s.tabs[tab].periods {
		if p.element.Number == in.element.Number {
			return p.element
		}
	}
	return in.element
}

// periodKinds are the G of periods in the school's list, tabGenres those in the lists
// of tabs.
var (
	periodKinds = map[int]string{1: "term", 2: "semester", 3: "year"}
	tabGenres   = map[string]int{"term": 2, "semester": 2, "year": 1, "other": 4}
)
