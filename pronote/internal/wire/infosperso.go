package wire

// InfosPerso is the answer to PageInfosPerso: what the school knows of a person.
// It also has how the account is secured, what the person may change of it, and
// what stands below the messages that they write: settings of the page, of which
// only the way of securing matters, and to logins (see DoubleAuth).
type InfosPerso struct {
	Informations Object[Personne] `json:"Informations"`
	ICal         Object[struct {
		Liste List[ICal] `json:"liste"`
	}] `json:"iCal"`
}

// Personne is somebody's address and the like.
type Personne struct {
	Adresse1          Text `json:"adresse1"`
	Adresse2          Text `json:"adresse2"`
	Adresse3          Text `json:"adresse3"`
	Adresse4          Text `json:"adresse4"`
	CodePostal        Text `json:"codePostal"`
	Ville             Text `json:"ville"`
	Province          Text `json:"province"`
	Pays              Text `json:"pays"`
	EMail             Text `json:"eMail"`
	IndicatifTel      Text `json:"indicatifTel"`
	TelephonePortable Text `json:"telephonePortable"`
	TelephoneFixe     Text `json:"telephoneFixe"`
	NumeroINE         Text `json:"numeroINE"`
}

// ICal is what makes the address of a calendar.
type ICal struct {
	ParamICal  Text `json:"paramICal"` // lets anybody in who knows it
	ParamSuppl Text `json:"paramSuppl"`
}
