package setup

import (
	"reflect"
	"slices"
)

// A Text is the same in both languages.
type Text struct{ fr, en string }

// In is the text in a language, "fr" or "en".
func (t Text) In(language string) string {
	if language == "en" {
		return t.en
	}
	return t.fr
}

// What the walk says beside its questions.
var (
	Name       = Text{"Un mot pour qui reçoit ces messages, par exemple maman", "A word for who gets these messages, such as mum"}
	Skip       = Text{"Entrée pour laisser vide", "Enter to leave it out"}
	Keep       = Text{"Entrée pour garder", "Enter to keep"}
	Again      = Text{"Corrigez ce qu'il faut : Entrée garde la réponse donnée.", "Correct what is wrong: Enter keeps an answer."}
	Retry      = Text{"Reprendre les questions ? (o/n)", "Go through the questions again? (y/n)"}
	Sending    = Text{"Envoi d'un message d'essai…", "Sending a trial message…"}
	Added      = Text{"%s est ajouté à %s.\n", "%s is added to %s.\n"}
	Reload     = Text{"Un programme déjà lancé le lit après « systemctl reload pronote-sync », ou au prochain démarrage.", "A program that runs already reads it after “systemctl reload pronote-sync”, or when it starts again."}
	Subscribe  = Text{"Sur le téléphone, installez l'application ntfy, touchez « + » et abonnez-vous au sujet :\n\n    %s\n\nou ouvrez cette adresse :\n\n    %s\n", "On the telephone, install the ntfy app, tap “+” and subscribe to the topic:\n\n    %s\n\nor open this address:\n\n    %s\n"}
	Subscribed = Text{"Entrée quand c'est fait", "Enter when it is done"}
	BotIs      = Text{"Le bot s'appelle @%s. Sur le téléphone de qui reçoit les messages, ouvrez\n\n    https://t.me/%s\n\net écrivez-lui un mot, ou touchez « Démarrer ». Pour un groupe, ajoutez-y le bot et écrivez /start.\n", "The bot is called @%s. On the telephone of who gets the messages, open\n\n    https://t.me/%s\n\nand write a word to it, or tap “Start”. For a group, add the bot to it and write /start.\n"}
	Waiting    = Text{"En attente d'un message au bot… (Ctrl-C pour arrêter)", "Waiting for a message to the bot… (Ctrl-C to stop)"}
	IsIt       = Text{"Message de %s. Est-ce le bon ? (o/n)", "A message from %s. Is it the right one? (y/n)"}
	Sender     = Text{"Adresse qui envoie les messages (la vôtre convient)", "Address that sends the messages (yours will do)"}
	Found      = Text{"%s : serveur %s, port %d.", "%s: server %s, port %d."}
	Group      = Text{"le groupe « %s »", "the group “%s”"}
	Hidden     = Text{" (ne s'affiche pas)", " (not shown)"}
)

// Yes reports whether an answer agrees.
func Yes(answer string) bool {
	return slices.Contains([]string{"", "o", "O", "oui", "Oui", "y", "Y", "yes", "Yes"}, answer)
}

// words are what a channel adds to the questions.
type words struct {
	intro Text            // the account it takes, and where its keys are
	ask   map[string]Text // questions, in place of the usual ones
	skip  []string        // keys that few people need
}

// Intro tells a person what account the channel takes; "" where nothing is known.
func Intro(channel, language string) string { return channels[channel].intro.In(language) }

// Question asks for a key.
func Question(channel, key, language string) string {
	if text, ok := channels[channel].ask[key]; ok {
		return text.In(language)
	}
	if text, ok := usual[key]; ok {
		return text.In(language)
	}
	return key
}

// Asked are the fields that a walk asks for: not those that few people need, and switches
// only where there is a question about them.
func (d *Draft) Asked() []Field {
	w := channels[d.Channel]
	return slices.DeleteFunc(slices.Clone(d.Fields), func(f Field) bool {
		_, worded := w.ask[f.Key]
		return slices.Contains(w.skip, f.Key) || f.kind.Kind() == reflect.Bool && !worded
	})
}

// usual are questions that several channels have.
var usual = map[string]Text{
	"server":   {"Adresse du serveur, avec https://", "Address of the server, with https://"},
	"url":      {"Adresse du webhook, avec https://", "Address of the webhook, with https://"},
	"token":    {"Jeton", "Token"},
	"username": {"Nom d'utilisateur", "User name"},
	"password": {"Mot de passe", "Password"},
	"from":     {"Expéditeur", "From"},
	"to":       {"Destinataire", "To"},
	"command":  {"Programme et arguments, séparés par des espaces", "Program and arguments, separated by spaces"},
	"secret":   {"Secret qui signe les messages", "Secret that signs the messages"},
}
