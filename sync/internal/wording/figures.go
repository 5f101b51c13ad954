package wording

import (
	"strconv"
	"strings"
	"time"
)

// number writes a figure as people do: without needless decimals.
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
	return strings.Replace(strconv.FormatFloat(f, 'f', -1, 64), ".", l.comma, 1)
}

// score writes a mark with its scale, "14,5/20", or what stands in its place.
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

// levels writes the abbreviations of the levels that were reached: "A, B → A+".
func levels(skills []Part) any {
	var written []string
	hidden := false
	for _, s := range skills {
		now, covered := uncover(s.Now["abbreviation"])
		was, _ := uncover(s.Before["abbreviation"])
		hidden = hidden || covered
		level, before := textOf(now), textOf(was)
		switch {
		case level == "" || s.Kind == "removed":
		case before == "":
			written = append(written, level)
		default:
			written = append(written, before+" → "+level)
		}
	}
	return coverIf(hidden, strings.Join(written, ", "))
}

// writeDay writes a day of the mirror, or that of an instant, "jeudi 20
// novembre".
func (l *Language) writeDay(value any) string {
	text, _ := value.(string)
	date, _, _ := strings.Cut(text, " ")
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return text
	}
	return l.day(l, t)
}

// writeMoment writes an instant of the mirror, "jeudi 20 novembre à 8 h 30".
func (l *Language) writeMoment(value any) string {
	text, _ := value.(string)
	t, err := time.Parse(time.DateTime, text)
	if err != nil {
		return text
	}
	return l.day(l, t) + l.at + l.clock(t.Hour(), t.Minute())
}

// writeClock writes the time of an instant of the mirror, "8 h 30".
func (l *Language) writeClock(value any) string {
	text, _ := value.(string)
	t, err := time.Parse(time.DateTime, text)
	if err != nil {
		return text
	}
	return l.clock(t.Hour(), t.Minute())
}

// sameDay reports whether two instants of the mirror are of one day.
func sameDay(a, b any) bool {
	one, _ := a.(string)
	other, _ := b.(string)
	dayOfOne, _, _ := strings.Cut(one, " ")
	dayOfOther, _, _ := strings.Cut(other, " ")
	return dayOfOne == dayOfOther
}
