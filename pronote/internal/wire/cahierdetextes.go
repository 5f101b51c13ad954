package wire

// CahierDeTextes is the answer to PageCahierDeTexte on the contents tab.
type CahierDeTextes struct {
	ListeCahierDeTextes List[PageCahier] `json:"ListeCahierDeTextes"`
}

// PageCahier is what the diary says of one lesson. The homework given in it,
// ListeTravailAFaire, and the day it is due, dateTAF, are on the homework tab. Left
// out are the lesson itself (cours), which date and subject name, its colour
// (CouleurFond), the parts of the curriculum (listeElementsProgrammeCDT) and
// verrouille, which serves those who write.
type PageCahier struct {
	Date             DateTime        `json:"Date"` // of the lesson, like the next two
	DateFin          DateTime        `json:"DateFin"`
	Matiere          Object[Element] `json:"Matiere"`
	ListeProfesseurs List[Element]   `json:"listeProfesseurs"`
	ListeGroupes     List[Element]   `json:"listeGroupes"`
	ListeContenus    List[Contenu]   `json:"listeContenus"`
}

// Contenu is one part of what was done in a lesson. Left out are objectifs and
// training, whose shape nobody has described, and the subject of a theme, its
// Matiere.
type Contenu struct {
	Element                            // L is its title
	Descriptif       Text              `json:"descriptif"` // HTML
	Categorie        Object[Element]   `json:"categorie"`  // "Cours", "Correction" … in the school's words, which G and libelleIcone abbreviate
	Themes           List[Element]     `json:"ListeThemes"`
	ListePieceJointe List[PieceJointe] `json:"ListePieceJointe"`
	Parcours         Number            `json:"parcoursEducatif"` // 0 future, 1 citizen, 2 arts, 3 health, 4 excellence; -1 none
}
