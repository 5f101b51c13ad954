package ledger

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"
)

var errNotKept = errors.New("not kept")

// FuzzDataset seeds what is read: it is refused in words, or all of it is taken by
// the tables.
func FuzzDataset(f *testing.F) {
	fixture, err := os.ReadFile("../server/testdata/fixture.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(fixture))
	for _, text := range []string{
		`{}`, `{"comptes": [{"idbde": 2, "pseudo": "a", "solde": 5, "adhesions": [2019, 2019]}]}`, `{"categories": ["", "a", "a"]}`,
		`{"comptes": [{"idbde": 1, "pseudo": "a"}, {"idbde": 2, "pseudo": "A"}]}`, `{"comptes": [{"idbde": 0, "pseudo": "B", "solde": 9007199254740992}]}`,
		`{"categories": ["a"], "boutons": [{"label": "x", "categorie": "a"}]}`, `{"invites": [{"id": 1, "activite": 1}]}`,
		`{"activites": [{"id": 1, "debut": "2019-03-01 20:00:00", "fin": "2019-03-01 19:00:00"}]}`, `{"transactions": [{"id": 1, "type": "don", "montant": 1}]}`,
	} {
		f.Add(text)
	}
	l := empty(f)
	f.Fuzz(func(t *testing.T, text string) {
		d, err := ReadDataset(strings.NewReader(text))
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("%q has several lines", err)
			}
			return
		}
		for _, a := range d.Accounts {
			if a.Balance > 1<<40 || a.Balance < -1<<40 {
				return // all together may be more than the ledger counts
			}
		}
		for _, x := range d.Transactions {
			if x.Unit > 1<<20 || x.quantity() > 1<<20 {
				return
			}
		}
		hashes := make([]string, len(d.Accounts))
		for i := range hashes {
			hashes[i] = NoPassword
		}
		err = l.Update(func(tx *Tx) error {
			tx.Now = time.Date(2019, 3, 1, 20, 0, 0, 0, time.UTC)
			for _, fill := range []func(*Dataset) error{tx.seedAccounts(hashes), tx.seedTransactions, tx.seedRest} {
				if err := fill(d); err != nil {
					return err
				}
			}
			return errors.Join(tx.flush(), errNotKept)
		})
		var database *DatabaseError
		if errors.As(err, &database) {
			t.Error(err)
		}
	})
}

// FuzzDump reads anything as a dump of the original.
func FuzzDump(f *testing.F) {
	f.Add(dump)
	f.Add("COPY comptes (idbde) FROM stdin;\n2\n\\.\n")
	f.Fuzz(func(t *testing.T, text string) {
		blocks, err := readDump(strings.NewReader(text))
		if err != nil {
			return
		}
		if d, err := datasetOf(blocks); err == nil {
			_ = d.check()
		}
	})
}
