package wording

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// number writes a figure as people do: with two decimals at most, and no needless
// one.
func (l *Language) number(value any) string {
	var f float64
	switch v := value.(type) {
	case float64:
		f = v
	case *float64:
		if v == nil {
			return ""
		}
		f = *v
	case int:
		f = float64(v)
	default:
		return ""
	}
	text := strconv.FormatFloat(math.Abs(math.Round(f*100)/100), 'f', -1, 64)
	if f < 0 && text != "0" {
		text = trueMinus + text
	}
	return strings.Replace(text, ".", l.comma, 1)
}

// score writes a mark with its scale, "14,5/20", or what is said instead of one.
func (l *Language) score(mark map[string]any, outOf any) any {
	return l.scoreBy(mark, outOf, func(w codeWords) string { return w.alone })
}

// word writes a mark as score does, or in a word what is there instead: "absence".
func (l *Language) word(mark map[string]any, outOf any) any {
	return l.scoreBy(mark, outOf, func(w codeWords) string { return w.short })
}

func (l *Language) scoreBy(mark map[string]any, outOf any, say func(codeWords) string) any {
	if own, ok := mark["out_of"]; ok {
		outOf, _ = uncover(own)
	}
	text, hidden := uncover(mark["value_text"])
	value, hiddenToo := uncover(mark["value"])
	figure, isNumber := value.(float64)
	written := textOf(text)
	switch words, known := l.codes[written]; {
	case isNumber:
		written = l.writeScore(figure, outOf)
		if strings.Contains(textOf(text), "(Félicitations)") {
			written += l.congratulated
		}
	case known:
		written = say(words)
	}
	return coverIf(hidden || hiddenToo, written)
}

func (l *Language) writeScore(value float64, outOf any) string {
	if scale := l.number(outOf); scale != "" {
		return l.number(value) + "/" + scale
	}
	return l.number(value)
}

// figure writes a mark in a list: the scale only where it is not the usual one.
func (l *Language) figure(mark map[string]any) any {
	outOf, _ := uncover(mark["out_of"])
	value, hidden := uncover(mark["value"])
	if figure, ok := value.(float64); ok && outOf == float64(usualScale) {
		return coverIf(hidden, l.number(figure))
	}
	return l.word(mark, nil)
}

// usualScale is what marks are out of.
const usualScale = 20

// brought writes a mark out of another scale as one out of 20, "" for none.
func (l *Language) brought(mark map[string]any) any {
	value, hidden := uncover(mark["value"])
	outOf, _ := uncover(mark["out_of"])
	figure, ok := value.(float64)
	scale, okToo := outOf.(float64)
	if !ok || !okToo || scale == usualScale || scale <= 0 {
		return ""
	}
	return coverIf(hidden, l.writeScore(figure*usualScale/scale, float64(usualScale)))
}

// A codeWords is what is said of a code in place of a mark.
type codeWords struct {
	alone string // as the whole of a title says it
	short string
}

// correction says what is the first fact of a changed mark: "value", "added" or "code" in
// place of one, "both" the value and the scale, "scale", or a column.
func (v view) correction() string {
	has := func(columns ...string) bool {
		return slices.ContainsFunc(columns, func(c string) bool { return slices.Contains(v.What, c) })
	}
	isNumber := func(row map[string]any) bool {
		value, _ := uncover(row["value"])
		_, ok := value.(float64)
		return ok
	}
	is, was := isNumber(v.Now), isNumber(v.Old)
	switch {
	case has("value") && is && was && has("out_of"):
		return "both"
	case has("value") && is && was:
		return "value"
	case has("value", "value_text") && is && !was:
		return "added"
	case has("value") && !is, has("value_text") && !is && !was:
		return "code"
	case has("out_of"):
		return "scale"
	}
	for _, column := range []string{"coefficient", "given_on", "comment", "title", "bonus", "optional", "subject"} {
		if has(column) {
			return column
		}
	}
	return ""
}

// fewLevels is how many levels a title names one by one.
const fewLevels = 4

