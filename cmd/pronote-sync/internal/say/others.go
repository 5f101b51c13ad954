package say

// A saying is what people are told in place of a fact that another package, or the
// system, states: what is wrong, and what to do.
type saying struct{ en, fr string }

// others has them by the fact, or by what follows the key that it begins with.
var others = map[string]saying{
	// The system.
	"permission denied":         {"permission denied", "accès refusé"},
	"no such file or directory": {"no such file or directory", "il n'existe pas"},
	"is a directory":            {"is a directory", "c'est un dossier"},
	"not a directory":           {"not a directory", "ce n'est pas un dossier"},
	"file exists":               {"file exists", "un fichier est déjà là"},
	"no space left on device":   {"no space left on device", "le disque est plein"},
	"read-only file system":     {"read-only file system", "le disque est en lecture seule"},
	"not an ordinary file":      {"not an ordinary file", "ce n'est pas un fichier ordinaire"},

	// The address of a school.
	"the address of PRONOTE is missing": {
		"the address of PRONOTE is missing: copy it from the browser",
		"l'adresse de PRONOTE manque : copiez-la depuis le navigateur",
	},
	"the address of PRONOTE cannot be read": {
		"the address of PRONOTE cannot be read: copy it from the browser, it looks like https://0123456a.index-education.net/pronote/",
		"l'adresse de PRONOTE est illisible : copiez-la depuis le navigateur, elle ressemble à https://0123456a.index-education.net/pronote/",
	},
	"the address of PRONOTE starts with neither https:// nor http://": {
		"the address of PRONOTE must start with https://: copy it from the browser",
		"l'adresse de PRONOTE doit commencer par https:// : copiez-la depuis le navigateur",
	},

	// Channels: of one of them.
	"token is missing": {
		"token is missing: ask @BotFather for a bot and copy its token",
		"token manque : demandez un bot à @BotFather et copiez son jeton",
	},
	"token is not that of a bot": {
		"token is not that of a bot: copy it again from @BotFather, digits, colon and all",
		"token n'est pas celui d'un bot : copiez-le de nouveau chez @BotFather, avec ses chiffres et ses deux-points",
	},
	"chat_id is missing": {
		"chat_id is missing: give the number of the chat, or \"@name\" of a channel",
		"chat_id manque : donnez le numéro de la discussion, ou \"@nom\" d'un canal",
	},
	"chat_id is neither the number of a chat nor the name of a channel": {
		"chat_id is not one: give the number of the chat, or \"@name\" of a channel",
		"chat_id n'en est pas un : donnez le numéro de la discussion, ou \"@nom\" d'un canal",
	},
	"thread_id is negative": {
		"thread_id is negative: copy it from a link to the topic",
		"thread_id est négatif : copiez-le depuis un lien vers le sujet",
	},
	"server is more than an address": {
		"server is more than an address: leave out user, password and query",
		"server est plus qu'une adresse : enlevez utilisateur, mot de passe et paramètres",
	},
	"server is more than https:// and a host": {
		"server is more than an address: leave only https:// and the host, and write the rest as topic, username and password",
		"server est plus qu'une adresse : ne laissez que https:// et l'hôte, et écrivez le reste dans topic, username et password",
	},
	"topic is missing": {
		"topic is missing: choose a long random word, for whoever knows it reads the messages",
		"topic manque : choisissez un long mot au hasard, car qui le connaît lit les messages",
	},
	"topic has a character that ntfy does not allow": {
		"topic has a character that ntfy does not allow: use up to 64 letters, digits, '-' and '_'",
		"topic a un caractère que ntfy n'accepte pas : utilisez au plus 64 lettres, chiffres, '-' et '_'",
	},
	"token and username exclude each other": {
		"token and username exclude each other: keep one",
		"token et username s'excluent : gardez l'un des deux",
	},
	"username and password go together": {
		"username and password go together: give both or neither",
		"username et password vont ensemble : donnez les deux, ou aucun",
	},
	"priority is out of range": {
		"priority is out of range: choose 1 to 5",
		"priority est hors limites : choisissez de 1 à 5",
	},
	"host is missing or not the name of a server": {
		"host is missing or not the name of a server: give the provider's outgoing (SMTP) server, without port",
		"host manque ou n'est pas le nom d'un serveur : donnez le serveur sortant (SMTP) du fournisseur, sans port",
	},
	"tls is unknown": {
		"tls is unknown: choose \"starttls\", \"implicit\" or \"none\"",
		"tls est inconnu : choisissez \"starttls\", \"implicit\" ou \"none\"",
	},
	"tls may not be \"none\" for a server elsewhere": {
		"tls may not be \"none\" for a server elsewhere: use \"starttls\" or \"implicit\"",
		"tls ne peut pas être \"none\" pour un serveur d'ailleurs : utilisez \"starttls\" ou \"implicit\"",
	},
	"port is out of range": {
		"port is out of range: leave it out, or ask the provider",
		"port est hors limites : enlevez-le, ou demandez au fournisseur",
	},
	"url is not that of a Discord webhook": {
		"url is not that of a Discord webhook: it starts with https://discord.com/api/webhooks/",
		"url n'est pas celle d'un webhook Discord : elle commence par https://discord.com/api/webhooks/",
	},
	"headers holds a line that HTTP does not allow": {
		"headers holds a line that HTTP does not allow: write name = \"value\"",
		"headers a une ligne que HTTP n'accepte pas : écrivez nom = \"valeur\"",
	},
	"command is missing": {
		"command is missing: write command = [\"program\", \"argument\"]",
		"command manque : écrivez command = [\"programme\", \"argument\"]",
	},

	"room is not the id of a room": {
		"room is not the id of a room: copy it from the room's settings, under Advanced, it starts with !",
		"room n'est pas l'identifiant d'un salon : copiez-le depuis les paramètres avancés du salon, il commence par !",
	},
	"account is not the SID of a Twilio account": {
		"account is not the SID of a Twilio account: copy it from the console, AC and 32 characters",
		"account n'est pas le SID d'un compte Twilio : copiez-le depuis la console, AC et 32 caractères",
	},
	"from is neither a number nor the name of a sender": {
		"from is neither a number nor the name of a sender: write +33700000000, a name of 3 to 11 letters and digits, or the SID of a messaging service",
		"from n'est ni un numéro ni le nom d'un expéditeur : écrivez +33700000000, un nom de 3 à 11 lettres et chiffres, ou le SID d'un service",
	},

	// Channels: of any key.
	"is not a telephone number of the world": {
		"is not a telephone number as one dials it from abroad: write +33600000000, without spaces",
		"n'est pas un numéro comme on le compose de l'étranger : écrivez +33600000000, sans espaces",
	},
	"is not that of a Slack webhook": {
		"is not that of a Slack webhook: it starts with https://hooks.slack.com/services/",
		"n'est pas celle d'un webhook Slack : elle commence par https://hooks.slack.com/services/",
	},
	"is not that of a Mattermost webhook": {
		"is not that of a Mattermost webhook: it has /hooks/ in it",
		"n'est pas celle d'un webhook Mattermost : elle contient /hooks/",
	},
	"is not that of a Rocket.Chat webhook": {
		"is not that of a Rocket.Chat webhook: it has /hooks/ in it",
		"n'est pas celle d'un webhook Rocket.Chat : elle contient /hooks/",
	},
	"is not that of a workflow of Teams": {
		"is not that of a workflow of Teams: it has /workflows/ and /triggers/ in it; the older webhooks are switched off",
		"n'est pas celle d'un flux de travail de Teams : elle contient /workflows/ et /triggers/ ; les anciens webhooks sont éteints",
	},
	"is not that of a Google Chat webhook": {
		"is not that of a Google Chat webhook: it starts with https://chat.googleapis.com/v1/spaces/",
		"n'est pas celle d'un webhook Google Chat : elle commence par https://chat.googleapis.com/v1/spaces/",
	},
	"is needed": {
		"is needed: docs/channels.md says where it stands",
		"est nécessaire : docs/channels.fr.md dit où le trouver",
	},
	"has a character that cannot be in it": {
		"has a character that cannot be in it: copy it again, and nothing else",
		"a un caractère qui ne peut pas y être : recopiez-le, et rien d'autre",
	},
	"is missing": {
		"is missing: give the address of the service, which starts with https://",
		"manque : donnez l'adresse du service, qui commence par https://",
	},
	"is not the address of a service": {
		"is not the address of a service: it starts with https:// and a host",
		"n'est pas l'adresse d'un service : elle commence par https:// et un hôte",
	},
	"is not one e-mail address": {
		"is not one e-mail address: write one like \"name@example.org\"",
		"n'est pas une adresse électronique : écrivez-en une comme \"nom@example.org\"",
	},
	"has characters that mail servers do not take": {
		"has characters that mail servers do not take: write the address in ASCII",
		"a des caractères que les serveurs de courrier n'acceptent pas : écrivez l'adresse en ASCII",
	},
	"may not be http for a server elsewhere": {
		"may not be http for a server elsewhere, for everybody on the way could read the messages: write https://",
		"ne peut pas être http pour un serveur d'ailleurs, car on pourrait lire les messages en chemin : écrivez https://",
	},
	"sends messages and secrets without encryption (http)": {
		"sends messages and secrets without encryption (http): whoever shares that network can read them, write https:// if that can be",
		"envoie messages et secrets en clair (http) : qui partage ce réseau peut les lire, écrivez https:// si possible",
	},
}
