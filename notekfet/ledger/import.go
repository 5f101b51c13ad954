package ledger

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/notekfet/internal/password"
)

// Import fills an empty ledger from a dump of the original's database: the COPY
// blocks of pg_dump for comptes, aliases, boutons, adhesions and transactions.
// Columns that the original is not known to have are passed over, and so are other
// tables. Without transactions, each balance gets an opening row.
func (l *Ledger) Import(r io.Reader) (accounts int, err error) {
	blocks, err := readDump(r)
	if err != nil {
		return 0, err
	}
	d, err := datasetOf(blocks)
	if err != nil {
		return 0, err
	}
	return len(d.Accounts), l.Seed(d)
}

// A block is the rows of one table, by column; a NULL is not there.
type block []map[string]string

// readDump takes the COPY blocks out of a dump.
func readDump(r io.Reader) (map[string]block, error) {
	blocks := map[string]block{}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 16<<20)
	table, columns := "", []string(nil)
	for n := 1; lines.Scan(); n++ {
		line := lines.Text()
		switch {
		case table == "" && strings.HasPrefix(line, "COPY "):
			var err error
			if table, columns, err = copyHeader(line); err != nil {
				return nil, fmt.Errorf("line %d: %w", n, err)
			}
			blocks[table] = append(blocks[table], []map[string]string{}...)
		case table == "":
		case line == `\.`:
			table = ""
		default:
			row, err := copyRow(line, columns)
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", n, err)
			}
			blocks[table] = append(blocks[table], row)
		}
	}
	switch {
	case lines.Err() != nil:
		return nil, lines.Err()
	case table != "":
		return nil, fmt.Errorf("the dump ends in the middle of table %s: make it again", table)
	case len(blocks["comptes"]) == 0:
		return nil, errors.New("the dump has no COPY block of table comptes: make it with pg_dump, without --inserts")
	}
	return blocks, nil
}

// copyHeader reads "COPY public.comptes (idbde, pseudo) FROM stdin;".
func copyHeader(line string) (table string, columns []string, err error) {
	head, rest, open := strings.Cut(strings.TrimPrefix(line, "COPY "), "(")
	list, end, closed := strings.Cut(rest, ")")
	if !open || !closed || strings.TrimSpace(end) != "FROM stdin;" {
		return "", nil, errors.New("a COPY block has no list of columns: make the dump with pg_dump")
	}
	table = strings.Trim(strings.TrimSpace(head), `"`)
	if _, name, qualified := strings.Cut(table, "."); qualified {
		table = strings.Trim(name, `"`)
	}
	for _, column := range strings.Split(list, ",") {
		columns = append(columns, strings.Trim(strings.TrimSpace(column), `"`))
	}
	return table, columns, nil
}

var unescape = strings.NewReplacer(`\\`, `\`, `\t`, "\t", `\n`, "\n", `\r`, "\r", `\b`, "\b", `\f`, "\f", `\v`, "\v")

func copyRow(line string, columns []string) (map[string]string, error) {
	values := strings.Split(line, "\t")
	if len(values) != len(columns) {
		return nil, fmt.Errorf("there are %d values for %d columns: make the dump again", len(values), len(columns))
	}
	row := map[string]string{}
	for i, v := range values {
		if v != `\N` {
			row[columns[i]] = unescape.Replace(v)
		}
	}
	return row, nil
}

// datasetOf makes a data set of the columns that are known.
func datasetOf(blocks map[string]block) (*Dataset, error) {
	d := &Dataset{}
	var errs []error
	number := func(row map[string]string, key string) int64 {
		if row[key] == "" {
			return 0
		}
		n, err := strconv.ParseInt(row[key], 10, 64)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s of %v is no whole number: correct the dump", key, row["idbde"]+row["id"]))
		}
		return n
	}
	for _, row := range blocks["comptes"] {
		id := number(row, "idbde")
		if id < 0 {
			continue // they are made by the program
		}
		a := SeedAccount{
			ID: id, Type: cmp.Or(row["type"], "personne"), Pseudo: row["pseudo"], Name: row["nom"], FirstName: row["prenom"], Phone: row["tel"], Mail: row["mail"],
			Address: row["adresse"], Office: row["fonction"], Paid: row["normalien"] == "t", Sex: row["sexe"], Section: row["section"],
			Rights: cmp.Or(row["droits"], row["droit"]), OverRights: cmp.Or(row["surdroits"], row["surdroit"]), Supreme: row["supreme"] == "t",
			Blocked: row["bloque"] == "t", Deleted: row["deleted"] == "t", Comment: row["commentaire"], Social: row["numsecu"], Health: row["pbsante"],
			Balance: notekfet.Cents(number(row, "solde")),
		}
		if row["idcrans"] != "" {
			crans := number(row, "idcrans")
			a.Crans = &crans
		}
		if stored := row["passwd"]; stored != "" && stored != password.None && id > 0 {
			a.Hash = stored
		}
		d.Accounts = append(d.Accounts, a)
	}
	index := map[int64]*SeedAccount{}
	for i := range d.Accounts {
		index[d.Accounts[i].ID] = &d.Accounts[i]
	}
	for _, row := range blocks["aliases"] {
		if a := index[number(row, "idbde")]; a != nil {
			a.Aliases = append(a.Aliases, row["alias"])
		}
	}
	for _, row := range blocks["adhesions"] {
		if a := index[number(row, "idadherent")]; a != nil {
			a.Years = append(a.Years, int(number(row, "annee")))
		}
	}
	for _, row := range blocks["boutons"] {
		shown := row["affiche"] != "f"
		d.Buttons = append(d.Buttons, SeedButton{
			ID: number(row, "id"), Label: row["label"], Price: notekfet.Cents(number(row, "montant")), Recipient: number(row, "destinataire"),
			Category: row["categorie"], Shown: &shown, Description: row["description"], Deposit: row["consigne"] == "t",
		})
		if !slices.Contains(d.Categories, row["categorie"]) {
			d.Categories = append(d.Categories, row["categorie"])
		}
	}
	for _, row := range blocks["transactions"] {
		quantity, valid := number(row, "quantite"), row["valide"] != "f"
		date, _, _ := strings.Cut(row["date"], ".") // fractions of a second
		d.Transactions = append(d.Transactions, SeedTransaction{
			ID: number(row, "id"), Date: date, Kind: Kind(row["type"]), From: number(row, "emetteur"), To: number(row, "destinataire"), Quantity: &quantity,
			Unit: notekfet.Cents(number(row, "montant")), Description: row["description"], Valid: &valid, Frozen: row["cantinvalidate"] == "t",
			Category: row["categorie"],
		})
	}
	return d, errors.Join(errs...)
}