// unlevelled are the kinds of levels that are none.
var unlevelled = []string{"absent", "not_evaluated", "exempt", "not_handed_in"}

// rank orders levels as schools do; those of the school's own come as they stand.
var rank = []string{"expert", "acquired", "nearly_acquired", "in_progress", "beginning", "not_acquired"}

// levels writes the levels that were reached or changed, by their abbreviations: "A, B",
// "A → A+"; of many, how often each was: "2 A, 1 D".
func levels(skills []Part) any {
	var written []string
	count, kinds := map[string]int{}, map[string]string{}
	hidden, step := false, false
	for _, s := range skills {
		kind, covered := uncover(s.Now["level_kind"])
		if s.Kind == "removed" || !judged(s.Now) || slices.Contains(unlevelled, textOf(kind)) || !levelChanged(s) {
			continue
		}
		now, coveredToo := uncover(firstOf(s.Now["abbreviation"], s.Now["level"]))
		if hidden = hidden || covered || coveredToo; now == nil {
			continue
		}
		was := ""
		if s.Kind == "changed" {
			before, _ := uncover(s.Before["abbreviation"])
			was = textOf(before)
		}
		step = step || was != "" && was != textOf(now)
		text := writeStep(was, now)
		kinds[text] = textOf(kind)
		count[text]++
		written = append(written, text)
	}
	if len(written) > fewLevels && !step {
		written = slices.Compact(sortedLevels(written, kinds))
		for i, text := range written {
			written[i] = fmt.Sprint(count[text]) + noBreak + text
		}
	}
	return coverIf(hidden, strings.Join(written, ", "))
}

// sortedLevels puts equal levels together, in the order of rank, else of appearance.
func sortedLevels(list []string, kinds map[string]string) []string {
	seen := slices.Clone(list)
	place := func(text string) int {
		if i := slices.Index(rank, kinds[text]); i >= 0 {
			return i
		}
		return len(rank) + slices.Index(seen, text)
	}
	slices.SortStableFunc(list, func(a, b string) int { return place(a) - place(b) })
	return list
}

// levelChanged reports whether a level is new, or another one than before.
func levelChanged(s Part) bool {
	if s.Kind != "changed" {
		return true
	}
	was, _ := uncover(firstOf(s.Before["abbreviation"], s.Before["level"]))
	is, _ := uncover(firstOf(s.Now["abbreviation"], s.Now["level"]))
	return (slices.Contains(s.What, "abbreviation") || slices.Contains(s.What, "level")) && was != is
}

// relevelled says what levels of an evaluation did: "one" or "many" were corrected,
// "first" where all of them are the first, "withdrew" where skills only went, "" where
// none did anything.
func relevelled(skills []Part) string {
	corrected, first, withdrew := 0, 0, false
	for _, s := range skills {
		switch before := firstOf(s.Before["abbreviation"], s.Before["level"]); {
		case s.Kind == "removed":
			withdrew = true
		case !judged(s.Now) || !levelChanged(s):
		case s.Kind == "changed" && before != nil:
			corrected++
		default:
			first++
		}
	}
	switch {
	case corrected+first == 0 && withdrew:
		return "withdrew"
	case corrected+first == 0:
		return ""
	case corrected == 0:
		return "first"
	case corrected+first == 1:
		return "one"
	}
	return "many"
}

// level writes the level of a skill in words, under its cover.
func (l *Language) level(skill map[string]any) any {
	kind, _ := uncover(skill["level_kind"])
	short, hidden := uncover(skill["abbreviation"])
	long, hiddenToo := uncover(skill["level"])
	if words, ok := l.levelCodes[textOf(kind)]; ok {
		return coverIf(hidden || hiddenToo, words)
	}
	text := textOf(long)
	if text == "" {
		return coverIf(hidden, textOf(short))
	}
	return coverIf(hidden || hiddenToo, lowered(text))
}

// lowered writes words without their capital, and leaves initials.
func lowered(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 || size < len(text) && strings.ToUpper(text) == text {
		return text
	}
	return string(unicode.ToLower(first)) + text[size:]
}

