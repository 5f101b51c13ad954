package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// A table is what Copy copies: its columns, in the order of insertion of tables
// that refer to others.
type table struct {
	name    string
	columns string
	order   string
}

// tables are all there are, after those they refer to.
var tables = []table{
	{"comptes", "idbde, type, pseudo, pseudo_pli, passwd, solde, nom, prenom, tel, mail, adresse, fonction, normalien, sexe, idcrans, section, droits, surdroits, supreme, bloque, last_adhesion, commentaire, last_negatif, deleted", "idbde"},
	{"comptes_sensibles", "idbde, numsecu, pbsante", "idbde"},
	{"transactions", "id, date, type, emetteur, destinataire, quantite, montant, description, valide, cantinvalidate, categorie, auteur, ip", "id"},
	{"adhesions", "id, idadherent, annee, wei, date, section, idtransaction", "id"},
	{"aliases", "id, alias, alias_pli, idbde", "id"},
	{"historique", "id, idbde, avant, avant_pli, apres, date", "id"},
	{"preinscriptions", "preid, type, nom, prenom, mail, tel, adresse, sexe, normalien, section, date", "preid"},
	{"preinscriptions_sensibles", "preid, numsecu, pbsante", "preid"},
	{"categories", "nom", "nom"},
	{"boutons", "id, label, montant, destinataire, categorie, affiche, description, consigne", "id"},
	{"cheques", "id, idtransaction, nom, prenom, banque, date, retire", "id"},
	{"virements", "id, idtransaction, nom, prenom, banque, date", "id"},
	{"activites", "id, debut, fin, titre, lieu, description, signature, responsable, validepar, liste, listeimprimee, ouvert", "id"},
	{"invites", "id, nom, prenom, pli, responsable, activite, entre, idtransaction", "id"},
	{"reset_tokens", "hash, idbde, expires", "hash"},
	{"login_networks", "idbde, cidr", "idbde, cidr"},
}

// truths are the columns that hold true or false, and instants those that hold an
// instant: the two kinds of database give them in different forms.
var (
	truths   = words("normalien supreme bloque deleted valide cantinvalidate wei affiche consigne retire liste listeimprimee ouvert entre")
	instants = words("last_negatif date debut fin expires")
)

func words(text string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(text) {
		set[word] = true
	}
	return set
}

// Copy fills an empty ledger with everything that is in another, of whichever
// kind: rows keep their numbers and dates, and new rows get the numbers they would
// have got.
func Copy(ctx context.Context, from, to *Ledger) error {
	return to.Update(func(out *Tx) error {
		var n int
		if _, err := out.one(`SELECT (SELECT count(*) FROM comptes WHERE idbde > 0) + (SELECT count(*) FROM transactions)`, nil, &n); err != nil {
			return err
		}
		if n > 0 {
			return fmt.Errorf("the ledger to copy to is not empty: name another")
		}
		if _, err := out.exec(`DELETE FROM comptes`); err != nil {
			return err
		}
		return from.view(ctx, func(in *Tx) error {
			for _, t := range tables {
				if err := t.copy(in, out); err != nil {
					return fmt.Errorf("table %s: %w", t.name, err)
				}
			}
			return copySequences(in, out)
		})
	})
}

func (t table) copy(in, out *Tx) error {
	names := strings.Split(t.columns, ", ")
	places := make([]string, len(names))
	for i := range names {
		places[i] = fmt.Sprintf("?%d", i+1)
	}
	insert := `INSERT INTO ` + t.name + ` (` + t.columns + `) VALUES (` + strings.Join(places, ", ") + `)`
	return in.each(`SELECT `+t.columns+` FROM `+t.name+` ORDER BY `+t.order, nil, func(rows *sql.Rows) error {
		values := make([]any, len(names))
		for i, name := range names {
			switch {
			case truths[name]:
				values[i] = new(bool)
			case instants[name]:
				values[i] = new(sql.Null[Time])
			default:
				values[i] = new(any)
			}
		}
		if err := rows.Scan(values...); err != nil {
			return err
		}
		for i, v := range values {
			switch v := v.(type) {
			case *bool:
				values[i] = *v
			case *sql.Null[Time]:
				values[i] = *v
			case *any:
				values[i] = *v
			}
		}
		_, err := out.exec(insert, values...)
		return err
	})
}
