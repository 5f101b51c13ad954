package wire

import "encoding/json"

// EmploiDuTemps is the answer to PageEmploiDuTemps. Left out is how its grid is
// drawn (prefsGrille, placeCourante, jourCycleSelectionne, avecCoursAnnule,
// premierePlaceHebdoDuJour, recreations), when the canteen is open
// (debutDemiPensionHebdo, finDemiPensionHebdo), and absences, which says day by
// day whether the pupil was at lunch: only some schools take it down.
type EmploiDuTemps struct {
	ListeCours List[Cours] `json:"ListeCours"`
}

// Cours is one entry of the timetable: a lesson, a detention or an outing.
// What is left out: the colour, CouleurFond, which is the subject's; AvecTafPublie
// and AvecCdT, which repeat that there is homework and a content; numeroSemaine,
// which the date says; and three flags of the school's own administration
// (estPermanence, estGAEV, estCoEnseignement).
type Cours struct {
	Genre          Int      `json:"G"`     // 0 normal, 1 class council, 2 replacement, 3 history, 4 substitute
	Numero         Int      `json:"P"`     // in the school's timetable, the same in all sessions; outings have none
	Place          Int      `json:"place"` // slot of the week, from Monday's first
	Duree          Int      `json:"duree"` // in slots
	DateDuCours    DateTime `json:"DateDuCours"`
	DateDuCoursFin DateTime `json:"DateDuCoursFin"` // often absent: the slots tell

	Statut        Text                  `json:"Statut"` // "Prof. absent", "Changement de salle" … in the school's words
	EstAnnule     Bool                  `json:"estAnnule"`
	EstRetenue    Bool                  `json:"estRetenue"`
	DispenseEleve Dispense              `json:"dispenseEleve"`
	Memo          Text                  `json:"memo"`
	ListeContenus List[ContenuCours]    `json:"ListeContenus"`
	CahierDeTexte Object[CahierDeCours] `json:"cahierDeTextes"`
	ListeVisios   List[Visio]           `json:"listeVisios"`

	// Of an outing, which has no ListeContenus.
	EstSortiePedagogique Bool       `json:"estSortiePedagogique"`
	Motif                Text       `json:"motif"` // its title
	StrDateDebut         Text       `json:"strDateDebut"`
	StrDateFin           Text       `json:"strDateFin"`
	Accompagnateurs      List[Text] `json:"accompagnateurs"`
	StrRess              Text       `json:"strRess"` // who goes: a class, a group, which strGenreRess says
}

// ContenuCours is a part of an entry: by its type a subject, a teacher, a room,
// a group; without one a caption, whose marqueur says what it is about.
type ContenuCours struct {
	Element
	EstHoraire Bool `json:"estHoraire"` // the caption of a detention
}

// CahierDeCours is what a lesson says of its page in the diary.
type CahierDeCours struct {
	EstDevoir         Bool          `json:"estDevoir"`         // a test takes place
	OriginesCategorie List[Element] `json:"originesCategorie"` // what kind of test: "Devoir sur table"; G and libelleIcone abbreviate it
}

// Visio is a link to a lesson at a distance.
type Visio struct {
	URL         Text `json:"url"`
	LibelleLien Text `json:"libelleLien"`
	Commentaire Text `json:"commentaire"`
}

// Dispense says that a pupil is exempt from a lesson: true, or on newer servers
// an element whose label says how.
type Dispense struct {
	Yes   bool
	Label Text
}

// UnmarshalJSON implements json.Unmarshaler.
func (d *Dispense) UnmarshalJSON(text []byte) error {
	text = unwrap(text)
	var yes Bool
	if err := yes.UnmarshalJSON(text); err != nil {
		return err
	}
	d.Yes = bool(yes)
	if isNull(text) || text[0] != '{' {
		return nil
	}
	var e Element
	err := json.Unmarshal(text, &e)
	d.Label = e.Label
	return err
}
