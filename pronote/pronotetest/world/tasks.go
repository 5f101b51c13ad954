package world

// tasks are what teachers of a subject give as homework, each as lines of text
// with page numbers and the like left open.
func tasks(subject string) [][]string {
	switch subject {
	case maths:
		return [][]string{
			{"Exercices {exercise} et {n} p. {page}"},
			{"Faire les exercices suivants :", "- n°{exercise} p. {page}", "- n°{n} p. {page} (a, b & c)", "Justifier chaque réponse."},
			{"DM n°{n} à rendre sur feuille double.", "La rédaction compte pour un quart des points."},
			{"Apprendre le cours « {chapter} »", "Savoir résoudre 3x + 2 < {exercise}"},
			{"Terminer l'activité {n} commencée en classe"},
		}
	case french:
		return [][]string{
			{"Lire le chapitre {n} de l'œuvre et répondre aux questions 1 à 4 p. {page}"},
			{"Apprendre la leçon de grammaire p. {page}", "Exercice {exercise} à faire au brouillon"},
			{"Préparer la dictée :", "- accords du participe passé", "- homophones « a / à »"},
			{"Rédiger un paragraphe d'une quinzaine de lignes sur {chapter}."},
			{"Apporter le livre & le carnet de lecture"},
		}
	case english, spanishLV2, germanLV2:
		return [][]string{
			{"Apprendre le vocabulaire p. {page} (interrogation possible)"},
			{"Cahier d'activités p. {page}, ex. {n}"},
			{"S'entraîner à l'oral : {chapter}", "Enregistrement d'une minute à déposer"},
			{"Revoir :", "- les verbes de la leçon {n}", "- le dialogue p. {page}"},
			{"Écrire 8 phrases sur {chapter}"},
		}
	case history:
		return [][]string{
			{"Apprendre la leçon : {chapter}"},
			{"Compléter la carte p. {page} à l'aide de l'atlas", "Soigner la légende (crayons de couleur)"},
			{"Lire les documents 1 & 2 p. {page}", "- relever les dates", "- définir les mots en gras"},
			{"Réviser pour le contrôle : {chapter}"},
		}
	case biology, physics, technology, sciences:
		return [][]string{
			{"Apprendre le bilan n°{n} et le schéma"},
			{"Finir le compte rendu de TP « {chapter} »"},
			{"Exercice {exercise} p. {page}", "Ne pas oublier les unités !"},
			{"Apporter :", "- la blouse", "- une pile plate", "- du papier millimétré"},
		}
	default:
		return [][]string{
			{"Apporter le matériel pour la séance sur {chapter}"},
			{"Faire une recherche sur {chapter} (une demi-page)"},
			{"Revoir la séance {n}"},
			{"Préparer l'exposé :", "- plan", "- trois images", "- sources"},
		}
	}
}
