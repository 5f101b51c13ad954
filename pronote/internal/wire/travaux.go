package wire

// Travaux is the answer to PageCahierDeTexte on the homework tab.
type Travaux struct {
	ListeTravauxAFaire List[Travail] `json:"ListeTravauxAFaire"`
}

// Travail is one piece of homework.
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

	ListePieceJointe List[PieceJointe]   `json:"ListePieceJointe"`
	DocumentRendu    Object[PieceJointe] `json:"documentRendu"`   // what the pupil handed in
	DocumentCorrige  Object[PieceJointe] `json:"documentCorrige"` // what the teacher made of it
}
