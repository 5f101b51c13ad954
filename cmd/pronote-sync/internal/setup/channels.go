package setup

// channels are the words of each: those of most people first.
var channels = map[string]words{
	"telegram": {
		intro: Text{
			"Telegram : un bot vous écrit. Pour en créer un, ouvrez https://t.me/BotFather dans Telegram, envoyez /newbot,\n" +
				"choisissez un nom, et copiez le jeton qu'il donne, comme 123456:ABC-DEF…",
			"Telegram: a bot writes to you. To make one, open https://t.me/BotFather in Telegram, send /newbot,\n" +
				"choose a name, and copy the token that it gives, such as 123456:ABC-DEF…",
		},
		ask: map[string]Text{
			"token":   {"Jeton du bot", "Token of the bot"},
			"chat_id": {"Numéro de la discussion, ou @nom d'un canal", "Number of the chat, or @name of a channel"},
		},
		skip: []string{"thread_id", "server"},
	},
	"ntfy": {
		intro: Text{
			"ntfy : une application gratuite pour Android et iPhone, sans compte. Qui connaît le sujet lit les messages :\nil est donc un long mot tiré au sort.",
			"ntfy: a free application for Android and iPhone, without an account. Whoever knows the topic reads the messages:\nit is therefore a long random word.",
		},
		ask:  map[string]Text{"topic": {"Sujet", "Topic"}},
		skip: []string{"server", "token", "username", "password", "priority", "tags", "click"},
	},
	"discord": {
		intro: Text{
			"Discord : dans les paramètres d'un salon, ouvrez « Intégrations », puis « Webhooks », créez-en un et copiez son URL.\nTous les membres du salon liront les messages.",
			"Discord: in the settings of a channel, open “Integrations”, then “Webhooks”, make one and copy its URL.\nAll members of the channel will read the messages.",
		},
		ask: map[string]Text{"url": {"URL du webhook", "URL of the webhook"}},
	},
	"email": {
		intro: Text{
			"Courriel : les messages partent de votre adresse, par le serveur de votre fournisseur.",
			"E-mail: the messages leave from your address, through the server of your provider.",
		},
		ask: map[string]Text{
			"host":     {"Serveur d'envoi (SMTP)", "Outgoing server (SMTP)"},
			"port":     {"Port", "Port"},
			"tls":      {"Chiffrement : starttls, ou implicit", "Encryption: starttls, or implicit"},
			"username": {"Nom d'utilisateur chez ce fournisseur", "User name with this provider"},
			"from":     {"Expéditeur, comme PRONOTE <vous@exemple.fr>", "Sender, such as PRONOTE <you@example.org>"},
			"to":       {"Adresse qui reçoit les messages", "Address that gets the messages"},
		},
		skip: []string{"ca_file"},
	},
	"webhook": {
		intro: Text{
			"Webhook : chaque message est envoyé à une adresse de votre choix, en JSON (docs/events.md).",
			"Webhook: each message is sent to an address of your choice, as JSON (docs/events.md).",
		},
		ask: map[string]Text{"token": {"Jeton envoyé comme « Authorization: Bearer »", "Token sent as “Authorization: Bearer”"}},
	},
	"command": {
		intro: Text{
			"Programme : il est lancé pour chaque message, qu'il lit sur son entrée standard.",
			"Program: it is run for each message, which it reads on its standard input.",
		},
	},
	"apprise": {
		intro: Text{
			"Apprise : il faut un serveur Apprise API à vous, qui garde sous une clé les adresses d'un seul lecteur.",
			"Apprise: it takes an Apprise API server of your own, which keeps the addresses of one reader under a key.",
		},
		ask: map[string]Text{
			"server": {"Adresse du serveur, comme http://localhost:8000", "Address of the server, such as http://localhost:8000"},
			"key":    {"Clé de la configuration", "Key of the configuration"},
			"tag":    {"Étiquette des adresses voulues, toutes si vide", "Tag of the addresses wanted, all if empty"},
		},
	},
	"bark": {
		intro: Text{
			"Bark, pour iPhone : installez l'application, qui montre une adresse comme https://api.day.app/CLÉ/…\nQui connaît la clé peut écrire au téléphone.",
			"Bark, for the iPhone: install the application, which shows an address such as https://api.day.app/KEY/…\nWhoever knows the key can write to the telephone.",
		},
		ask:  map[string]Text{"key": {"Clé, ce qui suit l'hôte dans cette adresse", "Key, what follows the host in that address"}},
		skip: []string{"server"},
	},
	"freemobile": {
		intro: Text{
			"Free Mobile : des SMS gratuits vers le téléphone de l'abonné lui-même.\nDans l'espace abonné, activez « Notifications par SMS », qui montre alors une clé.",
			"Free Mobile: text messages to the subscriber's own telephone, free of charge.\nOn the subscriber's page, turn on “Notifications par SMS”, which then shows a key.",
		},
		ask: map[string]Text{
			"user": {"Identifiant d'abonné, 8 chiffres", "Identifier of the subscriber, 8 digits"},
			"key":  {"Clé de l'option", "Key of the option"},
		},
	},
	"googlechat": {
		intro: Text{
			"Google Chat, pour les comptes d'une organisation : ouvrez un espace, « Applications et intégrations », « Webhooks »,\najoutez-en un et copiez son adresse.",
			"Google Chat, for the accounts of an organization: open a space, “Apps & integrations”, “Webhooks”,\nadd one and copy its address.",
		},
	},
	"gotify": {
		intro: Text{
			"Gotify : sur la page de votre serveur, ouvrez « Apps », « Create Application », et copiez le jeton.",
			"Gotify: on the page of your server, open “Apps”, “Create Application”, and copy the token.",
		},
		ask: map[string]Text{"token": {"Jeton de l'application", "Token of the application"}},
	},
	"matrix": {
		intro: Text{
			"Matrix : créez un compte pour le programme et invitez-le dans un salon non chiffré à vous. Son jeton est dans Element,\n« Paramètres », « Aide et à propos » ; fermez ensuite la fenêtre sans vous déconnecter.",
			"Matrix: make an account for the program and invite it into a room of yours that is not encrypted. Its token is in Element,\n“Settings”, “Help & About”; then close the window without signing out.",
		},
		ask: map[string]Text{
			"server": {"Serveur de ce compte, comme https://matrix.org", "Server of that account, such as https://matrix.org"},
			"token":  {"Jeton d'accès du compte", "Access token of the account"},
			"room":   {"Identifiant interne du salon, comme !hAxUe7rQ:matrix.org", "Internal id of the room, such as !hAxUe7rQ:matrix.org"},
		},
	},
	"mattermost": {
		intro: Text{
			"Mattermost : menu du produit, « Intégrations », « Webhooks entrants », ajoutez-en un et copiez l'adresse qui contient /hooks/.",
			"Mattermost: product menu, “Integrations”, “Incoming Webhooks”, add one and copy the address with /hooks/ in it.",
		},
	},
	"pushbullet": {
		intro: Text{
			"Pushbullet : sur pushbullet.com, ouvrez « Settings », « Account », « Create Access Token », et copiez le jeton.",
			"Pushbullet: on pushbullet.com, open “Settings”, “Account”, “Create Access Token”, and copy the token.",
		},
		ask:  map[string]Text{"token": {"Jeton d'accès", "Access token"}},
		skip: []string{"device"},
	},
	"pushover": {
		intro: Text{
			"Pushover : sur pushover.net, la première page montre votre clé d'utilisateur. Créez-y une application et copiez son jeton.",
			"Pushover: on pushover.net, the first page shows your user key. Make an application there and copy its token.",
		},
		ask: map[string]Text{
			"token": {"Jeton de l'application", "Token of the application"},
			"user":  {"Clé d'utilisateur, ou d'un groupe", "User key, or that of a group"},
		},
		skip: []string{"device"},
	},
	"rocketchat": {
		intro: Text{
			"Rocket.Chat : « Administration », « Espace de travail », « Intégrations », « Nouveau », « Entrant » ; donnez le canal et le compte,\nenregistrez, et copiez l'URL du webhook.",
			"Rocket.Chat: “Administration”, “Workspace”, “Integrations”, “New”, “Incoming”; give the channel and the account,\nsave, and copy the webhook URL.",
		},
	},
	"signal": {
		intro: Text{
			"Signal : il faut signal-cli-rest-api sur une machine à la maison. Ouvrez sur ce serveur /v1/qrcodelink?device_name=pronote\net scannez l'image dans Signal, « Paramètres », « Appareils reliés ».",
			"Signal: it takes signal-cli-rest-api on a machine at home. Open /v1/qrcodelink?device_name=pronote on that server\nand scan the picture in Signal, “Settings”, “Linked devices”.",
		},
		ask: map[string]Text{
			"server": {"Adresse de ce serveur, comme http://localhost:8080", "Address of that server, such as http://localhost:8080"},
			"number": {"Numéro relié, comme +33612345678", "The linked number, such as +33612345678"},
			"to":     {"Numéro qui reçoit les messages, ou group.…", "Number that gets the messages, or group.…"},
		},
	},
	"slack": {
		intro: Text{
			"Slack : sur https://api.slack.com/apps, créez une application dans votre espace, activez « Incoming Webhooks »,\najoutez-en un pour un canal et copiez son adresse.",
			"Slack: on https://api.slack.com/apps, make an app in your workspace, turn on “Incoming Webhooks”,\nadd one for a channel and copy its address.",
		},
	},
	"teams": {
		intro: Text{
			"Microsoft Teams : dans le menu d'une conversation ou d'un canal, ouvrez « Flux de travail » (Workflows), prenez l'envoi d'alertes\nwebhook et copiez l'adresse donnée à la fin.",
			"Microsoft Teams: in the menu of a chat or a channel, open “Workflows”, take the one that sends webhook alerts\nand copy the address given at the end.",
		},
	},
	"twilio": {
		intro: Text{
			"Twilio : dans la console, « Account Info » montre le SID du compte et le jeton. Chaque SMS coûte : choisissez peu d'événements.",
			"Twilio: in the console, “Account Info” shows the SID of the account and the token. Each text message costs: choose few events.",
		},
		ask: map[string]Text{
			"account": {"SID du compte, qui commence par AC", "SID of the account, which starts with AC"},
			"token":   {"Jeton d'authentification (Auth Token)", "Auth Token"},
			"from":    {"Numéro qui écrit, nom d'expéditeur, ou service MG…", "Number that writes, name of a sender, or service MG…"},
			"to":      {"Numéro qui reçoit, comme +33612345678", "Number that gets the messages, such as +33612345678"},
		},
	},
}
