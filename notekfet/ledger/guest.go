package ledger

import (
	"database/sql"
	"fmt"

	"github.com/pronote-sync/pronote-sync/notekfet"
)

// A Guest is somebody without an account who comes to an activity.
type Guest struct {
	ID          int64  `json:"id"`
	Name        string `json:"nom"`
	FirstName   string `json:"prenom"`
	Responsible int64  `json:"responsable"`
	Pseudo      string `json:"responsable_pseudo"`
	Activity    int64  `json:"-"`
	Entered     bool   `json:"entre"`
}

const guestColumns = `i.id, i.nom, i.prenom, i.responsable, c.pseudo, i.activite, i.entre
	FROM invites i JOIN comptes c ON c.idbde = i.responsable`

func (g *Guest) fields() []any {
	return []any{&g.ID, &g.Name, &g.FirstName, &g.Responsible, &g.Pseudo, &g.Activity, &g.Entered}
}

// Guest returns one, or refuses with NotFound.
func (tx *Tx) Guest(id int64) (*Guest, error) {
	g := &Guest{}
	found, err := tx.one(`SELECT `+guestColumns+` WHERE i.id = ?1`, []any{id}, g.fields()...)
	if err == nil && !found {
		err = notekfet.Refuse(notekfet.NotFound, "l'invité %d n'existe pas", id)
	}
	return g, err
}

// Guests returns those of an activity, by name; those of one member where
// responsible is not 0.
func (tx *Tx) Guests(activity, responsible int64) ([]Guest, error) {
	list := []Guest{}
	err := tx.each(`SELECT `+guestColumns+` WHERE i.activite = ?1 AND (?2 = 0 OR i.responsable = ?2) ORDER BY i.nom, i.prenom, i.id`,
		[]any{activity, responsible}, func(rows *sql.Rows) error {
			var g Guest
			err := rows.Scan(g.fields()...)
			list = append(list, g)
			return err
		})
	return list, err
}

// AddGuest puts somebody on the list of an activity. The holder of invites_admin
// may do so where others may not: the outcome is then GuestForced.
func (tx *Tx) AddGuest(g Guest, by By) (Outcome, error) {
	a, err := tx.Activity(g.Activity)
	if err != nil {
		return Outcome{}, err
	}
	responsible, err := tx.Account(g.Responsible)
	if err != nil {
		return Outcome{}, err
	}
	switch {
	case g.Responsible < 0:
		return Outcome{}, responsibleNegative()
	case !a.ValidatedBy.Valid:
		return Outcome{}, notekfet.Refuse(notekfet.CannotInvite, "l'activité n'est pas validée")
	case !a.List:
		return Outcome{}, notekfet.Refuse(notekfet.CannotInvite, "l'activité n'a pas de liste d'invités")
	case a.Printed:
		return Outcome{}, notekfet.Refuse(notekfet.CannotInvite, "la liste des invités est déjà imprimée")
	}
	folded := Fold(g.FirstName) + "\n" + Fold(g.Name)
	var n int
	if found, err := tx.one(`SELECT 1 FROM invites WHERE activite = ?1 AND pli = ?2`, []any{a.ID, folded}, &n); err != nil {
		return Outcome{}, err
	} else if found {
		return Outcome{}, notekfet.Refuse(notekfet.AlreadyInvited, "cette personne est déjà invitée à cette activité")
	}
	why, err := tx.unwelcome(a, responsible, folded)
	if err != nil {
		return Outcome{}, err
	}
	o := Outcome{Code: notekfet.OK}
	if why != nil {
		if !by.Has("invites_admin") {
			return Outcome{}, why
		}
		o.Code, o.Text = notekfet.GuestForced, why.Text
	}
	o.ID, err = tx.insert(`INSERT INTO invites (nom, prenom, pli, responsable, activite) VALUES (?1, ?2, ?3, ?4, ?5) RETURNING id`,
		g.Name, g.FirstName, folded, g.Responsible, a.ID)
	return o, err
}

