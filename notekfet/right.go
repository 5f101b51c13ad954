package notekfet

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// aliases are the words that stand for several rights. Which word ends a
// category of the original's page is a reading of it.
var aliases = map[string][]string{
	"basic": {"myself", "login", "preinscriptions", "dons", "activites", "invites"},
	"note": {
		"get_boutons", "inscriptions", "consos", "get_photo", "transferts", "credits", "retraits", "quick_search",
		"historique_transactions", "transactions", "invitations",
	},
	"comptes":    {"search", "adherents_weak", "aliases", "historique_pseudo", "update_photo"},
	"boutons":    {"create_bouton", "update_bouton", "delete_bouton"},
	"admin":      {"activites_admin", "invites_admin", "adherents_strong", "full_search"},
	"overforced": {"forced", "overforced"}, // a right as well, so that overforced implies forced
}

// everything are the two words for all rights that a user can hold.
var everything = []string{"root", "all"}

// SpecialRights are those that no account of the ledger can hold, sorted.
func SpecialRights() []string {
	return []string{"adduser", "broadcast", "deluser", "die", "speak", "surdroits", "users", "who"}
}

// AccountRights are those that an account of the ledger can hold, sorted.
func AccountRights() []string {
	list := []string{"chgpass", "supprimer_compte", "transactions_admin", "wei"}
	for _, members := range aliases {
		list = append(list, members...)
	}
	slices.Sort(list)
	return list
}

// Aliases are the words that stand for several rights, with their members; root
// and all, which stand for every right, are not among them.
func Aliases() map[string][]string { return maps.Clone(aliases) }

// A Rights is a set of rights, without aliases.
type Rights map[string]struct{}

// Has reports whether a right is in the set.
func (r Rights) Has(right string) bool {
	_, ok := r[right]
	return ok
}

// Sorted lists the set.
func (r Rights) Sorted() []string { return slices.Sorted(maps.Keys(r)) }

// Expand replaces the aliases among words by their members, once. Words that are
// no rights are returned apart. The rights of special users are known where
// special is true.
func Expand(words []string, special bool) (rights Rights, unknown []string) {
	rights = Rights{}
	all := AccountRights()
	if special {
		all = append(all, SpecialRights()...)
	}
	for _, word := range words {
		members, alias := aliases[word]
		switch {
		case slices.Contains(everything, word):
			members = all
		case alias:
		case slices.Contains(all, word):
			members = []string{word}
		default:
			unknown = append(unknown, word)
		}
		for _, right := range members {
			rights[right] = struct{}{}
		}
	}
	return rights, unknown
}

var rightWord = regexp.MustCompile(`^[a-z][a-z_]+$`)

// IsRightWord reports whether a word has the form of a right: whether it is one
// is another matter.
func IsRightWord(word string) bool { return rightWord.MatchString(word) }

// SplitRights takes a stored text apart: words joined by single commas, nothing
// for an empty text. It reports whether each word has the form of a right.
func SplitRights(text string) (words []string, ok bool) {
	if text == "" {
		return nil, true
	}
	words = strings.Split(text, ",")
	return words, !slices.ContainsFunc(words, func(w string) bool { return !IsRightWord(w) })
}
