package wording

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// Subjects says how the subjects of a school are called.
type Subjects struct {
	Own   map[string]string // a person's names, by those of the school in any case
	Known []string          // the school's names of all subjects: no two of them become one
}

// shortNames are what French families call subjects, by the school's name as key
// writes it.
var shortNames = func() map[string]string {
	names := map[string]string{}
	for short, long := range map[string][]string{
		"Maths":           {"MATHEMATIQUES", "MATHS"},
		"Français":        {"FRANCAIS"},
		"EPS":             {"ED.PHYSIQUE & SPORT.", "EDUCATION PHYSIQUE ET SPORTIVE", "ED. PHYSIQUE ET SPORTIVE", "EPS"},
		"Histoire-géo":    {"HISTOIRE-GEOGRAPHIE", "HISTOIRE & GEOGRAPHIE", "HISTOIRE ET GEOGRAPHIE", "HISTOIRE GEO"},
		"SVT":             {"SCIENCES VIE & TERRE", "SCIENCES DE LA VIE ET DE LA TERRE", "SCIENCES VIE ET TERRE", "SVT"},
		"Physique-chimie": {"PHYSIQUE-CHIMIE", "PHYSIQUE CHIMIE", "SCIENCES PHYSIQUES ET CHIMIQUES"},
		"Techno":          {"TECHNOLOGIE"},
		"Musique":         {"EDUCATION MUSICALE", "ED.MUSICALE"},
		"Arts plastiques": {"ARTS PLASTIQUES"},
		"Anglais":         {"ANGLAIS", "ANGLAIS LV1", "ANGLAIS LV2", "ANGLAIS LVA", "ANGLAIS LVB"},
		"Allemand":        {"ALLEMAND", "ALLEMAND LV1", "ALLEMAND LV2", "ALLEMAND LVA", "ALLEMAND LVB"},
		"Espagnol":        {"ESPAGNOL", "ESPAGNOL LV1", "ESPAGNOL LV2", "ESPAGNOL LVA", "ESPAGNOL LVB"},
		"Italien":         {"ITALIEN", "ITALIEN LV1", "ITALIEN LV2", "ITALIEN LVA", "ITALIEN LVB"},
		"Latin":           {"LATIN", "LCA LATIN"},
		"Grec":            {"GREC", "LCA GREC"},
		"EMC":             {"ENSEIGN.MORAL & CIVIQUE", "ENSEIGNEMENT MORAL ET CIVIQUE", "EMC"},
		"SES":             {"SCIENCES ECONO.& SOCIALES", "SCIENCES ECONOMIQUES ET SOCIALES", "SES"},
		"SNT":             {"SC. NUMERIQ.TECHNOL.", "SCIENCES NUMERIQUES ET TECHNOLOGIE", "SNT"},
		"NSI":             {"NUMERIQUE SC.INFORM.", "NUMERIQUE ET SCIENCES INFORMATIQUES", "NSI"},
		"HGGSP":           {"HIST.GEO.GEOPOL.S.P.", "HGGSP"},
		"Philo":           {"PHILOSOPHIE"},
		"Vie de classe":   {"VIE DE CLASSE"},
	} {
		for _, name := range long {
			names[key(name)] = short
		}
	}
	return names
}()

// key is a name by its letters and figures, without accents, in capitals.
func key(name string) string {
	bare, _, err := transform.String(transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn))), name)
	if err != nil {
		bare = name
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToUpper(r)
		}
		return -1
	}, bare)
}

// partOf stands between the school's names of a subject and of a part of it.
const partOf = " > "

// called is what people call a subject, and whether that is not the school's name.
func (s Subjects) called(school string) (string, bool) {
	school = oneLine(school)
	if whole, part, ok := strings.Cut(school, partOf); ok {
		short, own := s.called(whole)
		return short + ", " + part, own
	}
	k := key(school)
	for name, own := range s.Own {
		if key(name) == k {
			return own, true
		}
	}
	short, ok := shortNames[k]
	if !ok || slices.ContainsFunc(s.Known, func(other string) bool {
		other, _, _ = strings.Cut(other, partOf)
		return key(other) != k && shortNames[key(other)] == short
	}) {
		return school, false
	}
	return short, true
}

// part is what part of a subject the school's name has: "Expression orale" of "ANGLAIS >
// Expression orale", "" for none.
func part(school any) string {
	_, of, _ := strings.Cut(oneLine(textOf(school)), partOf)
	return of
}

// inner is the name of a subject within a sentence: the school's own stays, and so
// do initials.
func inner(school, subject string) string {
	first, size := utf8.DecodeRuneInString(subject)
	if subject == school && key(subject) == subject || subject == strings.ToUpper(subject) {
		return subject
	}
	return string(unicode.ToLower(first)) + subject[size:]
}

// civilities are what stands before the names that are written anew.
var civilities = []string{"M.", "M", "Mme", "Mlle", "MM.", "Mr", "Mrs", "Ms", "Dr", "Pr"}

// name writes the name of a grown-up, or several of them, as people do:
// "M. Delmasse", not "M. DELMASSE É.".
func name(value any) any {
	bare, hidden := uncover(value)
	var all []string
	for one := range strings.SplitSeq(oneLine(textOf(bare)), ", ") {
		all = append(all, nameOne(one))
	}
	return coverIf(hidden, strings.Join(all, ", "))
}

func nameOne(full string) string {
	words := strings.Fields(full)
	if len(words) < 2 || !slices.Contains(civilities, words[0]) {
		return full
	}
	var family []string
	for _, word := range words[1:] {
		if word == strings.ToUpper(word) && len([]rune(strings.TrimSuffix(word, "."))) > 1 {
			family = append(family, titled(word))
		}
	}
	if family == nil {
		family = words[1:]
	}
	return words[0] + noBreak + strings.Join(family, " ")
}

// titled writes a word of capitals with one in front of each of its parts:
// "D'Artagnan".
func titled(word string) string {
	start := true
	return strings.Map(func(r rune) rune {
		was := start
		start = !unicode.IsLetter(r)
		if was {
			return r
		}
		return unicode.ToLower(r)
	}, word)
}

// whose puts « de » before a name: "de Tom", "d’Anna".
func whose(name string) string {
	if k := key(name); k != "" && strings.ContainsRune("AEIOUH", rune(k[0])) {
		return "d’" + name
	}
	return "de " + name
}

func isLetter(r rune) bool { return unicode.IsLetter(r) }
