package pronotetest

import "github.com/pronote-sync/pronote-sync/pronote/internal/wire"

// answerPerson answers PageInfosPerso. Everything in it is invented.
func answerPerson(c *call) (any, *wire.Error) {
	return o{
		"Informations": o{
			"adresse1": "4 allée des Glycines", "adresse2": "Appartement 12", "adresse3": "", "adresse4": "",
			"codePostal": "00000", "ville": "Villeneuve", "province": "", "pays": "France",
			"eMail": "famille@example.org", "indicatifTel": "33", "telephonePortable": "600000000", "numeroINE": "001",
		},
		"securisation": o{"mode": 0},
		"iCal":         o{"liste": wrapped([]o{{"paramICal": randomHex(16), "paramSuppl": "266f3d32", "G": 0}})},
	}, nil
}
