package wording

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var tapped = regexp.MustCompile(`(?s)` + SpoilerStart + `.*?` + SpoilerEnd)

// A planted event has a word or a figure of its own in each of its fields.
type planted struct {
	facts  Facts
	words  map[string]Privacy // by what is to be found in a text
	number float64
}

func plant(kind string, f Facts, numbers bool) *planted {
	p := &planted{words: map[string]Privacy{}, number: 7000}
	where := ""
	row := func(row map[string]any) map[string]any {
		if row == nil {
			return nil
		}
		filled := map[string]any{}
		for _, column := range slices.Sorted(maps.Keys(row)) {
			privacy := PrivacyOf(kind, where, column)
			if privacy == Open { // as it is: templates branch on it
				filled[column] = row[column]
				continue
			}
			if _, isNumber := row[column].(float64); isNumber || numbers {
				p.number++
				filled[column] = p.number
				p.words[fmt.Sprint(p.number)] = privacy
				continue
			}
			word := "§" + column + "§"
			filled[column] = word
			p.words[word] = privacy
		}
		return filled
	}
	parts := func(list []Part) (filled []Part) {
		for _, part := range list {
			filled = append(filled, Part{part.Kind, row(part.Now), row(part.Before), part.What})
		}
		return filled
	}
	p.facts = Facts{Now: row(f.Now), Before: row(f.Before), What: f.What, Average: &Step{8001.0, 8002.0}}
	p.words["8001"], p.words["8002"] = Secret, Secret
	where = "parts"
	p.facts.Parts = parts(f.Parts)
	where = "files"
	p.facts.Files = parts(f.Files)
	where = "of"
	p.facts.Of = row(f.Of)
	return p
}

// TestNoPrivateFieldIsShown plants words into every private field of every kind
// of event, and looks for them in what recipients get. A changed mark's comment was
// in its hint, and so were the reasons of absences, what is noted at the infirmary
// and the figures of the class; remarks were not covered in a spoiler.
func TestNoPrivateFieldIsShown(t *testing.T) {
	t.Parallel()
	w := usual
	for kind, sample := range w.samples() {
		for _, numbers := range []bool{false, true} {
			p := plant(kind, sample.Facts, numbers)
			p.facts.What = slices.AppendSeq(p.facts.What, maps.Keys(sample.Now)) // so that templates say all that they can
			data, err := json.Marshal(p.facts)
			if err != nil {
				t.Fatal(err)
			}
			event := Event{Kind: kind, Child: "Léa", Data: data}
			for _, language := range Languages {
				for _, batch := range [][]Event{{event}, {event, event}} {
					for _, reveal := range []Reveal{Spoiler, Hint} {
						m, err := w.In(language).Message(batch, Reader{Reveal: reveal})
						if err != nil {
							t.Fatalf("%s %s %s: %v", kind, language, reveal, err)
						}
						text := m.Title + "\n" + m.Body
						if strings.Count(text, SpoilerStart) != strings.Count(text, SpoilerEnd) {
							t.Errorf("%s %s: unbalanced covers in %q", kind, language, text)
						}
						if reveal == Spoiler {
							text = tapped.ReplaceAllString(text, "")
						}
						text = strings.ReplaceAll(text, ",", ".")
						for word, privacy := range p.words {
							if privacy > reveal.shows() && strings.Contains(text, word) {
								t.Errorf("%s %s %s shows %s in\n%s", kind, language, reveal, word, text)
							}
						}
					}
				}
			}
			for _, language := range Languages {
				for _, reveal := range []Reveal{Spoiler, Hint} {
					for _, digest := range []Digest{
						{Kind: Evening, Day: tuesday.Now.Date, Children: []Pupil{{Name: "Léa", Day: tuesday.Now.Date, Changes: []Event{event}}}, News: []Event{event}},
						{Kind: Week, Day: tuesday.Now.Date, Last: tuesday.Now.Date, News: []Event{event}},
						{Kind: Outage, Changes: 1, News: []Event{event}},
						{Kind: Silence, LastDay: tuesday.Now.Date, LastEvent: event},
					} {
						m, err := w.In(language).Digest(digest, Reader{Reveal: reveal, Now: tuesday.Now})
						if err != nil {
							t.Fatal(err)
						}
						text := m.Title + "\n" + m.Body
						if reveal == Spoiler {
							text = tapped.ReplaceAllString(text, "")
						}
						text = strings.ReplaceAll(text, ",", ".")
						for word, privacy := range p.words {
							if privacy > reveal.shows() && strings.Contains(text, word) {
								t.Errorf("%s %s %s: a digest of the %s shows %s in\n%s", kind, language, reveal, digest.Kind, word, text)
							}
						}
					}
				}
			}
			for _, reveal := range []Reveal{Full, Spoiler, Hint} {
				seen, err := Seen(kind, data, reveal)
				if err != nil {
					t.Fatal(err)
				}
				text, err := json.Marshal(seen)
				if err != nil {
					t.Fatal(err)
				}
				for word, privacy := range p.words {
					if got, want := strings.Contains(string(text), word), privacy <= reveal.shows(); got != want {
						t.Errorf("%s %s: %s is in the data: %t, want %t", kind, reveal, word, got, want)
					}
				}
			}
		}
	}
}

// TestEachFieldSaysHowPrivateItIs: what nobody has thought of is Secret, and would
// be missed.
func TestEachFieldSaysHowPrivateItIs(t *testing.T) {
	t.Parallel()
	for kind, sample := range usual.samples() {
		known := func(where string, row map[string]any) {
			family, _, _ := strings.Cut(kind, ".")
			f := private[strings.TrimSpace(family+" "+where)]
			all := f.open + " " + f.reserved + " " + f.secret
			for column := range row {
				if !contains(all, column) && !contains(all, "*") {
					t.Errorf("%s: how private is %s %s?", kind, where, column)
				}
			}
		}
		known("", sample.Now)
		known("", sample.Before)
		known("of", sample.Of)
		for where, list := range map[string][]Part{"parts": sample.Parts, "files": sample.Files} {
			for _, part := range list {
				known(where, part.Now)
				known(where, part.Before)
			}
		}
	}
	if got := PrivacyOf("mark.new", "", "unheard_of"); got != Secret {
		t.Errorf("an unknown field has privacy %d, want Secret", got)
	}
}
