package ledger

import (
	"database/sql"
	"errors"
	"fmt"
	"math"
	"runtime"
	"sync"
	"time"

	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/notekfet/internal/password"
)

// Seed fills a ledger that has no accounts but its own.
func (l *Ledger) Seed(d *Dataset) error {
	if err := d.check(); err != nil {
		return err
	}
	hashes := d.hashes()
	return l.Update(func(tx *Tx) error {
		var n int
		if _, err := tx.one(`SELECT count(*) FROM comptes WHERE idbde > 0`, nil, &n); err != nil {
			return err
		}
		if n > 0 {
			return fmt.Errorf("the ledger has %d accounts already: seed an empty one", n)
		}
		for _, fill := range []func(*Dataset) error{tx.seedAccounts(hashes), tx.seedTransactions, tx.seedRest} {
			if err := fill(d); err != nil {
				return err
			}
		}
		return tx.resume()
	})
}

// hashes makes the stored passwords, on all processors.
func (d *Dataset) hashes() []string {
	list := make([]string, len(d.Accounts))
	todo := make(chan int)
	var workers sync.WaitGroup
	for range runtime.NumCPU() {
		workers.Go(func() {
			for i := range todo {
				list[i] = password.Hash(d.Accounts[i].Password)
			}
		})
	}
	for i, a := range d.Accounts {
		switch {
		case a.Hash != "":
			list[i] = a.Hash
		case a.Password == "":
			list[i] = password.None
		default:
			todo <- i
		}
	}
	close(todo)
	workers.Wait()
	return list
}

func (tx *Tx) seedAccounts(hashes []string) func(*Dataset) error {
	return func(d *Dataset) error {
		for i, s := range d.Accounts {
			err := tx.seedAccount(s, hashes[i])
			if refusal, ok := errors.AsType[*notekfet.Error](err); ok && refusal.Code == notekfet.NameTaken {
				return fmt.Errorf("account %d has a pseudo or an alias that another account has, capitals aside: change one of them", s.ID)
			}
			if err != nil {
				return fmt.Errorf("account %d: %w", s.ID, err)
			}
		}
		return nil
	}
}

func (tx *Tx) seedAccount(s SeedAccount, hash string) error {
	a := &Account{
		ID: s.ID, Type: s.Type, Pseudo: s.Pseudo, Name: s.Name, FirstName: s.FirstName, Phone: s.Phone, Mail: s.Mail, Address: s.Address,
		Office: s.Office, Paid: s.Paid, Sex: s.Sex, Section: s.Section, Rights: s.Rights, OverRights: s.OverRights, Supreme: s.Supreme,
		Blocked: s.Blocked, Comment: s.Comment, SocialNumber: s.Social, Health: s.Health,
	}
	if s.Crans != nil {
		a.Crans = sql.Null[int64]{V: *s.Crans, Valid: true}
	}
	var err error
	if s.ID == 0 {
		err = tx.UpdateAccount(a)
	} else {
		_, err = tx.AddAccount(a, hash)
	}
	if err != nil {
		return err
	}
	for _, year := range s.Years {
		if err := tx.AddMembership(s.ID, year, false, s.Section, sql.Null[int64]{}); err != nil {
			return err
		}
	}
	for _, alias := range s.Aliases {
		if err := tx.refuseTaken(alias, -1<<62); err != nil {
			return err
		}
		if _, err := tx.exec(`INSERT INTO aliases (alias, alias_pli, idbde) VALUES (?1, ?2, ?3)`, alias, Fold(alias), s.ID); err != nil {
			return err
		}
	}
	for i, past := range s.Past {
		after := s.Pseudo
		if i+1 < len(s.Past) {
			after = s.Past[i+1]
		}
		if err := tx.AddPast(s.ID, past, after, Time{tx.Now}); err != nil {
			return err
		}
	}
	for _, network := range s.Networks {
		if err := tx.AddNetwork(s.ID, network); err != nil {
			return err
		}
	}
	return nil
}

