package server

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/notekfet-protocol.md anew")

// examples are what the page of the protocol shows: who asks, and what. What a step
// answers as a number can be used by later ones as @name.
var examples = []struct{ who, save, request string }{
	{"raw", "", `["hello", "manual"]`}, {"bob", "", `["login", ["bob", "plop", "bdd", [[], [], true]]]`}, {"bob", "", `["help"]`},
	{"bob", "", `["man", "dons"]`}, {"bob", "", `["myconnection"]`}, {"bob", "", `["mayi"]`}, {"bob", "", `["whoami"]`}, {"carl", "", `["compte", 2]`},
	{"carl", "", `["search", ["ai", {"nom": "hello"}]]`}, {"carl", "", `["quick_search", ["to"]]`}, {"carl", "", `["historique_pseudo", 3]`},
	{"carl", "", `["search_historique_pseudo", "old"]`}, {"bob", "", `["update_compte", {"idbde": 2, "tel": "0102030405"}]`},
	{"bob", "", `["chgpass", [2, "neuf", "plop"]]`}, {"carl", "", `["alias", [5, "tintin"]]`}, {"carl", "", `["unalias", "tintin"]`},
	{"olga", "", `["supprimer_compte", 15]`}, {"raw", "", `["generate_reset_password", {"nom": "Chaban", "prenom": "Carl", "mail": "carl@example.org"}]`},
	{"raw", "", `["confirm_reset_password", ["jeton", "neuf"]]`},
	{"bob", "", `["update_photo", [2, "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "png"]]`},
	{"bob", "", `["get_photo", 2]`}, {"bob", "", `["get_last_modified_photo", 2]`},
	{"bob", "preid", `["preinscrire", {"nom": "dupond", "prenom": "jean", "mail": "jean@example.org"}]`}, {"carl", "", `["get_preinscription", @preid]`},
	{"carl", "", `["get_preinscriptions"]`}, {"carl", "", `["get_default_pseudo", ["Dupond", "Jean"]]`},
	{"carl", "", `["inscrire", [@preid, {"wei": false, "annee": 2018, "section": "42A0"}, [1000, "especes", {}]]]`},
	{"carl", "", `["del_preinscription", 424242]`}, {"carl", "", `["readherer", [5, {"wei": false, "annee": 2018}, [0, "especes", {}]]]`},
	{"carl", "", `["get_boutons", ["", "Soft"]]`}, {"carl", "", `["get_un_bouton", 1]`}, {"carl", "", `["get_boutons_categories"]`}, {"carl", "", `["get_clubs"]`},
	{"alice", "b", `["create_bouton", {"label": "Café", "montant": 40, "destinataire": 7, "categorie": "Soft"}]`},
	{"alice", "", `["update_bouton", {"id": @b, "montant": 50}]`}, {"alice", "", `["delete_bouton", @b]`},
	{"carl", "", `["consos", [[1, 1, 3], [3, 8, 1]]]`}, {"carl", "", `["transferts", [[1], [2, 7], 1500, "Hanjo"]]`},
	{"carl", "t", `["crediter", [2, 10000, "cheque", {"nom": "Passoire", "prenom": "Toto", "banque": "Sogé"}]]`},
	{"carl", "", `["retirer", [2, 450, "especes", {"motif": "prima"}]]`}, {"bob", "", `["dons", [[3], 500, "merci"]]`},
	{"bob", "", `["historique_transactions", [2, 0, 1]]`}, {"alice", "", `["devalider_transaction", @t]`}, {"alice", "", `["valider_transaction", @t]`},
	{"raw", "", `["get_activite", 2000]`}, {"raw", "", `["get_activites", ["soirée"]]`},
	{"bob", "a", `["add_activite", {"titre": "Jeux", "debut": "2099-01-01 20:00:00", "fin": "2099-01-01 23:00:00", "lieu": "Kfet", "signature": 7, "liste": true}]`},
	{"bob", "", `["update_activite", {"id": @a, "lieu": "Salle"}]`}, {"olga", "", `["valider_activite", @a]`}, {"olga", "", `["ouvrir_activite", @a]`},
	{"bob", "g", `["add_invite", [@a, "dupond", "anne"]]`}, {"bob", "", `["get_invites", @a]`}, {"carl", "", `["invitations", [2, @g, @a]]`},
	{"bob", "h", `["add_invite", [@a, "dupond", "luc"]]`}, {"bob", "", `["del_invite", @h]`}, {"olga", "", `["fermer_activite", @a]`},
	{"olga", "", `["liste_invites", @a]`}, {"olga", "", `["devalider_activite", @a]`}, {"olga", "", `["del_activite", 2003]`},
	{"bob", "", `["django_get_accessible_pages"]`},
	{"vincent", "", `["adduser", ["zoe", "secret", ["login", "search"]]]`}, {"vincent", "", `["users"]`}, {"vincent", "", `["deluser", "zoe"]`},
	{"vincent", "", `["who"]`}, {"vincent", "", `["whowith", {"username": ["bob"]}]`}, {"vincent", "", `["whospecial"]`},
	{"vincent", "", `["whomanualclient"]`}, {"vincent", "", `["whohttpclient"]`}, {"vincent", "", `["whononeclient"]`},
	{"vincent", "", `["client_speak", [1, "Salut"]]`}, {"vincent", "", `["client_broadcast", "fermeture dans dix minutes"]`}, {"vincent", "", `["die"]`},
}

