package wording

import (
	"maps"
	"slices"
	"strings"
	"text/template"
)

// functions are those of templates. They know what is written, and for whom, when they are
// called.
func (l *Language) functions(c *calendar, v *view, to *Reader) template.FuncMap {
	functions := template.FuncMap{
		"shown":   shown,
		"who":     func() string { return v.who },
		"hint":    func() bool { return to.Reveal == Hint },
		"noclass": func() bool { return to.NoClass },
		"admin":   func() bool { return to.Admin },
		"changed": func(column string) bool { return slices.Contains(v.What, column) },

		"near": written(c.near), "day": written(c.day), "full": written(c.full), "weekday": written(c.weekday),
		"at": written(c.at), "moment": written(c.on), "clock": written(c.clock),
		"hours": c.hours, "span": c.span, "days": c.days, "nearDays": c.nearDays,
		"minutes": keepingCover(l.minutes),
		"sameDay": sameDay,
		"said":    func(value any) bool { m, ok := momentOf(value); return ok && m.Date == v.said },

		"subject": func(name any, within ...string) any { return l.subject(to.Subjects, name, within) },
		"part":    keepingCover(part),
		"name":    name,
		"quote":   keepingCover(l.quote),
		"opening": keepingCover(l.opening),
		"brief": func(most int, text any) any {
			return keepingCover(func(bare any) string { return l.brief(bare, most) })(text)
		},
		"file":    keepingCover(fileName),
		"capital": capital,
		"names":   func(list []string) string { return l.Names(list) },

		"number": keepingCover(l.number),
		"money":  l.money, "signed": l.signed, "unsigned": l.unsigned, "opposite": l.opposite,
		"euros":  keepingCover(l.euros),
		"credit": credit, "debt": debt, "several": several, "tally": tallyOf,
		"bought":   func() tally { return tallyOf(factsOf(v.With, "transaction.new")) },
		"plural":   l.plural,
		"has":      func(list []string, word string) bool { return slices.Contains(list, word) },
		"unknown":  func(value any) bool { return value == nil },
		"distinct": distinct,
		"judged":   judged,
		"step":     step,
		"texts":    texts,
		"says": func(text any, word string) bool {
			return strings.Contains(strings.ToLower(textOf(text)), word)
		},
		"levels":     func() any { return levels(v.Parts) },
		"relevelled": func() string { return relevelled(v.Parts) },
		"level":      l.level,
		"score":      func(mark map[string]any) any { return l.score(mark, v.Now["out_of"]) },
		"word":       func(mark map[string]any) any { return l.word(mark, v.Now["out_of"]) },
		"brought":    l.brought,
		"correction": func() string { return v.correction() },
		"remarks":    l.remarks,
		"whole":      keepingCover(l.whole),
		"files":      l.files,
		"short":      written(c.brief),
		"figure":     func(mark map[string]any) any { return l.figure(mark) },
		"levelled":   func(s Part) bool { return s.Kind != "added" && levelChanged(s) || s.Kind == "added" && judged(s.Now) },
		"period":     period,
		"whose":      whose,
		"zero":       isZero,
		"start": func(text string) any { // what follows the subject, where there is one
			if firstOf(v.Now["subject"]) == nil {
				return capital(text)
			}
			return text
		},
	}
	maps.Copy(functions, l.lifeFunctions(c, v))
	return functions
}

// plural writes how many there are of something.
func (l *Language) plural(count any, one, many string) string {
	n := amount(count)
	if l.singular(n) {
		many = one
	}
	return l.number(n) + noBreak + many
}

// subject writes the name of a subject that people use; "lower" as it is within a
// sentence, "title" without what part of it a mark is in: the body of a message has that.
func (l *Language) subject(of Subjects, value any, within []string) any {
	bare, hidden := uncover(value)
	school := oneLine(textOf(bare))
	if slices.Contains(within, "title") {
		school, _, _ = strings.Cut(school, partOf)
	}
	called, own := of.called(school)
	if own && slices.Contains(within, "lower") {
		called = l.within(school, called)
	}
	return coverIf(hidden, called)
}

// textOf is a text of the data, "" for what is missing.
func textOf(value any) string {
	text, _ := value.(string)
	return text
}
