//go:build !race

package world

// raced is whether the race detector watches.
const raced = false
