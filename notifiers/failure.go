package notifiers

import (
	"errors"
	"fmt"
	"time"
)

// failure is why a message was not delivered.
type failure struct {
	text      string // the fact
	reason    string // for Reason
	permanent bool
	uncertain bool // the message may have arrived all the same
	patience  time.Duration
	wait      time.Duration
	ended     error // of the context, if that is why
}

// temporary is a failure that may pass by itself.
func temporary(format string, args ...any) *failure {
	return &failure{text: fmt.Sprintf(format, args...)}
}

// permanent is a failure that only a person can end.
func permanent(format string, args ...any) *failure {
	return &failure{text: fmt.Sprintf(format, args...), permanent: true}
}

// What a service says of the earlier message that a message amends. These reasons do not leave the package.
const (
	amendedGone = "amended_gone" // it is no more, or cannot be changed
	amendedSame = "amended_same" // it is so already, by an attempt whose answer was lost
)

// isBecause reports whether a failure has that reason.
func isBecause(err error, reason string) bool {
	f, ok := errors.AsType[*failure](err)
	return ok && f.reason == reason
}

// because names the reason.
func (f *failure) because(reason string) *failure {
	f.reason = reason
	return f
}

func (f *failure) Error() string { return f.text }

// Reason is why, for programs that tell people what to do; "" where there is nothing to say.
func (f *failure) Reason() string { return f.reason }

// Permanent reports that the same message would be refused again.
func (f *failure) Permanent() bool { return f.permanent }

// MayHaveArrived reports that the service had the message, or a part of it, and was not heard to refuse it.
func (f *failure) MayHaveArrived() bool { return f.uncertain }

// Patience is how long such a failure has to last before it is final; zero leaves that to the caller.
func (f *failure) Patience() time.Duration { return f.patience }

// RetryAfter is the wait the service asked for, at most a day; zero if it asked for none.
func (f *failure) RetryAfter() time.Duration { return f.wait }

func (f *failure) Unwrap() error { return f.ended }
