package notekfet

import "context"

// An Account is what the server tells of one. Fields that the caller may not see
// are empty.
type Account struct {
	ID           int64    `json:"idbde"`
	Type         string   `json:"type"`
	Pseudo       string   `json:"pseudo"`
	Balance      Cents    `json:"solde"`
	Name         string   `json:"nom"`
	FirstName    string   `json:"prenom"`
	Phone        string   `json:"tel"`
	Mail         string   `json:"mail"`
	Address      string   `json:"adresse"`
	Office       string   `json:"fonction"`
	Paid         bool     `json:"normalien"`
	Sex          string   `json:"sexe"`
	Crans        *int64   `json:"idcrans"`
	Section      string   `json:"section"`
	Rights       string   `json:"droits"`
	OverRights   string   `json:"surdroits"`
	Supreme      bool     `json:"supreme"`
	Blocked      bool     `json:"bloque"`
	Comment      string   `json:"commentaire"`
	LastNegative *string  `json:"last_negatif"` // like 2019-03-01 20:00:00
	Aliases      []string `json:"aliases"`
	Past         []string `json:"historique"`
	Member       bool     `json:"a_jour"`  // up to date with the membership
	Level        *int64   `json:"negatif"` // as in Hit; nil where the server does not say
	SocialNumber string   `json:"numsecu"`
	Health       string   `json:"pbsante"`
}

// Compte returns an account.
func (c *Client) Compte(ctx context.Context, id int64) (Account, error) {
	return read[Account](ctx, c, "compte", id)
}
