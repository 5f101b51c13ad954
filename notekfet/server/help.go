package server

import "github.com/pronote-sync/pronote-sync/notekfet"

func (c *call) help() (any, error) { return commandNames(), nil }

func (c *call) page() (any, error) {
	var s shape
	name := s.text(c.raw)
	if s.err != nil {
		return nil, s.err
	}
	cmd := commands[name]
	if cmd == nil {
		return nil, notekfet.Refuse(notekfet.NoPage, "aucune page ne porte ce nom")
	}
	return cmd.page(), nil
}

// page is what man answers: the text, and the right that opens the command.
func (cmd *command) page() string {
	text := cmd.man
	switch {
	case len(cmd.rights) > 0:
		text += "\nDroit :"
		for i, right := range cmd.rights {
			if i > 0 {
				text += " ou"
			}
			text += " " + right
		}
		if cmd.own {
			text += ", ou myself pour son propre compte"
		}
		text += "."
	case cmd.logged:
		text += "\nIl faut être connecté."
	default:
		text += "\nAucun droit n'est nécessaire."
	}
	if cmd.special {
		text += " Réservé aux utilisateurs spéciaux."
	}
	if cmd.other != "" {
		text += "\nAutre nom : " + cmd.other + "."
	}
	return text
}
