package wire

// Notes is the answer to DernieresNotes. Left out are avecDetailDevoir and
// avecDetailService, which say what windows may be opened, and
// baremeMoyGeneraleParDefaut: averages are out of baremeMoyGenerale.
type Notes struct {
	ListeDevoirs      List[Devoir]  `json:"listeDevoirs"`
	ListeServices     List[Service] `json:"listeServices"`
	MoyGenerale       Number        `json:"moyGenerale"`
	MoyGeneraleClasse Number        `json:"moyGeneraleClasse"`
	BaremeMoyGenerale Number        `json:"baremeMoyGenerale"`
}

// Devoir is one mark of one test, of the periode that was asked for. Left out are
// baremeParDefaut, the school's usual scale; G, which is that of all tests; estEnGroupe and
// estDS, how the test was set; ListeThemes; and executionQCM, a quiz to be done in PRONOTE.
type Devoir struct {
	Element
	Note               Text            `json:"note"` // "12,50"; "|1" to "|8" are annotations
	Bareme             Number          `json:"bareme"`
	Date               DateTime        `json:"date"`
	Service            Object[Element] `json:"service"`
	Periode            Object[Element] `json:"periode"`
	Moyenne            Number          `json:"moyenne"`
	NoteMax            Number          `json:"noteMax"`
	NoteMin            Number          `json:"noteMin"`
	Coefficient        Number          `json:"coefficient"`
	Commentaire        Text            `json:"commentaire"`        // title of the test
	CommentaireSurNote Text            `json:"commentaireSurNote"` // remark on the pupil's mark
	EstFacultatif      Bool            `json:"estFacultatif"`
	EstBonus           Bool            `json:"estBonus"`
	EstRamenerSur20    Bool            `json:"estRamenerSur20"`

	// The names of two files, which are asked for by the number of the mark. What
	// elmSujet and elmCorrige hold besides is unknown, and nobody needs it.
	LibelleSujet   Text `json:"libelleSujet"`
	LibelleCorrige Text `json:"libelleCorrige"`
}

// Service is a subject, G 12, with its averages. Left out are its couleur and ordre,
// estServiceGroupe, nbNotesEleve, which counts the marks, baremeMoyEleveParDefaut,
// the school's usual scale, and estMoyNR: an average that is none is no number.
type Service struct {
	Element
	MoyEleve       Number `json:"moyEleve"`
	BaremeMoyEleve Number `json:"baremeMoyEleve"`
	MoyClasse      Number `json:"moyClasse"`
	MoyMin         Number `json:"moyMin"`
	MoyMax         Number `json:"moyMax"`
}
