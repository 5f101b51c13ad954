package ledger

import (
	"database/sql"

	"github.com/pronote-sync/pronote-sync/notekfet"
)

// A Button is something that is sold.
type Button struct {
	ID          int64          `json:"id"`
	Label       string         `json:"label"`
	Price       notekfet.Cents `json:"montant"`
	Recipient   int64          `json:"destinataire"`
	Category    string         `json:"categorie"`
	Shown       bool           `json:"affiche"`
	Description string         `json:"description"`
	Deposit     bool           `json:"consigne"`
}

const buttonColumns = `id, label, montant, destinataire, categorie, affiche, description, consigne FROM boutons`

func (b *Button) fields() []any {
	return []any{&b.ID, &b.Label, &b.Price, &b.Recipient, &b.Category, &b.Shown, &b.Description, &b.Deposit}
}

// button is nil when there is none of that number.
func (tx *Tx) button(id int64) (*Button, error) {
	if b, known := tx.buttons[id]; known {
		return b, nil
	}
	b := &Button{}
	found, err := tx.oneKnown(`SELECT `+buttonColumns+` WHERE id = ?1`, []any{id}, b.fields()...)
	if err != nil {
		return nil, err
	}
	if !found {
		b = nil
	}
	if tx.buttons == nil {
		tx.buttons = map[int64]*Button{}
	}
	tx.buttons[id] = b
	return b, nil
}

// Button returns one button, or refuses with NotFound.
func (tx *Tx) Button(id int64) (*Button, error) {
	b, err := tx.button(id)
	if err != nil {
		return nil, err
	}
	if b == nil {
		return nil, notekfet.Refuse(notekfet.NotFound, "le bouton %d n'existe pas", id)
	}
	own := *b // the caller may change it
	return &own, nil
}

// Buttons returns those of a category, or all where it is empty, by number.
func (tx *Tx) Buttons(category string) ([]Button, error) {
	list := []Button{}
	err := tx.each(`SELECT `+buttonColumns+` WHERE categorie = ?1 OR ?1 = '' ORDER BY id`, []any{category}, func(rows *sql.Rows) error {
		var b Button
		err := rows.Scan(b.fields()...)
		list = append(list, b)
		return err
	})
	return list, err
}

// Categories returns the names of the categories, sorted.
func (tx *Tx) Categories() ([]string, error) {
	return tx.texts(`SELECT nom FROM categories ORDER BY nom`)
}

// AddCategory makes a category. It reports false when there is one of that name.
func (tx *Tx) AddCategory(name string) (bool, error) {
	n, err := tx.exec(`INSERT INTO categories (nom) VALUES (?1) ON CONFLICT DO NOTHING`, name)
	return n > 0, err
}

// AddButton makes a button and returns its number. When one of the same label,
// category and recipient exists, it returns that one's, and made is false.
func (tx *Tx) AddButton(b Button) (id int64, made bool, err error) {
	if err := tx.sellable(b); err != nil {
		return 0, false, err
	}
	found, err := tx.one(`SELECT id FROM boutons WHERE label = ?1 AND categorie = ?2 AND destinataire = ?3`,
		[]any{b.Label, b.Category, b.Recipient}, &id)
	if err != nil || found {
		return id, false, err
	}
	id, err = tx.insert(`
		INSERT INTO boutons (label, montant, destinataire, categorie, affiche, description, consigne)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING id`,
		b.Label, int64(b.Price), b.Recipient, b.Category, b.Shown, b.Description, b.Deposit)
	return id, true, err
}

// UpdateButton stores a button that was read and changed. Transactions keep the
// price they had.
func (tx *Tx) UpdateButton(b Button) error {
	if err := tx.sellable(b); err != nil {
		return err
	}
	_, err := tx.exec(`
		UPDATE boutons SET label = ?2, montant = ?3, destinataire = ?4, categorie = ?5, affiche = ?6, description = ?7, consigne = ?8
		WHERE id = ?1`, b.ID, b.Label, int64(b.Price), b.Recipient, b.Category, b.Shown, b.Description, b.Deposit)
	return err
}

// DeleteButton removes a button, or refuses with NotFound.
func (tx *Tx) DeleteButton(id int64) error {
	if _, err := tx.Button(id); err != nil {
		return err
	}
	_, err := tx.exec(`DELETE FROM boutons WHERE id = ?1`, id)
	return err
}

// sellable checks what a button refers to.
func (tx *Tx) sellable(b Button) error {
	var n int
	found, err := tx.one(`SELECT 1 FROM categories WHERE nom = ?1`, []any{b.Category}, &n)
	if err != nil {
		return err
	}
	if !found {
		return notekfet.Refuse(notekfet.NotFound, "la catégorie n'existe pas")
	}
	return tx.club(b.Recipient)
}

// club refuses an account that is not the club of anybody: NotFound where there
// is none, BadParameter where it is something else.
func (tx *Tx) club(id int64) error {
	var kind string
	found, err := tx.one(`SELECT type FROM comptes WHERE idbde = ?1 AND NOT deleted`, []any{id}, &kind)
	switch {
	case err != nil:
		return err
	case !found:
		return notekfet.Refuse(notekfet.NotFound, "le compte %d n'existe pas", id)
	case kind != "club" || id < 0:
		return notekfet.Refuse(notekfet.BadParameter, "le compte %d n'est pas un club", id)
	}
	return nil
}

// A Club is an account that buttons can pay.
type Club struct {
	ID     int64  `json:"idbde"`
	Pseudo string `json:"pseudo"`
}

// Clubs returns the clubs, by number, account 0 included.
func (tx *Tx) Clubs() ([]Club, error) {
	list := []Club{}
	err := tx.each(`SELECT idbde, pseudo FROM comptes WHERE type = 'club' AND idbde >= 0 AND NOT deleted ORDER BY idbde`, nil,
		func(rows *sql.Rows) error {
			var c Club
			err := rows.Scan(&c.ID, &c.Pseudo)
			list = append(list, c)
			return err
		})
	return list, err
}
