package server

import "github.com/pronote-sync/pronote-sync/notekfet/ledger"

// application returns one, without what few may see.
func (c *call) application() (any, error) {
	var s shape
	id := s.integer(c.raw)
	if s.err != nil {
		return nil, s.err
	}
	var a *ledger.Application
	err := c.view(func(tx *ledger.Tx) (err error) {
		a, err = tx.Application(id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return c.visible(*a), nil
}

func (c *call) applications() (any, error) {
	var list []ledger.Application
	err := c.view(func(tx *ledger.Tx) (err error) {
		list, err = tx.Applications()
		return err
	})
	if err != nil {
		return nil, err
	}
	rows := make([]map[string]any, len(list))
	for i, a := range list {
		rows[i] = c.visible(a)
	}
	return rows, nil
}

func (c *call) visible(a ledger.Application) map[string]any {
	row := map[string]any{
		"preid": a.ID, "type": a.Type, "nom": a.Name, "prenom": a.FirstName, "mail": a.Mail, "tel": a.Phone, "adresse": a.Address, "sexe": a.Sex,
		"normalien": a.Paid, "section": a.Section, "date": a.Date,
	}
	if c.has("wei") {
		row["numsecu"], row["pbsante"] = a.SocialNumber, a.Health
	}
	return row
}

func (c *call) deleteApplication() (any, error) {
	var s shape
	id := s.integer(c.raw)
	if s.err != nil {
		return nil, s.err
	}
	return nil, c.update(func(tx *ledger.Tx) error { return tx.RemoveApplication(id) })
}
