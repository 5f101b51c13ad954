package school

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
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
	var adding sync.Mutex
	sums := map[bool]map[psync.Preset]*correspondence{false: {}, true: {}}
	t.Run("months", func(t *testing.T) {
		for _, month := range season[:min(*months, len(season))] {
			for _, apart := range []bool{false, true} {
				t.Run(fmt.Sprintf("%d %s apart %t", month.seed, month.start, apart), func(t *testing.T) {
					bubble(t, func(t *testing.T) {
						month := lettersOf(t, month.seed, month.start, apart)
						adding.Lock()
						defer adding.Unlock()
						for preset, sum := range month {
							sum.addTo(sums[apart], preset)
						}
					})
				})
			}
		}
	})
	for _, apart := range []bool{false, true} {
		for _, preset := range psync.Presets {
			t.Logf("children of %s, %s: %s", map[bool]string{false: "one class", true: "two classes"}[apart], preset, sums[apart][preset])
		}
	}
}

// lettersOf counts what a month of a family sends by each preset.
func lettersOf(t *testing.T, seed uint64, start pronote.Date, apart bool) map[psync.Preset]*correspondence {
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
	sums := map[psync.Preset]*correspondence{}
	err := w.store.View(t.Context(), func(tx *db.Tx) error {
		for _, preset := range psync.Presets {
			letters, err := tx.List(t.Context(), db.LettersView, db.Filter{Recipient: string(preset), Since: start.String()})
			if err != nil {
				return err
			}
			sums[preset] = &correspondence{days: *monthLength}
			for _, l := range slices.Backward(letters) {
				told, err := tx.Told(t.Context(), l["id"].(int64))
				if err != nil {
					return err
				}
				sums[preset].add(l, told, names)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return sums
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
	sameMarks           int             // of both children, which are no repeats
	missed              []string        // the titles that miss something, with the kinds of what they tell
	said                map[string]bool // by day, titles and texts
	bodies              map[string]string
}

// longestTitle and glance are how much of a title is shown: at all, and at a glance.
const (
	longestTitle = 60
	glance       = 40
)

func (c *correspondence) add(l db.Record, told []db.Delivery, names []string) {
	if c.said == nil {
		c.said, c.bodies = map[string]bool{}, map[string]string{}
	}
	title, text := strings.ReplaceAll(l["title"].(string), "\u00a0", " "), l["text"].(string)
	if utf8.RuneCountInString(title) > longestTitle {
		c.long++
		c.miss("past 60", title, told)
	}
	if l["kind"] != db.News {
		c.digests++
		return
	}
	c.news++
	day := l["composed_at"].(string)[:10]
	if key := day + title + text; c.said[key] {
		c.twins++
		c.miss("twin", title, told)
	} else {
		c.said[key] = true
	}
	bare := day + without(title+"\n"+text, names)
	if first, known := c.bodies[bare]; known && first != title {
		if strings.HasPrefix(title, "📊") { // each child has its own, even if both have 12
			c.sameMarks++
		} else {
			c.repeats++
			c.miss("sibling's", title, told)
		}
	}
	c.bodies[bare] = title
	if saysAllIn(glance, title, names, told) {
		c.readable++
	} else {
		c.miss("past 40", title, told)
	}
}

// addTo adds the counts of a month to those of a preset.
func (c *correspondence) addTo(sums map[psync.Preset]*correspondence, preset psync.Preset) {
	sum := sums[preset]
	if sum == nil {
		sum = &correspondence{}
		sums[preset] = sum
	}
	sum.days, sum.news, sum.digests = sum.days+c.days, sum.news+c.news, sum.digests+c.digests
	sum.long, sum.readable = sum.long+c.long, sum.readable+c.readable
	sum.repeats, sum.twins, sum.sameMarks = sum.repeats+c.repeats, sum.twins+c.twins, sum.sameMarks+c.sameMarks
	sum.missed = append(sum.missed, c.missed...)
}

// without is a text without the names of the children.
func without(text string, names []string) string {
	for _, name := range names {
		text = strings.ReplaceAll(text, name, "")
	}
	return text
}

func (c *correspondence) miss(what, title string, told []db.Delivery) {
	kinds := map[string]bool{}
	for _, d := range told {
		kinds[d.Event.Kind] = true
	}
	c.missed = append(c.missed, what+", "+strings.Join(slices.Sorted(maps.Keys(kinds)), " ")+": "+title)
}

// String is the counts in one line, and the misses below.
func (c *correspondence) String() string {
	weeks := float64(c.days) / 7
	text := fmt.Sprintf("%.1f a week, %.1f at once and %.1f digests; titles past 60: %d; all said in 40: %.1f %% of %d; repeats of a sibling's: %d, besides %d marks that both have; twins: %d",
		float64(c.news+c.digests)/weeks, float64(c.news)/weeks, float64(c.digests)/weeks, c.long, 100*float64(c.readable)/max(1, float64(c.news)), c.news, c.repeats, c.sameMarks, c.twins)
	slices.Sort(c.missed)
	for _, title := range slices.Compact(c.missed) {
		text += "\n\t" + title
	}
	return text
}
