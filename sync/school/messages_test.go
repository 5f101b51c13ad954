package school

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"unicode/utf8"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

// bench/messages says what these do.
var (
	measured    = flag.Bool("messages", false, "let TestMessages count what three presets send in months of the invented school")
	months      = flag.Int("months", 6, "how many months of each family TestMessages counts")
	monthLength = flag.Int("days", 28, "how many days a month of TestMessages has")
)

// The months that are counted: two years of the invented school, at three seasons.
var season = []struct {
	seed  uint64
	start pronote.Date
}{
	{5, pronote.Date{Year: 2025, Month: 11, Day: 10}}, {7, pronote.Date{Year: 2025, Month: 9, Day: 8}}, {5, pronote.Date{Year: 2026, Month: 1, Day: 5}},
	{7, pronote.Date{Year: 2025, Month: 11, Day: 10}}, {5, pronote.Date{Year: 2025, Month: 9, Day: 8}}, {7, pronote.Date{Year: 2026, Month: 1, Day: 5}},
}

// TestMessages counts what a family of two children gets, whose children are in one
// class or in two. With -messages alone, for it takes minutes.
func TestMessages(t *testing.T) {
	if !*measured {
		t.Skip("run bench/messages")
	}
	for _, apart := range []bool{false, true} {
		sums := map[psync.Preset]*correspondence{}
		for _, month := range season[:min(*months, len(season))] {
			synctest.Test(t, func(t *testing.T) { lettersOf(t, month.seed, month.start, apart, sums) })
		}
		for _, preset := range psync.Presets {
			t.Logf("children of %s, %s: %s", map[bool]string{false: "one class", true: "two classes"}[apart], preset, sums[preset])
		}
	}
}

// lettersOf adds what a month of a family sends to the counts of the presets.
func lettersOf(t *testing.T, seed uint64, start pronote.Date, apart bool, sums map[psync.Preset]*correspondence) {
	school := world.NewSchool(seed, 2025)
	if apart {
		school = world.NewFamily(seed, 2025)
	}
	w := testbedOf(t, school, seed, pronote.KindParent, pronotetest.Options{})
	presets(t, w)
	names := firstNames(school, apart)
	for i := range w.config.Recipients {
		w.config.Recipients[i].Students = names
	}
	w.restart()
	w.at(pronote.DateTime{Date: start.AddDays(-1), Hour: 20})
	w.poll()
	w.live(pronote.DateTime{Date: start})
	w.live(pronote.DateTime{Date: start.AddDays(*monthLength)})
	for _, preset := range psync.Presets {
		sum := sums[preset]
		if sum == nil {
			sum = &correspondence{}
			sums[preset] = sum
		}
		var letters []db.Record
		err := w.store.View(t.Context(), func(tx *db.Tx) (err error) {
			letters, err = tx.List(t.Context(), db.LettersView, db.Filter{Recipient: string(preset), Since: start.String()})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		slices.Reverse(letters)
		sum.add(letters, names, *monthLength)
	}
	t.Logf("seed %d, %s, apart %t: done", seed, start, apart)
}

// firstNames are those of the two children who are counted: of a family of three, one
// of each class.
func firstNames(s *world.School, apart bool) (names []string) {
	for _, name := range s.Children() {
		names = append(names, firstName(name))
	}
	if apart {
		return []string{names[0], names[len(names)-1]}
	}
	return names[:2]
}

// A correspondence counts what one recipient got.
type correspondence struct {
	days, news, digests int
	long, readable      int // titles of news past 60 characters; those that say all in the first 40
	repeats, twins      int
	examples            map[string][]string // of each miss, some
}

// longestTitle and glance are how much of a title is shown: at all, and at a glance.
const (
	longestTitle = 60
	glance       = 40
)

func (c *correspondence) add(letters []db.Record, names []string, days int) {
	c.days += days
	said, bodies := map[string]bool{}, map[string]string{}
	for _, l := range letters {
		title, text := strings.ReplaceAll(l["title"].(string), "\u00a0", " "), l["text"].(string)
		if utf8.RuneCountInString(title) > longestTitle {
			c.long++
			c.note("past 60", title)
		}
		if l["kind"] != db.News {
			c.digests++
			continue
		}
		c.news++
		day := l["composed_at"].(string)[:10]
		if key := day + title + text; said[key] {
			c.twins++
			c.note("twin", title)
		} else {
			said[key] = true
		}
		bare := day + without(title+"\n"+text, names)
		if first, known := bodies[bare]; known && first != title {
			c.repeats++
			c.note("sibling's", title)
		}
		bodies[bare] = title
		if tells(title, names) {
			c.readable++
		} else {
			c.note("past 40", title)
		}
	}
}

// without is a text without the names of the children.
func without(text string, names []string) string {
	for _, name := range names {
		text = strings.ReplaceAll(text, name, "")
	}
	return text
}

// tells reports whether the first 40 characters of a title hold the child, where it
// names one, the fact, and the day: beyond them there is no name, no figure and no word
// for a day, but the end of what it is about.
func tells(title string, names []string) bool {
	runes := []rune(title)
	if len(runes) <= glance {
		return true
	}
	rest := string(runes[glance:])
	if i := strings.LastIndex(rest, " (+ "); i >= 0 {
		rest = rest[:i]
	}
	return !strings.ContainsAny(rest, "0123456789") && !slices.ContainsFunc(strings.Fields(rest), func(word string) bool {
		return slices.Contains(dayWords, word) || slices.Contains(names, strings.Trim(word, ",·"))
	})
}

var dayWords = []string{"demain", "aujourd’hui", "hier", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "lun.", "mar.", "mer.", "jeu.", "ven."}

func (c *correspondence) note(miss, title string) {
	if c.examples == nil {
		c.examples = map[string][]string{}
	}
	if len(c.examples[miss]) < 8 && !slices.Contains(c.examples[miss], title) {
		c.examples[miss] = append(c.examples[miss], title)
	}
}

// String is the counts in one line, and the misses below.
func (c *correspondence) String() string {
	weeks := float64(c.days) / 7
	text := fmt.Sprintf("%.1f a week, %.1f at once and %.1f digests; titles past 60: %d; readable in 40: %.0f %%; repeats of a sibling's: %d; twins: %d",
		float64(c.news+c.digests)/weeks, float64(c.news)/weeks, float64(c.digests)/weeks, c.long, 100*float64(c.readable)/max(1, float64(c.news)), c.repeats, c.twins)
	for _, miss := range slices.Sorted(maps.Keys(c.examples)) {
		for _, title := range c.examples[miss] {
			text += "\n\t" + miss + ": " + title
		}
	}
	return text
}

// What counts as said at a glance, or the bench would say what it likes.
func TestTitlesAtAGlance(t *testing.T) {
	t.Parallel()
	for title, want := range map[string]bool{
		"📊 Léa · Maths : 14,5/20":                                 true,
		"📚 Léa · Français pour demain : lire le chapitre suivant": true,  // the day first
		"📚 Léa · Lire le chapitre suivant, en français, demain":   false, // the day last
		"📊 Léa · Anglais, note corrigée : 11,25 → 12,75/20":       false,
		"📕 Le règlement n’a pas été respecté hier par Léa":        false,
		"❌ Léa · Annulé demain à 9 h : maths, français (+ 12)":    true,
	} {
		if got := tells(title, []string{"Léa", "Tom"}); got != want {
			t.Errorf("%q tells all at a glance: %t, want %t", title, got, want)
		}
	}
}