const protocolHead = `# The protocol that notekfet-server speaks

Written by a test from the running server: change the server, and run
` + "`go test ./notekfet/server -run TestTheProtocolPage -update`" + `.

A client opens TLS on port 4242 and speaks first. A request is one JSON array of a command and at most one parameter, with nothing
before or behind it; the server finds its end by its brackets. An answer is its size in bytes in decimal, a line feed, and an object with
` + "`retcode`, `errmsg` and `msg`" + `. 0 and 100 to 199 are success, everything else is a refusal. Frames with retcode 101 and 102 are messages
that nobody asked for. Amounts are whole cents, instants are like ` + "`2019-03-01 20:00:00`" + ` in the server's own zone.

Checks are made in this order: form of the request (2, 414), name in ASCII (255), hello (1), existence (404), right (403), presence of the
parameter (3), its form (4), and what the command itself refuses.

`

var changing = []struct{ pattern, with string }{
	{`"(date|last_negatif)": "[^"]*"`, `"$1": "2026-01-01 20:00:00"`}, {`"(port)": [0-9]+`, `"$1": 51234`}, {`"(JVBER|iVBOR)[^"]{40,}"`, `"$1…"`},
	{`"msg": 1[0-9]{9}\b`, `"msg": 1767290400`},
}

// TestTheProtocolPage holds the page against the server: every command is on it.
func TestTheProtocolPage(t *testing.T) {
	t.Parallel()
	b := open(t, func(c *Config) { c.Mail = []string{"true"} })
	page, shown := bytes.NewBufferString(protocolHead), map[string]bool{}
	conns, saved := map[string]*customer{"raw": b.dial(t)}, map[string]string{}
	for _, user := range []string{"alice", "bob", "carl", "olga", "vincent"} {
		conns[user] = b.as(t, user)
	}
	for _, e := range examples {
		for name, value := range saved {
			e.request = strings.ReplaceAll(e.request, "@"+name, value)
		}
		var list []json.RawMessage
		var name string
		if err := json.Unmarshal([]byte(e.request), &list); err != nil {
			t.Fatal(e.request, err)
		}
		if err := json.Unmarshal(list[0], &name); err != nil {
			t.Fatal(err)
		}
		a := conns[e.who].ask(e.request)
		if e.save != "" {
			saved[e.save] = a.text()
		}
		if e.request == `["client_broadcast", "fermeture dans dix minutes"]` {
			for _, user := range []string{"alice", "bob", "carl", "olga", "raw"} {
				if _, err := conns[user].read(); err != nil {
					t.Fatal(err)
				}
			}
		}
		if name == "client_speak" {
			if _, err := conns["raw"].read(); err != nil {
				t.Fatal(err)
			}
		}
		text, err := json.Marshal(a.Msg)
		if err != nil {
			t.Fatal(err)
		}
		errmsg, _ := json.Marshal(a.Errmsg)
		answered := fmt.Sprintf(`{"retcode": %d, "errmsg": %s, "msg": %s}`, a.Code, errmsg, text)
		answered = strings.ReplaceAll(strings.ReplaceAll(answered, `","`, `", "`), `":`, `": `)
		for strings.Contains(answered, `":  `) {
			answered = strings.ReplaceAll(answered, `":  `, `": `)
		}
		for _, c := range changing {
			answered = regexp.MustCompile(c.pattern).ReplaceAllString(answered, c.with)
		}
		shown[name] = true
		fmt.Fprintf(page, "## %s\n\n%s\n\n```json\n%s\n%s\n```\n\n", name, commands[name].page(), e.request, answered)
	}
	for _, cmd := range table() {
		if !shown[cmd.name] {
			t.Errorf("the page lacks %s", cmd.name)
		}
	}
	const path = "../../docs/notekfet-protocol.md"
	if *update {
		if err := os.WriteFile(path, bytes.TrimRight(page.Bytes(), "\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(bytes.TrimRight(want, "\n"), bytes.TrimRight(page.Bytes(), "\n")) {
		t.Errorf("%s is not what the server says: run this test with -update", path)
	}
}
