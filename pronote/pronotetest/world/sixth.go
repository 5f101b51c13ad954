package world

import (
	"math/rand/v2"
	"time"
)

// The groups of the younger child's class, and the subject that it has in place
// of three others.
const (
	sixth1   = "6A gr1"
	sixth2   = "6A gr2"
	sciences = "SCIENCES & TECHNOLOGIE"
)

// newSixth is the class of the younger child, with pupils who are not in the
// other class.
func newSixth(rng *rand.Rand, other class) class {
	children := []string{thirdChild}
	pupils := register(rng, children, other.pupils)
	return class{name: "6A", cycle: "Cycle 3", pupils: pupils, children: children, groups: map[string][]string{
		everybody: pupils,
		sixth1:    pupils[:classSize/2],
		sixth2:    pupils[classSize/2:],
	}}
}

// sixthSubjects are those of a 6e: no second language, no Latin.
func sixthSubjects(rng *rand.Rand) []subject {
	subjects := []subject{
		{
			name: french, room: "B104", tests: 6, homework: 0.5,
			chapters: []string{"Le conte", "Les monstres", "Récits de création", "Le sujet et le verbe", "La fable", "L'Odyssée"},
		}, {
			name: maths, room: "A008", tests: 6, homework: 0.5,
			chapters: []string{"Nombres décimaux", "Droites parallèles", "Périmètres", "La division", "Angles", "Symétrie axiale"},
		}, {
			name: history, room: "B012", tests: 5, homework: 0.35,
			chapters: []string{"La Préhistoire", "Athènes & Rome", "Habiter une métropole", "Les premiers écrits", "Habiter les littoraux"},
		}, {
			name: english, room: "C001", tests: 6, homework: 0.4,
			chapters: []string{"My family", "At school", "Food & drinks", "Animals", "A day in London"},
		}, {
			name: sciences, room: "Labo 1", tests: 6, homework: 0.35,
			chapters: []string{"Le vivant", "Les états de l'eau", "Les objets techniques", "Les mouvements", "La planète Terre"},
		}, {
			name: arts, room: "Atelier", tests: 4, homework: 0.1,
			chapters: []string{"La couleur", "Le masque", "Raconter en images"},
		}, {
			name: music, room: "Musique", tests: 3, homework: 0.1,
			chapters: []string{"Le carnaval", "La voix", "Les percussions"},
		}, {
			name: sports, room: "Gymnase", tests: 4, homework: 0.05,
			chapters: []string{"Natation", "Course d'orientation", "Lutte", "Danse"},
		},
	}
	teachers := shuffled(rng, teacherNames())
	for i := range subjects {
		subjects[i].teacher = teachers[i]
	}
	return subjects
}

// sixthTimetable is the week of a 6e.
func sixthTimetable(rng *rand.Rand) []slot {
	days := []time.Weekday{time.Monday, time.Tuesday, time.Thursday, time.Friday}
	rng.Shuffle(len(days), func(i, j int) { days[i], days[j] = days[j], days[i] })
	return []slot{
		{days[0], 9, 1, french, everybody, ""},
		{days[0], 10, 1, maths, everybody, ""},
		{days[0], 11, 1, history, everybody, ""},
		{days[0], 14, 2, sports, everybody, ""},

		{days[1], 8, 1, english, everybody, ""},
		{days[1], 9, 1, french, everybody, ""},
		{days[1], 10, 1, sciences, sixth1, "A"},
		{days[1], 10, 1, sciences, sixth2, "B"},
		{days[1], 11, 1, music, everybody, ""},
		{days[1], 14, 1, maths, everybody, ""},

		{time.Wednesday, 8, 1, french, everybody, ""},
		{time.Wednesday, 9, 1, maths, everybody, ""},
		{time.Wednesday, 10, 1, english, everybody, ""},
		{time.Wednesday, 11, 1, history, everybody, "B"},

		{days[2], 8, 1, history, everybody, ""},
		{days[2], 9, 1, english, everybody, ""},
		{days[2], 10, 1, french, everybody, ""},
		{days[2], 11, 1, arts, everybody, ""},
		{days[2], 14, 2, sports, everybody, "A"},

		{days[3], 8, 1, maths, everybody, ""},
		{days[3], 9, 1, sciences, everybody, ""},
		{days[3], 10, 1, english, everybody, ""},
		{days[3], 14, 1, french, everybody, ""},
	}
}
