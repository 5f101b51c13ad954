package server

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
)

// search looks for accounts by their columns.
func (c *call) search() (any, error) {
	s := shape{}
	p := s.list(c.raw, 2, 3)
	flags := s.text(p[0])
	if s.err == nil && strings.Trim(flags, "oaAhHbix") != "" {
		s.fail("les options sont o, a, A, h, H, b, i et x")
	}
	has := func(flag string) bool { return strings.Contains(flags, flag) }
	want := ledger.Search{
		InAlias: has("A"), InPast: has("H"), Expired: has("o"), Fold: has("i"), Exact: has("x"), Begin: has("b"), Aliases: has("a"), Pasts: has("h"),
	}
	alias, past := s.terms(p, &want)
	if s.err != nil {
		return nil, s.err
	}
	for field := range want.Terms {
		if _, guarded := ledger.SearchField(field); guarded && !c.has("full_search") {
			return nil, forbidden()
		}
	}
	switch {
	case want.InAlias && !alias:
		return nil, notekfet.Refuse(notekfet.NoAliasToSearch, "aucun alias à chercher n'est donné")
	case want.InPast && !past:
		return nil, notekfet.Refuse(notekfet.NoHistoryToSearch, "aucun ancien pseudo à chercher n'est donné")
	}
	var found []ledger.Found
	err := c.view(func(tx *ledger.Tx) (err error) {
		found, err = tx.Search(want)
		return err
	})
	if err != nil {
		return nil, err
	}
	rows := make([][]any, len(found))
	for i, f := range found {
		rows[i] = []any{f.ID, f.Name, f.FirstName, f.Pseudo, f.Mail, f.Balance, f.Section}
		if want.Aliases {
			rows[i] = append(rows[i], append([]string{}, f.Aliases...))
		}
		if want.Pasts {
			rows[i] = append(rows[i], append([]string{}, f.Past...))
		}
	}
	return rows, nil
}

// terms reads what is looked for: one term in several fields, which is also one
// for aliases and earlier pseudos, or a term for each. It reports whether there is
// something to look for in aliases and in earlier pseudos.
func (s *shape) terms(p []json.RawMessage, want *ledger.Search) (alias, past bool) {
	want.Terms = map[string]string{}
	if s.err != nil {
		return false, false
	}
	if starts(p[1], '[') {
		names, term := s.texts(p[1]), ""
		if p[2] == nil {
			s.fail("le texte à chercher manque")
		} else {
			term = s.text(p[2])
		}
		if len(names) == 0 {
			s.fail("aucun champ n'est donné")
		}
		for _, name := range names {
			s.field(name)
			want.Terms[name] = term
		}
		want.Alias, want.Past = term, term
		return term != "", term != ""
	}
	known := []string{
		"idbde", "pseudo", "nom", "prenom", "mail", "fonction", "idcrans", "commentaire", "tel", "adresse", "pbsante", "numsecu", "alias", "historique",
	}
	f := s.object(p[1], known...)
	if s.err == nil && len(f) == 0 {
		s.fail("aucun champ n'est donné")
	}
	if p[2] != nil {
		s.fail("le texte à chercher est dans l'objet")
	}
	for _, key := range slices.Sorted(maps.Keys(f)) {
		switch term := s.text(f[key]); key {
		case "alias":
			want.Alias, alias = term, term != ""
		case "historique":
			want.Past, past = term, term != ""
		default:
			want.Terms[key] = term
		}
	}
	return alias, past
}

func (s *shape) field(name string) {
	if known, _ := ledger.SearchField(name); !known {
		s.fail("le champ %.40q n'existe pas", name)
	}
}
