package pronote

import (
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// Number is a figure that a school may choose not to show. The zero Number is
// an unknown one, which is never the same as 0.
type Number struct {
	Value float64
	Known bool
}

// Num is the known Number of that value.
func Num(value float64) Number { return Number{Value: value, Known: true} }

// Score is what is written in place of a mark: "15,5", or "Abs" and the like.
type Score struct {
	Text   string // as PRONOTE shows it, with a decimal comma
	Number        // unknown when the text is not a number
}

// annotations are what the server writes "|1" to "|8", and what its own client
// shows instead.
var annotations = map[string]string{
	"1": "Abs", "2": "Disp", "3": "N.Not", "4": "Inap", "5": "N.Rdu", "6": "Abs*", "7": "N.Rdu*", "8": "Félicitations",
}

// ParseScore reads a mark as the server writes it: "12,50", "" for none, or an
// annotation such as "|1" (absent) or "|8|18" (18, with congratulations). "Abs*"
// and "N.Rdu*" count as 0 in averages; like all annotations they are no number.
func ParseScore(text string) Score {
	text = strings.TrimSpace(text)
	code, isAnnotation := strings.CutPrefix(text, "|")
	if !isAnnotation {
		return scoreOf(text)
	}
	code, rest, _ := strings.Cut(code, "|")
	label, known := annotations[code]
	if !known {
		label = text
	}
	score := scoreOf(rest)
	if score.Known {
		score.Text += " (" + label + ")"
		return score
	}
	return Score{Text: label}
}

func scoreOf(text string) Score {
	value, known, err := wire.ParseNumber(text)
	if err != nil {
		return Score{Text: text}
	}
	return Score{Text: text, Number: Number{value, known}}
}
