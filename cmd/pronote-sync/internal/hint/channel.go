package hint

import "errors"

// OfChannel is what to say about an error of a channel; "" where it gives no reason that
// is known.
func OfChannel(err error, language string) string {
	var told interface{ Reason() string }
	if !errors.As(err, &told) {
		return ""
	}
	s, ok := byChannel[told.Reason()]
	if !ok {
		return ""
	}
	return s.in(language, "") + " (" + err.Error() + ")"
}

// byChannel has a sentence for each reason of package notifiers.
var byChannel = map[string]sentence{
	"elsewhere": {
		"le service renvoie ailleurs : écrivez son adresse finale dans la configuration",
		"the service sends elsewhere: write its final address into the configuration",
	},
	"credentials": {
		"le service refuse les identifiants : mettez-les à jour",
		"the service refuses the credentials: update them",
	},
	"address": {
		"il n'y a rien à cette adresse : corrigez-la",
		"there is nothing at this address: correct it",
	},
	"proxy": {
		"le serveur mandataire (proxy) ne laisse pas passer : corrigez HTTPS_PROXY, ou exemptez l'hôte dans NO_PROXY",
		"the proxy does not let messages through: correct HTTPS_PROXY, or exempt the host in NO_PROXY",
	},
	"proxy_address": {
		"ce qui est dans HTTPS_PROXY n'est pas une adresse : écrivez http://hôte:port",
		"what is in HTTPS_PROXY is no address: write http://host:port",
	},
	"proxy_credentials": {
		"le serveur mandataire (proxy) veut des identifiants : écrivez-les dans HTTP_PROXY, http://user:password@host:port",
		"the proxy wants credentials: write them into HTTP_PROXY, http://user:password@host:port",
	},
	"unreachable": {
		"le service ne peut pas être joint : vérifiez l'adresse et le réseau",
		"the service cannot be reached: check the address and the network",
	},
	"unconfirmed": {
		"rien ne confirme que le message est arrivé : vérifiez l'adresse, et qu'aucun portail ne répond à sa place",
		"nothing confirms that the message has arrived: check the address, and that no portal answers in its place",
	},
	"too_long": {
		"le service trouve le message trop long : permettez-y de plus longs, ou choisissez moins d'événements",
		"the service finds the message too long: allow longer ones there, or choose fewer events",
	},
	"refused": {
		"le service refuse le message : vérifiez les réglages du canal",
		"the service refuses the message: check the settings of the channel",
	},
	"too_many": {
		"le service a reçu trop de messages : attendez",
		"the service has had too many messages: wait",
	},
	"trouble": {
		"le service est en difficulté : réessayez plus tard",
		"the service is in trouble: try again later",
	},
	"token": {
		"Telegram refuse le jeton : demandez-en un nouveau à @BotFather et mettez token à jour",
		"Telegram refuses the token: ask @BotFather for a new one and update token",
	},
	"chat_blocked": {
		"le bot n'a pas le droit d'écrire là : débloquez-le dans cette discussion, ou invitez-le de nouveau",
		"the bot may not write there: unblock it in that chat, or invite it again",
	},
	"chat_moved": {
		"le groupe Telegram a un nouveau numéro : écrivez-le dans chat_id",
		"the Telegram group has a new number: write it into chat_id",
	},
	"chat_unknown": {
		"Telegram ne connaît pas cette discussion : envoyez d'abord un message au bot",
		"Telegram does not know that chat: send a message to the bot first",
	},
	"webhook": {
		"Discord ne connaît pas ce webhook : faites-en un nouveau dans les réglages du salon et mettez url à jour",
		"Discord does not know this webhook: make a new one in the settings of the channel and update url",
	},
	"hook": {
		"le service ne connaît pas ce webhook, ou n'y publie plus : faites-en un nouveau et mettez url à jour",
		"the service does not know this webhook, or no longer publishes there: make a new one and update url",
	},
	"room": {
		"le compte Matrix ne peut pas écrire dans ce salon : invitez-le, acceptez pour lui, et vérifiez room",
		"the Matrix account may not write in that room: invite it, accept for it, and check room",
	},
	"signal_number": {
		"signal-cli n'écrit pas encore pour ce numéro : reliez-le ou enregistrez-le là, et vérifiez number",
		"signal-cli does not write for that number yet: link or register it there, and check number",
	},
	"signal_to": {
		"Signal ne connaît pas ce destinataire : vérifiez to",
		"Signal does not know that reader: check to",
	},
	"sms_to": {
		"ce numéro ne peut pas recevoir de SMS de ce compte : vérifiez to, et que la console de Twilio permet son pays",
		"that number cannot get SMS from this account: check to, and that Twilio's console allows its country",
	},
	"sms_from": {
		"ce compte ne peut pas envoyer sous ce nom ou ce numéro : vérifiez from dans la console de Twilio",
		"this account cannot send from that name or number: check from in Twilio's console",
	},
	"freemobile": {
		"Free Mobile refuse : activez « Notifications par SMS » dans l'espace abonné, et vérifiez user et key",
		"Free Mobile refuses: switch on \"Notifications par SMS\" in the subscriber's space, and check user and key",
	},
	"apprise_key": {
		"Apprise n'a rien sous cette clé : ajoutez-y une configuration, ou corrigez key",
		"Apprise has nothing under that key: add a configuration there, or correct key",
	},
	"relay": {
		"Apprise n'a pas pu passer le message : lisez son journal, et vérifiez tag et ses adresses",
		"Apprise could not pass the message on: read its log, and check tag and its addresses",
	},
	"topic": {
		"ntfy refuse de publier sur ce sujet : donnez un jeton, ou un identifiant et un mot de passe, qui peuvent y écrire",
		"ntfy refuses to publish on this topic: give a token, or a user name and password, that may write there",
	},
	"not_ntfy": {
		"ce serveur ne parle pas ntfy : corrigez server",
		"this server does not speak ntfy: correct server",
	},
	"ca_file": {
		"ca_file est inutilisable : donnez un fichier PEM lisible",
		"ca_file cannot be used: give a PEM file that can be read",
	},
	"certificate": {
		"le serveur de courrier ne prouve pas qui il est : corrigez host, ou donnez ca_file",
		"the mail server does not prove who it is: correct host, or set ca_file",
	},
	"mail_server": {
		"le serveur de courrier est inutilisable : vérifiez host, port et tls",
		"the mail server cannot be used: check host, port and tls",
	},
	"mail_from": {
		"le serveur de courrier refuse l'expéditeur : vérifiez from",
		"the mail server refuses the sender: check from",
	},
	"mail_to": {
		"le serveur de courrier refuse le destinataire : vérifiez to",
		"the mail server refuses the recipient: check to",
	},
	"mail_password": {
		"le serveur de courrier refuse les identifiants : mettez à jour username et password, que beaucoup de fournisseurs veulent faits pour le programme",
		"the mail server refuses the credentials: update username and password, which many providers want made for the program",
	},
	"mail_refused": {
		"le serveur de courrier refuse le message : demandez pourquoi au fournisseur",
		"the mail server refuses the message: ask the provider why",
	},
	"command_start": {
		"la commande ne démarre pas : vérifiez qu'elle existe et peut être lancée",
		"the command does not start: check that it exists and may be run",
	},
	"command_slow": {
		"la commande a été arrêtée avant sa fin : rendez-la plus rapide",
		"the command was stopped before it ended: make it faster",
	},
	"command_fails": {
		"la commande échoue : lancez-la à la main pour voir pourquoi",
		"the command fails: run it by hand to see why",
	},
	"no_space": {
		"aucun fichier ne peut être écrit pour la commande : libérez de la place",
		"no file can be written for the command: free some space",
	},
}
