package wire

// InfosPerso is the answer to PageInfosPerso: what the school knows of a person.
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
	NumeroINE         Text `json:"numeroINE"`
}

// ICal is what makes the address of a calendar.
type ICal struct {
	ParamICal  Text `json:"paramICal"` // lets anybody in who knows it
	ParamSuppl Text `json:"paramSuppl"`
}