// distinct are the parts of a row that do not say the same as one before: two skills of
// one name and level.
func distinct(parts []Part) (kept []Part) {
	for _, p := range parts {
		if !slices.ContainsFunc(kept, func(k Part) bool { return reflect.DeepEqual(k, p) }) {
			kept = append(kept, p)
		}
	}
	return kept
}

// judged reports whether a level was given in a skill.
func judged(skill map[string]any) bool {
	return firstOf(skill["abbreviation"], skill["level_kind"]) != nil
}

// firstOf is the first value that is neither missing nor empty, or nil.
func firstOf(values ...any) any {
	for _, v := range values {
		if bare, _ := uncover(v); bare != nil && bare != "" {
			return v
		}
	}
	return nil
}

// step writes how something moved, "12 → 14", under its cover; only the new value
// where the old one is unknown or looks the same.
func step(before, now any) any {
	was, hidden := uncover(before)
	is, hiddenToo := uncover(now)
	return coverIf(hidden || hiddenToo, writeStep(was, is))
}

func writeStep(before, now any) string {
	was, is := shownText(before), shownText(now)
	switch {
	case was == "" || was == is:
		return is
	case is == "":
		is = "?"
	}
	return was + " → " + is
}

func shownText(value any) string { return fmt.Sprint(shown(value)) }

// A rewriting is what two versions of a text do not have in common.
type rewriting struct{ Old, New any }

func texts(before, now any) rewriting { return rewriting{only(before, now), only(now, before)} }

// only is what a text says that another does not, sentence by sentence.
func only(text, other any) any {
	is, hidden := uncover(text)
	was, _ := uncover(other)
	left := sentencesOf(is)
	for _, sentence := range sentencesOf(was) {
		if i := slices.Index(left, sentence); i >= 0 {
			left = slices.Delete(left, i, i+1)
		}
	}
	return coverIf(hidden, strings.Join(left, " "))
}

// linesOf are the lines of a text that say something.
func linesOf(text any) (lines []string) {
	for line := range strings.Lines(textOf(text)) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// sentencesOf are the sentences of a text; a line is one at least.
func sentencesOf(text any) (list []string) {
	for line := range strings.Lines(textOf(text)) {
		start := 0
		for i, r := range line {
			end := i + utf8.RuneLen(r)
			if strings.ContainsRune(".!?…", r) && end < len(line) && (line[end] == ' ' || line[end] == '\n') {
				list = append(list, strings.TrimSpace(line[start:end]))
				start = end
			}
		}
		if rest := strings.TrimSpace(line[start:]); rest != "" {
			list = append(list, rest)
		}
	}
	return list
}

// remarks are the lines of a general remark: an award by itself, then what is said.
func (l *Language) remarks(value any) (list []any) {
	bare, hidden := uncover(value)
	var awards, said []any
	for line := range strings.Lines(textOf(bare)) {
		label, text, ok := strings.Cut(strings.TrimSpace(line), " : ")
		switch {
		case ok && strings.HasPrefix(label, "Mention"):
			awards = append(awards, coverIf(hidden, text))
		case ok && strings.HasPrefix(label, "Appréciation"):
			said = append(said, coverIf(hidden, l.whole(text)))
		case ok && len(strings.Fields(label)) < leastSentence:
			said = append(said, coverIf(hidden, label+l.colon+l.whole(text)))
		default:
			said = append(said, coverIf(hidden, l.whole(strings.TrimSpace(line))))
		}
	}
	return append(awards, said...)
}

// leastSentence is from how many words on what is before a colon is no label.
const leastSentence = 5

// period writes the name of a term within a French title: "Bulletin du trimestre 1".
func period(value any) string {
	text := oneLine(textOf(value))
	switch first, _, _ := strings.Cut(text, " "); {
	case text == "":
		return ""
	case first == "Trimestre" || first == "Semestre":
		return " du " + strings.ToLower(text[:1]) + text[1:]
	}
	return noBreak + ": " + text
}
