package sync

import (
	"encoding/json"
	"slices"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// Facts are what routing must know of an event besides its kind.
type facts struct {
	kind  string
	minor string
	cause string
	day   civil.Date
	now   map[string]any // the row
	what  []string       // the changed columns
	parts int            // how many of what it consists of changed, or are new
}

// factsOf reads the data of an event. What it cannot read is unknown: the event is
// told all the same.
func factsOf(e db.Event) facts {
	var data struct {
		Now   map[string]any `json:"now"`
		What  []string       `json:"what"`
		Parts []mirror.Part  `json:"parts"`
	}
	_ = json.Unmarshal(e.Data, &data)
	f := facts{kind: e.Kind, minor: e.Minor, cause: e.Cause, day: e.Day, now: data.Now, what: data.What}
	for _, p := range data.Parts {
		if p.Kind != mirror.Removed {
			f.parts++
		}
	}
	return f
}

func (f facts) text(column string) string {
	text, _ := f.now[column].(string)
	return text
}

// is reports whether a column holds yes.
func (f facts) is(column string) bool {
	switch v := f.now[column].(type) {
	case bool:
		return v
	case float64:
		return v != 0
	}
	return false
}

func (f facts) isOfSubject() bool   { return f.minor == db.MinorSubject }
func (f facts) isDetention() bool   { return f.is("detention") }
func (f facts) isOuting() bool      { return f.is("outing") }
func (f facts) isUnexplained() bool { return !f.is("justified") }
func (f facts) isExclusion() bool   { return f.is("exclusion") || f.is("incident") }
func (f facts) isNewer() bool       { return f.is("newer") }

// isCare reports whether an observation is about the infirmary or an incident.
func (f facts) isCare() bool {
	return slices.Contains([]string{"infirmary", "incident"}, f.text("kind"))
}

// isAside reports whether a test was corrected, and the mark in it was not.
func (f facts) isAside() bool {
	return slices.Contains([]string{db.MinorTitle, db.MinorDate, db.MinorCoefficient}, f.minor)
}

// isCorrectedWork reports whether work was corrected or withdrawn. On the day on which it
// is due there is nothing left to do about that.
func (f facts) isCorrectedWork() bool {
	return f.kind == "homework.changed" || f.kind == "homework.removed"
}

// isOfClass reports whether an event is about a test or an evaluation of the class, and
// not about what a child got in it.
func (f facts) isOfClass() bool {
	return f.isAside() || f.kind == "evaluation.changed" && f.parts == 0 || f.kind == "evaluation.removed"
}

// isAboutText reports whether nothing changed of a punishment but what is written
// about it.
func (f facts) isAboutText() bool { return f.minor == db.MinorText }

// silentMinors are why an event is not worth a message to anybody.
var silentMinors = []string{
	db.MinorTypo, db.MinorPrefix, db.MinorDrift, db.MinorNoLevel, db.MinorNothing, db.MinorEnded, db.MinorSame, db.MinorOver,
}

// isNothing reports whether an event is not worth a message to anybody.
func (f facts) isNothing() bool { return slices.Contains(silentMinors, f.minor) }

// isOfFall reports whether a purchase is why a balance is low, which is told with it.
func (f facts) isOfFall() bool { return f.cause != "" }

func (f facts) isBelowZero() bool {
	balance, known := f.now["balance"].(float64)
	return known && balance < 0
}
