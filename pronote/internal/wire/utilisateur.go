package wire

// Utilisateur is the answer to ParametresUtilisateur: who logged in, and what
// the account may see. Left out are what it may write (autorisations,
// autorisationsSession, and the reasons that a parent may give, listeMotifsAbsences
// and listeMotifsRetards), how PRONOTE's own pages look (parametresUtilisateur,
// tabEtablissementsModeleGrille), and of the tabs which are not in the menu or have
// a counter (listeOngletsInvisibles, listeOngletsNotification).
type Utilisateur struct {
	Ressource    Object[Ressource] `json:"ressource"`
	ListeOnglets List[Onglet]      `json:"listeOnglets"`

	ListeInformationsEtablissements List[Etablissement] `json:"listeInformationsEtablissements"`
}

// Etablissement is a school with its address; avecInformations says whether
// PRONOTE's own page shows it.
type Etablissement struct {
	Element
	URLLogo     Text                `json:"urlLogo"` // below the site, and open to anybody
	Coordonnees Object[Coordonnees] `json:"Coordonnees"`
}

// Coordonnees is the address of a school.
type Coordonnees struct {
	Adresse1      Text `json:"Adresse1"`
	Adresse2      Text `json:"Adresse2"`
	Adresse3      Text `json:"Adresse3"`
	Adresse4      Text `json:"Adresse4"`
	CodePostal    Text `json:"CodePostal"`
	LibelleVille  Text `json:"LibelleVille"`
	LibellePostal Text `json:"LibellePostal"` // the town of the post office, where it is another
	Province      Text `json:"Province"`
	Pays          Text `json:"Pays"`
	SiteInternet  Text `json:"SiteInternet"`
}

// Ressource is a person: the pupil, or the parent with the children, whose G is
// that of a parent. What else the server says of one is left out: the classes of the
// year so far, for the mirror sees the present one change (listeClassesHistoriques,
// estClasseRattachementduJour); the parent's own part in the school's councils, of
// which recordings contradict themselves (estDelegue, listeClassesDelegue,
// estMembreCA); whom the parent may write to (avecDiscussionResponsables) and what the child
// may be excused from (listeMatieresDeclarationDispense); telephone numbers, of which no
// recording has any (listeNumerosUtiles); and the cycles of skills, which the
// evaluations name (listeOngletsPourPiliers).
type Ressource struct {
	Element
	Etablissement   Object[Element]     `json:"Etablissement"`
	ClasseDEleve    Object[Element]     `json:"classeDEleve"`
	ListeGroupes    List[Element]       `json:"listeGroupes"`    // that the pupil is in
	ListeRessources List[Ressource]     `json:"listeRessources"` // a parent's children
	PeriodesParTab  List[OngletPeriode] `json:"listeOngletsPourPeriodes"`
}

// OngletPeriode says which periods a tab has for a person. A period has the number
// that it has in the school's own list and a G that it has not there: 1 for the year, 2
// for terms, 4 for what is outside of them. A request about a period carries its
// element as it stands here. GenreNotation repeats the G of the school's list.
type OngletPeriode struct {
	Onglet           Int             `json:"G"`
	ListePeriodes    List[Element]   `json:"listePeriodes"`
	PeriodeParDefaut Object[Element] `json:"periodeParDefaut"`
}

// Onglet is a tab or a group of tabs.
type Onglet struct {
	Genre  Int          `json:"G"`
	Onglet List[Onglet] `json:"Onglet"`
}

// Flatten lists the numbers of a tree of tabs, groups included.
func Flatten(tree []Onglet) []int {
	var tabs []int
	for _, o := range tree {
		tabs = append(tabs, int(o.Genre))
		tabs = append(tabs, Flatten(o.Onglet.Items)...)
	}
	return tabs
}
