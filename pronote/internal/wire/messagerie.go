package wire

// Messagerie is the answer to ListeMessagerie. The couleur of a label is left out.
type Messagerie struct {
	ListeEtiquettes List[Element]         `json:"listeEtiquettes"`
	ListeMessagerie List[LigneMessagerie] `json:"listeMessagerie"`
}

// LigneMessagerie is a row of the list: a discussion, a discussion within
// another, or a message. What only serves to write (avecModifObjet, fermable,
// nbBrouillons, estNonPossede) is left out, and so are lu, which nbNonLus makes
// precise, profondeur, which indicePere makes precise, and messagePourParticipants, by
// which the names of all who take part could be asked for.
type LigneMessagerie struct {
	Element
	EstUneDiscussion         Bool             `json:"estUneDiscussion"`
	IndicePere               Number           `json:"indicePere"` // of the row that this one is within; -1 for none
	Objet                    Text             `json:"objet"`
	Initiateur               Text             `json:"initiateur"` // absent for the user
	Public                   Text             `json:"public"`
	NbPublic                 Int              `json:"nbPublic"`
	LibelleDate              Text             `json:"libelleDate"` // "15h50", "lundi 15h50", "lundi 17/11", "17/11/25"
	NbNonLus                 Int              `json:"nbNonLus"`
	NombreMessages           Int              `json:"nombreMessages"`
	Ferme                    Bool             `json:"ferme"`
	AvecReponse              Bool             `json:"avecReponse"`
	GenreDiscussion          Number           `json:"genreDiscussion"`
	ListePossessionsMessages List[Possession] `json:"listePossessionsMessages"`
	ListeEtiquettes          List[Element]    `json:"listeEtiquettes"`
}

// Possession is the user's copy of a message, by which its discussion is asked
// for.
type Possession struct {
	Number Text `json:"N"`
}

// Messages is the answer to ListeMessages. Left out is what serves to write
// (messagePourReponse, listeBoutons, brouillon) and to mark as read (nbMarquerLu).
type Messages struct {
	ListeMessages        List[Message] `json:"listeMessages"`
	NbPossessionsMessage Number        `json:"nbPossessionsMessage"` // how many there are
}

// Message is one message of a discussion. What it answers (messageSource) and
// what it quotes (listeMessagesPourContexte) are messages of the same list. Left out
// are possessionMessage and estNonPossede, which serve to file it away, libelleDate,
// which the date makes precise, and hint_droite, what the recipient is.
type Message struct {
	Element
	Contenu      Text     `json:"contenu"` // plain, or HTML where EstHTML
	EstHTML      Bool     `json:"estHTML"`
	Date         DateTime `json:"date"`
	Emetteur     Bool     `json:"emetteur"`      // the user wrote it
	Lu           Bool     `json:"lu"`            // by the user
	PublicGauche Text     `json:"public_gauche"` // from
	HintGauche   Text     `json:"hint_gauche"`   // what that person is
	PublicDroite Text     `json:"public_droite"` // to
	NbPublic     Int      `json:"nbPublic"`
	EstUnAparte  Bool     `json:"estUnAparte"` // not shown to all of the discussion
	Brouillon    Bool     `json:"brouillon"`   // not sent yet

	ListeDocumentsJoints List[PieceJointe] `json:"listeDocumentsJoints"`
}
