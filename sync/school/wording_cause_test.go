package school

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
	"github.com/pronote-sync/pronote-sync/sync/internal/wording"
	"github.com/pronote-sync/pronote-sync/sync/internal/wording/wordingtest"
)

// causes are messages of several events with one cause, the gravest first.
func causes() map[string][]db.Event {
	owner := db.Owner{Student: 1}
	lesson := func(subject string, from, to int) pronote.Lesson {
		return pronote.Lesson{Starts: onThursday(from, 0), Ends: onThursday(to, 0), Subject: subject, Teachers: []string{"Mme PRIVATIER L."}, Rooms: []string{"203"}}
	}
	told := func(kind string, old, now pronote.Lesson) db.Event {
		return story{kind, old, now, 0, 0}.telling([]int64{1}).Event(kind, owner)
	}
	away := func(l pronote.Lesson) db.Event {
		off := l
		off.Cancelled, off.Status, off.Reason = true, "Prof. absent", "teacher_absent"
		return told("lesson.cancelled", l, off)
	}
	day := func(before, now hours) db.Event {
		return turnedDay{onThursday(0, 0).Date, before, now}.telling().Event("day.changed", owner)
	}
	back := func(l pronote.Lesson) db.Event {
		off := l
		off.Cancelled = true
		return told("lesson.restored", off, l)
	}
	var substitute []db.Event
	for _, days := range []int{1, 8, 15} {
		l := lesson("ARTS PLASTIQUES", 10, 11)
		l.Starts.Date, l.Ends.Date = l.Starts.AddDays(days), l.Ends.AddDays(days)
		l.Teachers = []string{"M. SALVATERRE D."}
		by := l
		by.Teachers = []string{"Mme VACATAIRE I."}
		substitute = append(substitute, told("lesson.teacher", l, by))
	}
	keptIn := pronote.Lesson{Starts: onThursday(17, 0), Ends: onThursday(18, 0), Title: "Retenue", Detention: true, Rooms: []string{"Permanence 1"}}
	punishment := detention
	punishment.Circumstances = ""
	punished := mirror.TellingOf(db.Punishments, mirror.Change[pronote.Punishment]{Kind: mirror.Added, New: punishment})
	served := pronote.Detention{HeldOn: onThursday(0, 0).Date, StartsAt: onThursday(17, 0), Minutes: 60}
	punished.Parts = mirror.PartsOf(db.Detentions, []mirror.Change[db.Part[pronote.Detention]]{{Kind: mirror.Added, New: db.Part[pronote.Detention]{Value: served}}})[0]
	written := func(author, text string) db.Event {
		m := mirror.TellingOf(db.Messages, mirror.Change[db.Part[pronote.Message]]{Kind: mirror.Added, New: db.Part[pronote.Message]{Value: pronote.Message{Author: author, Content: text, SentAt: onThursday(9, 0)}}})
		m.Of = db.Discussions.JSON(pronote.Discussion{Subject: "Sortie du 24"}, "subject")
		return m.Event("message.new", owner)
	}
	moved := lesson("SCIENCES VIE & TERRE", 14, 15)
	later := moved
	later.Starts.Hour, later.Ends.Hour = 16, 17
	test := lesson("TECHNOLOGIE", 11, 12)
	test.Test, test.TestKind = true, "Oral"
	return map[string][]db.Event{
		"day start": {day(hours{onThursday(9, 0), onThursday(17, 0)}, hours{onThursday(10, 0), onThursday(17, 0)}), away(lesson("ED.PHYSIQUE & SPORT.", 9, 10))},
		"day adjacent hours": {
			day(hours{onThursday(8, 0), onThursday(12, 0)}, hours{onThursday(8, 0), onThursday(9, 0)}),
			away(lesson("FRANCAIS", 10, 11)), away(lesson("FRANCAIS", 11, 12)), away(lesson("MATHEMATIQUES", 9, 10)),
		},
		"day free": {
			day(hours{onThursday(8, 0), onThursday(17, 0)}, hours{}), away(lesson("MATHEMATIQUES", 8, 9)), away(lesson("FRANCAIS", 9, 11)),
			away(lesson("ED.PHYSIQUE & SPORT.", 13, 15)), away(lesson("SCIENCES VIE & TERRE", 15, 16)), away(lesson("LCA LATIN", 16, 17)),
		},
		"day of all sorts": {
			day(hours{onThursday(8, 0), onThursday(15, 0)}, hours{onThursday(8, 0), onThursday(17, 0)}),
			told("lesson.moved", moved, later),
			told("lesson.replaced", lesson("ANGLAIS LV1", 9, 10), lesson("MATHEMATIQUES", 9, 10)),
			told("lesson.test", lesson("TECHNOLOGIE", 11, 12), test),
			told("lesson.new", pronote.Lesson{}, lesson("HISTOIRE-GEOGRAPHIE", 15, 16)),
			told("lesson.room", lesson("FRANCAIS", 8, 9), func() pronote.Lesson { l := lesson("FRANCAIS", 8, 9); l.Rooms = []string{"CDI"}; return l }()),
		},
		"day restored":     {back(lesson("MATHEMATIQUES", 9, 10)), day(hours{onThursday(10, 0), onThursday(17, 0)}, hours{onThursday(9, 0), onThursday(17, 0)})},
		"two hours":        {away(lesson("FRANCAIS", 11, 12)), away(lesson("FRANCAIS", 10, 11))},
		"substitute":       substitute,
		"detention":        {punished.Event("punishment.new", owner), told("lesson.new", pronote.Lesson{}, keptIn)},
		"messages":         {written("M. DELMASSE É.", "Bonjour,\nLe car part à 8 h."), written("Mme MARTIN Sylvie", "Merci !")},
		"detention moved":  {told("lesson.moved", keptIn, func() pronote.Lesson { l := keptIn; l.Starts.Day, l.Ends.Day = 21, 21; return l }())},
		"cancelled outing": {told("lesson.cancelled", pronote.Lesson{Starts: onThursday(8, 0), Ends: onThursday(17, 0), Title: "Musée", Outing: true}, pronote.Lesson{Starts: onThursday(8, 0), Ends: onThursday(17, 0), Title: "Musée", Outing: true, Cancelled: true}), back(lesson("MATHEMATIQUES", 9, 10))},
	}
}

// TestWordingOfCauses compares messages of several events with the ones that a person
// approved, each as it is told of one child and of two.
func TestWordingOfCauses(t *testing.T) {
	t.Parallel()
	for name, events := range causes() {
		var got strings.Builder
		for _, language := range psync.Languages {
			for _, child := range []string{"", "Léa et Tom"} {
				var all []wording.Event
				for _, e := range events {
					all = append(all, wording.Event{Kind: e.Kind, Child: child, Data: e.Data})
				}
				all[0].With = all[1:]
				m, err := shippedWording.In(language).Message(all[:1], tuesday(psync.RevealFull))
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				if n := len([]rune(m.Title)); n > wording.MaxTitle {
					t.Errorf("%s: title of %d characters: %q", name, n, m.Title)
				}
				if n := strings.Count(m.Body, "\n") + 1; n > 6 {
					t.Errorf("%s: body of %d lines: %s", name, n, m.Body)
				}
				fmt.Fprintf(&got, "── %s %s\n%s\n%s\n", language, child, m.Title, m.Body)
			}
		}
		wordingtest.Golden(t, filepath.Join("testdata", "wording", "cause."+strings.ReplaceAll(name, " ", "-")+".txt"), wordingtest.Visible(got.String()))
	}
}
