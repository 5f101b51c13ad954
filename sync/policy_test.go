package sync_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/school"
)

var letIn = civil.DateTime{Date: civil.Date{Year: 2025, Month: time.November, Day: 18}, Hour: 17}

// TestStatePolicy holds what becomes of an account with the errors of a school.
func TestStatePolicy(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_000_000, 0)
	ready := db.Account{Name: "lea", Phase: db.Ready}
	failing := db.Account{Name: "lea", Phase: db.Waiting, Failures: 3, FailingSince: 900_000, LastError: "before"}
	network := errors.New("no route to host")
	for _, tt := range []struct {
		name   string
		before db.Account
		err    error
		phase  db.Phase
		wait   time.Duration // 0: until a person acts, or none
	}{
		{"a success resets", failing, nil, db.Ready, 0},
		{"a first failure waits a minute", ready, network, db.Waiting, time.Minute},
		{"a fourth waits eight", failing, network, db.Waiting, 8 * time.Minute},
		{"many wait an hour", db.Account{Failures: 40}, network, db.Waiting, time.Hour},
		{"a wrong password suspends", ready, fmt.Errorf("login: %w", pronote.ErrCredentials), db.Suspended, 0},
		{"a second factor suspends", ready, pronote.ErrSecondFactor, db.Suspended, 0},
		{"a refused token suspends", ready, pronote.ErrToken, db.Suspended, 0},
		{"a refused PIN suspends", ready, fmt.Errorf("x: %w", pronote.ErrPIN), db.Suspended, 0},
		{"a disabled account suspends", ready, &pronote.AccessError{Code: 10}, db.Suspended, 0},
		{"a portal calls a person only when it stays", db.Account{LastSuccessAt: letIn, Reason: "portal", ReasonSince: 950_000}, &pronote.PortalError{Host: "wifi.example"}, db.Waiting, time.Minute},
		{"for a day", db.Account{LastSuccessAt: letIn, Reason: "portal", ReasonSince: 913_600}, &pronote.PortalError{Host: "wifi.example"}, db.Suspended, 0},
		{"not when something else came before", db.Account{LastSuccessAt: letIn, Reason: "network", ReasonSince: 100_000}, &pronote.PortalError{Host: "wifi.example"}, db.Waiting, time.Minute},
		{"garbage of a newer server may pass", db.Account{LastSuccessAt: letIn}, &pronote.VersionError{Err: pronote.ErrUnreadable}, db.Waiting, time.Minute},
		{"its refusal of a password does not", db.Account{LastSuccessAt: letIn}, &pronote.VersionError{Err: pronote.ErrCredentials}, db.Suspended, 0},
		{"a portal suspends", ready, &pronote.PortalError{Host: "ent.example"}, db.Suspended, 0},
		{"an unknown protocol suspends", ready, &pronote.VersionError{Err: pronote.ErrUnreadable}, db.Suspended, 0},
		{"a ban holds for hours", ready, &pronote.BlockedError{Reason: "IP"}, db.Banned, 6 * time.Hour},
		{"a second ban holds longer", db.Account{Failures: 1}, &pronote.BlockedError{}, db.Banned, 12 * time.Hour},
		{"a ban holds as long as it says", ready, &pronote.BlockedError{Wait: 20 * time.Hour}, db.Banned, 20 * time.Hour},
		{"no ban holds for ever", db.Account{Failures: 90}, &pronote.BlockedError{}, db.Banned, 48 * time.Hour},
		{"a closed school is left alone", ready, pronote.ErrClosed, db.Waiting, 12 * time.Hour},
		{"a busy one for an hour", ready, pronote.ErrBusy, db.Waiting, time.Hour},
		{"Retry-After is honoured", ready, &pronote.HTTPError{Status: http.StatusServiceUnavailable, Wait: 10 * time.Minute}, db.Waiting, 10 * time.Minute},
		{"429 is a long wait", ready, &pronote.HTTPError{Status: http.StatusTooManyRequests, Wait: 10 * time.Minute}, db.Waiting, time.Hour},
		{"an answer that is still to be had is asked for soon", ready, fmt.Errorf("%w: %w", pronote.ErrUnanswered, pronote.ErrClosed), db.Waiting, time.Minute},
		{"and again", db.Account{Failures: 8}, fmt.Errorf("%w: %w", pronote.ErrUnanswered, network), db.Waiting, 5 * time.Minute},
		{"but not sooner than the server wants", ready, fmt.Errorf("%w: %w", pronote.ErrUnanswered, &pronote.HTTPError{Status: 503, Wait: 10 * time.Minute}), db.Waiting, 10 * time.Minute},
		{"nor when it must have forgotten", db.Account{Failures: 12}, fmt.Errorf("%w: %w", pronote.ErrUnanswered, network), db.Waiting, time.Hour},
		{"our own budget is no failure", ready, &sync.BudgetError{What: "logins for a day", Until: now.Add(3 * time.Hour)}, db.Waiting, 3 * time.Hour},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := sync.Next(tt.before, tt.err, sync.Judge(tt.err, school.Judge), now, 0, "print")
			if got.Phase != tt.phase {
				t.Errorf("phase = %s, want %s", got.Phase, tt.phase)
			}
			want := int64(0)
			if tt.wait > 0 {
				want = now.Add(tt.wait).Unix()
			}
			if got.PhaseUntil != want {
				t.Errorf("waits %s, want %s", time.Unix(got.PhaseUntil, 0).Sub(now), tt.wait)
			}
			if (got.Refused == "print") != (tt.phase == db.Suspended) {
				t.Errorf("refused fingerprint = %q in phase %s", got.Refused, got.Phase)
			}
			if spread := sync.Next(tt.before, tt.err, sync.Judge(tt.err, school.Judge), now, 0.999, "print"); spread.PhaseUntil < got.PhaseUntil {
				t.Errorf("jitter shortens the wait: %d < %d", spread.PhaseUntil, got.PhaseUntil)
			}
			var budget *sync.BudgetError
			if counted := got.Failures > tt.before.Failures; tt.err != nil && counted == errors.As(tt.err, &budget) {
				t.Errorf("failures = %d after %d", got.Failures, tt.before.Failures)
			}
		})
	}
}
