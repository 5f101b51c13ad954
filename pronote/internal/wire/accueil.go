package wire

// Accueil is the answer to PageAccueil: what the widgets of the home page show.
// Left out is what pages of their own say better: ListeCours with
// dateSelectionnee and prochaineDate, travailAFaire, notes, competences,
// vieScolaire, actualites, discussions, agenda, menuDeLaCantine, devoirSurveille
// and devoirSurveilleEvaluation. So are doors to services whose content is not on
// the page: casier, kiosque, QCM, blogFilActu. The hours in which the school wants
// quiet, estDansUnePeriodeDeDeconnexion and infosDroitDeconnexion, are about no
// pupil.
type Accueil struct {
	LienUtile     Object[LienUtile]     `json:"lienUtile"`
	PartenaireARD Object[PartenaireARD] `json:"partenaireARD"`
}

// LienUtile is the widget of useful links.
type LienUtile struct {
	ListeLiens List[Lien] `json:"listeLiens"`
}

// Lien is a link, which has either an address or the code of a partner of the
// school, who takes PRONOTE's word for who comes.
type Lien struct {
	Element
	URL         Text        `json:"url"`
	Commentaire Text        `json:"commentaire"`
	SSO         Object[SSO] `json:"SSO"`
}

// SSO is what PRONOTE is sent back to be given an address that logs in to a
// partner. The rest of it, such as intituleLien and jeton, means something to
// PRONOTE alone.
type SSO struct {
	CodePartenaire Text `json:"codePartenaire"`
}

// PartenaireARD is the widget of ARD, who keep the accounts of canteens. Its SSO
// and avecActualisation, whether PRONOTE can ask ARD for newer figures, belong to
// its buttons.
type PartenaireARD struct {
	PorteMonnaie List[PorteMonnaie] `json:"porteMonnaie"`
}

// PorteMonnaie is a wallet: "Restauration", with 420,69 € in it. A hint is shown
// when the mouse is over the label, another when it is over the balance.
type PorteMonnaie struct {
	Libelle     Text `json:"libellePorteMonnaie"`
	Hint        Text `json:"hintPorteMonnaie"`
	AvecWarning Bool `json:"avecWarning"`
	ValeurSolde Text `json:"valeurSolde"`
	HintSolde   Text `json:"hintSolde"`
}
