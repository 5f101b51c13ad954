package world

import (
	"math"
	"strconv"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// RawScore is what the server writes for a mark, such as "12,50", "|1" or
// "|8|18": pronote.ParseScore makes the same mark of it again.
func RawScore(s pronote.Score) string {
	mark, label, both := strings.Cut(strings.TrimSuffix(s.Text, ")"), " (")
	if !both {
		mark, label = "", s.Text
	}
	for code := 1; code <= 8; code++ {
		raw := "|" + strconv.Itoa(code)
		if pronote.ParseScore(raw).Text != label {
			continue
		}
		if both {
			raw += "|" + mark
		}
		return raw
	}
	return s.Text
}

// scoreOf is a mark as the server shows it, with two decimals at most: "8", "12,5".
func scoreOf(value float64) pronote.Score {
	text := strconv.FormatFloat(rounded(value).Value, 'f', -1, 64)
	return pronote.ParseScore(strings.Replace(text, ".", ",", 1))
}

// counted is what a mark adds to an average, if anything: the annotations that
// end with a star count as 0.
func counted(s pronote.Score) (value float64, counts bool) {
	if s.Text == "Abs*" || s.Text == "N.Rdu*" {
		return 0, true
	}
	return s.Value, s.Known
}

// spread is the average, the lowest and the highest of the known numbers, all
// unknown when there are none.
func spread(numbers []pronote.Number) (average, lowest, highest pronote.Number) {
	sum, count := 0.0, 0
	low, high := math.Inf(1), math.Inf(-1)
	for _, n := range numbers {
		if n.Known {
			sum, count = sum+n.Value, count+1
			low, high = min(low, n.Value), max(high, n.Value)
		}
	}
	if count == 0 {
		return
	}
	return rounded(sum / float64(count)), rounded(low), rounded(high)
}

// rounded keeps two decimals, as many as PRONOTE shows.
func rounded(value float64) pronote.Number { return pronote.Num(math.Round(value*100) / 100) }
