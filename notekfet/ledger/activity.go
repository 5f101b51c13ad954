package ledger

import (
	"database/sql"

	"github.com/pronote-sync/pronote-sync/notekfet"
)

// An Activity is a party or something like it.
type Activity struct {
	ID          int64           `json:"id"`
	Begin       Time            `json:"debut"`
	End         Time            `json:"fin"`
	Title       string          `json:"titre"`
	Place       string          `json:"lieu"`
	Description string          `json:"description"`
	Club        int64           `json:"signature"` // who signs for it
	Responsible int64           `json:"responsable"`
	Pseudo      string          `json:"responsable_pseudo"`
	ValidatedBy sql.Null[int64] `json:"-"`
	List        bool            `json:"liste"` // guests are allowed
	Printed     bool            `json:"listeimprimee"`
	Open        bool            `json:"ouvert"`
}

const activityColumns = `a.id, a.debut, a.fin, a.titre, a.lieu, a.description, a.signature, a.responsable, c.pseudo, a.validepar, a.liste,
	a.listeimprimee, a.ouvert
	FROM activites a JOIN comptes c ON c.idbde = a.responsable`

func (a *Activity) fields() []any {
	return []any{
		&a.ID, &a.Begin, &a.End, &a.Title, &a.Place, &a.Description, &a.Club, &a.Responsible, &a.Pseudo, &a.ValidatedBy, &a.List,
		&a.Printed, &a.Open,
	}
}

// Activity returns one, or refuses with NotFound.
func (tx *Tx) Activity(id int64) (*Activity, error) {
	a := &Activity{}
	found, err := tx.one(`SELECT `+activityColumns+` WHERE a.id = ?1`, []any{id}, a.fields()...)
	if err == nil && !found {
		err = notekfet.Refuse(notekfet.NotFound, "l'activité %d n'existe pas", id)
	}
	return a, err
}

// Activities returns those that end at an instant or later, by their beginning.
func (tx *Tx) Activities(from Time) ([]Activity, error) {
	return tx.activities(`WHERE a.fin >= ?1 ORDER BY a.debut, a.id`, from)
}

func (tx *Tx) activities(where string, args ...any) ([]Activity, error) {
	list := []Activity{}
	err := tx.each(`SELECT `+activityColumns+` `+where, args, func(rows *sql.Rows) error {
		var a Activity
		err := rows.Scan(a.fields()...)
		list = append(list, a)
		return err
	})
	return list, err
}

// AddActivity stores an activity that is not validated, closed and not printed.
func (tx *Tx) AddActivity(a Activity) (int64, error) {
	if err := tx.checkActivity(a); err != nil {
		return 0, err
	}
	return tx.insert(`
		INSERT INTO activites (debut, fin, titre, lieu, description, signature, responsable, liste)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) RETURNING id`,
		a.Begin, a.End, a.Title, a.Place, a.Description, a.Club, a.Responsible, a.List)
}

// UpdateActivity stores an activity that was read and changed.
func (tx *Tx) UpdateActivity(a Activity) error {
	if err := tx.checkActivity(a); err != nil {
		return err
	}
	_, err := tx.exec(`
		UPDATE activites SET debut = ?2, fin = ?3, titre = ?4, lieu = ?5, description = ?6, signature = ?7, responsable = ?8, validepar = ?9,
			liste = ?10, listeimprimee = ?11, ouvert = ?12
		WHERE id = ?1`,
		a.ID, a.Begin, a.End, a.Title, a.Place, a.Description, a.Club, a.Responsible, a.ValidatedBy, a.List, a.Printed, a.Open)
	return err
}

func (tx *Tx) checkActivity(a Activity) error {
	if a.End.Before(a.Begin.Time) {
		return notekfet.Refuse(notekfet.NegativeDuration, "l'activité finit avant de commencer")
	}
	if err := tx.club(a.Club); err != nil {
		return err
	}
	return tx.exists(a.Responsible)
}

// DeleteActivity removes an activity that has no guests.
func (tx *Tx) DeleteActivity(id int64) error {
	var n int
	if _, err := tx.one(`SELECT count(*) FROM invites WHERE activite = ?1`, []any{id}, &n); err != nil {
		return err
	}
	if n > 0 {
		return notekfet.Refuse(notekfet.DeleteHasGuests, "l'activité a des invités")
	}
	_, err := tx.exec(`DELETE FROM activites WHERE id = ?1`, id)
	return err
}

// Overlapping returns the validated activities that share time with one.
func (tx *Tx) Overlapping(a *Activity) ([]Activity, error) {
	return tx.activities(`WHERE a.id <> ?1 AND a.validepar IS NOT NULL AND a.debut < ?3 AND a.fin > ?2 ORDER BY a.debut, a.id`, a.ID, a.Begin, a.End)
}
