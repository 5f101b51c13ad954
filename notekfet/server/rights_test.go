package server

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/pronote-sync/pronote-sync/notekfet"
)

// TestEachCommandNeedsItsRight walks the table with exactly the right, with all
// but it, and with none: 403 comes before the parameter is looked at.
func TestEachCommandNeedsItsRight(t *testing.T) {
	t.Parallel()
	b := open(t, func(c *Config) { c.Die = false })
	everything, _ := notekfet.Expand([]string{"all"}, true)
	for _, cmd := range table() {
		if len(cmd.rights) == 0 || cmd.name == "die" {
			continue
		}
		request := `["` + cmd.name + `", "\u0000"]`
		special := func(has func(right string) bool) *identity {
			who := &identity{special: true, name: "x", acl: notekfet.Rights{}}
			for right := range everything {
				if has(right) {
					who.acl[right] = struct{}{}
				}
			}
			return who
		}
		needs := func(right string) bool { return slices.Contains(cmd.rights, right) }
		for _, test := range []struct {
			name    string
			who     *identity
			allowed bool
		}{
			{"nobody", nil, false},
			{"exactly", special(needs), !cmd.account},
			{"all but", special(func(right string) bool { return !needs(right) }), cmd.open},
			{"none", special(func(string) bool { return false }), cmd.open},
		} {
			code := b.directly(t, test.who, request)
			if (code != notekfet.Forbidden) != test.allowed {
				t.Errorf("%s with %s: code %d", cmd.name, test.name, code)
			}
		}
		// An account with exactly the right, as the ledger stores it.
		account := &identity{id: 2, name: "bob"}
		for _, right := range cmd.rights {
			if code := b.grant(t, right, account, request); (code == notekfet.Forbidden) != cmd.special {
				t.Errorf("%s by an account with %s: code %d", cmd.name, right, code)
			}
		}
		if code := b.grant(t, "login", account, request); code != notekfet.Forbidden {
			t.Errorf("%s by an account without right: code %d", cmd.name, code)
		}
	}
}

// grant gives account 2 exactly one right and has it ask.
func (b *bar) grant(t *testing.T, right string, who *identity, request string) notekfet.Code {
	t.Helper()
	all, _ := notekfet.Expand([]string{"all"}, true)
	change, err := json.Marshal([]any{"update_compte", map[string]any{"idbde": 2, "droits": right}})
	if err != nil {
		t.Fatal(err)
	}
	if code := b.directly(t, &identity{special: true, name: "x", acl: all}, string(change)); code != notekfet.OK {
		t.Fatalf("%s: code %d", change, code)
	}
	return b.directly(t, who, request)
}

func TestMasksHideWhatIsGrantedLater(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	bob := b.hello(t)
	bob.want(0, `["login", ["bob", "plop", "bdd", [["note", "nonsense"], [], false]]]`)
	alice := b.as(t, "alice")
	alice.want(0, `["update_compte", {"idbde": 2, "droits": "basic,note,search"}]`)
	bob.want(0, `["quick_search", ["al"]]`)
	bob.want(403, `["consos", [[1, 1, 1]]]`)
	bob.want(0, `["login", ["bob", "plop", "bdd", [[], [], false]]]`)
	bob.want(0, `["consos", [[1, 1, 1]]]`)
}

// TestAChangeBesideTheServerIsFelt changes rights as another program would.
func TestAChangeBesideTheServerIsFelt(t *testing.T) {
	t.Parallel()
	for _, kind := range bars(t) {
		t.Run(kind.name, func(t *testing.T) {
			t.Parallel()
			b := kind.open(t)
			bob := b.as(t, "bob")
			bob.want(0, `["whoami"]`)
			b.beside(t, `UPDATE comptes SET droits = 'login' WHERE idbde = 2`)
			b.rights.mu.Lock()
			b.rights.checked = b.rights.checked.Add(-cacheFor)
			b.rights.mu.Unlock()
			bob.want(403, `["whoami"]`)
		})
	}
}