// unwelcome is why a guest would be refused to a member, nil where he would not.
func (tx *Tx) unwelcome(a *Activity, responsible *Account, folded string) (*notekfet.Error, error) {
	year := tx.rules.calendarYear(a.Begin.Time)
	var yearly, his int
	_, err := tx.one(`
		SELECT (SELECT count(*) FROM invites i JOIN activites o ON o.id = i.activite WHERE i.pli = ?1 AND o.debut >= ?2 AND o.debut < ?3),
			(SELECT count(*) FROM invites WHERE activite = ?4 AND responsable = ?5)`,
		[]any{
			folded, Time{tx.rules.begin(year, a.Begin.Location())}, Time{tx.rules.begin(year+1, a.Begin.Location())}, a.ID, responsible.ID,
		}, &yearly, &his)
	switch {
	case err != nil:
		return nil, err
	case !a.Open || a.End.Before(tx.Now):
		return notekfet.Refuse(notekfet.ListClosed, "la liste des invités n'est pas ouverte"), nil
	case responsible.ID > 0 && tx.rules.Level(responsible.Balance) > 0:
		return responsibleNegative(), nil
	case yearly >= tx.rules.GuestsPerYear:
		return notekfet.Refuse(notekfet.CannotInvite, "cette personne a déjà été invitée %d fois en %d", yearly, year), nil
	case his >= tx.rules.GuestsPerActivity:
		return notekfet.Refuse(notekfet.CannotInvite, "%s a déjà %d invités à cette activité", responsible.Pseudo, his), nil
	}
	return nil, nil
}

// RemoveGuest takes a guest off the list, unless he has entered.
func (tx *Tx) RemoveGuest(g *Guest) error {
	if g.Entered {
		return notekfet.Refuse(notekfet.AlreadyEntered, "cet invité est déjà entré")
	}
	_, err := tx.exec(`DELETE FROM invites WHERE id = ?1`, g.ID)
	return err
}

// Enter pays the entry of a guest from the account of who invited him.
func (tx *Tx) Enter(responsible, guest, activity int64, by By) (Outcome, error) {
	a, err := tx.Activity(activity)
	if err != nil {
		return Outcome{}, err
	}
	payer, err := tx.Account(responsible)
	if err != nil {
		return Outcome{}, err
	}
	g, err := tx.Guest(guest)
	switch {
	case err != nil:
		return Outcome{}, err
	case g.Activity != activity || g.Responsible != responsible:
		return Outcome{}, notekfet.Refuse(notekfet.NotFound, "cet invité n'est pas de cette activité ou de ce responsable")
	case !a.Open:
		return Outcome{}, notekfet.Refuse(notekfet.ListClosed, "l'activité n'est pas ouverte")
	case g.Entered:
		return Outcome{}, notekfet.Refuse(notekfet.AlreadyEntered, "l'entrée de cet invité est déjà payée")
	case payer.ID < 0, payer.ID > 0 && tx.rules.Level(payer.Balance) > 0 && !by.Has("forced"):
		return Outcome{}, responsibleNegative()
	}
	o, err := tx.move(Move{
		Kind: Entry, From: responsible, To: a.Club, Quantity: 1, Unit: tx.rules.Guest,
		Description: fmt.Sprintf("Invitation de %s %s (%s)", g.FirstName, g.Name, a.Title), Category: "Invitations",
	}, by)
	if err != nil || !o.Code.Success() {
		return o, err
	}
	_, err = tx.exec(`UPDATE invites SET entre = ?2, idtransaction = ?3 WHERE id = ?1`, g.ID, true, o.ID)
	return o, err
}

func responsibleNegative() *notekfet.Error {
	return notekfet.Refuse(notekfet.ResponsibleNegative, "le compte responsable est négatif, il ne peut pas inviter")
}
