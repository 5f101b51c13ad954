package mirror

import (
	"slices"
	"strconv"
	"strings"
)

// Identity joins texts so that no two lists of them are taken for each other.
func Identity(parts ...string) string {
	quoted := slices.Clone(parts)
	for i, p := range quoted {
		quoted[i] = strconv.Quote(p)
	}
	return strings.Join(quoted, " ")
}

// Overlap is the share of words that two texts have in common, in percent.
func Overlap(a, b string) int {
	count := map[string]int{}
	words := 0
	for w := range strings.FieldsSeq(a) {
		count[w]++
		words++
	}
	common := 0
	for w := range strings.FieldsSeq(b) {
		words++
		if count[w] > 0 {
			count[w]--
			common++
		}
	}
	if words == 0 {
		return 100
	}
	return 200 * common / words
}
