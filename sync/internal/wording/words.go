package wording

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/template"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/pronote-sync/pronote-sync/civil"
)

// lifeFunctions are what the templates of the timetable, of school life and of letters
// need besides.
func (l *Language) lifeFunctions(c *calendar, v *view) template.FuncMap {
	return template.FuncMap{
		"fold":     func() string { return fold },
		"nearDay":  written(c.nearDay),
		"of":       of,
		"ofDay":    written(c.ofDay),
		"relative": func(value any) bool { m, ok := momentOf(value); return ok && c.isRelative(m) },
		"today":    func(value any) bool { m, ok := momentOf(value); return ok && m.Date == c.now.Date },
		"after":    after,
		"entryAt":  c.entryAt,
		"weeks":    c.weeks,
		"wholeDays": func(from, to any) int {
			a, okA := momentOf(from)
			b, okB := momentOf(to)
			if !okA || !okB {
				return 0
			}
			return int(b.In(time.UTC).Sub(a.In(time.UTC)).Hours()+12) / 24
		},
		"minuteStep": func(before, now any) any { return l.minuteStep(before, now) },

		"lower":  keepingCover(func(text any) string { return lower(textOf(text)) }),
		"letter": keepingCover(func(text any) string { return l.letter(textOf(text)) }),
		"status": func(text any) string { return status(textOf(text)) },
		"gloss":  gloss,

		"negative":  func(value any) bool { return amount(value) < 0 },
		"held":      held,
		"meals":     meals,
		"dishes":    dishes,
		"lastOf":    lastOf,
		"listed":    l.listed,
		"retitled":  retitled,
		"changedOf": func(named ...string) string { return changedOf(v.What, named) },

		"line": func(sign, text string) string {
			if v.Lead != "" {
				return text
			}
			return sign + " " + textOf(capital(text))
		},
		"punished": func(lead string) bool { return strings.HasPrefix(lead, "punishment.") },
	}
}

// isRelative reports whether a day has a word: "demain".
func (c *calendar) isRelative(m moment) bool {
	days, known := c.distance(m.Date)
	_, has := c.relative[days]
	return has && known
}

// nearDay writes a day that begins a title: "demain", "jeudi 20", "jeu. 27 nov.".
func (c *calendar) nearDay(m moment) string {
	if days, known := c.distance(m.Date); !c.isRelative(m) && known && abs(days) <= nearDays {
		return c.day(m)
	}
	return c.near(m)
}

// of puts « de » before words of ours for a day.
func of(day string) string {
	if strings.HasPrefix(day, "a") || strings.HasPrefix(day, "h") {
		return "d’" + day
	}
	return "de " + day
}

// ofDay writes whose day something is in French, "d’aujourd’hui", "du jeu. 20".
func (c *calendar) ofDay(m moment) string {
	if c.isRelative(m) {
		return of(c.near(m))
	}
	return "du " + c.near(m)
}

// after is a moment some minutes later.
func after(value, minutes any) any {
	m, ok := momentOf(value)
	if !ok || !m.timed {
		return value
	}
	return civil.DateTimeOf(m.In(time.UTC).Add(time.Duration(amount(minutes)) * time.Minute))
}

// entryAt writes when something of the agenda begins, for a title: "jeu. 20 à 17 h"; its
// days where there are several, "du 24 au 28 nov.".
func (c *calendar) entryAt(row map[string]any) string {
	from, to := row["starts_at"], row["ends_at"]
	m, ok := momentOf(from)
	switch {
	case !ok:
		return ""
	case to != nil && !sameDay(from, to):
		return c.nearDays(from, to)
	case row["all_day"] == 1.0:
		return c.near(m)
	}
	return c.at(m)
}

// weeks lists days by month: "ven. 21 et 28 nov., ven. 5 déc.".
func (c *calendar) weeks(starts []any) string {
	var days []civil.Date
	for _, value := range starts {
		if m, ok := momentOf(value); ok && !slices.Contains(days, m.Date) {
			days = append(days, m.Date)
		}
	}
	slices.SortFunc(days, civil.Date.Compare)
	var months []string
	for len(days) > 0 {
		n := 1
		for n < len(days) && days[n].Year == days[0].Year && days[n].Month == days[0].Month {
			n++
		}
		var named []string
		for i, d := range days[:n] {
			name := c.number1(d)
			if i == 0 || d.Weekday() != days[i-1].Weekday() {
				name = c.weekdaysShort[d.Weekday()] + " " + name
			}
			if i == n-1 {
				name += noBreak + c.monthsShort[d.Month-1]
			}
			named = append(named, name)
		}
		months = append(months, c.Names(named))
		days = days[n:]
	}
	return strings.Join(months, ", ")
}

// minuteStep writes how a duration moved, "12 → 20 min", "45 min → 1 h 15".
func (l *Language) minuteStep(before, now any) any {
	was, hidden := uncover(before)
	is, hiddenToo := uncover(now)
	a, b := amount(was), amount(is)
	text := writeStep(l.minutes(was), l.minutes(is))
	if a > 0 && b > 0 && a < 60 && b < 60 && a != b {
		text = l.number(a) + " → " + l.minutes(is)
	}
	return coverIf(hidden || hiddenToo, text)
}

// lower writes the words of a list as they are within a sentence. Initials stay.
func lower(text string) string {
	words := strings.Split(text, ", ")
	for i, word := range words {
		first, size := utf8.DecodeRuneInString(word)
		second, _ := utf8.DecodeRuneInString(word[size:])
		if !unicode.IsUpper(second) && second != '.' && !slices.ContainsFunc(civilities, func(civility string) bool { return strings.HasPrefix(word, civility+" ") }) {
			words[i] = string(unicode.ToLower(first)) + word[size:]
		}
	}
	if text == "" {
		return ""
	}
	return strings.Join(words, ", ")
}

