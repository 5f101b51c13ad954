package wire

// Menus is the answer to PageMenus: the meals of a week. Left out is what the days
// repeat or a calendar needs: AvecRepasMidi, AvecRepasSoir, DomaineDePresence, and the
// legends ListeAllergenes and Listelabels with each couleur.
type Menus struct {
	ListeJours List[JourMenu] `json:"ListeJours"`
}

// JourMenu is the meals of a day.
type JourMenu struct {
	Date       DateTime    `json:"Date"`
	ListeRepas List[Repas] `json:"ListeRepas"`
}

// Repas is a meal: 0 lunch, 1 dinner.
type Repas struct {
	Element
	ListePlats List[Plat] `json:"ListePlats"`
}

// Plat is a course with the dishes to choose from: 0 starter, 1 main, 2 side,
// 3 drink or other, 4 dessert, 5 cheese.
type Plat struct {
	Genre         Int           `json:"G"`
	ListeAliments List[Aliment] `json:"ListeAliments"`
}

// Aliment is a dish.
type Aliment struct {
	Element
	Labels     List[Element] `json:"listeLabelsAlimentaires"`
	Allergenes List[Element] `json:"listeAllergenesAlimentaire"`
}
