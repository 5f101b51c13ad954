package wire

// Travaux is the answer to PageCahierDeTexte on the homework tab. Left out is what
// other pages show in full: listeDS (tests), listeMatieres,
// ListeRessourcesPedagogiques and ListeRessourcesNumeriques.
type Travaux struct {
	ListeTravauxAFaire List[Travail] `json:"ListeTravauxAFaire"`
}

// Travail is one piece of homework. Left out are the class it is for (nomPublic); the
// lesson that it comes from (cours, cahierDeTextes) and its colours (CouleurFond,
// couleurTexte, avecMiseEnForme); G, 1 for an activity; avecRendu and peuRendre, which
// serve to hand it in; and executionQCM, a quiz to be done in PRONOTE.
type Travail struct {
	Element
	Descriptif       Text            `json:"descriptif"` // HTML
	PourLe           DateTime        `json:"PourLe"`
	DonneLe          DateTime        `json:"DonneLe"`
	TAFFait          Bool            `json:"TAFFait"`
	Matiere          Object[Element] `json:"Matiere"`
	NiveauDifficulte Int             `json:"niveauDifficulte"` // 0 none, 1 easy, 2 medium, 3 hard
	Duree            Int             `json:"duree"`            // minutes
	GenreRendu       Int             `json:"genreRendu"`       // 0 none, 1 paper, 2 PRONOTE, 3 kiosk, 4 audio

	ListeThemes List[Element] `json:"ListeThemes"` // each with its Matiere, which is the work's

	ListePieceJointe   List[PieceJointe]   `json:"ListePieceJointe"`
	DocumentRendu      Object[PieceJointe] `json:"documentRendu"` // what the pupil handed in
	DateRendu          DateTime            `json:"dateRendu"`
	DocumentCorrige    Object[PieceJointe] `json:"documentCorrige"`    // what the teacher made of it
	CommentaireCorrige Text                `json:"commentaireCorrige"` // and has to say
}
