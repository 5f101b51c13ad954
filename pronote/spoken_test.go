package pronote

import (
	"testing"
	"time"
)

func TestParseSpoken(t *testing.T) {
	t.Parallel()
	tuesday := Date{Year: 2025, Month: time.November, Day: 18}
	for text, want := range map[string]string{
		"15h50":               "2025-11-18 15:50:00",
		"8:05":                "2025-11-18 08:05:00",
		"hier 15h50":          "2025-11-17 15:50:00",
		"Hier":                "2025-11-17 00:00:00",
		"lundi 15h50":         "2025-11-17 15:50:00",
		"Dimanche 9h00":       "2025-11-16 09:00:00",
		"mercredi 15h50":      "2025-11-12 15:50:00",
		"lundi 17/11":         "2025-11-17 00:00:00",
		"mardi 18/11":         "2025-11-18 00:00:00",
		"jeudi 19/12":         "2024-12-19 00:00:00",
		"17/11/25":            "2025-11-17 00:00:00",
		"17/11/2025":          "2025-11-17 00:00:00",
		"05/09/25 08h30":      "2025-09-05 08:30:00",
		"lundi 17/11 à 15h50": "2025-11-17 15:50:00",
		"":                    "",
		"Monday 15:50":        "", // a day that is not known must not pass for today
		"ieri":                "",
		"31/02":               "",
		"25h70":               "",
		"99/99/99":            "",
	} {
		if got := parseSpoken(text, tuesday).String(); got != want {
			t.Errorf("parseSpoken(%q) = %q, want %q", text, got, want)
		}
	}
}

func FuzzParseSpoken(f *testing.F) {
	for _, text := range []string{"15h50", "hier", "lundi 15h50", "lundi 17/11", "29/02", "17/11/25", "05/09/25 08h30"} {
		f.Add(text, 2025, 60)
	}
	f.Fuzz(func(t *testing.T, text string, year, day int) {
		today := DateOf(time.Date(2000+year%50, 1, 1+day%366, 0, 0, 0, 0, time.UTC))
		at := parseSpoken(text, today)
		checkDay(t, at.Date)
		if again, err := ParseDateTime(at.String()); !at.IsZero() && (err != nil || again != at) {
			t.Errorf("parseSpoken(%q) = %+v", text, at)
		}
	})
}
