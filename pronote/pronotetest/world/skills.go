package world

import "github.com/pronote-sync/pronote-sync/pronote"

// skillsOf are the skills that a subject judges, in the words of the French
// curriculum; nil for subjects that only give marks.
func skillsOf(subject string) []pronote.Skill {
	pillar := func(code, name string) func(domain string, items ...string) []pronote.Skill {
		return func(domain string, items ...string) (skills []pronote.Skill) {
			for _, item := range items {
				skills = append(skills, pronote.Skill{Item: item, Domain: domain, Pillar: code + " - " + name, PillarCodes: code})
			}
			return skills
		}
	}
	languages, methods := pillar("D1.2", "Les langues étrangères"), pillar("D2", "Les méthodes et outils pour apprendre")
	nature, bodies := pillar("D4", "Les systèmes naturels et techniques"), pillar("D1.4", "Les langages des arts et du corps")
	switch subject {
	case english:
		return append(languages("Écouter et comprendre", "Comprendre un message oral", "Repérer des indices"),
			languages("S'exprimer à l'oral", "Prendre la parole en continu", "")...)
	case technology:
		return append(nature("Concevoir, créer, réaliser", "Imaginer des solutions", "Modéliser un objet"),
			methods("S'approprier des outils", "Travailler en équipe")...)
	case biology, sciences:
		return append(nature("Pratiquer des démarches scientifiques", "Formuler une hypothèse", "Interpréter des résultats", "Conclure"),
			methods("Organiser son travail", "Tenir son cahier")...)
	case sports:
		return append(bodies("Développer sa motricité", "S'échauffer avant l'effort", "Maîtriser ses gestes"),
			methods("Apprendre par la pratique", "Tenir un rôle d'arbitre")...)
	case arts:
		return bodies("Expérimenter, produire, créer", "Choisir un support", "Tirer parti des matériaux", "")
	}
	return nil
}
