package wire

// Parametres is the answer to FonctionParametres: the school and its calendar. Left
// out is what serves to draw the page of a space: its name and address (Nom,
// URLEspace), the fonts that the server has (listePolices), pictures and links
// (genreImageConnexion, urlImageConnexion, logoProduitCss, labelLienProduit,
// urlConfidentialite, mentionsPagesPubliques), tableauVersion, which is the version
// again, DateDemo, the day that a demonstration server pretends it is, and three
// flags that no client needs (estAfficheDansENT, avecMembre, pourNouvelleCaledonie).
// The clock of the server, DateServeurHttp, decides nothing: days are those of the
// school's time zone, by the clock of this machine.
type Parametres struct {
	IdentifiantNav Text     `json:"identifiantNav"` // names this device at later logins
	General        General  `json:"General"`
	DateServeur    DateTime `json:"DateServeurHttp"`
}

// General is the part of Parametres that every space shares. Left out are
//
//   - the product and its maker: version, millesime, nomProduit, langue, langID,
//     listeLangues, nomCookieAppli, UrlAide, aideContextuelle, urlSiteIndexEducation,
//     urlSiteInfosHebergement, urlAccesVideos, urlAccesTwitter, urlCanope,
//     urlFAQEnregistrementDoubleAuth, urlTutoVideoSecurite, urlTutoEnregistrerAppareils,
//     urlDeclarationAccessibilite, accessibiliteNonConforme, publierMentions,
//     estHebergeEnFrance, Collectivite, Police, TaillePolice;
//   - what a school has switched on: avecForum, activerBlog, AvecChoixConnexion,
//     AvecRecuperationInfosConnexion, parentAutoriseChangerMDP,
//     ActivationMessagerieEntreParents, GestionParcoursExcellence, AvecElevesRattaches;
//   - how a timetable is drawn: dateDebutPremierCycle, JourOuvre, premierJourSemaine,
//     joursOuvresParCycle, setOfJoursCycleOuvre, DemiJourneesOuvrees, grillesEDTEnCycle,
//     PlacesParHeure, DureeSequence, PremiereHeure, sequences, afficherSequences,
//     AvecHeuresPleinesApresMidi, ListeHeuresFinPourVS, and the breaks, recreations;
//   - when the canteen is open, and how absences are entered: activationDemiPension,
//     debutDemiPension, finDemiPension, JoursDemiPension, PlaceDemiJourneeAbsence,
//     saisirAbsencesParDJ, valeurDefautPresenceDispense;
//   - the usual scales and levels, which each mark and each skill has of its own:
//     BaremeNotation, BaremeMaxDevoirs, listeAnnotationsAutorisees,
//     ListeNiveauxDAcquisitions, AfficherAbbreviationNiveauDAcquisition,
//     AvecEvaluationHistorique, AvecGestionNiveauxCECRL, couleurActiviteLangagiere,
//     SansValidationNivIntermediairesDsValidAuto,
//     NeComptabiliserQueEvalsAnneeScoDsValidAuto,
//     PondererMatieresSelonLeurCoeffDsDomaine;
//   - by how many days parents see marks and evaluations later:
//     NbJDecalageDatePublicationParDefaut, NbJDecalagePublicationAuxParents,
//     AvecAffichageDecalagePublicationNotesAuxParents,
//     AvecAffichageDecalagePublicationEvalsAuxParents;
//   - the bounds of what people write: maskTelephone, maxECTS, TailleMaxAppreciation,
//     tailleCommentaireDevoir, tailleLibelleElementGrilleCompetence,
//     tailleMaxEnregistrementAudioRenduTAF, genresRenduTAFValable,
//     minBaremeQuestionQCM, maxBaremeQuestionQCM, maxNbPointQCM, maxNiveauQCM.
type General struct {
	VersionPN               Text          `json:"versionPN"`
	NomEtablissement        Text          `json:"NomEtablissement"`
	NomEtablissementConnect Text          `json:"NomEtablissementConnexion"`
	AnneeScolaire           Text          `json:"AnneeScolaire"`         // "2025-2026"
	NumeroPremiereSemaine   Int           `json:"numeroPremiereSemaine"` // number of the week of PremierLundi
	PremierLundi            DateTime      `json:"PremierLundi"`          // origin of week numbers
	PremiereDate            DateTime      `json:"PremiereDate"`
	DerniereDate            DateTime      `json:"DerniereDate"`
	ListePeriodes           List[Periode] `json:"ListePeriodes"`
	ListeJoursFeries        List[Conge]   `json:"listeJoursFeries"`
	PlacesParJour           Int           `json:"PlacesParJour"`
	ListeHeures             List[Element] `json:"ListeHeures"`        // "08h00", by slot of the day
	JoursOuvres             Set           `json:"JoursOuvres"`        // 1 is Monday
	DomainesFrequences      List[Set]     `json:"DomainesFrequences"` // the weeks of each kind, the first of all kinds
	LibellesFrequences      List[Text]    `json:"LibellesFrequences"` // the names of the kinds: "", "Q1", "Q2"
	ListeHeuresFin          List[Element] `json:"ListeHeuresFin"`     // when each slot of a day ends: "09h55"
}

// Periode is a term, a semester or the year, as G says; periodeNotation says it again,
// with the number of the term.
type Periode struct {
	Element
	DateDebut DateTime `json:"dateDebut"`
	DateFin   DateTime `json:"dateFin"`
}

// Conge is a public holiday or a school holiday.
type Conge struct {
	Element
	DateDebut DateTime `json:"dateDebut"`
	DateFin   DateTime `json:"dateFin"`
}

// Identification is the answer to the function of that name.
type Identification struct {
	Alea        Text   `json:"alea"`
	ModeCompLog Int    `json:"modeCompLog"` // 1: lower-case the user name
	ModeCompMdp Int    `json:"modeCompMdp"` // 1: lower-case the password
	Challenge   string `json:"challenge"`
	Login       Text   `json:"login"` // the account's own login, when it is not what was typed
}

// Authentification is the answer to the function of that name.
type Authentification struct {
	Cle               Text   `json:"cle"`
	Acces             Number `json:"Acces"`
	AccesMessage      Object[AccesMessage]
	Jeton             Text `json:"jetonConnexionAppliMobile"`
	ActionsDoubleAuth Set  `json:"actionsDoubleAuth"`
}

// AccesMessage is what a school says to an account that it refuses.
type AccesMessage struct {
	Titre   Text `json:"titre"`
	Message Text `json:"message"`
}
