package wire

import "encoding/json"

// Presence is the answer to PagePresence: the pupil's book of one period. Left
// out are listeRecapitulatifs and Matieres, which add up what the entries say, and
// what serves parents to write: nbMaxJoursDeclarationAbsence,
// commentaireAbsenceObligatoire, commentaireRetardObligatoire,
// listeSanctionUtilisateur.
type Presence struct {
	ListeAbsences List[json.RawMessage] `json:"listeAbsences"` // by genre a Manque, Punition or Mention
	Autorisations Object[Autorisations] `json:"autorisations"`
	Message       Text                  `json:"message"` // in place of a list, when nothing is published
}

// Autorisations is what the school lets the account see; nil where it does not
// say. Those of kinds that share a list with another (sanction, exclusion, infirmerie,
// dispense, absenceRepas, absenceInternat) decide about no list.
type Autorisations struct {
	Absence     *Bool `json:"absence"`
	Retard      *Bool `json:"retard"`
	Punition    *Bool `json:"punition"`
	Observation *Bool `json:"observation"`
}

// Manque is an absence (genre 13), with its two dates, or a delay (14), with one.
// Left out is what serves parents to answer in PRONOTE: avecSaisie, motifParent,
// confirmee, refusee, estUneCreationParent. The couleur of a reason is left out too.
type Manque struct {
	Element
	DateDebut              DateTime      `json:"dateDebut"`
	DateFin                DateTime      `json:"dateFin"` // moves on while the absence is open
	Date                   DateTime      `json:"date"`
	Duree                  Int           `json:"duree"` // minutes
	Ouverte                Bool          `json:"ouverte"`
	Justifie               Bool          `json:"justifie"`
	Justification          Text          `json:"justification"`
	Reglee                 Bool          `json:"reglee"` // the office is done with it
	AJustifierParParents   Bool          `json:"aJustifierParParents"`
	EstMotifNonEncoreConnu Bool          `json:"estMotifNonEncoreConnu"` // listeMotifs then says just that, or nothing
	ListeMotifs            List[Element] `json:"listeMotifs"`
	NbrHeures              Text          `json:"NbrHeures"` // "2h00"
	NbrJours               Number        `json:"NbrJours"`

	// Documents, of an absence, are pieces of evidence. Nobody has described them: they
	// are taken for a list of PieceJointe, as everywhere else, and for none otherwise.
	Documents json.RawMessage `json:"documents"`
}

// Punition is a punishment (genre 41), a sanction (42), an exclusion (15) or a
// precautionary measure (71, formerly 72). The last three have dates where the
// first has a programme and work to do. Left out are estProgrammable, which serves
// those who make the programme, and the address of who asks for it, mail, which the
// staff has.
type Punition struct {
	Element
	Nature                   Object[Nature]      `json:"nature"`
	DateDemande              DateTime            `json:"dateDemande"`
	PlaceDemande             *Int                `json:"placeDemande"` // slot of the day or of the week
	HorsCours                Bool                `json:"horsCours"`
	ListeMotifs              List[Element]       `json:"listeMotifs"`
	Demandeur                Object[Element]     `json:"demandeur"`
	Decideur                 Object[Element]     `json:"decideur"`
	EstUneExclusion          Bool                `json:"estUneExclusion"`
	EstLieAUnIncident        Bool                `json:"estLieAUnIncident"`
	Duree                    Int                 `json:"duree"` // minutes, for a punishment
	TravailAFaire            Text                `json:"travailAFaire"`
	DocumentsTAF             List[PieceJointe]   `json:"documentsTAF"`
	Circonstances            Text                `json:"circonstances"`
	DocumentsCirconstances   List[PieceJointe]   `json:"documentsCirconstances"`
	Commentaire              Text                `json:"commentaire"`
	Programmation            List[Programmation] `json:"programmation"`
	DateDebut                DateTime            `json:"dateDebut"`
	DateFin                  DateTime            `json:"dateFin"`
	InterditAcces            Set                 `json:"interditAcces"` // 0 boarding, 1 lessons, 2 canteen
	ParentAAccuseDeReception Bool                `json:"parentAAccuseDeReception"`
}

// Nature is what a school calls a punishment. Its genre is 0 for an exclusion
// from class, 1 for a detention, 2 for work to do, 3 for anything else.
type Nature struct {
	Element
	EstAvecARParent Bool `json:"estAvecARParent"` // the parents are to confirm that they know
}

// Programmation is when a punishment is served.
type Programmation struct {
	Element
	Date           DateTime        `json:"date"`
	PlaceExecution *Int            `json:"placeExecution"` // slot of the day or of the week
	Duree          Int             `json:"duree"`          // minutes
	Etat           *Int            `json:"etat"`           // 0 needs no date, 1 not done, 2 expired, 3 done, 4 scheduled, 5 postponed
	Surveillant    Object[Element] `json:"surveillant"`
}

// Mention is an observation of the book (genre 46), or an entry whose members
// nobody has described: those below are what such entries are known to have.
type Mention struct {
	Element
	Date              DateTime        `json:"date"`
	DateDebut         DateTime        `json:"dateDebut"`
	DateFin           DateTime        `json:"dateFin"`
	GenreObservation  *Int            `json:"genreObservation"` // 0 notebook missing, 1 observation, 2 encouragement, 3 other
	Rubrique          Object[Element] `json:"rubrique"`         // what its G means is not known
	Matiere           Object[Element] `json:"matiere"`          // its number is "0" when it is none
	Commentaire       Text            `json:"commentaire"`
	Demandeur         Object[Element] `json:"demandeur"`
	EstLue            Bool            `json:"estLue"`
	AvecARObservation Bool            `json:"avecARObservation"` // the parents are to confirm that they read it
}
