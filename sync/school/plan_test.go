package school

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	psync "github.com/pronote-sync/pronote-sync/sync"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

// mostRequests is what a day may cost for each child.
const mostRequests = 200

// TestRunKeepsToThePlan runs the daemon over a school day and a day off, with
// -year over whole weeks, for a pupil and for parents of two and of three, and
// counts what it asks. The log has the plan of each day by what is asked, and how
// fresh that is.
func TestRunKeepsToThePlan(t *testing.T) {
	for children, testbed := range map[int]func(*testing.T) *testbed{
		1: func(t *testing.T) *testbed { return quietTestbed(t, pronote.KindStudent) },
		2: func(t *testing.T) *testbed { return quietTestbed(t, pronote.KindParent) },
		3: quietFamily,
	} {
		if raced && children > 1 {
			continue
		}
		t.Run(fmt.Sprint("children=", children), func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				w, start, days := testbed(t), november.AddDays(2), 2 // a Friday and a Saturday
				if *whole {
					start, days = november.Date, 7
				}
				w.at(pronote.DateTime{Date: start, Hour: november.Hour})
				w.config.Plan.Jitter = time.Minute
				w.config.Budget = psync.Budget{PerHour: 120, LoginsPerDay: 12}
				w.restart()
				ctx, stop := context.WithCancel(t.Context())
				ended := make(chan error)
				go func() { ended <- w.engine.Run(ctx) }()
				w.at(pronote.DateTime{Date: start.AddDays(1)}) // the evening of the start is not a day like others
				synctest.Wait()
				before := len(w.server.Requests())
				for day := 1; day <= days; day++ {
					today := start.AddDays(day)
					for tick := range 24 * 12 { // the school's clock follows ours: an idle session ends there
						w.at(pronote.DateTime{Date: today, Hour: tick / 12, Minute: tick % 12 * 5})
					}
					synctest.Wait()
					requests := w.server.Requests()[before:]
					before += len(requests)
					checkDay(t, today, requests, children)
				}
				stop()
				if err := <-ended; err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func checkDay(t *testing.T, today pronote.Date, requests []pronotetest.Request, children int) {
	t.Helper()
	each := len(requests) / children
	t.Logf("%s: %d requests for each child: %s", today, each, planOf(requests))
	closed := today.Weekday()%6 == 0
	if each > mostRequests || closed && each > 70 || !closed && each < 140 {
		t.Errorf("%s: %d requests for each child", today, each)
	}
	// On days off the first kind of data whose turn it was kept all others waiting.
	for _, function := range []string{"DernieresNotes", "PageActualites", "ListeMessagerie", "PagePresence"} {
		if !slices.ContainsFunc(requests, func(r pronotetest.Request) bool { return r.Function == function && r.At.Hour > 12 }) {
			t.Errorf("%s: nobody asked for %s after noon", today, function)
		}
	}
	for _, r := range requests {
		if r.At.Hour < 6 {
			t.Errorf("asked %s at %s, in the hours of rest", r.Function, r.At)
		}
	}
}

// planOf counts the requests of a day by function, and says when those are that
// are few, and how far apart at most the others are during the school's hours.
func planOf(requests []pronotetest.Request) string {
	counts, times, longest := map[string]int{}, map[string][]time.Time{}, map[string]time.Duration{}
	for _, r := range requests {
		counts[r.Function]++
		at, seen := r.At.In(time.UTC).Truncate(time.Minute), times[r.Function]
		if len(seen) > 0 && r.At.Hour >= 8 && r.At.Hour < 18 {
			longest[r.Function] = max(longest[r.Function], at.Sub(seen[len(seen)-1]))
		}
		if len(seen) == 0 || at.Sub(seen[len(seen)-1]) > 5*time.Minute { // what is asked for each child is one look
			times[r.Function] = append(seen, at)
		}
	}
	var lines []string
	for _, function := range slices.Sorted(maps.Keys(counts)) {
		when := fmt.Sprintf("every %d min at most", int(longest[function].Minutes()))
		if len(times[function]) <= 4 {
			var clocks []string
			for _, at := range times[function] {
				clocks = append(clocks, at.Format("15:04"))
			}
			when = "at " + strings.Join(clocks, " and ")
		}
		lines = append(lines, fmt.Sprintf("%s %d (%s)", function, counts[function], when))
	}
	return strings.Join(lines, ", ")
}
