package pronote

import (
	"time"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/secret"
)

// Date is a day of the school's calendar. The zero Date means "not given".
type Date = civil.Date

// DateTime is a wall-clock time at the school, to the second.
type DateTime = civil.DateTime

// Secret is a text that cannot be printed, logged or marshalled by accident.
type Secret = secret.Text

// DateOf is the day of t in t's own location.
func DateOf(t time.Time) Date { return civil.DateOf(t) }

// ParseDate reads "2025-11-17".
func ParseDate(text string) (Date, error) { return civil.ParseDate(text) }

// DateTimeOf is the wall clock that t shows in t's own location.
func DateTimeOf(t time.Time) DateTime { return civil.DateTimeOf(t) }

// ParseDateTime reads "2025-11-17 13:30:00".
func ParseDateTime(text string) (DateTime, error) { return civil.ParseDateTime(text) }

// NewSecret boxes a text.
func NewSecret(text string) Secret { return secret.New(text) }

// wireDay writes a day as requests do.
func wireDay(d Date) string { return d.In(time.UTC).Format("02/01/2006 0:0:0") }
