//go:build race

package sync

// The race detector makes SQLite, which is plain Go here, ten times slower: it
// sees the autumn of each year only.
const yearDays = 40
