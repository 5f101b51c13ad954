package server

import (
	"database/sql"

	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
)

// compte is everything about an account but what few may see.
func (c *call) compte() (any, error) {
	var s shape
	id := s.integer(c.raw)
	if s.err != nil {
		return nil, s.err
	}
	if id < 0 && !c.isSupreme() {
		return nil, notekfet.Refuse(notekfet.NotFound, "le compte %d n'existe pas", id)
	}
	var a *ledger.Account
	err := c.view(func(tx *ledger.Tx) (err error) {
		a, err = tx.Account(id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return describe(a, c.has("wei")), nil
}

// describe lists the fields that may be seen; those that few may see, where sensitive
// is true.
func describe(a *ledger.Account, sensitive bool) map[string]any {
	d := map[string]any{
		"idbde": a.ID, "type": a.Type, "pseudo": a.Pseudo, "solde": a.Balance, "nom": a.Name, "prenom": a.FirstName, "tel": a.Phone,
		"mail": a.Mail, "adresse": a.Address, "fonction": a.Office, "normalien": a.Paid, "sexe": a.Sex, "idcrans": orNil(a.Crans),
		"section": a.Section, "droits": a.Rights, "surdroits": a.OverRights, "supreme": a.Supreme, "bloque": a.Blocked,
		"last_adhesion": orNil(a.LastMembership), "commentaire": a.Comment, "last_negatif": orNil(a.LastNegative), "deleted": a.Deleted,
		"aliases": a.Aliases, "historique": a.Past, "a_jour": a.Member, "negatif": a.Level,
	}
	if sensitive {
		d["numsecu"], d["pbsante"] = a.SocialNumber, a.Health
	}
	return d
}

func orNil[T any](v sql.Null[T]) any {
	if !v.Valid {
		return nil
	}
	return v.V
}
