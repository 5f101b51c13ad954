// Package passwordtest makes passwords cost little in tests, whose processes log in
// thousands of times.
package passwordtest

import "github.com/pronote-sync/pronote-sync/notekfet/internal/password"

// Weaken makes every hash of this process a cheap one. It is called before any is
// made, and by tests alone: no program links this package.
func Weaken() { password.TestOnlyWeaken() }
