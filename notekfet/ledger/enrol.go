package ledger

import (
	"database/sql"
	"fmt"

	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/notekfet/internal/password"
)

// An Application is somebody who would like to be a member.
type Application struct {
	ID        int64  `json:"preid"`
	Type      string `json:"type"`
	Name      string `json:"nom"`
	FirstName string `json:"prenom"`
	Mail      string `json:"mail"`
	Phone     string `json:"tel"`
	Address   string `json:"adresse"`
	Sex       string `json:"sexe"`
	Paid      bool   `json:"normalien"`
	Section   string `json:"section"`
	Date      Time   `json:"date"`

	SocialNumber string `json:"numsecu,omitempty"` // shown to few
	Health       string `json:"pbsante,omitempty"` // shown to few
}

const applicationColumns = `p.preid, p.type, p.nom, p.prenom, p.mail, p.tel, p.adresse, p.sexe, p.normalien, p.section, p.date,
	coalesce(s.numsecu, ''), coalesce(s.pbsante, '')
	FROM preinscriptions p LEFT JOIN preinscriptions_sensibles s ON s.preid = p.preid`

func (a *Application) fields() []any {
	return []any{
		&a.ID, &a.Type, &a.Name, &a.FirstName, &a.Mail, &a.Phone, &a.Address, &a.Sex, &a.Paid, &a.Section, &a.Date, &a.SocialNumber, &a.Health,
	}
}

// AddApplication stores one and returns its number.
func (tx *Tx) AddApplication(a Application) (int64, error) {
	id, err := tx.insert(`
		INSERT INTO preinscriptions (type, nom, prenom, mail, tel, adresse, sexe, normalien, section, date)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) RETURNING preid`,
		a.Type, a.Name, a.FirstName, a.Mail, a.Phone, a.Address, a.Sex, a.Paid, a.Section, Time{tx.Now})
	if err != nil || a.SocialNumber == "" && a.Health == "" {
		return id, err
	}
	_, err = tx.exec(`INSERT INTO preinscriptions_sensibles (preid, numsecu, pbsante) VALUES (?1, ?2, ?3)`, id, a.SocialNumber, a.Health)
	return id, err
}

// Application returns one, or refuses with NotFound.
func (tx *Tx) Application(id int64) (*Application, error) {
	a := &Application{}
	found, err := tx.one(`SELECT `+applicationColumns+` WHERE p.preid = ?1`, []any{id}, a.fields()...)
	if err == nil && !found {
		err = notekfet.Refuse(notekfet.NotFound, "la préinscription %d n'existe pas", id)
	}
	return a, err
}

// Applications returns all, by number.
func (tx *Tx) Applications() ([]Application, error) {
	list := []Application{}
	err := tx.each(`SELECT `+applicationColumns+` ORDER BY p.preid`, nil, func(rows *sql.Rows) error {
		var a Application
		err := rows.Scan(a.fields()...)
		list = append(list, a)
		return err
	})
	return list, err
}

// RemoveApplication removes one, or refuses with NotFound.
func (tx *Tx) RemoveApplication(id int64) error {
	if _, err := tx.Application(id); err != nil {
		return err
	}
	_, err := tx.exec(`DELETE FROM preinscriptions WHERE preid = ?1`, id)
	return err
}

// A Joining is what somebody pays to become a member for a year.
type Joining struct {
	Year    int
	WEI     bool
	Section string
	OnNote  notekfet.Cents // what is put on the account besides the fee
	Payment Payment
}

// Enrol makes an account of an application, without a password and with the
// rights of a new member, and its first membership.
func (tx *Tx) Enrol(application int64, a *Account, j Joining, by By) (id int64, err error) {
	if id, err = tx.AddAccount(a, password.None); err != nil {
		return 0, err
	}
	if err := tx.Renew(id, j, by); err != nil {
		return 0, err
	}
	return id, tx.RemoveApplication(application)
}

// Renew makes an account a member for a year: what is paid is put on it, and the
// fee goes from it to account 0.
func (tx *Tx) Renew(id int64, j Joining, by By) error {
	a, err := tx.renewable(id, j.Year)
	if err != nil {
		return err
	}
	fee := tx.rules.Fee
	if j.WEI {
		fee += tx.rules.WEI
	}
	o, err := tx.Credit(id, fee+j.OnNote, j.Payment, by)
	if err == nil {
		err = o.refusal()
	}
	if err != nil {
		return err
	}
	o, err = tx.move(Move{
		Kind: Membership, From: id, To: 0, Quantity: 1, Unit: fee, Description: fmt.Sprintf("Adhésion %d", j.Year), Category: "Adhésions", Frozen: true,
	}, by)
	if err == nil {
		err = o.refusal()
	}
	if err != nil {
		return err
	}
	section := j.Section
	if section == "" {
		section = a.Section
	}
	return tx.AddMembership(id, j.Year, j.WEI, section, sql.Null[int64]{V: o.ID, Valid: true})
}

func (tx *Tx) renewable(id int64, year int) (*Account, error) {
	if id <= 0 {
		return nil, notekfet.Refuse(notekfet.NotEnrollable, "le compte %d ne peut pas adhérer", id)
	}
	a, err := tx.Account(id)
	if err != nil {
		return nil, err
	}
	if a.Type == "club" {
		return nil, notekfet.Refuse(notekfet.BadParameter, "un club n'adhère pas")
	}
	var n int
	found, err := tx.one(`SELECT 1 FROM adhesions WHERE idadherent = ?1 AND annee = ?2`, []any{id, year}, &n)
	if err == nil && found {
		err = notekfet.Refuse(notekfet.AlreadyMember, "ce compte a déjà adhéré pour %d", year)
	}
	return a, err
}

// AddMembership records a membership and makes it the latest.
func (tx *Tx) AddMembership(id int64, year int, wei bool, section string, transaction sql.Null[int64]) error {
	membership, err := tx.insert(`
		INSERT INTO adhesions (idadherent, annee, wei, date, section, idtransaction) VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING id`,
		id, year, wei, Time{tx.Now}, section, transaction)
	if err != nil {
		return err
	}
	_, err = tx.exec(`UPDATE comptes SET last_adhesion = ?2, section = CASE WHEN CAST(?3 AS TEXT) = '' THEN section ELSE CAST(?3 AS TEXT) END WHERE idbde = ?1`,
		id, membership, section)
	return err
}
