package wording

import (
	"fmt"
	"strings"
	"unicode"
)

// A Change is one difference between two polls, as the mirror keeps it.
type Change struct {
	Domain, Kind   string // of the row; "added", "changed" or "removed"
	Subject, Title string // "" where the row has none
	Figure         string // of what came or went: a mark, a day; "" for none
	What           []string
	Before, After  map[string]any // values of the columns What
}

// changeWords are what a summary says in a language: the kinds of changes, the
// domains, and the columns whose values are told.
type changeWords struct {
	kinds, domains, columns map[string]string
	no, yes                 string
	colon                   string
	of                      *Language // numbers and days
}

var changesFrench = changeWords{
	no: "non", yes: "oui", colon: " : ", of: french(),
	kinds: map[string]string{"added": "Ajout", "changed": "Modification", "removed": "Retrait"},
	domains: map[string]string{
		"periods": "période", "marks": "note", "averages": "moyenne", "homework": "travail", "lessons": "cours", "contents": "contenu de cours",
		"infos": "information", "questions": "question", "menus": "menu", "agenda": "agenda", "absences": "absence", "delays": "retard",
		"punishments": "punition", "detentions": "retenue", "observations": "observation", "discussions": "discussion", "messages": "message",
		"reports": "bulletin", "report_subjects": "ligne de bulletin", "evaluations": "évaluation", "skills": "compétence",
		"attachments": "pièce jointe", "holidays": "vacances", "weeks": "semaine", "staff": "équipe", "links": "lien", "wallets": "cantine",
		"persons": "coordonnées", "kfet_balances": "solde", "kfet_transactions": "mouvement", "kfet_activities": "activité",
	},
	columns: map[string]string{
		"value_text": "note", "out_of": "barème", "coefficient": "coefficient", "title": "titre", "comment": "commentaire",
		"student_average": "moyenne", "class_average": "moyenne de la classe", "class_min": "minimum", "class_max": "maximum",
		"subject": "matière", "given_on": "date", "due_on": "pour le", "description": "texte", "done": "fait", "starts_at": "début",
		"ends_at": "fin", "teachers": "professeur", "teacher": "professeur", "rooms": "salle", "status": "statut", "cancelled": "annulé",
		"content": "texte", "read": "lu", "answered": "répondu", "justified": "justifié", "reasons": "motif", "hours": "heures",
		"minutes": "minutes", "level": "niveau", "appreciation": "appréciation", "comments": "appréciation", "dish": "plat",
		"balance_text": "solde", "name": "nom", "unread": "non lus", "message_count": "messages", "state": "état", "url": "adresse",
	},
}

var changesEnglish = changeWords{
	no: "no", yes: "yes", colon: ": ", of: english(),
	kinds: map[string]string{"added": "Added", "changed": "Changed", "removed": "Removed"},
	domains: map[string]string{
		"periods": "term", "marks": "mark", "averages": "average", "homework": "homework", "lessons": "lesson", "contents": "lesson content",
		"infos": "notice", "questions": "question", "menus": "menu", "agenda": "agenda", "absences": "absence", "delays": "lateness",
		"punishments": "punishment", "detentions": "detention", "observations": "observation", "discussions": "discussion", "messages": "message",
		"reports": "report card", "report_subjects": "line of a report card", "evaluations": "evaluation", "skills": "skill",
		"attachments": "attachment", "holidays": "holidays", "weeks": "week", "staff": "staff", "links": "link", "wallets": "canteen",
		"persons": "contact details", "kfet_balances": "balance", "kfet_transactions": "transaction", "kfet_activities": "activity",
	},
	columns: map[string]string{
		"value_text": "mark", "out_of": "scale", "coefficient": "coefficient", "title": "title", "comment": "comment",
		"student_average": "average", "class_average": "class average", "class_min": "minimum", "class_max": "maximum",
		"subject": "subject", "given_on": "date", "due_on": "due", "description": "text", "done": "done", "starts_at": "start",
		"ends_at": "end", "teachers": "teacher", "teacher": "teacher", "rooms": "room", "status": "status", "cancelled": "cancelled",
		"content": "text", "read": "read", "answered": "answered", "justified": "explained", "reasons": "reason", "hours": "hours",
		"minutes": "minutes", "level": "level", "appreciation": "remark", "comments": "remark", "dish": "dish",
		"balance_text": "balance", "name": "name", "unread": "unread", "message_count": "messages", "state": "state", "url": "address",
	},
}

// cut shortens a text to a number of characters, with an ellipsis.
func cut(text string, characters int) string {
	runes := []rune(text)
	if len(runes) <= characters {
		return text
	}
	return strings.TrimSpace(string(runes[:characters-1])) + "…"
}

// longestValue bounds what a summary quotes of a value, in characters.
const longestValue = 40

// Summary is a change in one sentence, in a language: what came or went, or the
// columns that changed, each with its two values where they are short.
func Summary(language string, c Change) string {
	words := changesFrench
	if language == "en" {
		words = changesEnglish
	}
	parts := []string{}
	for _, part := range []string{c.Subject, c.Title} {
		if part = oneLine(part); part != "" {
			parts = append(parts, cut(part, 2*longestValue))
		}
	}
	domain := words.domains[c.Domain]
	if domain == "" {
		domain = oneLine(c.Domain)
	}
	sentence := words.kinds[c.Kind] + words.colon + strings.Join(append([]string{domain}, strings.Join(parts, " · ")), " ")
	sentence = strings.TrimSpace(sentence)
	if figure := oneLine(c.Figure); figure != "" {
		sentence += " (" + cut(figure, longestValue) + ")"
	}
	var told []string
	for _, column := range c.What {
		if name := words.columns[column]; name != "" {
			told = append(told, strings.TrimSpace(name+" "+words.step(column, c.Before[column], c.After[column])))
		}
	}
	if len(told) > 0 {
		sentence += ", " + strings.Join(told, ", ")
	}
	return strings.TrimRight(sentence, ".!?… ") + "."
}

// step is a value before and after, "" where one is too long to be quoted.
func (w changeWords) step(column string, before, after any) string {
	a, b := w.quoted(column, before), w.quoted(column, after)
	if len([]rune(a)) > longestValue || len([]rune(b)) > longestValue {
		return ""
	}
	return a + " → " + b
}

// flags are the columns that hold yes or no.
var flags = map[string]bool{"done": true, "cancelled": true, "read": true, "answered": true, "justified": true}

func (w changeWords) quoted(column string, value any) string {
	if flags[column] {
		if value == 1.0 {
			return w.yes
		}
		return w.no
	}
	if _, isNumber := value.(float64); isNumber {
		return w.of.number(value)
	}
	if m, ok := momentOf(value); ok {
		c := calendar{Language: w.of} // nobody reads yet: the day is told with its year
		return joined(c.full(m), w.of.atWord, c.clock(m))
	}
	if text := oneLine(fmt.Sprint(value)); value != nil && text != "" {
		return text
	}
	return "–"
}

func oneLine(text string) string {
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, "�"), func(r rune) bool {
		return unicode.IsSpace(r) && r != '\u00a0' && r != '\u202f' // a no-break space is not to break
	}), " ")
}
