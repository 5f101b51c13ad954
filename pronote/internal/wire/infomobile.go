package wire

// InfoMobile is what infoMobileApp.json tells anybody who asks as the mobile
// application does. Left out are the spaces and the portal (espaces, CAS), and date,
// which the header of that name says too.
type InfoMobile struct {
	Version []int `json:"version"` // its first three numbers
	NomEtab Text  `json:"nomEtab"`
}
