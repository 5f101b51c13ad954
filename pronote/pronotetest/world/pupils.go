package world

import (
	"math/rand/v2"
	"slices"
)

// class is a class, and how it divides for some lessons.
type class struct {
	name     string
	cycle    string              // of the curriculum
	marked   bool                // its tests are marked; others judge by skills alone
	pupils   []string            // in the order of the register
	children []string            // those of the parent account
	groups   map[string][]string // "" is everybody
}

// The groups, as the register calls them.
const (
	everybody = ""
	half1     = "4B gr1"
	half2     = "4B gr2"
	spanish   = "4B ESP"
	german    = "4B ALL"
	latin     = "4B LATIN"
)

// The children of the parent account are twins: one class, two names that
// follow each other in the register and therefore fall into different language
// groups. A larger family has a younger child besides.
const (
	firstChild  = "PARENT Fanny"
	secondChild = "PARENT Gabin"
	thirdChild  = "PARENT Hélène"
	parentName  = "Mme PARENT Sylvie"
)

const classSize = 24

func newClass(rng *rand.Rand) class {
	children := []string{firstChild, secondChild}
	pupils := register(rng, children, nil)
	c := class{name: "4B", cycle: "Cycle 4", marked: true, pupils: pupils, children: children, groups: map[string][]string{
		everybody: pupils,
		half1:     pupils[:classSize/2],
		half2:     pupils[classSize/2:],
		latin:     append([]string{firstChild}, shuffled(rng, without(pupils, firstChild))[:8]...),
	}}
	for i, pupil := range pupils {
		language := []string{spanish, german}[i%2]
		c.groups[language] = append(c.groups[language], pupil)
	}
	return c
}

// register is some pupils and as many others as make a class, but none of
// another one.
func register(rng *rand.Rand, some, others []string) []string {
	pupils := slices.Clone(some)
	lasts, firsts := shuffled(rng, lastNames()), shuffled(rng, firstNames())
	for i := 0; len(pupils) < classSize; i++ {
		if name := lasts[i] + " " + firsts[i]; !slices.Contains(others, name) {
			pupils = append(pupils, name)
		}
	}
	slices.Sort(pupils)
	return pupils
}

// in reports whether a pupil belongs to a group.
func (c class) in(group, pupil string) bool { return slices.Contains(c.groups[group], pupil) }

func shuffled(rng *rand.Rand, words []string) []string {
	words = slices.Clone(words)
	rng.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
	return words
}

func without[T comparable](list []T, unwanted T) []T {
	return slices.DeleteFunc(slices.Clone(list), func(v T) bool { return v == unwanted })
}

func pick[T any](rng *rand.Rand, choices ...T) T { return choices[rng.IntN(len(choices))] }

func collegeNames() []string {
	return []string{
		"Collège des Tilleuls", "Collège du Val Fleuri", "Collège Les Aubépines", "Collège de la Fontaine aux Merles",
		"Collège des Quatre Moulins", "Collège du Pré-l'Abbesse",
	}
}

func lastNames() []string {
	return []string{
		"MARTIN", "AUBERVAL", "BENZEMMOUR", "BONNAFOUX", "CASTELLORY", "CHAUVELON", "DA SILVEIRA", "DELORMEAU", "DIARRASSO",
		"DUTHILLEUX", "ESCOUBAS", "FERRANDIER", "GARRIVIER", "HADDOUCHE", "JACQUEMARD", "KERMORVAN", "LE GALLIDEC",
		"LEMOISSAN", "MEZGHOUNI", "N'DIAGNE", "NGUYEN-VAL", "OLLIVEREAU", "PELLERINOT", "QUINTREC", "ROUSSELANGE",
		"SAINT-ARVAL", "TAILLANDIER", "TRANCHEVENT", "VANDERMEULEN", "WEISSGERBER", "YILDIRAN", "ZÉPHIRIN",
	}
}

func firstNames() []string {
	return []string{
		"Léa", "Adam", "Aïcha", "Anaïs", "Baptiste", "Camille", "Chloé", "Clément", "Élise", "Émile", "Gaëlle", "Hugo", "Inès",
		"Jade", "Jean-Loup", "Kenza", "Louis", "Maëlys", "Malo", "Mathéo", "Nina", "Noé", "Océane", "Paul", "Rayan", "Romane",
		"Sacha", "Salomé", "Théo", "Yasmine", "Zoé", "Éloïse",
	}
}
