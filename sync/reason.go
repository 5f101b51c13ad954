package sync

import "github.com/pronote-sync/pronote-sync/db"

// reasons says each reason in French and in English, for whoever asks why something
// was told, or was not. They follow a colon.
var reasons = map[Reason][2]string{
	ReasonPreset:       {"les réglages le prévoient", "the settings ask for it"},
	ReasonChosen:       {"les réglages le demandent nommément", "the settings ask for it by name"},
	ReasonGroup:        {"dit avec d’autres nouvelles, après une courte attente", "told with other news, after a short wait"},
	ReasonAlarm:        {"c’est urgent, et se dit même pendant les heures de silence", "it is urgent, and told even in quiet hours"},
	ReasonDigest:       {"cela peut attendre le résumé", "it can wait for the digest"},
	ReasonQuiet:        {"rien n’est envoyé pendant les heures de silence", "nothing is sent in quiet hours"},
	ReasonRevealAfter:  {"l’élève a d’abord le temps de l’annoncer", "the pupil has time to tell it first"},
	ReasonSnoozed:      {"ce genre de nouvelle est muet pour quelques jours, et attend le résumé", "news of this kind is muted for some days, and waits for the digest"},
	ReasonAsked:        {"le rappel était demandé", "the reminder was asked for"},
	ReasonNotChosen:    {"les réglages nomment d’autres nouvelles", "the settings name other news"},
	ReasonNotInPreset:  {"les réglages laissent de côté ce genre de nouvelle", "the settings leave out news of this kind"},
	ReasonMuted:        {"les réglages le rendent muet", "the settings mute it"},
	ReasonOtherStudent: {"cela concerne un autre élève", "it is about another pupil"},
	ReasonAdmin:        {"seule la personne qui s’occupe du suivi peut y faire quelque chose", "only whoever runs the program can do anything about it"},
	ReasonHorizon:      {"c’est encore trop loin", "it is still too far ahead"},
	ReasonOver:         {"c’était déjà passé", "it was over already"},
	ReasonUndone:       {"c’était défait avant d’être dit", "it was undone before it could be told"},
	ReasonKnown:        {"c’était déjà dit", "it had been told before"},
	ReasonMerged:       {"un autre message le dit", "another message tells it"},
	reasonUnknown:      {"plus aucun destinataire ne porte ce nom", "no recipient has this name any more"},
	reasonWording:      {"le message n’a pas pu être écrit, le journal dit pourquoi", "the message could not be worded, the log says why"},

	db.MinorTypo:        {"seule une faute de frappe est corrigée", "only a typo was corrected"},
	db.MinorPrefix:      {"seul un mot comme « URGENT » s’ajoute au titre, ou s’en va", "only a word like “URGENT” was put before the title, or taken away"},
	db.MinorTitle:       {"seul le titre du contrôle change", "only the title of the test changed"},
	db.MinorDate:        {"seule la date du contrôle change", "only the date of the test changed"},
	db.MinorCoefficient: {"seul le coefficient change", "only the coefficient changed"},
	db.MinorDrift:       {"seuls les chiffres de la classe bougent", "only the class’s figures moved"},
	db.MinorSubject:     {"cette moyenne est dite avec la note qui la fait bouger", "this average is told with the mark that moves it"},
	db.MinorNoLevel:     {"aucun niveau n’est encore donné", "no level is given yet"},
	db.MinorNothing:     {"ce travail dit qu’il n’y a rien à faire", "this homework says that there is nothing to do"},
	db.MinorText:        {"seul le texte de la punition change", "only the words of the punishment changed"},
	db.MinorEnded:       {"l’absence est finie, et pas plus longue que prévu", "the absence is over, and no longer than it was said to be"},
	db.MinorSame:        {"c’est la même salle, écrite autrement", "it is the same room, spelt another way"},
	db.MinorTold:        {"une autre nouvelle le dit déjà", "other news has told it"},
	db.MinorBack:        {"c’est de nouveau comme avant", "it is back as it was"},
}

// The reasons that package db and the composer give by themselves.
const (
	reasonUnknown Reason = "unknown" // the recipient is no longer configured
	reasonWording Reason = "wording" // of a mistake in what would say it
)

// Why says a reason in a language, "fr" or "en". A reason that this program does not
// know, as of another version's mirror, is said as it is.
func Why(reason Reason, language string) string {
	words, ok := reasons[reason]
	switch {
	case !ok:
		return reason
	case language == "en":
		return words[1]
	}
	return words[0]
}
