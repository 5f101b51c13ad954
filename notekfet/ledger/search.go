package ledger

import (
	"cmp"
	"database/sql"
	"slices"
	"strconv"
	"strings"

	"github.com/pronote-sync/pronote-sync/notekfet"
)

// A Search says which accounts are looked for. What is looked for in an account
// is a disjunction.
type Search struct {
	Terms   map[string]string // by column of comptes, of SearchFields
	Alias   string            // looked for among the aliases, where InAlias
	Past    string            // looked for among earlier pseudos, where InPast
	InAlias bool
	InPast  bool
	Expired bool // also accounts that are not up to date
	Fold    bool // case does not matter
	Exact   bool
	Begin   bool // the beginning alone
	Aliases bool // return them
	Pasts   bool // return them
}

// searchFields are the columns that can be searched, and whether a right of its own
// guards them.
var searchFields = map[string]bool{
	"idbde": false, "pseudo": false, "nom": false, "prenom": false, "mail": false, "fonction": false, "idcrans": false, "commentaire": false,
	"tel": true, "adresse": true, "pbsante": true, "numsecu": true,
}

// SearchField reports whether a column can be searched, and whether it is one of
// the guarded ones.
func SearchField(name string) (known, guarded bool) {
	guarded, known = searchFields[name]
	return known, guarded
}

// A Found is an account that Search has found.
type Found struct {
	ID                            int64
	Name, FirstName, Pseudo, Mail string
	Balance                       notekfet.Cents
	Section                       string
	Aliases, Past                 []string
}

// Search returns the accounts that match, by number. They are compared here
// and not in SQL, so that both kinds of database find the same.
func (tx *Tx) Search(s Search) ([]Found, error) {
	aliases, err := tx.namesBy(`SELECT idbde, alias FROM aliases ORDER BY id`, s.InAlias || s.Aliases)
	if err != nil {
		return nil, err
	}
	past, err := tx.namesBy(`SELECT idbde, avant FROM historique ORDER BY id`, s.InPast || s.Pasts)
	if err != nil {
		return nil, err
	}
	var f Found
	var office, comment, phone, address, health, social string
	var crans int64
	columns := map[string]*string{
		"pseudo": &f.Pseudo, "nom": &f.Name, "prenom": &f.FirstName, "mail": &f.Mail, "fonction": &office, "commentaire": &comment,
		"tel": &phone, "adresse": &address, "pbsante": &health, "numsecu": &social,
	}
	terms := s.terms()
	found := []Found{}
	into := []any{&f.ID, &f.Name, &f.FirstName, &f.Pseudo, &f.Mail, &f.Balance, &f.Section}
	more, from := "", "FROM comptes c"
	if s.searchesMore() { // every column of every account costs
		into = append(into, &office, &crans, &comment, &phone, &address, &health, &social)
		more = `, c.fonction, coalesce(c.idcrans, -1), c.commentaire, c.tel, c.adresse, coalesce(s.pbsante, ''), coalesce(s.numsecu, '')`
		from += " LEFT JOIN comptes_sensibles s ON s.idbde = c.idbde"
	}
	err = tx.each(`
		SELECT c.idbde, c.nom, c.prenom, c.pseudo, c.mail, c.solde, c.section`+more+`
		`+from+`
		WHERE c.idbde >= 0 AND NOT c.deleted AND (?1 = 1 OR c.type = 'club'
			OR EXISTS (SELECT 1 FROM adhesions WHERE idadherent = c.idbde AND annee = ?2))
		ORDER BY c.idbde`, []any{number(s.Expired), tx.rules.Year(tx.Now)}, func(rows *sql.Rows) error {
		f = Found{}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		ok := false
		for _, want := range terms {
			switch want.field {
			case "idbde":
				ok = ok || s.matches(strconv.FormatInt(f.ID, 10), want.term)
			case "idcrans":
				ok = ok || crans >= 0 && s.matches(strconv.FormatInt(crans, 10), want.term)
			default:
				ok = ok || s.matches(*columns[want.field], want.term)
			}
		}
		ok = ok || s.InAlias && slices.ContainsFunc(aliases[f.ID], func(v string) bool { return s.matches(v, s.Alias) }) ||
			s.InPast && slices.ContainsFunc(past[f.ID], func(v string) bool { return s.matches(v, s.Past) })
		if ok {
			f.Aliases, f.Past = aliases[f.ID], past[f.ID]
			found = append(found, f)
		}
		return nil
	})
	return found, err
}

