package sync

import (
	"path"
	"slices"
)

// A Preset is a choice of what is told, and when.
type Preset string

// The presets. The zero Preset tells everything at once.
const (
	Calm   Preset = "calm"   // what somebody must act on today or tomorrow; the rest in the evening
	Normal Preset = "normal" // also marks, punishments, messages
	All    Preset = "all"    // almost everything at once
)

// Presets are those that there are, from the calmest.
var Presets = []Preset{Calm, Normal, All}

// A moment is when a kind of event is told.
type moment int

const (
	never  moment = iota
	later         // in the next digest
	closer        // in the next digest if it concerns today or tomorrow, else never
	near          // at once if it concerns today or tomorrow, else in the next digest
	soon          // within half an hour, with others of its kind
	atOnce
)

// A habit is when the presets tell some kinds of events. The first one that holds
// of an event counts.
type habit struct {
	kinds             []string // patterns
	holds             func(facts) bool
	calm, normal, all moment
}

func (h habit) of(p Preset) moment {
	switch p {
	case Calm:
		return h.calm
	case Normal:
		return h.normal
	case All:
		return h.all
	}
	return atOnce
}

// habits is what the three presets tell, and when. What is in none of them is told
// in the evening.
var habits = []habit{
	{[]string{"mark.changed"}, facts.isAside, never, never, later},
	{[]string{"mark.new"}, nil, later, soon, atOnce},
	{[]string{"mark.changed"}, nil, later, soon, atOnce},
	{[]string{"mark.removed"}, nil, later, later, later},
	{[]string{"average.changed"}, facts.isOfSubject, never, never, never}, // it stands in the message about its mark
	{[]string{"average.changed"}, nil, never, never, later},
	{[]string{"evaluation.*"}, nil, later, later, atOnce},
	{[]string{"report.new"}, nil, later, atOnce, atOnce},
	{[]string{"report.*"}, nil, later, later, later},
	{[]string{"homework.*"}, nil, later, later, atOnce},
	{[]string{"lesson.new"}, facts.isDetention, atOnce, atOnce, atOnce},
	{[]string{"lesson.new"}, facts.isOuting, later, later, atOnce},
	{[]string{"lesson.test"}, nil, later, later, atOnce},
	{[]string{"lesson.room"}, nil, closer, closer, near},
	{[]string{"lesson.teacher"}, nil, never, later, later},
	{[]string{"lesson.*", "day.changed"}, nil, near, near, atOnce},
	{[]string{"agenda.*"}, nil, later, later, atOnce},
	{[]string{"absence.new"}, facts.isUnexplained, atOnce, atOnce, atOnce},
	{[]string{"absence.new"}, nil, later, later, later},
	{[]string{"absence.*"}, nil, later, later, atOnce},
	{[]string{"delay.new"}, nil, later, atOnce, atOnce},
	{[]string{"delay.*"}, nil, never, later, later},
	{[]string{"punishment.changed"}, facts.isAboutText, later, later, atOnce},
	{[]string{"punishment.*"}, nil, atOnce, atOnce, atOnce},
	{[]string{"observation.*"}, facts.isCare, atOnce, atOnce, atOnce},
	{[]string{"observation.*"}, nil, later, later, atOnce},
	{[]string{"message.new"}, nil, later, atOnce, atOnce},
	{[]string{"info.new", "survey.new"}, nil, later, later, atOnce},
	{[]string{"menu.new"}, nil, never, never, later},
	{[]string{"wallet.low"}, facts.isBelowZero, atOnce, atOnce, atOnce},
	{[]string{"wallet.low", "balance.low"}, nil, later, atOnce, atOnce},
	{[]string{"balance.negative"}, nil, atOnce, atOnce, atOnce},
	{[]string{"transaction.new"}, facts.isOfFall, never, atOnce, atOnce},
	{[]string{"transaction.*"}, nil, never, later, atOnce},
	{[]string{"activity.*"}, nil, later, later, atOnce},
	{[]string{"system.upgraded"}, facts.isNewer, atOnce, atOnce, atOnce}, // to whom runs the program
	{[]string{"system.upgraded"}, nil, never, never, never},
	{[]string{"system.child_joined", "system.child_left"}, nil, later, later, later},
	{[]string{"system.*"}, nil, atOnce, atOnce, atOnce},
	{[]string{"reminder.due"}, nil, later, later, later},
}

// habitOf is when a preset tells an event.
func habitOf(p Preset, f facts) moment {
	for _, h := range habits {
		if matchesAny(h.kinds, f.kind) && (h.holds == nil || h.holds(f)) {
			return h.of(p)
		}
	}
	return habit{calm: later, normal: later, all: later}.of(p)
}

func matchesAny(patterns []string, kind string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		ok, err := path.Match(pattern, kind)
		return ok && err == nil // patterns were checked with the configuration
	})
}

// Gravity orders what happens, from what cannot wait (1) to what hardly matters.
type gravity int

// The steps that something else than their order depends on.
const (
	alarming gravity = 1 // the child's health or safety, or where it is
	pressing gravity = 3 // up to here somebody may have to act today
	quiet    gravity = 9 // from here on no sound
)

// gravities are the steps, by the kinds of events; the first that holds counts.
var gravities = []struct {
	kinds []string
	holds func(facts) bool
	gravity
}{
	{[]string{"observation.*"}, facts.isCare, 1},
	{[]string{"punishment.new"}, facts.isExclusion, 1},
	{[]string{"absence.new"}, facts.isUnexplained, 1},
	{[]string{"punishment.*"}, nil, 2},
	{[]string{"lesson.new"}, facts.isDetention, 2},
	{[]string{"lesson.test"}, nil, 8},
	{[]string{"day.changed", "lesson.*"}, nil, 3},
	{[]string{"balance.negative"}, nil, 4},
	{[]string{"wallet.low"}, facts.isBelowZero, 4},
	{[]string{"report.*", "mark.*"}, nil, 5},
	{[]string{"message.*"}, nil, 6},
	{[]string{"absence.*", "delay.*", "observation.*"}, nil, 7},
	{[]string{"wallet.low", "balance.low"}, nil, 7},
	{[]string{"homework.*"}, nil, 9},
	{[]string{"info.*", "survey.*", "menu.*", "evaluation.*"}, nil, 10},
	{[]string{"system.*"}, nil, 1},
}

func gravityOf(f facts) gravity {
	for _, g := range gravities {
		if matchesAny(g.kinds, f.kind) && (g.holds == nil || g.holds(f)) {
			return g.gravity
		}
	}
	return 11
}
