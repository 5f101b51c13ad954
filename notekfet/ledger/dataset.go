package ledger

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/pronote-sync/pronote-sync/notekfet"
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
		return nil, mistake(text, err)
	}
	if decoder.More() {
		return nil, fmt.Errorf("there is something behind the data set: keep one object")
	}
	if bytes.Contains(text, []byte(`\u0000`)) {
		return nil, errors.New(`a text holds \u0000, which no database keeps: remove it`)
	}
	return d, d.check()
}

// mistake says where a data set cannot be read, and why. It repeats no value: some
// are passwords.
func mistake(text []byte, err error) error {
	at, what := int64(-1), strings.TrimPrefix(err.Error(), "json: ")
	syntax, isSyntax := errors.AsType[*json.SyntaxError](err)
	kind, isKind := errors.AsType[*json.UnmarshalTypeError](err)
	switch {
	case errors.Is(err, io.EOF):
		what = "it is empty"
	case errors.Is(err, io.ErrUnexpectedEOF):
		at, what = int64(len(bytes.TrimSpace(text))), "unexpected end of JSON input"
	case isSyntax:
		at = syntax.Offset
	case isKind:
		wanted := map[reflect.Kind]string{
			reflect.Int64: "a whole number", reflect.Int: "a whole number", reflect.String: "a string", reflect.Bool: "true or false",
			reflect.Slice: "a list", reflect.Struct: "an object", reflect.Map: "an object",
		}[kind.Type.Kind()]
		given, _, _ := strings.Cut(kind.Value, " ")
		at, what = kind.Offset, fmt.Sprintf("%s is of type %s and should be %s", cmp.Or(kind.Field, "the whole"), given, wanted)
	}
	if at >= 0 {
		what = fmt.Sprintf("line %d: %s", 1+bytes.Count(text[:min(at, int64(len(text)))], []byte("\n")), what)
	}
	return fmt.Errorf("%s: correct it, fields are the columns of the tables", what)
}
