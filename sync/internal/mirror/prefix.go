package mirror

import (
	"regexp"
	"strings"
)

// Prefixed reports whether two titles are one but for a call for attention before it,
// such as "URGENT :" or "[Rappel]". "Annulé :" is none: it says something.
func Prefixed(before, after string) bool {
	a, b := withoutCalls(before), withoutCalls(after)
	return before != after && a != "" && a == b
}

func withoutCalls(title string) string {
	return strings.Join(strings.Fields(calls.ReplaceAllString(title, "")), " ")
}

// calls are what people put before a title so that it is read.
var calls = regexp.MustCompile(`(?i)^(?:\s*(?:` +
	`[\[(*]+\s*` + callWord + `\s*[\])*]+\s*[:!-]*` + // [Rappel]
	`|` + callWord + `\s*[:!–—-]+` + // URGENT :
	`))+\s*`)

const callWord = `(?:(?:tr[eè]s |dernier |2e |second )?(?:urgent|rappel|relance|important)s?|mise [aà] jour|maj|[aà] lire|attention|reminder|update)`
