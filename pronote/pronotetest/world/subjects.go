package world

import "math/rand/v2"

// subject is what is taught, by whom and where, and how much of it comes back
// as homework and tests.
type subject struct {
	name     string
	room     string
	group    string   // who has it
	tests    int      // per term
	homework float64  // chance that a lesson ends with some
	hidden   bool     // the school does not show how the class did
	forms    []string // how its tests are called
	chapters []string
	teacher  string
	second   string   // who gives a share of its marks, in a service of the same name; "" for nobody
	parts    []string // that have marks of their own
}

// partOf stands between the name of a subject and that of a part of it.
const partOf = " > "

// The subjects, as the school spells them.
const (
	french      = "FRANCAIS"
	maths       = "MATHEMATIQUES"
	history     = "HISTOIRE-GEOGRAPHIE"
	english     = "ANGLAIS LV1"
	spanishLV2  = "ESPAGNOL LV2"
	germanLV2   = "ALLEMAND LV2"
	biology     = "SCIENCES VIE & TERRE"
	physics     = "PHYSIQUE-CHIMIE"
	technology  = "TECHNOLOGIE"
	latinOption = "LCA LATIN"
	arts        = "ARTS PLASTIQUES"
	music       = "EDUCATION MUSICALE"
	sports      = "ED.PHYSIQUE & SPORT."
)

func newSubjects(rng *rand.Rand) []subject {
	subjects := []subject{
		{
			name: french, room: "B204", tests: 4, homework: 0.52,
			forms: []string{
				"Dictée n°{n}", "Évaluation de lecture : {chapter}",
				"Rédaction – {chapter}", "Contrôle de grammaire n°{n}",
			},
			chapters: []string{
				"La nouvelle fantastique", "Le Cid", "La poésie lyrique", "La presse",
				"Le roman réaliste", "Les compléments d'objet", "La lettre", "La ville au XIXe siècle",
			},
		}, {
			name: maths, room: "A112", tests: 5, homework: 0.54,
			forms: []string{"Contrôle n°{n} – {chapter}", "Interrogation {chapter}", "DM n°{n}", "Calcul mental"},
			chapters: []string{
				"Nombres relatifs", "Fractions", "Théorème de Pythagore", "Puissances", "Calcul littéral",
				"Équations", "Proportionnalité", "Statistiques", "Théorème de Thalès",
			},
		}, {
			name: history, room: "B110", tests: 3, homework: 0.38,
			forms: []string{"DS {chapter}", "Interrogation {chapter}", "Paragraphe argumenté – {chapter}", "Croquis n°{n}"},
			chapters: []string{
				"Révolution française", "Les Lumières", "L'Empire", "La traite négrière",
				"L'urbanisation du monde", "Les mobilités humaines", "La IIIe République", "Les espaces maritimes",
			},
		}, {
			name: english, room: "C003", tests: 4, homework: 0.45, parts: []string{"Expression écrite", "Expression orale"},
			forms: []string{
				"Interrogation de vocabulaire", "Test unit {n}",
				"Expression orale : {chapter}", "Verbes irréguliers n°{n}",
			},
			chapters: []string{"London calling", "Heroes & legends", "School life", "Irish music", "A trip to Scotland", "Crime stories"},
		}, {
			name: spanishLV2, room: "C005", group: spanish, tests: 4, homework: 0.45,
			forms: []string{
				"Interrogation de vocabulaire", "Contrôle n°{n} – {chapter}",
				"Comprensión oral n°{n}", "Expression orale : {chapter}",
			},
			chapters: []string{"Mi familia", "El instituto", "De compras", "La rutina diaria", "Las fiestas"},
		}, {
			name: germanLV2, room: "C006", group: german, tests: 4, homework: 0.45,
			forms: []string{
				"Interrogation de vocabulaire", "Contrôle n°{n} – {chapter}",
				"Hörverstehen n°{n}", "Expression orale : {chapter}",
			},
			chapters: []string{"Meine Familie", "In der Schule", "Einkaufen", "Mein Alltag", "Feste & Feiern"},
		}, {
			name: biology, room: "Labo SVT", tests: 3, homework: 0.36,
			forms: []string{"Contrôle {chapter}", "Compte rendu de TP n°{n}", "Interrogation {chapter}"},
			chapters: []string{
				"Séismes et volcans", "La tectonique des plaques", "Le système nerveux",
				"La reproduction humaine", "La digestion",
			},
		}, {
			name: physics, room: "Labo 2", tests: 3, homework: 0.38,
			forms: []string{"Contrôle n°{n} – {chapter}", "Compte rendu de TP n°{n}", "Interrogation {chapter}"},
			chapters: []string{
				"La tension électrique", "Les molécules de l'air", "La lumière",
				"Masse et volume", "Les combustions", "La loi d'Ohm",
			},
		}, {
			name: technology, room: "Techno 1", tests: 2, homework: 0.2,
			forms:    []string{"Évaluation {chapter}", "Projet robot, étape {n}", "Interrogation {chapter}"},
			chapters: []string{"La domotique", "Les capteurs", "La programmation par blocs", "Les matériaux"},
		}, {
			name: latinOption, room: "B201", group: latin, tests: 3, homework: 0.45,
			forms:    []string{"Version n°{n}", "Interrogation {chapter}", "Exposé – {chapter}"},
			chapters: []string{"La première déclinaison", "L'imparfait", "Les guerres puniques", "La maison romaine"},
		}, {
			name: arts, room: "Atelier", tests: 2, homework: 0.15,
			forms:    []string{"{chapter}", "Carnet de croquis n°{n}"},
			chapters: []string{"Autoportrait", "Détourner un objet", "L'espace habité", "Image et récit"},
		}, {
			name: music, room: "Musique", tests: 2, homework: 0.12,
			forms:    []string{"Chant : {chapter}", "Écoute comparée n°{n}"},
			chapters: []string{"Le blues", "La symphonie", "Musiques de film", "Le rythme"},
		}, {
			name: sports, room: "Gymnase", tests: 2, homework: 0.05,
			forms:    []string{"{chapter}"},
			chapters: []string{"Demi-fond", "Badminton", "Acrosport", "Natation", "Handball"},
		},
	}
	teachers := shuffled(rng, teacherNames())
	for i := range subjects {
		subjects[i].teacher = teachers[i]
		if subjects[i].name == history {
			subjects[i].second = teachers[len(subjects)]
		}
	}
	// Teachers of what counts little in the exam are those who hide it.
	subjects[len(subjects)-1-rng.IntN(3)].hidden = true
	subjects[len(subjects)-4-rng.IntN(3)].hidden = true
	return subjects
}

func teacherNames() []string {
	return []string{
		"M. DELMASSE É.", "Mme ROUXEVILLE C.", "M. BÉRANGIER P.", "Mme FAURELLE S.", "Mme LANGEVILLE A.", "M. OUCHERIF K.",
		"Mme TISSERANDE M.", "M. GUÉRINEAU J.", "Mme PRIVATIER L.", "M. SALVATERRE D.", "Mme MONNEREAU F.", "M. COLOMBEL T.",
		"Mme ABADIEU N.", "M. VASSERIN H.", "Mme HÉRAULTIN B.", "M. DE KERSAUZON Y.",
	}
}