// mostLines is how many lines of a letter are kept.
const mostLines = 3

// greeting is the first line of a letter, which says nothing.
var greeting = regexp.MustCompile(`(?i)^\s*(bonjour|bonsoir|chers?|chères?|madame|monsieur|mesdames|messieurs|hello|dear)\b[^\n.!?]{0,60}[,!]?\s*\n\s*|^\s*(?i:bonjour|bonsoir)\s*[,!]\s+`)

// letter is the beginning of a letter, without its greeting.
func (l *Language) letter(text string) string {
	if bare := greeting.ReplaceAllString(text, ""); strings.TrimSpace(bare) != "" {
		text = bare
	}
	text = l.opening(text)
	if lines := linesOf(text); len(lines) > mostLines {
		return oneLine(strings.Join(lines, " "))
	}
	return text
}

// told are the words of a status that only say what the event says.
var told = []string{"annul", "déplac", "reporté", "maintenu", "rétabli", "remplac", "changement de salle", "changement de prof", "modifié", "ajouté", "exceptionnel"}

// status is what a school says of a lesson, "" where the event says as much.
func status(text string) string {
	small := strings.ToLower(text)
	if slices.ContainsFunc(told, func(word string) bool { return strings.Contains(small, word) }) {
		return ""
	}
	return text
}

// glosses are what schools write about children, in English.
var glosses = map[string]string{
	"retenue": "detention", "heure de retenue": "detention", "avertissement": "warning", "blâme": "reprimand",
	"exclusion de cours": "sent out of a lesson", "exclusion définitive": "expulsion",
	"mesure conservatoire": "precautionary measure", "devoir supplémentaire": "extra work", "travail supplémentaire": "extra work",
	"travail d'intérêt général": "community work", "mesure de responsabilisation": "community measure",
	"matériel oublié": "forgotten things", "oubli de matériel": "forgotten things", "affaires oubliées": "forgotten things",
	"carnet oublié": "school diary forgotten", "oubli de carnet": "school diary forgotten", "défaut de carnet": "school diary forgotten",
	"travail non fait": "homework not done", "devoir non fait": "homework not done", "leçon non apprise": "lesson not learnt",
	"problème de comportement": "behaviour", "comportement": "behaviour", "bavardages": "chatting", "bavardage": "chatting",
	"repas manqué": "meal missed", "téléphone": "telephone",
}

// ofKinds are the same by the kinds of punishments, for words that are not known.
var ofKinds = map[string]string{"detention": "detention", "homework": "extra work", "measure": "precautionary measure"}

// gloss says in English what a school wrote, "" where it is much the same word.
func gloss(text, kind any) any {
	bare, hidden := uncover(text)
	what, _ := uncover(kind)
	small := strings.ToLower(strings.ReplaceAll(textOf(bare), "’", "'"))
	english, ok := glosses[small]
	if !ok {
		english = ofKinds[textOf(what)]
	}
	if english == "" || strings.Contains(small, english) {
		return nil
	}
	return coverIf(hidden, english)
}

// price is an amount of euros in the school's words.
var price = regexp.MustCompile(`([-−]?) ?(\d+)[.,](\d\d)\b`)

// eurosIn is the first amount of a text, and whether there is one.
func eurosIn(text string) (float64, bool) {
	found := price.FindStringSubmatch(text)
	if found == nil {
		return 0, false
	}
	f, err := strconv.ParseFloat(found[2]+"."+found[3], 64)
	if found[1] != "" {
		f = -f
	}
	return f, err == nil
}

// held is the balance of a wallet: the figure, or what its text says; nil for neither.
func held(wallet map[string]any) any {
	if balance := wallet["balance"]; balance != nil {
		return balance
	}
	text, hidden := uncover(wallet["balance_text"])
	f, ok := eurosIn(textOf(text))
	switch {
	case !ok:
		return nil
	case hidden:
		return covered{f}
	}
	return f
}

// meals is how many meals a balance pays, 0 where the price is not known.
func meals(balance, hint any) int {
	one, ok := eurosIn(textOf(hint))
	if !ok || one <= 0 || !strings.Contains(strings.ToLower(textOf(hint)), "repas") {
		return 0
	}
	return max(0, int(math.Floor(amount(balance)/one+1e-9)))
}

// dishes writes a meal as a list.
func dishes(list any) string { return lower(strings.ReplaceAll(textOf(list), separator, ", ")) }

// lastOf is a column of the last row of a list.
func lastOf(list any, column string) any {
	rows, _ := list.([]any)
	if len(rows) == 0 {
		return nil
	}
	row, _ := rows[len(rows)-1].(map[string]any)
	return row[column]
}

// listed names people of the data.
func (l *Language) listed(list any) string {
	rows, _ := list.([]any)
	var names []string
	for _, row := range rows {
		names = append(names, textOf(row))
	}
	return l.Names(names)
}

// retitled is the title that a notice had, "" where words were only put before it.
func retitled(before, now any) string {
	was := textOf(before)
	if strings.HasSuffix(textOf(now), was) {
		return ""
	}
	return was
}

// changedOf names the columns that changed. After each list of columns stands their name.
func changedOf(what, named []string) string {
	var words []string
	for i := 0; i+1 < len(named); i += 2 {
		if slices.ContainsFunc(strings.Fields(named[i]), func(column string) bool { return slices.Contains(what, column) }) {
			words = append(words, named[i+1])
		}
	}
	return strings.Join(words, ", ")
}
