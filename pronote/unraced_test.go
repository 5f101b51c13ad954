//go:build !race

package pronote_test

// raced is whether the race detector watches.
const raced = false
