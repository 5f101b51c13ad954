package wire

// InfosPerso is the answer to PageInfosPerso: what the school knows of a person.
// Left out are settings of the account: how it is protected (securisation), which
// matters to logins alone, what the person may change of it (autorisations), and
// what stands below the messages that they write (messagerieSignature).
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

// ICalTimetable is the Genre of a calendar that has the timetable. Others have the
// school's agenda, or what somebody entered.
const ICalTimetable = 0

// ICal is what makes the address of a calendar.
type ICal struct {
	ParamICal  Text `json:"paramICal"` // lets anybody in who knows it
	ParamSuppl Text `json:"paramSuppl"`
	Genre      Int  `json:"G"` // of what
}
