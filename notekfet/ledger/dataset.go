package ledger

import (
	"bytes"
	"cmp"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/notekfet/internal/password"
)

// A Dataset fills an empty ledger: for tests, for a demonstration, for a bar that
// begins. What is left out has its default. Accounts 0 and below exist already.
type Dataset struct {
	Accounts     []SeedAccount          `json:"comptes"`
	Transactions []SeedTransaction      `json:"transactions"`
	Categories   []string               `json:"categories"`
	Buttons      []SeedButton           `json:"boutons"`
	Activities   []SeedActivity         `json:"activites"`
	Guests       []SeedGuest            `json:"invites"`
	Special      map[string]SeedSpecial `json:"special"`
}

// A SeedAccount has the columns of comptes, and what hangs on them. The balance is
// the one after the listed transactions.
type SeedAccount struct {
	ID         int64          `json:"idbde"`
	Type       string         `json:"type"`
	Pseudo     string         `json:"pseudo"`
	Name       string         `json:"nom"`
	FirstName  string         `json:"prenom"`
	Phone      string         `json:"tel"`
	Mail       string         `json:"mail"`
	Address    string         `json:"adresse"`
	Office     string         `json:"fonction"`
	Paid       bool           `json:"normalien"`
	Sex        string         `json:"sexe"`
	Crans      *int64         `json:"idcrans"`
	Section    string         `json:"section"`
	Rights     string         `json:"droits"`
	OverRights string         `json:"surdroits"`
	Supreme    bool           `json:"supreme"`
	Blocked    bool           `json:"bloque"`
	Deleted    bool           `json:"deleted"`
	Comment    string         `json:"commentaire"`
	Social     string         `json:"numsecu"`
	Health     string         `json:"pbsante"`
	Balance    notekfet.Cents `json:"solde"`
	Password   string         `json:"passwd"`      // in clear
	Hash       string         `json:"passwd_hash"` // as it is stored
	Years      []int          `json:"adhesions"`
	Aliases    []string       `json:"aliases"`
	Past       []string       `json:"historique"`
	Networks   []string       `json:"ips"`
}

// A SeedTransaction has the columns of transactions.
type SeedTransaction struct {
	ID          int64          `json:"id"`
	Date        string         `json:"date"`
	Kind        Kind           `json:"type"`
	From        int64          `json:"emetteur"`
	To          int64          `json:"destinataire"`
	Quantity    *int64         `json:"quantite"`
	Unit        notekfet.Cents `json:"montant"`
	Description string         `json:"description"`
	Valid       *bool          `json:"valide"`
	Frozen      bool           `json:"cantinvalidate"`
	Category    string         `json:"categorie"`
}

// A SeedButton has the columns of boutons.
type SeedButton struct {
	ID          int64          `json:"id"`
	Label       string         `json:"label"`
	Price       notekfet.Cents `json:"montant"`
	Recipient   int64          `json:"destinataire"`
	Category    string         `json:"categorie"`
	Shown       *bool          `json:"affiche"`
	Description string         `json:"description"`
	Deposit     bool           `json:"consigne"`
}

// A SeedActivity has the columns of activites.
type SeedActivity struct {
	ID          int64  `json:"id"`
	Title       string `json:"titre"`
	Begin       string `json:"debut"`
	End         string `json:"fin"`
	Place       string `json:"lieu"`
	Description string `json:"description"`
	Club        int64  `json:"signature"`
	Responsible int64  `json:"responsable"`
	ValidatedBy *int64 `json:"validepar"`
	List        bool   `json:"liste"`
	Printed     bool   `json:"listeimprimee"`
	Open        bool   `json:"ouvert"`
}

// A SeedGuest has the columns of invites.
type SeedGuest struct {
	ID          int64  `json:"id"`
	Name        string `json:"nom"`
	FirstName   string `json:"prenom"`
	Responsible int64  `json:"responsable"`
	Activity    int64  `json:"activite"`
	Entered     bool   `json:"entre"`
}

// A SeedSpecial is a special user, who is kept outside the ledger.
type SeedSpecial struct {
	Password string   `json:"passwd"` // in clear
	ACL      []string `json:"acl"`
	IPs      []string `json:"ips"`
}

// ReadDataset reads a data set, strictly, and checks what can be checked without
// a ledger.
func ReadDataset(r io.Reader) (*Dataset, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	d := &Dataset{}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(d); err != nil {
		return nil, err
	}
	if decoder.More() {
		return nil, fmt.Errorf("there is something behind the data set: keep one object")
	}
	return d, d.check()
}

