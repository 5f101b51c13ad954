package notekfet

import (
	"context"
	"encoding/json"
	"errors"
)

// A Found is an account that Search has found. Aliases and Past are there when
// they were asked for.
type Found struct {
	ID        int64
	Name      string
	FirstName string
	Pseudo    string
	Mail      string
	Balance   Cents
	Section   string
	More      []json.RawMessage // the lists of aliases and past pseudos, in this order
}

// UnmarshalJSON reads a list in the protocol's order, or an object.
func (f *Found) UnmarshalJSON(text []byte) error {
	var row []json.RawMessage
	if json.Unmarshal(text, &row) != nil {
		var object map[string]json.RawMessage
		if err := json.Unmarshal(text, &object); err != nil {
			return err
		}
		for _, key := range []string{"idbde", "nom", "prenom", "pseudo", "mail", "solde", "section"} {
			row = append(row, object[key])
		}
	}
	if len(row) < 7 {
		return errors.New("a row of search has seven columns")
	}
	for i, into := range []any{&f.ID, &f.Name, &f.FirstName, &f.Pseudo, &f.Mail, &f.Balance, &f.Section} {
		if row[i] == nil {
			continue
		}
		if err := json.Unmarshal(row[i], into); err != nil {
			return err
		}
	}
	f.More = row[7:]
	return nil
}

// Search looks for accounts: each field has its own term, and one match is enough.
// Flags are letters of o, a, A, h, H, b, i, x, as the protocol names them.
func (c *Client) Search(ctx context.Context, flags string, terms map[string]string) ([]Found, error) {
	return read[[]Found](ctx, c, "search", []any{flags, terms})
}
