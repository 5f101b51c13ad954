//go:build !race

package db

// raced is whether the race detector watches.
const raced = false