func (d *Dataset) check() error {
	kinds := map[int64]string{0: "club"}
	for id := int64(-5); id < 0; id++ {
		kinds[id] = "club"
	}
	seen := map[int64]bool{}
	for i := range d.Accounts {
		a := &d.Accounts[i]
		if a.Type = cmp.Or(a.Type, "personne"); a.ID == 0 {
			a.Type = "club"
		}
		if seen[a.ID] {
			return fmt.Errorf("account %d is there twice: keep one", a.ID)
		}
		seen[a.ID] = true
		kinds[a.ID] = a.Type
		if err := a.check(); err != nil {
			return err
		}
	}
	for _, b := range d.Buttons {
		switch kind, exists := kinds[b.Recipient]; {
		case !exists || b.Recipient < 0:
			return fmt.Errorf("button %q pays account %d, which is not there: choose a club", b.Label, b.Recipient)
		case kind != "club":
			return fmt.Errorf("button %q pays account %d, which is a person: choose a club", b.Label, b.Recipient)
		case !slices.Contains(d.Categories, b.Category):
			return fmt.Errorf("button %q is in category %q, which is not there: add it to categories", b.Label, b.Category)
		case b.Price < 0 || b.Price > MostAmount:
			return fmt.Errorf("button %q has a price that is not between 0 and %d cents: correct it", b.Label, MostAmount)
		}
	}
	for name, user := range d.Special {
		if _, unknown := notekfet.Expand(user.ACL, true); len(unknown) > 0 {
			return fmt.Errorf("special user %q has %q in its acl, which is no right: correct it", name, unknown[0])
		}
		if user.Password == "" || name == "" {
			return fmt.Errorf("special user %q has no name or no password: give one", name)
		}
	}
	return d.checkTransactions(kinds)
}

func (a *SeedAccount) check() error {
	wrong := func(what string) error { return fmt.Errorf("account %d %s: correct it", a.ID, what) }
	_, rights := notekfet.SplitRights(a.Rights)
	_, over := notekfet.SplitRights(a.OverRights)
	switch {
	case a.ID < 0:
		return wrong("is below 0: those are made by the program")
	case a.Type != "personne" && a.Type != "club":
		return wrong("has a type that is neither personne nor club")
	case !IsName(a.Pseudo):
		return wrong("has no pseudo, or one that is too long")
	case !rights || !over:
		return wrong("has rights that are not words joined by commas")
	case a.Hash != "" && !password.IsStored(a.Hash):
		return wrong("has a passwd_hash that is not <salt>|<hex of SHA-256(salt + password)>")
	case a.Deleted && a.Balance != 0:
		return wrong("is deleted and has money")
	case a.Balance > mostBalance || a.Balance < -mostBalance:
		return wrong("has a balance that is too large")
	case a.ID <= 0 && (a.Password != "" || a.Hash != ""):
		return wrong("cannot have a password")
	}
	return nil
}

func (d *Dataset) checkTransactions(accounts map[int64]string) error {
	for i, t := range d.Transactions {
		wrong := func(what string) error { return fmt.Errorf("transaction %d of the list %s: correct it", i+1, what) }
		_, known := kinds[t.Kind]
		_, from := accounts[t.From]
		_, to := accounts[t.To]
		sum, counted := total(t.quantity(), t.Unit)
		switch {
		case !known:
			return wrong(fmt.Sprintf("has type %q, which is none", t.Kind))
		case !from || !to:
			return wrong("is of an account that is not there")
		case !counted || sum > mostBalance:
			return wrong("has an amount that is negative or too large")
		}
		if _, err := t.date(time.Time{}); err != nil {
			return wrong("has a date that is not like 2019-03-01 20:00:00")
		}
	}
	return nil
}

func (t *SeedTransaction) quantity() int64 {
	if t.Quantity == nil {
		return 1
	}
	return *t.Quantity
}

func (t *SeedTransaction) valid() bool { return t.Valid == nil || *t.Valid }

func (t *SeedTransaction) date(now time.Time) (Time, error) {
	if t.Date == "" {
		return Time{now}, nil
	}
	return ParseTime(t.Date)
}

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
			if err := tx.seedAccount(s, hashes[i]); err != nil {
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
	for _, a := range d.Accounts {
		r := row{Move: Move{Kind: Credit, From: -1, To: a.ID, Quantity: 1, Unit: opening[a.ID], Description: "Ouverture", Category: "Crédits"}, date: oldest, valid: true}
		if r.Unit < 0 {
			r.Move = Move{Kind: Withdrawal, From: a.ID, To: -1, Quantity: 1, Unit: -r.Unit, Description: "Ouverture", Category: "Retraits"}
		}
		if r.Unit == 0 {
			continue
		}
		if err := tx.seedRow(r); err != nil {
			return err
		}
	}
	for _, t := range d.Transactions {
		date, _ := t.date(tx.Now)
		err := tx.seedRow(row{
			Move: Move{
				Kind: t.Kind, From: t.From, To: t.To, Quantity: t.quantity(), Unit: t.Unit, Description: t.Description, Category: t.Category, Frozen: t.Frozen,
			}, id: t.ID, date: date, valid: t.valid(),
		})
		if err != nil {
			return err
		}
	}
	return nil
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
			g.ID, g.Name, g.FirstName, Fold(g.FirstName)+"\n"+Fold(g.Name), g.Responsible, g.Activity, g.Entered); err != nil {
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

// identities are the tables that number their rows.
var identities = [][2]string{
	{"transactions", "id"}, {"adhesions", "id"}, {"aliases", "id"}, {"historique", "id"}, {"preinscriptions", "preid"}, {"boutons", "id"},
	{"cheques", "id"}, {"virements", "id"}, {"activites", "id"}, {"invites", "id"},
}

// resume makes new rows go on behind those that were inserted with a number.
func (tx *Tx) resume() error {
	for _, t := range identities {
		if err := tx.each(sequence(tx.d.resume, t, 0), nil, func(*sql.Rows) error { return nil }); err != nil {
			return err
		}
	}
	return nil
}