// seedTransactions books an opening row for each account that needs one, and then
// the listed ones.
func (tx *Tx) seedTransactions(d *Dataset) error {
	opening := map[int64]notekfet.Cents{}
	for _, a := range d.Accounts {
		opening[a.ID] = a.Balance
	}
	oldest := Time{tx.Now}
	for _, t := range d.Transactions {
		date, _ := t.date(tx.Now) // it was checked
		if date.Before(oldest.Time) {
			oldest = date
		}
		if sum, _ := total(t.quantity(), t.Unit); t.valid() {
			opening[t.From] += sum
			opening[t.To] -= sum
		}
	}
	oldest.Time = oldest.Add(-time.Hour)
	number := d.numbers(opening)
	for _, a := range d.Accounts {
		r := row{Move: Move{Kind: Credit, From: -1, To: a.ID, Quantity: 1, Unit: opening[a.ID], Description: "Ouverture", Category: "Crédits"}, date: oldest, valid: true}
		if r.Unit < 0 {
			r.Move = Move{Kind: Withdrawal, From: a.ID, To: -1, Quantity: 1, Unit: -r.Unit, Description: "Ouverture", Category: "Retraits"}
		}
		if r.Unit == 0 {
			continue
		}
		r.id = number(0)
		if err := tx.seedRow(r); err != nil {
			return err
		}
	}
	for _, t := range d.Transactions {
		date, _ := t.date(tx.Now)
		err := tx.seedRow(row{
			Move: Move{
				Kind: t.Kind, From: t.From, To: t.To, Quantity: t.quantity(), Unit: t.Unit, Description: t.Description, Category: t.Category, Frozen: t.Frozen,
			}, id: number(t.ID), date: date, valid: t.valid(),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// numbers numbers the rows, in their order: the opening ones first, and listed ones
// that bring no number behind all that do. Where none does, the database numbers them.
// Opening rows are older than the others and come before them also where those begin
// at 1; they are then below 0.
func (d *Dataset) numbers(opening map[int64]notekfet.Cents) func(own int64) int64 {
	lowest, highest := int64(math.MaxInt64), int64(0)
	for _, t := range d.Transactions {
		if t.ID != 0 {
			lowest, highest = min(lowest, t.ID), max(highest, t.ID)
		}
	}
	if highest == 0 {
		return func(int64) int64 { return 0 }
	}
	var openings int64
	for _, a := range d.Accounts {
		if opening[a.ID] != 0 {
			openings++
		}
	}
	next := int64(1)
	if openings >= lowest {
		next = -1 - openings // SQLite knows a row without a number by -1
	}
	return func(own int64) int64 {
		if own != 0 {
			return own
		}
		if openings == 0 {
			highest++
			return highest
		}
		openings--
		next++
		return next - 1
	}
}

func (tx *Tx) seedRow(r row) error {
	from, to, err := tx.parties(r.From, r.To)
	if err != nil {
		return err
	}
	if from == nil || to == nil {
		return fmt.Errorf("a transaction is of account %d or %d, which is not there or deleted", r.From, r.To)
	}
	return tx.book(r, from, to)
}

// seedRest stores what the money does not need.
func (tx *Tx) seedRest(d *Dataset) error {
	for _, a := range d.Accounts {
		if a.Deleted { // its transactions are there by now
			if _, err := tx.exec(`UPDATE comptes SET deleted = ?2 WHERE idbde = ?1`, a.ID, true); err != nil {
				return err
			}
		}
	}
	for _, name := range d.Categories {
		if _, err := tx.AddCategory(name); err != nil {
			return err
		}
	}
	for _, b := range d.Buttons {
		if _, err := tx.exec(`
			INSERT INTO boutons (id, label, montant, destinataire, categorie, affiche, description, consigne)
			VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)`,
			b.ID, b.Label, int64(b.Price), b.Recipient, b.Category, b.Shown == nil || *b.Shown, b.Description, b.Deposit); err != nil {
			return fmt.Errorf("button %d: %w", b.ID, err)
		}
	}
	for _, a := range d.Activities {
		if err := tx.seedActivity(a); err != nil {
			return fmt.Errorf("activity %d: %w", a.ID, err)
		}
	}
	for _, g := range d.Guests {
		if _, err := tx.exec(`
			INSERT INTO invites (id, nom, prenom, pli, responsable, activite, entre) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`,
			g.ID, g.Name, g.FirstName, g.folded(), g.Responsible, g.Activity, g.Entered); err != nil {
			return fmt.Errorf("guest %d: %w", g.ID, err)
		}
	}
	return nil
}

func (tx *Tx) seedActivity(s SeedActivity) error {
	begin, err := ParseTime(s.Begin)
	if err != nil {
		return err
	}
	end, err := ParseTime(s.End)
	if err != nil {
		return err
	}
	validated := sql.Null[int64]{}
	if s.ValidatedBy != nil {
		validated = sql.Null[int64]{V: *s.ValidatedBy, Valid: true}
	}
	_, err = tx.exec(`
		INSERT INTO activites (id, debut, fin, titre, lieu, description, signature, responsable, validepar, liste, listeimprimee, ouvert)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)`,
		s.ID, begin, end, s.Title, s.Place, s.Description, s.Club, s.Responsible, validated, s.List, s.Printed, s.Open)
	return err
}
