package server

import (
	"slices"
)

// pages are those of the web site, with the rights of which one is enough.
var pages = map[string][]string{
	"index": nil, "profil": {"myself"}, "consos": {"consos"}, "transferts": {"transferts"}, "dons": {"dons"}, "credits": {"credits"},
	"retraits": {"retraits"}, "recherche": {"search", "quick_search"}, "comptes": {"adherents_weak", "adherents_strong"},
	"boutons": {"create_bouton", "update_bouton", "delete_bouton"}, "inscriptions": {"inscriptions"}, "preinscriptions": {"preinscriptions"},
	"activites": {"activites", "activites_admin"}, "invites": {"invites", "invites_admin"}, "wei": {"wei"},
}

// accessiblePages lists the pages of the web site that the caller has a right for.
func (c *call) accessiblePages() (any, error) {
	list := []string{}
	for page, rights := range pages {
		if len(rights) == 0 || slices.ContainsFunc(rights, c.has) {
			list = append(list, page)
		}
	}
	slices.Sort(list)
	return list, nil
}
