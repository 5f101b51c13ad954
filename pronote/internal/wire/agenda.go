package wire

// Agenda is the answer to PageAgenda: what the school plans. Left out is what serves to
// draw it or to write in it: listeFamilles, of which each entry names its own,
// listeJourDansMois, dateDebutPrevisionnel and dateFinPrevisionnel; and its address for
// calendars (AvecExportiCal, ParametreExportiCal), which is a secret.
type Agenda struct {
	ListeEvenements List[Evenement] `json:"ListeEvenements"`
}

// Evenement is an entry, its title the label. Left out are its CouleurCellule, that it
// is one of a series (estPeriodique), for each of which there is an entry, and what
// nobody has described: visio and url.
type Evenement struct {
	Element
	DateDebut        DateTime          `json:"DateDebut"`
	DateFin          DateTime          `json:"DateFin"`
	SansHoraire      Bool              `json:"sansHoraire"` // it is of whole days
	Commentaire      Text              `json:"Commentaire"`
	Famille          Object[Element]   `json:"famille"`
	StrAuteur        Text              `json:"strAuteur"`
	ListeFichiers    List[PieceJointe] `json:"listeFichiers"`
	EstConseilClasse Bool              `json:"estConseilClasse"`
}
