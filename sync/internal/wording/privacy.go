package wording

import (
	"encoding/json"
	"fmt"
	"strings"
)

// A Privacy says to whom a field of an event is shown. It alone decides what a
// recipient sees, in a message or in data for a program.
type Privacy int

// The three degrees.
const (
	Open     Privacy = iota // to everybody
	Reserved                // not in a hint
	Secret                  // not in a hint, and only when tapped in a spoiler
)

// fields are the columns of a row by their privacy. "*" is every other column;
// without it, one that is not named is Secret.
type fields struct{ open, reserved, secret string }

// private holds the fields of all events, by the first part of their kind and by
// their place in the data: now and before, parts, files, of.
//
// Secret are figures that judge a child, those of the class with which they are
// compared, what a teacher says of it, and why it was absent, late or punished.
// Reserved are what a child is punished with, money, letters, and what names a person.
var private = map[string]fields{
	"mark": {
		open:     "year period own_period subject given_on title coefficient bonus optional",
		reserved: "out_of rescaled",
		secret:   "value value_text comment class_average class_min class_max",
	},
	"average": {
		open:     "year period subject",
		reserved: "out_of",
		secret:   "student_average class_average class_min class_max",
	},
	"evaluation":       {open: "year period subject name date teacher description coefficient domain cycles"},
	"evaluation parts": {open: "item domain pillar pillar_codes coefficient position", secret: "level abbreviation level_kind comment"},
	"report": {
		open:     "year period class",
		reserved: "out_of absences delays punishments sanctions",
		secret:   "student_average class_average comments",
	},
	"report parts": {
		open:     "within subject subject_group teachers position",
		reserved: "coefficient",
		secret:   "student_average class_average class_min class_max appreciation",
	},
	"homework": {
		open:   "subject given_on due_on description description_html done difficulty minutes return_kind returned_at themes",
		secret: "remark",
	},
	"homework parts": file,

	"lesson": {
		open: "starts_at ends_at subject title teachers rooms groups status kind number cancelled replaced detention outing " +
			"test test_kind exempted memo reason links link_labels link_comments",
		reserved: "exemption",
	},
	"day":  {open: "*"},
	"menu": {open: "*"},

	"agenda":       {open: "title starts_at ends_at all_day category author description council"},
	"agenda parts": file,

	"absence": {
		open:   "year period starts_at ends_at open days hours justified settled to_justify",
		secret: "reasons justification",
	},
	"delay": {open: "year period starts_at minutes justified settled to_justify", secret: "reasons justification"},
	"punishment": {
		open:     "year period given_on given_at giver decider starts_at ends_at outside_lessons receipt_wanted receipt_given",
		reserved: "kind nature minutes exclusion barred_from incident homework",
		secret:   "reasons circumstances comment",
	},
	"punishment parts": {open: "held_on starts_at minutes state supervisor"},
	"punishment files": letter,
	"observation": {
		open:   "year period kind category title subject given_on starts_at ends_at giver read receipt_wanted",
		secret: "comment",
	},

	"info":          notice,
	"info parts":    file,
	"survey":        notice,
	"survey parts":  file,
	"message":       {open: "author role recipient people sent_at read own aside", reserved: "content content_html"},
	"message of":    {reserved: "*"},
	"message parts": letter,

	"wallet": {open: "label hint warning", reserved: "balance balance_text balance_hint"},
	"person": {
		open:     "name kind",
		reserved: "address postal_code city province country email phone landline ine",
	},
	"system": {open: "*"},

	// A reminder is of a row of any kind, of which it says no more than a hint may. The
	// subject may be that of a letter.
	"reminder": {
		open: "starts_at ends_at due_on title category author test_kind minutes label hint " + // and what is never said
			"year period given_on published_at starts_on sent_at kind number status reason teachers rooms groups cancelled replaced " +
			"detention outing test exempted done difficulty open days hours justified settled to_justify read recipient survey " +
			"anonymous answered own aside people role warning links",
		reserved: "*",
	},
	"reminder of": {open: "what"},

	"balance":        {open: "pseudo", reserved: "balance_cents level blocked member member_until"},
	"balance of":     {open: "label", reserved: "*"},
	"transaction":    {open: "number done_on valid", reserved: "*"},
	"transaction of": {open: "label", reserved: "*"},
	"activity":       {open: "*"},
	"activity of":    {open: "*"},
}

var (
	file   = fields{open: "name kind role url"}
	letter = fields{open: "kind role", reserved: "name url"} // whose title tells what it says
	notice = fields{open: "title author category recipient published_at starts_on ends_at read survey anonymous answered content content_html"}
)

