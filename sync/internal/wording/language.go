package wording

import (
	"fmt"
	"strings"
	"sync"
	"text/template"
)

// A Language is one way of wording: a template for each kind of event, and the
// ways of writing numbers, days and names.
type Language struct {
	shipped *template.Template
	own     *template.Template // those of a person among them; nil where there are none
	warn    func(error)        // told of what fails of them
	bound   sync.Map           // a *sync.Pool of *bound by the set

	comma     string
	euroFirst bool                                // before the amount
	singular  func(float64) bool                  // which numbers are of one thing
	times     string                              // how often, a format
	further   string                              // how many more there are, a format
	and       string                              // before the last of several names
	quotes    [2]string                           // around the school's words
	more      string                              // where the rest of a text is
	within    func(school, subject string) string // the name of a subject within a sentence

	colon         string
	semicolon     string
	families      map[string]string // what events of a family are called together
	manyFiles     string            // how many there are, a format
	congratulated string
	codes         map[string]codeWords // by what stands in place of a mark
	levelCodes    map[string]string    // by the kind of a level

	weekdays, weekdaysShort []string // from Sunday on
	months, monthsShort     []string
	relative                map[int]string    // days from today
	abbreviated             *strings.Replacer // days, in a title that is too long; nil for none
	first                   string            // of a month
	writeTime               func(hour, minute int) string
	atWord                  string // between a day and a time

	spanAt, spanUntil, spanFrom, spanTo string // around the hours of a line
	daysFrom, daysTo                    string // around several days
}

// Languages are those that messages can be written in.
var Languages = []string{"fr", "en"}

func languageOf(name string) *Language {
	if name == "en" {
		return english()
	}
	return french()
}

func french() *Language {
	return &Language{
		comma:    ",",
		singular: func(n float64) bool { return n > -2 && n < 2 },
		times:    " (%d" + noBreak + "fois)",
		further:  " (+" + noBreak + "%d)",
		and:      " et ",
		quotes:   [2]string{"«" + noBreak, noBreak + "»"},
		more:     "… (suite dans PRONOTE)",
		within:   inner,

		semicolon: noBreak + "; ",
		families: map[string]string{
			"absence": "absences", "delay": "retards", "punishment": "punitions", "observation": "infirmerie et incidents", "lesson": "cours changés demain",
			"day": "cours changés demain", "mark": "notes", "report": "bulletins", "evaluation": "compétences", "message": "messages", "info": "informations",
			"survey": "sondages", "homework": "travail", "wallet": "solde négatif", "balance": "solde négatif", "transaction": "mouvements", "menu": "menus",
		},
		colon: noBreak + ": ", manyFiles: "%d" + noBreak + "fichiers" + noBreak + ": ", congratulated: " avec les félicitations",
		codes: map[string]codeWords{
			"Abs": {"pas de note (absence)", "absence"}, "Disp": {"pas de note (dispense)", "dispense"},
			"N.Not": {"contrôle non noté", "non noté"}, "N.Rdu": {"travail non rendu", "non rendu"},
			"Inap": {"pas de note (inaptitude)", "inaptitude"}, "Abs*": {"absence, compte 0", "absence, compte 0"},
			"N.Rdu*": {"travail non rendu, compte 0", "non rendu, compte 0"}, "Félicitations": {"félicitations", "félicitations"},
		},
		levelCodes: map[string]string{"absent": "absence", "not_evaluated": "non évalué", "exempt": "dispense", "not_handed_in": "non rendu"},

		weekdays:      []string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
		weekdaysShort: []string{"dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."},
		months: []string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
			"septembre", "octobre", "novembre", "décembre"},
		monthsShort: []string{"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."},
		relative:    map[int]string{-1: "hier", 0: "aujourd’hui", 1: "demain"},
		abbreviated: strings.NewReplacer("aujourd’hui", "auj.", "Aujourd’hui", "Auj."),
		first:       "1er",
		writeTime: func(hour, minute int) string {
			if minute == 0 {
				return fmt.Sprint(hour) + noBreak + "h"
			}
			return fmt.Sprintf("%d%sh%s%02d", hour, noBreak, noBreak, minute)
		},
		atWord: " à ",
		spanAt: "à ", spanUntil: "jusqu’à ", spanFrom: "de ", spanTo: " à ",
		daysFrom: "du ", daysTo: " au ",
	}
}

func english() *Language {
	return &Language{
		comma:     ".",
		euroFirst: true,
		singular:  func(n float64) bool { return n == 1 },
		times:     " (%d times)",
		further:   " (+" + noBreak + "%d)",
		and:       " and ",
		quotes:    [2]string{"“", "”"},
		more:      "… (more in PRONOTE)",
		within:    func(_, subject string) string { return subject },

		semicolon: "; ",
		families: map[string]string{
			"absence": "absences", "delay": "lateness", "punishment": "punishments", "observation": "infirmary and incidents", "lesson": "changes for tomorrow",
			"day": "changes for tomorrow", "mark": "marks", "report": "report cards", "evaluation": "skills", "message": "messages", "info": "notices",
			"survey": "surveys", "homework": "homework", "wallet": "negative balance", "balance": "negative balance", "transaction": "transactions", "menu": "menus",
		},
		colon: ": ", manyFiles: "%d" + noBreak + "files: ", congratulated: " with congratulations",
		codes: map[string]codeWords{
			"Abs": {"no mark (absent)", "absent"}, "Disp": {"no mark (excused)", "excused"},
			"N.Not": {"test not marked", "not marked"}, "N.Rdu": {"not handed in", "not handed in"},
			"Inap": {"no mark (unfit)", "unfit"}, "Abs*": {"absent, counts 0", "absent, counts 0"},
			"N.Rdu*": {"not handed in, counts 0", "not handed in, counts 0"}, "Félicitations": {"congratulations", "congratulations"},
		},
		levelCodes: map[string]string{"absent": "absent", "not_evaluated": "not assessed", "exempt": "excused", "not_handed_in": "not handed in"},

		weekdays:      []string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		weekdaysShort: []string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
		months: []string{"January", "February", "March", "April", "May", "June", "July", "August",
			"September", "October", "November", "December"},
		monthsShort: []string{"Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec"},
		relative:    map[int]string{-1: "yesterday", 0: "today", 1: "tomorrow"},
		first:       "1",
		writeTime:   func(hour, minute int) string { return fmt.Sprintf("%d:%02d", hour, minute) },
		atWord:      " at ",
		spanAt:      "at ", spanUntil: "until ", spanFrom: "", spanTo: " to ",
		daysFrom: "", daysTo: " to ",
	}
}

// Names lists people, in the order given: "Léa et Tom", "Léa, Tom et Zoé".
func (l *Language) Names(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + l.and + names[last]
}
