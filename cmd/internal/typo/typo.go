// Package typo finds the word that was most likely meant.
package typo

import "github.com/agnivade/levenshtein"

// Nearest is the word that is at most two letters, or half of them, from what was
// typed, "" when there is none.
func Nearest(typed string, words []string) string {
	best, least := "", min(2, len(typed)/2)
	for _, word := range words {
		if len(typed) > len(word)+least {
			continue // it may be very long
		}
		if d := levenshtein.ComputeDistance(typed, word); d <= least {
			best, least = word, d-1
		}
	}
	return best
}
