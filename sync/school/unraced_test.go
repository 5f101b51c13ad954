//go:build !race

package school

// raced is whether the race detector watches.
const raced = false
