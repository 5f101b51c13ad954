package pronote

// An AgendaEntry is something in the school's agenda: a meeting, an outing, an open
// day, a class council.
type AgendaEntry struct {
	Title       string
	Starts      DateTime
	Ends        DateTime // zero when the school does not say
	AllDay      bool     // the hours of Starts and Ends mean nothing
	Category    string   // as the school calls it
	Author      string
	Description string // plain text
	Council     bool   // of a class
	Attachments []Attachment
}
