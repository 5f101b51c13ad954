package world

import "github.com/pronote-sync/pronote-sync/pronote"

// notice is what an info says, with what differs from one time to the next left
// open.
type notice struct {
	title, author, category string
	to                      Viewer
	toClass, survey         bool
	personal                bool // about one child
	text                    []string
}

const (
	office   = "Mme CHANTELOUBE R."
	headship = "M. LE PROVISEUL G."
	library  = "Mme GRIMALDEAU V."
)

func notices() []notice {
	const student, parent = pronote.KindStudent, pronote.KindParent
	return []notice{
		{
			title: "Réunion parents-professeurs du {date}", author: headship, category: "Réunion", to: parent,
			text: []string{
				"Chers parents,",
				"La réunion parents-professeurs aura lieu le {date} à partir de 17h.",
				"Les rendez-vous se prennent en ligne :",
				"- 5 minutes par professeur",
				"- 6 rendez-vous au plus",
			},
		}, {
			title: "Sortie scolaire du {date}", author: "{teacher}", category: "Sortie",
			text: []string{
				"Nous visiterons le musée le {date}.",
				"À apporter :",
				"- un pique-nique",
				"- une gourde",
				"- l'autorisation signée",
			},
		}, {
			title: "Photo de classe", author: office, category: "Vie scolaire", toClass: true,
			text: []string{"La photo de classe sera prise le {date}.", "Pensez à sourire !"},
		}, {
			title: "Vente de viennoiseries du foyer", author: office, category: "Vie scolaire",
			text: []string{"Le foyer vend croissants & pains au chocolat le {date} à la récréation.", "Prix : 1 € pièce."},
		}, {
			title: "Grève du {date}", author: headship, category: "Direction",
			text: []string{
				"En raison d'un mouvement social le {date}, certains cours pourraient ne pas être assurés.",
				"L'accueil des élèves est maintenu.",
			},
		}, {
			title: "Menu végétarien : votre avis", author: headship, category: "Sondage", survey: true,
			text: []string{"Souhaitez-vous un deuxième repas végétarien par semaine ?"},
		}, {
			title: "Sondage : voyage en Écosse", author: "{teacher}", category: "Sondage", to: parent, survey: true,
			text: []string{"Votre enfant participera-t-il au voyage de mai ?", "Coût estimé : moins de 400 €."},
		}, {
			title: "Délégués de classe", author: "{teacher}", category: "Vie de la classe", to: student, survey: true,
			text: []string{"Qui souhaite se présenter à l'élection du {date} ?"},
		}, {
			title: "Club échecs", author: library, category: "CDI", to: student,
			text: []string{"Le club échecs ouvre le {date} à 12h30 au CDI.", "Débutants bienvenus."},
		}, {
			title: "Livre à rendre", author: library, category: "CDI", personal: true,
			text: []string{"Un livre emprunté au CDI n'a pas été rendu.", "Merci de le rapporter avant le {date}."},
		}, {
			title: "Rendez-vous avec le professeur principal", author: "{teacher}", category: "Suivi", to: parent, personal: true,
			text: []string{"Je souhaite faire le point avec vous le {date} à 17h15.", "Cordialement"},
		}, {
			title: "Cross du collège", author: "{teacher}", category: "Sport", toClass: true,
			text: []string{
				"Le cross aura lieu le {date}.",
				"Départs :",
				"- 6e et 5e à 9h",
				"- 4e et 3e à 10h30",
				"Parcours < 3 km, venez encourager !",
			},
		}, {
			title: "Heures d'étude surveillée", author: office, category: "Vie scolaire", to: student,
			text: []string{"L'étude du soir ferme à 17h30 jusqu'au {date}."},
		}, {
			title: "Manuels scolaires", author: headship, category: "Direction", to: parent,
			text: []string{"Les manuels doivent être couverts avant le {date}."},
		}, {
			title: "Conseil de classe du {date}", author: headship, category: "Conseil", to: parent,
			text: []string{"Le conseil de classe se tient le {date}.", "Les parents délégués transmettent vos questions."},
		}, {
			title: "ASSR : entraînement", author: "{teacher}", category: "Sécurité routière", to: student,
			text: []string{"Entraînement en salle informatique le {date}.", "Identifiant : celui de l'ENT."},
		}, {
			title: "Poux : appel à la vigilance", author: "Infirmerie", category: "Santé",
			text: []string{"Des cas de poux ont été signalés.", "Merci de vérifier les têtes & de prévenir l'infirmerie."},
		}, {
			title: "Vaccination contre les papillomavirus", author: "Infirmerie", category: "Santé", to: parent,
			text: []string{"Une séance gratuite a lieu le {date}.", "L'autorisation des deux parents est nécessaire."},
		}, {
			title: "Changement de salle", author: "{teacher}", category: "Vie de la classe", toClass: true,
			text: []string{"Le cours du {date} a lieu en salle polyvalente."},
		}, {
			title: "Concours de mathématiques", author: "{teacher}", category: "Concours",
			text: []string{"Inscriptions jusqu'au {date}.", "Participation : 3,50 €"},
		}, {
			title: "Portes ouvertes", author: headship, category: "Direction",
			text: []string{
				"Le collège ouvre ses portes le {date}, de 9h à 12h.",
				"Ateliers :",
				"- robotique",
				"- chorale",
				"- latin",
			},
		}, {
			title: "Stage d'observation : conventions", author: "{teacher}", category: "Orientation",
			text: []string{"Les conventions sont à rendre signées le {date}.", "Aucun délai ne sera accordé."},
		}, {
			title: "Carte de cantine", author: "Intendance", category: "Restauration", to: parent, personal: true,
			text: []string{"Le solde de la carte est inférieur à 5 €.", "Merci de recharger avant le {date}."},
		}, {
			title: "Alerte météo", author: headship, category: "Direction",
			text: []string{"En cas de neige le {date}, les transports pourraient être suspendus."},
		}, {
			title: "Atelier théâtre", author: library, category: "CDI", to: student,
			text: []string{"Représentation le {date} à 18h : « Le Médecin malgré lui ».", "Entrée libre."},
		}, {
			title: "Bourse aux livres", author: "Parents d'élèves", category: "Associations", to: parent,
			text: []string{"Dépôt le {date} dans le hall.", "Contact au secrétariat."},
		},
	}
}
