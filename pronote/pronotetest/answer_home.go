package pronotetest

import (
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// answerHome answers PageAccueil with the two widgets that no page of their own
// shows. A school without links still has their widget.
func answerHome(c *call) (any, *wire.Error) {
	truth := c.server.school.Truth(c.session.viewer, c.pupil)
	links := []o{}
	for _, row := range truth.Links {
		link := o{"N": c.session.name(78, "link", row.ID), "L": row.Value.Title, "url": row.Value.URL, "commentaire": row.Value.Comment}
		if partner := row.Value.Partner; partner != "" {
			link = o{"N": link["N"], "L": row.Value.Title, "SSO": c.partner(partner)}
		}
		links = append(links, link)
	}
	answer := o{
		"estDansUnePeriodeDeDeconnexion": false,
		"lienUtile":                      o{"listeLiens": c.list(links)},
	}
	if len(truth.Wallets) > 0 {
		answer["partenaireARD"] = o{"SSO": c.partner("ARD"), "avecActualisation": true, "porteMonnaie": c.list(purses(truth.Wallets))}
	}
	return c.broken(answer, "lienUtile", "partenaireARD"), nil
}

func purses(wallets []world.Row[pronote.Wallet]) []o {
	purses := []o{}
	for _, row := range wallets {
		purses = append(purses, o{
			"libellePorteMonnaie": row.Value.Label, "hintPorteMonnaie": row.Value.Hint, "avecWarning": row.Value.Warning,
			"valeurSolde": row.Value.BalanceText, "hintSolde": row.Value.BalanceHint,
		})
	}
	return purses
}

// partner is what a client hands back to be logged in to a partner, other than
// before in each session.
func (c *call) partner(code string) o {
	return o{"codePartenaire": code, "intituleLien": code, "jeton": c.session.name(79, "partner "+code, 0)}
}
