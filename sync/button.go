package sync

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/notifiers"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// A Button is what a reader can do with a message.
type Button string

// The buttons.
const (
	ButtonSeen  Button = "seen"  // nobody of the household is reminded of it
	ButtonLater Button = "later" // it is told again after laterBy
	ButtonMute  Button = "mute"  // its like is not told at once for mutedFor
)

const (
	laterBy  = 3 * time.Hour
	mutedFor = 7 * 24 * time.Hour
)

// labels are what is written on buttons.
var labels = map[string]map[Button]string{
	"fr": {ButtonSeen: "Vu", ButtonLater: "Plus tard", ButtonMute: "Muet 7\u00a0j"},
	"en": {ButtonSeen: "Seen", ButtonLater: "Later", ButtonMute: "Mute 7\u00a0d"},
}

// answerable are the families of events that somebody may have to act on. Of others
// that come alone a reader may want less.
var answerable = []string{"absence", "delay", "punishment", "observation", "survey", "message", "reminder", "wallet"}

// buttons are those below a letter that tells some events, none where nobody would hear
// that one was pressed, and below digests, which are about everything.
func (r Recipient) buttons(l db.Letter, told []db.Delivery) (actions []notifiers.Action) {
	if _, hears := notifiers.BotOf(r.Notifier); !hears || l.Kind != db.News || l.First != 0 || len(told) == 0 {
		return nil
	}
	var offered []Button
	family, alone := firstPart(told[0].Event.Kind), true
	for _, d := range told {
		alone = alone && firstPart(d.Event.Kind) == family
		if slices.Contains(answerable, firstPart(d.Event.Kind)) {
			offered = []Button{ButtonSeen, ButtonLater}
		}
	}
	if offered == nil && alone && family != "system" {
		offered = []Button{ButtonMute}
	}
	words := labels[r.Language]
	if words == nil {
		words = labels["fr"]
	}
	for _, b := range offered {
		actions = append(actions, notifiers.Action{Label: words[b], Data: fmt.Sprintf("%s:%d", b, l.ID)})
	}
	return actions
}

// firstPart is the family of a kind of event: "mark".
func firstPart(kind string) string {
	first, _, _ := strings.Cut(kind, ".")
	return first
}

// pressed reads the data of a button: nothing but what buttons writes.
func pressed(data string) (b Button, letter int64, ok bool) {
	word, number, _ := strings.Cut(data, ":")
	letter, err := strconv.ParseInt(number, 10, 64)
	b = Button(word)
	known := b == ButtonSeen || b == ButtonLater || b == ButtonMute
	return b, letter, known && err == nil && letter > 0 && data == fmt.Sprintf("%s:%d", b, letter)
}

// Press obeys a button below a letter to a recipient, by its data. Anybody can send
// any data, so a letter to somebody else, or none, is nothing: the button is "" then.
func (a Answers) Press(ctx context.Context, to Recipient, data string) (done Button, err error) {
	b, letter, ok := pressed(data)
	if !ok {
		return "", nil
	}
	err = a.Store.Update(ctx, func(tx *db.Tx) error {
		told, err := tx.ToldBy(ctx, letter, to.Name)
		if err != nil || len(told) == 0 {
			return err
		}
		done = b
		switch b {
		case ButtonSeen:
			return a.see(ctx, tx, to, told)
		case ButtonMute:
			return a.mute(ctx, tx, to, told)
		}
		return a.remind(ctx, tx, to, told)
	})
	return done, err
}

func (a Answers) see(ctx context.Context, tx *db.Tx, to Recipient, told []db.Delivery) error {
	var items []int64
	for _, t := range told {
		if t.Event.Item != 0 {
			items = append(items, t.Event.Item)
		}
	}
	return tx.See(ctx, to.Name, items, civil.DateTimeOf(a.Now().In(to.Location)))
}

func (a Answers) mute(ctx context.Context, tx *db.Tx, to Recipient, told []db.Delivery) error {
	for _, t := range told {
		m := db.Mute{Recipient: to.Name, Family: firstPart(t.Event.Kind), Student: t.Event.Student, Until: a.Now().Add(mutedFor)}
		if err := tx.Mute(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

// remind tells each event again, later and to this recipient alone. One who presses
// twice is reminded once.
func (a Answers) remind(ctx context.Context, tx *db.Tx, to Recipient, told []db.Delivery) error {
	now := a.Now().In(to.Location)
	due := to.Quiet.After(now.Add(laterBy))
	for _, t := range told {
		var facts struct {
			Now json.RawMessage `json:"now"`
			Of  struct{ What string }
		}
		if err := json.Unmarshal(t.Event.Data, &facts); err != nil {
			return fmt.Errorf("data of event %s: %w", t.Event.Kind, err)
		}
		what := firstPart(t.Event.Kind)
		switch t.Event.Kind {
		case "lesson.test":
			what = "test"
		case "reminder.due":
			what = facts.Of.What
		}
		again := db.Event{
			Kind: "reminder.due", Student: t.Event.Student, Item: t.Event.Item, Day: t.Event.Day, Over: t.Event.Over,
			Data: mirror.DataOf(mirror.Telling{Now: facts.Now, Of: mirror.DataOf(map[string]string{"what": what})}),
		}
		waits, err := tx.Waits(ctx, to.Name, again)
		if err != nil {
			return err
		}
		if waits {
			continue
		}
		err = tx.Enqueue(ctx, t.AccountID, civil.DateTimeOf(now), []db.Event{again}, func(db.Event) []db.Address {
			return []db.Address{{Recipient: to.Name, Channel: to.Channel, Way: db.Now, Reason: ReasonAsked, Due: due, DueAt: civil.DateTimeOf(due)}}
		})
		if err != nil {
			return err
		}
	}
	return nil
}
