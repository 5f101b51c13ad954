package pronote_test

import (
	"math"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/pronote-sync/pronote-sync/pronote"
)

func TestParseScore(t *testing.T) {
	t.Parallel()
	number := func(text string, value float64) pronote.Score {
		return pronote.Score{Text: text, Number: pronote.Num(value)}
	}
	for raw, want := range map[string]pronote.Score{
		"":       {},
		"  ":     {},
		"12,50":  number("12,50", 12.5),
		" 8 ":    number("8", 8),
		"0":      number("0", 0),
		"15.5":   number("15.5", 15.5),
		"|1":     {Text: "Abs"},
		"|2":     {Text: "Disp"},
		"|3":     {Text: "N.Not"},
		"|4":     {Text: "Inap"},
		"|5":     {Text: "N.Rdu"},
		"|6":     {Text: "Abs*"},
		"|7":     {Text: "N.Rdu*"},
		"|8":     {Text: "Félicitations"},
		"|8|":    {Text: "Félicitations"},
		"|8|18":  number("18 (Félicitations)", 18),
		"|8|9,5": number("9,5 (Félicitations)", 9.5),
		"|9":     {Text: "|9"},
		"|-1":    {Text: "|-1"},
		"|":      {Text: "|"},
		"A+":     {Text: "A+"},
		"Abs":    {Text: "Abs"},
		"12/20":  {Text: "12/20"},
		"NaN":    {Text: "NaN"},
		"inf":    {Text: "inf"},
	} {
		if got := pronote.ParseScore(raw); got != want {
			t.Errorf("ParseScore(%q) = %+v, want %+v", raw, got, want)
		}
	}
}

func TestParseScoreProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.OneOf(rapid.String(), rapid.StringMatching(`\|?-?[0-9|,.eE+]{0,8}`)).Draw(t, "raw")
		got := pronote.ParseScore(raw)
		if math.IsNaN(got.Value) || math.IsInf(got.Value, 0) || !got.Known && got.Value != 0 {
			t.Errorf("ParseScore(%q) = %+v", raw, got)
		}
		if !utf8.ValidString(got.Text) || len(got.Text) > len(raw)+20 {
			t.Errorf("ParseScore(%q) shows %q", raw, got.Text)
		}
	})
}
