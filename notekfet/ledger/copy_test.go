package ledger

import (
	"context"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/pronote-sync/pronote-sync/notekfet/internal/password"
	"github.com/pronote-sync/pronote-sync/notekfet/pgtest"
)

func TestMain(m *testing.M) {
	password.TestOnlyWeaken()
	pgtest.Main(m)
}

// empty is a ledger of SQLite without accounts.
func empty(t testing.TB) *Ledger {
	t.Helper()
	return openTest(t, filepath.Join(t.TempDir(), "note.db"))
}

func openTest(t testing.TB, database string) *Ledger {
	t.Helper()
	rules := DefaultRules()
	rules.StandingYear = 2019
	l, err := Open(t.Context(), database, Options{Rules: rules, Create: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

const dump = `--
-- PostgreSQL database dump
--
COPY public.comptes (idbde, type, pseudo, passwd, solde, nom, prenom, tel, mail, adresse, normalien, droit, surdroit, supreme, bloque, deleted, inconnu) FROM stdin;
-1	personne	especes	*|*	-7000	\N	\N	\N	\N	\N	f			f	f	f	x
0	club	BDE	*|*	0	\N	\N	\N	\N	\N	f			f	f	f	x
2	personne	marius	sel|30fb7e9ca2f4bbbfe0ea2bb9bdecbd41b1d7e0e1d2c2a7a4b56f2e9c0e0f4a11	4000	Hautbois	Marius	06	m@example.org	1 rue\\de la\tMer	t	basic,note	basic	f	f	f	x
7	club	Fanfare	*|*	3000	\N	\N	\N	\N	\N	f			f	f	f	x
\.
COPY public.aliases (id, alias, idbde) FROM stdin;
1	m	2
\.
COPY public.boutons (id, label, montant, destinataire, categorie, affiche, description) FROM stdin;
4	Limonade	130	7	Soft	t	
\.
COPY public.transactions (id, date, type, emetteur, destinataire, quantite, montant, description, valide, cantinvalidate) FROM stdin;
51	2019-03-01 20:00:00.123	transfert	2	7	1	60	merci	t	f
52	2019-03-02 20:00:00	consos	2	7	2	130	Limonade	f	f
\.
`

func TestAnOldDumpBecomesALedger(t *testing.T) {
	t.Parallel()
	l := empty(t)
	if n, err := l.Import(strings.NewReader(dump)); n != 3 || err != nil {
		t.Fatal(n, err)
	}
	if wrong, err := l.Audit(t.Context()); err != nil || len(wrong) > 0 {
		t.Error(wrong, err)
	}
	err := l.View(t.Context(), func(tx *Tx) error {
		a, err := tx.Account(2)
		if err != nil {
			return err
		}
		if a.Balance != 4000 || a.Name != "Hautbois" || a.FirstName != "Marius" || a.Address != "1 rue\\de la\tMer" || a.Aliases[0] != "m" || a.Rights != "basic,note" {
			t.Errorf("%+v", a)
		}
		stored, err := tx.StoredPassword(2)
		if !strings.HasPrefix(stored, "sel|") {
			t.Error(stored)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	for text, want := range map[string]string{
		"":                                      "no COPY block",
		"COPY comptes (idbde) FROM stdin;\n1\n": "in the middle",
		"COPY comptes FROM stdin;\n\\.\n":       "no list of columns",
		"COPY comptes (idbde) FROM stdin;\n1\t2\n\\.\n":         "2 values for 1 columns",
		"COPY comptes (idbde, pseudo) FROM stdin;\nx\ty\n\\.\n": "no whole number",
	} {
		if _, err := empty(t).Import(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestALedgerMovesToPostgresAndBack keeps everything on the way.
func TestALedgerMovesToPostgresAndBack(t *testing.T) {
	t.Parallel()
	cluster := pgtest.Shared(t)
	address, err := cluster.Create(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	here, there, back := empty(t), openTest(t, address), empty(t)
	if _, err := here.Import(strings.NewReader(dump)); err != nil {
		t.Fatal(err)
	}
	for _, pair := range [][2]*Ledger{{here, there}, {there, back}} {
		if err := Copy(t.Context(), pair[0], pair[1]); err != nil {
			t.Fatal(err)
		}
		if wrong, err := pair[1].Audit(t.Context()); err != nil || len(wrong) > 0 {
			t.Error(wrong, err)
		}
	}
	first, second := contents(t, here), contents(t, back)
	if !reflect.DeepEqual(first, second) {
		t.Errorf("%v\nbecame %v", first, second)
	}
	if err := Copy(t.Context(), here, back); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Error(err)
	}
	for _, l := range []*Ledger{here, there, back} {
		var o Outcome
		err := l.Update(func(tx *Tx) (err error) {
			o, err = tx.Credit(2, 100, Payment{Means: "especes"}, By{Has: func(string) bool { return true }})
			return err
		})
		if err != nil || o.ID != 53 {
			t.Errorf("the next row has number %d: %v", o.ID, err)
		}
	}
}

// contents are the rows of an account and of its transactions.
func contents(t *testing.T, l *Ledger) (all []any) {
	t.Helper()
	err := l.View(t.Context(), func(tx *Tx) error {
		for _, id := range []int64{-1, 0, 2, 7} {
			a, err := tx.Account(id)
			if err != nil {
				return err
			}
			n, list, err := tx.Transactions(id, 0, 100)
			if err != nil {
				return err
			}
			all = append(all, *a, n, list)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestNamesAreFoldedAndTitled(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"d'artagnan": "D'Artagnan", "éric-marie": "Éric-Marie", "DE LA TOUR": "De La Tour", "mcdonald": "Mcdonald", "o2switch": "O2Switch", "": "", "ß": "Ss", "ÀÉ": "Àé",
	} {
		if got := Title(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	if Fold("Éléphant") != Fold("éLÉPHANT") || Fold("a") == Fold("à") || Fold("É") != Fold("E\u0301") {
		t.Error("folding")
	}
}

func TestRowsOfTheLedgerStay(t *testing.T) {
	t.Parallel()
	l := empty(t)
	if _, err := l.Import(strings.NewReader(dump)); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		`DELETE FROM transactions`, `UPDATE transactions SET montant = 1`, `UPDATE transactions SET emetteur = 0`, `UPDATE transactions SET cantinvalidate = 1`,
		`INSERT OR REPLACE INTO transactions (id, date, type, emetteur, destinataire, quantite, montant, valide) VALUES (51, '', 'don', 0, 0, 1, 1, 0)`,
		`UPDATE comptes SET solde = 1.5`, `UPDATE comptes SET type = 'x'`, `INSERT INTO aliases (alias, alias_pli, idbde) VALUES ('z', 'z', 99)`,
	} {
		if err := l.Update(func(tx *Tx) error { _, err := tx.exec(statement); return err }); err == nil {
			t.Errorf("%s is done", statement)
		}
	}
	if err := l.Update(func(tx *Tx) error { _, err := tx.exec(`UPDATE transactions SET valide = 0 WHERE id = 51`); return err }); err != nil {
		t.Error(err)
	}
	wrong, err := l.Audit(t.Context())
	if err != nil || len(wrong) != 2 || !strings.Contains(wrong[0], "off by -60") || !strings.Contains(wrong[1], "off by 60") {
		t.Errorf("the audit says %q %v", wrong, err)
	}
}

// TestOneFailureUndoesNothingElse has an update fail after it wrote, among others
// that are committed together.
func TestOneFailureUndoesNothingElse(t *testing.T) {
	t.Parallel()
	l := empty(t)
	release := make(chan struct{})
	started := make(chan struct{})
	errs := make(chan error, 10)
	go func() { errs <- l.Update(func(*Tx) error { close(started); <-release; return nil }) }()
	<-started
	for i := range 8 {
		go func() {
			errs <- l.Update(func(tx *Tx) error {
				if _, err := tx.AddCategory(strings.Repeat("x", i+1)); err != nil {
					return err
				}
				if i == 3 {
					panic("in the middle")
				}
				if i == 5 {
					_, err := tx.exec(`INSERT INTO boutons (label) VALUES (NULL)`)
					return err
				}
				return nil
			})
		}()
	}
	close(release)
	failed := 0
	for range 9 {
		if err := <-errs; err != nil {
			failed++
		}
	}
	var names []string
	if err := l.View(t.Context(), func(tx *Tx) (err error) { names, err = tx.Categories(); return err }); err != nil {
		t.Fatal(err)
	}
	if failed != 2 || len(names) != 6 {
		t.Errorf("%d failed, there are %q", failed, names)
	}
}

// TestRowsThatBeginAtOneLeaveRoomForOpeningOnes fills ledgers whose listed rows have
// the numbers that opening rows would get.
func TestRowsThatBeginAtOneLeaveRoomForOpeningOnes(t *testing.T) {
	t.Parallel()
	row := func(id int64) SeedTransaction {
		return SeedTransaction{ID: id, Kind: Transfer, From: 4, To: 5, Unit: 10}
	}
	for name, test := range map[string]struct{ given, want []int64 }{
		"none": {[]int64{0, 0}, []int64{4, 3, 2, 1}}, "from one": {[]int64{1, 2}, []int64{2, 1, -2, -3}}, "far": {[]int64{51, 60}, []int64{60, 51, 2, 1}},
		"mixed": {[]int64{7, 0, 5, 0}, []int64{9, 8, 7, 5, 2, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, database := range onBoth(t) {
				l := openTest(t, database)
				d := &Dataset{Accounts: []SeedAccount{{ID: 4, Pseudo: "léa", Balance: 100}, {ID: 5, Pseudo: "tom", Balance: 100}}}
				for _, id := range test.given {
					d.Transactions = append(d.Transactions, row(id))
				}
				if err := l.Seed(d); err != nil {
					t.Fatal(err)
				}
				var got []int64
				err := l.View(t.Context(), func(tx *Tx) error {
					for _, account := range []int64{4, 5} {
						_, list, err := tx.Transactions(account, 0, 100)
						if err != nil {
							return err
						}
						for _, x := range list {
							got = append(got, x.ID)
						}
					}
					return nil
				})
				slices.Sort(got)
				got = slices.Compact(got)
				slices.Reverse(got)
				if err != nil || !slices.Equal(got, test.want) {
					t.Errorf("the rows are %v, want %v: %v", got, test.want, err)
				}
				var o Outcome
				update(t, l, func(tx *Tx) (err error) {
					o, err = tx.Credit(4, 1, Payment{Means: "especes"}, anybody(0))
					return err
				})
				if o.ID != test.want[0]+1 {
					t.Errorf("the next row is %d", o.ID)
				}
				if wrong, err := l.Audit(t.Context()); err != nil || len(wrong) > 0 {
					t.Error(wrong, err)
				}
			}
		})
	}
	twice := &Dataset{Accounts: []SeedAccount{{ID: 4, Pseudo: "a"}, {ID: 5, Pseudo: "b"}}, Transactions: []SeedTransaction{row(3), row(3)}}
	if err := empty(t).Seed(twice); err == nil || !strings.Contains(err.Error(), "transaction 2 of the list has id 3, as another has") {
		t.Error(err)
	}
}

// onBoth are new databases, of PostgreSQL where there is one.
func onBoth(t *testing.T) []string {
	t.Helper()
	list := []string{filepath.Join(t.TempDir(), "note.db")}
	t.Run("PostgreSQL", func(t *testing.T) {
		address, err := pgtest.Shared(t).Create(context.Background(), "")
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, address)
	})
	return list
}