// PrivacyOf is that of a field of an event: where is "", "parts", "files" or "of".
// A field that nobody has thought of is Secret.
func PrivacyOf(kind, where, column string) Privacy {
	family, _, _ := strings.Cut(kind, ".")
	known := private[strings.TrimSpace(family+" "+where)]
	for p, list := range []string{known.open, known.reserved, known.secret} {
		if contains(list, column) {
			return Privacy(p)
		}
	}
	for p, list := range []string{known.open, known.reserved} {
		if list == "*" {
			return Privacy(p)
		}
	}
	return Secret
}

func contains(list, word string) bool {
	for w := range strings.FieldsSeq(list) {
		if w == word {
			return true
		}
	}
	return false
}

// shows is the most private that a degree of reveal shows openly.
func (r Reveal) shows() Privacy {
	switch r {
	case Full:
		return Secret
	case Spoiler:
		return Reserved
	}
	return Open
}

// Facts are the data of an event.
type Facts struct {
	Now, Before map[string]any // the row; the columns that changed, as they were
	What        []string       // the columns that changed
	Average     *Step
	Parts       []Part
	Files       []Part         // of rows that have other parts too
	Of          map[string]any // what the row is part of
	Back        bool           // the row had been withdrawn
}

// A Step is how a figure moved.
type Step struct{ Before, After any }

// A Part is one that the row consists of.
type Part struct {
	Kind        string // "added", "changed" or "removed"
	Now, Before map[string]any
	What        []string
}

// Seen reads the data of an event, without what a recipient may not see at a
// glance.
func Seen(kind string, data []byte, reveal Reveal) (Facts, error) {
	var f Facts
	if err := json.Unmarshal(data, &f); err != nil {
		return Facts{}, fmt.Errorf("data of event %s: %w", kind, err)
	}
	return f.through(kind, func(p Privacy, _ string, value any) (any, bool) { return value, p <= reveal.shows() }), nil
}

// classFigures are the columns that compare a child with its class.
const classFigures = "class_average class_min class_max"

// worded are the facts as templates see them, and whether some are left out that would
// have said something: a spoiler covers what it does not show openly.
func (f Facts) worded(kind string, to Reader) (seen Facts, hidden bool) {
	seen = f.through(kind, func(p Privacy, column string, value any) (any, bool) {
		switch {
		case to.NoClass && contains(classFigures, column):
			return nil, false
		case p <= to.Reveal.shows():
			return value, true
		case value == nil || value == "":
			return nil, false
		case to.Reveal == Spoiler:
			return covered{value}, true
		}
		hidden = true
		return nil, false
	})
	return seen, hidden
}

// through passes every value through see, which may replace or drop it.
func (f Facts) through(kind string, see func(Privacy, string, any) (any, bool)) Facts {
	row := func(where string, row map[string]any) map[string]any {
		if row == nil {
			return nil
		}
		seen := map[string]any{}
		for column, value := range row {
			if shown, ok := see(PrivacyOf(kind, where, column), column, value); ok {
				seen[column] = shown
			}
		}
		return seen
	}
	parts := func(where string, list []Part) (seen []Part) {
		for _, p := range list {
			seen = append(seen, Part{p.Kind, row(where, p.Now), row(where, p.Before), p.What})
		}
		return seen
	}
	seen := Facts{
		Now: row("", f.Now), Before: row("", f.Before), What: f.What,
		Parts: parts("parts", f.Parts), Files: parts("files", f.Files), Of: row("of", f.Of), Back: f.Back,
	}
	if f.Average == nil {
		return seen
	}
	if after, ok := see(Secret, "student_average", f.Average.After); ok {
		before, _ := see(Secret, "student_average", f.Average.Before)
		seen.Average = &Step{before, after}
	}
	return seen
}

// A covered value is written so that the reader has to tap on it.
type covered struct{ value any }

// String implements fmt.Stringer, by which templates write it.
func (c covered) String() string {
	text := fmt.Sprint(c.value)
	if text == "" {
		return ""
	}
	return SpoilerStart + text + SpoilerEnd
}

// Uncovered is a text without its covers.
func Uncovered(text string) string {
	return strings.NewReplacer(SpoilerStart, "", SpoilerEnd, "").Replace(text)
}

// uncover is a value without its cover, and whether it had one.
func uncover(value any) (any, bool) {
	c, ok := value.(covered)
	if ok {
		return c.value, true
	}
	return value, false
}

// coverIf puts a cover on what was made of covered values.
func coverIf(hidden bool, text string) any {
	if hidden && text != "" {
		return covered{text}
	}
	return text
}

// keepingCover lets a function write a value under the cover that it has.
func keepingCover(write func(any) string) func(any) any {
	return func(value any) any {
		bare, hidden := uncover(value)
		return coverIf(hidden, write(bare))
	}
}
