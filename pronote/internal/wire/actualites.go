package wire

import "encoding/json"

// Actualites is the answer to PageActualites for a list.
type Actualites struct {
	ListeModesAff List[ModeAff] `json:"listeModesAff"`
}

// ModeAff is one way of showing news; 0 is what was received.
type ModeAff struct {
	Genre           Int             `json:"G"`
	ListeActualites List[Actualite] `json:"listeActualites"`
}

// Actualite is an information or a survey.
type Actualite struct {
	Element
	EstSondage     Bool            `json:"estSondage"`
	Lue            Bool            `json:"lue"`
	DateCreation   DateTime        `json:"dateCreation"`
	DateDebut      DateTime        `json:"dateDebut"`
	DateFin        DateTime        `json:"dateFin"`
	Categorie      Object[Element] `json:"categorie"`
	Nature         Object[Element] `json:"nature"` // replaces Categorie on 2026 servers
	Auteur         Text            `json:"auteur"`
	GenrePublic    json.RawMessage `json:"genrePublic"` // echoed in a request for details
	Public         Object[Element] `json:"public"`
	ListeQuestions List[Question]  `json:"listeQuestions"` // absent from lists on 2026 servers
}

// Question is the text of an information, or one question of a survey.
type Question struct {
	Element
	Titre Text `json:"titre"`
	Texte Text `json:"texte"` // HTML

	ListePiecesJointes List[PieceJointe] `json:"listePiecesJointes"`
}

// DetailActualite is the answer to PageActualites for one item.
type DetailActualite struct {
	Details Object[struct {
		ListeQuestions List[Question] `json:"listeQuestions"`
	}] `json:"detailsActualite"`
}
