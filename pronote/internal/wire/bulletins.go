package wire

// Bulletin is the answer to PageBulletins. Message stands in place of all the
// rest while the report is not published; versions differ in its spelling. Left out
// are how it is drawn and whether it may be written (ParametresAffichages, Editable,
// existeServiceAvecNotes, existeServiceSansNotes, graphe, which is a picture, and
// ListeSurMatieres, which each subject names), strInfoDatePublication, and what nobody
// has described: listeMentions, listeEngagements, ParcoursEducatif, Orientation,
// ListeAttestations, listeAccusesReception.
type Bulletin struct {
	Message                 Text                               `json:"Message"` // or "message": encoding/json reads both
	ListeServices           List[ServiceBulletin]              `json:"ListeServices"`
	Classe                  Object[Element]                    `json:"Classe"`
	General                 Object[GeneralBulletin]            `json:"General"`
	ListeAbsences           Object[AbsencesBulletin]           `json:"ListeAbsences"`
	ObjetListeAppreciations Object[ObjetAppreciationsBulletin] `json:"ObjetListeAppreciations"`
	BaremeParDefaut         Number                             `json:"baremeParDefaut"`
}

// ServiceBulletin is a subject of a report. Its couleur and its place
// (OrdreRegroupement, OrdreDansRegroupement), which the list has too, are left out.
type ServiceBulletin struct {
	Element
	Matiere            Object[Element]       `json:"Matiere"`
	SurMatiere         Object[Element]       `json:"SurMatiere"` // the group of subjects
	Coefficient        Number                `json:"Coefficient"`
	MoyenneEleve       Number                `json:"MoyenneEleve"`
	MoyenneClasse      Number                `json:"MoyenneClasse"`
	MoyenneInf         Number                `json:"MoyenneInf"`
	MoyenneSup         Number                `json:"MoyenneSup"`
	ListeProfesseurs   List[Element]         `json:"ListeProfesseurs"`
	ListeAppreciations List[Element]         `json:"ListeAppreciations"`
	ListeElements      List[ServiceBulletin] `json:"ListeElements"` // parts of the subject
}

// GeneralBulletin has the averages over all subjects.
type GeneralBulletin struct {
	MoyenneEleve  Number `json:"MoyenneEleve"`
	MoyenneClasse Number `json:"MoyenneClasse"`
}

// AbsencesBulletin says in sentences how a pupil attended.
type AbsencesBulletin struct {
	StrAbsences  Text `json:"strAbsences"`
	StrRetards   Text `json:"strRetards"`
	StrPunitions Text `json:"strPunitions"`
	StrSanctions Text `json:"strSanctions"`
}

// ObjetAppreciationsBulletin wraps the comments on the report as a whole.
type ObjetAppreciationsBulletin struct {
	ListeAppreciations List[AppreciationBulletin] `json:"ListeAppreciations"`
}

// AppreciationBulletin is a comment, its label, under a heading.
type AppreciationBulletin struct {
	Element
	Intitule Text `json:"Intitule"`
}