// searchesMore reports whether columns are looked at that are not shown.
func (s *Search) searchesMore() bool {
	for field := range s.Terms {
		if !slices.Contains([]string{"idbde", "pseudo", "nom", "prenom", "mail"}, field) {
			return true
		}
	}
	return false
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

// A wanted is a term and the column it is looked for in.
type wanted struct{ field, term string }

// terms are what is looked for, folded once where case does not matter.
func (s *Search) terms() (list []wanted) {
	fold := func(term string) string {
		if s.Fold {
			return Fold(term)
		}
		return term
	}
	for field, term := range s.Terms {
		list = append(list, wanted{field, fold(term)})
	}
	s.Alias, s.Past = fold(s.Alias), fold(s.Past)
	return list
}

// matches compares a value with a term that is folded already.
func (s *Search) matches(value, term string) bool {
	if s.Fold {
		value = Fold(value)
	}
	switch {
	case s.Exact:
		return value == term
	case s.Begin:
		return strings.HasPrefix(value, term)
	}
	return strings.Contains(value, term)
}

// namesBy returns names by account, nothing unless wanted.
func (tx *Tx) namesBy(query string, wanted bool) (map[int64][]string, error) {
	names := map[int64][]string{}
	if !wanted {
		return names, nil
	}
	err := tx.each(query, nil, func(rows *sql.Rows) error {
		var id int64
		var name string
		err := rows.Scan(&id, &name)
		names[id] = append(names[id], name)
		return err
	})
	return names, err
}

// A Hit is an account that QuickSearch has found, and by which name.
type Hit struct {
	ID        int64          `json:"idbde"`
	Negative  int            `json:"negatif"`
	Name      string         `json:"nom"`
	FirstName string         `json:"prenom"`
	Balance   notekfet.Cents `json:"solde"`
	Term      string         `json:"terme"`
	Was       string         `json:"was"`
}

// MostHits bounds what QuickSearch returns.
const MostHits = 100

// QuickSearch returns the accounts of which a pseudo, alias or earlier pseudo
// begins with a term, in any case, or of which the number does, for a term like
// #12. Expired also returns those that are not up to date.
func (tx *Tx) QuickSearch(term string, expired bool) ([]Hit, error) {
	if digits, ok := strings.CutPrefix(term, "#"); ok {
		return tx.quickByNumber(digits, expired)
	}
	from, to := beginningOf(term)
	var hits []Hit
	for _, source := range []struct{ was, query string }{
		{"pseudo", quickBy(`comptes`, `n.idbde`, `n.pseudo`, `n.pseudo_pli`)},
		{"alias", quickBy(`aliases`, `n.idbde`, `n.alias`, `n.alias_pli`)},
		{"historique", quickBy(`historique`, `n.idbde`, `n.avant`, `n.avant_pli`)},
	} {
		err := tx.each(source.query, []any{number(expired), tx.rules.Year(tx.Now), from, to, MostHits}, tx.hits(&hits, source.was))
		if err != nil {
			return nil, err
		}
	}
	return firstHits(hits), nil
}

// quickBy is the query for the names of one table.
func quickBy(table, id, name, folded string) string {
	return `
		SELECT c.idbde, c.nom, c.prenom, c.solde, ` + name + `
		FROM ` + table + ` n JOIN comptes c ON c.idbde = ` + id + `
		WHERE ` + folded + ` >= ?3 AND ` + folded + ` < ?4 AND c.idbde >= 0 AND NOT c.deleted AND (?1 = 1 OR c.type = 'club'
			OR EXISTS (SELECT 1 FROM adhesions WHERE idadherent = c.idbde AND annee = ?2))
		ORDER BY ` + folded + `, c.idbde LIMIT ?5`
}

// quickByNumber looks through the numbers that begin with some digits: they are a
// range for each length.
func (tx *Tx) quickByNumber(digits string, expired bool) ([]Hit, error) {
	hits := []Hit{}
	first, err := strconv.ParseUint(digits, 10, 62)
	switch {
	case digits == "":
		first = 0
	case err != nil || strconv.FormatUint(first, 10) != digits:
		return hits, nil
	}
	var highest uint64
	if _, err := tx.one(`SELECT max(idbde) FROM comptes`, nil, &highest); err != nil {
		return nil, err
	}
	for low, high := first, first; low <= highest; low, high = low*10, high*10+9 {
		if digits == "" {
			high = highest
		}
		err := tx.each(`
			SELECT c.idbde, c.nom, c.prenom, c.solde, CAST(c.idbde AS TEXT)
			FROM comptes c
			WHERE c.idbde BETWEEN ?3 AND ?4 AND NOT c.deleted AND (?1 = 1 OR c.type = 'club'
				OR EXISTS (SELECT 1 FROM adhesions WHERE idadherent = c.idbde AND annee = ?2))
			ORDER BY c.idbde LIMIT ?5`,
			[]any{number(expired), tx.rules.Year(tx.Now), int64(low), int64(min(high, highest)), MostHits}, tx.hits(&hits, "idbde"))
		if err != nil || low == 0 {
			return firstHits(hits), err
		}
	}
	return firstHits(hits), nil
}

func (tx *Tx) hits(into *[]Hit, was string) func(*sql.Rows) error {
	return func(rows *sql.Rows) error {
		h := Hit{Was: was}
		err := rows.Scan(&h.ID, &h.Name, &h.FirstName, &h.Balance, &h.Term)
		h.Negative = tx.rules.Level(h.Balance)
		*into = append(*into, h)
		return err
	}
}

// firstHits orders by the term and the number, and keeps what an answer holds.
func firstHits(hits []Hit) []Hit {
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(a.Term, b.Term), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Was, b.Was))
	})
	return append([]Hit{}, hits[:min(len(hits), MostHits)]...)
}
