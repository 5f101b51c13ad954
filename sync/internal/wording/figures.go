package wording

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
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

// score writes a mark with its scale, "14,5/20", or the word that replaces it.
func (l *Language) score(mark map[string]any, outOf any) any {
	if own, ok := mark["out_of"]; ok {
		outOf = own
	}
	text, hidden := uncover(mark["value_text"])
	value, hiddenToo := uncover(mark["value"])
	return coverIf(hidden || hiddenToo, l.writeScore(value, textOf(text), outOf))
}

func (l *Language) writeScore(figure any, shown string, outOf any) string {
	value, isNumber := figure.(float64)
	switch {
	case !isNumber:
		return shown
	case outOf == nil:
		return l.number(value)
	case strings.ContainsRune(shown, '('): // a mark with congratulations
		_, remark, _ := strings.Cut(shown, "(")
		return l.number(value) + "/" + l.number(outOf) + " (" + remark
	default:
		return l.number(value) + "/" + l.number(outOf)
	}
}

// levels writes the levels that were reached or changed, by their abbreviations:
// "A, B → A+".
func levels(skills []Part) any {
	var written []string
	hidden := false
	for _, s := range skills {
		if s.Kind == "removed" || !judged(s.Now) || s.Kind == "changed" && !slices.Contains(s.What, "abbreviation") {
			continue
		}
		was, _ := uncover(s.Before["abbreviation"])
		now, covered := uncover(firstOf(s.Now["abbreviation"], s.Now["level"]))
		hidden = hidden || covered
		written = append(written, writeStep(was, now))
	}
	return coverIf(hidden, strings.Join(written, ", "))
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

// only is what a text says that another does not, line by line.
func only(text, other any) any {
	is, hidden := uncover(text)
	was, _ := uncover(other)
	left := linesOf(is)
	for _, line := range linesOf(was) {
		if i := slices.Index(left, line); i >= 0 {
			left = slices.Delete(left, i, i+1)
		}
	}
	return coverIf(hidden, strings.Join(left, "\n"))
}

func linesOf(text any) (lines []string) {
	for line := range strings.Lines(textOf(text)) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}
