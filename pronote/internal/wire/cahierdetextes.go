package wire

// CahierDeTextes is the answer to PageCahierDeTexte on the contents tab.
type CahierDeTextes struct {
	ListeCahierDeTextes List[PageCahier] `json:"ListeCahierDeTextes"`
}

// PageCahier is what the diary says of one lesson. The homework given in it, and
// the day it is due, are on the homework tab.
type PageCahier struct {
	Date             DateTime        `json:"Date"` // of the lesson, like the next two
	DateFin          DateTime        `json:"DateFin"`
	Matiere          Object[Element] `json:"Matiere"`
	ListeProfesseurs List[Element]   `json:"listeProfesseurs"`
	ListeGroupes     List[Element]   `json:"listeGroupes"`
	ListeContenus    List[Contenu]   `json:"listeContenus"`
}

// Contenu is one part of what was done in a lesson.
type Contenu struct {
	Element                            // L is its title
	Descriptif       Text              `json:"descriptif"` // HTML
	Categorie        Object[Element]   `json:"categorie"`  // "Cours", "Correction" … in the school's words
	Themes           List[Element]     `json:"ListeThemes"`
	ListePieceJointe List[PieceJointe] `json:"ListePieceJointe"`
	Parcours         Number            `json:"parcoursEducatif"` // 0 future, 1 citizen, 2 arts, 3 health, 4 excellence; -1 none
}
