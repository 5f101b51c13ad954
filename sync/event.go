package sync

import (
	"github.com/pronote-sync/pronote-sync/notifiers"
	"github.com/pronote-sync/pronote-sync/sync/internal/wording"
)

// carried are events as programs get them, with no more than a recipient may see.
func carried(batch []folded, reveal Reveal) ([]notifiers.Event, error) {
	events := make([]notifiers.Event, len(batch))
	for i, p := range batch {
		facts, err := wording.Seen(p.Event.Kind, p.Event.Data, reveal)
		if err != nil {
			return nil, err
		}
		events[i] = notifiers.Event{
			Kind: p.Event.Kind, At: p.At.String(), Account: p.Account, Student: p.Student, UID: p.UID,
			Row: rowOf(facts.Now, facts.Before, facts.What), Parts: partsSeen(facts.Parts), Files: partsSeen(facts.Files), Of: facts.Of, Back: facts.Back,
		}
		if events[i].Now == nil {
			events[i].Now = map[string]any{} // an object, even when there is none
		}
		if step := facts.Average; step != nil {
			events[i].Average = &notifiers.Step{Before: step.Before, After: step.After}
		}
	}
	return events, nil
}

func rowOf(now, before map[string]any, what []string) notifiers.Row {
	return notifiers.Row{Now: now, Before: before, Changed: what}
}

func partsSeen(parts []wording.Part) (seen []notifiers.Part) {
	for _, p := range parts {
		seen = append(seen, notifiers.Part{Kind: p.Kind, Row: rowOf(p.Now, p.Before, p.What)})
	}
	return seen
}
