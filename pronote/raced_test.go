//go:build race

package pronote_test

// raced is whether the race detector watches. It makes everything some ten times
// slower, and looks at how goroutines meet, not at how much they do: what a test
// repeats for the sake of volume is then cut short.
const raced = true
