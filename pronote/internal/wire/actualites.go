package wire

import "encoding/json"

// Actualites is the answer to PageActualites for a list: genreRequeteActualite says
// that it is one. Left out are listeCategories and listeNatures, which each item
// names.
type Actualites struct {
	ListeModesAff List[ModeAff] `json:"listeModesAff"`
}

// ModeAff is one way of showing news; 0 is what was received.
type ModeAff struct {
	Genre           Int             `json:"G"`
	ListeActualites List[Actualite] `json:"listeActualites"`
}

// Actualite is a notice or a survey; estInformation is the contrary of EstSondage.
// What concerns those who publish (estAuteur, estModele, estModelePartage,
// estProlonge, estPartage, estPublic, avecCommandeVisuResultat) is left out, and so
// are elmauteur, which is the author again, and prenom, the first name of the pupil
// that it is addressed to.
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
	ReponseAnonyme Bool            `json:"reponseAnonyme"`
	Contenu        Object[struct { // in lists of 2026 servers; the attachments that avecPJ announces come with the details
		AToutRepondu Bool `json:"aToutRepondu"`
	}] `json:"informationListeContenu"`
}

// Question is the text of a notice, or one question of a survey, where L is but
// its number in words.
type Question struct {
	Element
	Titre             Text            `json:"titre"`
	Texte             Text            `json:"texte"` // HTML
	Rang              Int             `json:"rang"`
	GenreReponse      Number          `json:"genreReponse"` // 0 acknowledgement, 1 text, 2 one choice, 3 several, 4 and 5 none
	AvecMaximum       Bool            `json:"avecMaximum"`
	NombreReponsesMax Int             `json:"nombreReponsesMax"` // where AvecMaximum; tailleReponse only serves to write
	ListeChoix        List[Choix]     `json:"listeChoix"`
	Reponse           Object[Reponse] `json:"reponse"`

	ListePiecesJointes List[PieceJointe] `json:"listePiecesJointes"`
}

// Choix is one of the answers to choose from. One with estReponseLibre asks for
// words, which the answer has as ValeurReponseLibre.
type Choix struct {
	Element
	Rang Int `json:"rang"` // from 1; answers are sets of them
}

// Reponse is what the account answered; estRepondant says that it may.
type Reponse struct {
	AvecReponse        Bool     `json:"avecReponse"`
	EstReponseAttendue Bool     `json:"estReponseAttendue"`
	StrRepondant       Text     `json:"strRepondant"`  // who answered
	ValeurReponse      Text     `json:"valeurReponse"` // a text, or a set of choices
	ValeurReponseLibre Text     `json:"valeurReponseLibre"`
	ReponduLe          DateTime `json:"reponduLe"`
}

// DetailActualite is the answer to PageActualites for one item.
type DetailActualite struct {
	Details Object[struct {
		ListeQuestions List[Question] `json:"listeQuestions"`
	}] `json:"detailsActualite"`
}
